import { join } from 'node:path';
import type { Content } from '../config/config.ts';
import { itemIdentity, translationIdentity } from '../content/identity.ts';
import { withDerivedIds } from '../content/new-rows.ts';
import { type Side, sideOf } from '../content/versions.ts';
import { tableFiles } from '../csv/canonical.ts';
import { type Identity, openTable, type Table } from '../csv/table.ts';

/** How rows of a content's files in git are identified. */
export function identityOf(content: Content): Identity {
  return content.kind === 'collection' ? itemIdentity('_id') : translationIdentity;
}

/**
 * Opens a content's file, or the parts it was split into, below a folder that mirrors the
 * repository. Returns `undefined` where it does not stand there.
 */
export function openContent(folder: string, content: Content): Table | undefined {
  const files = tableFiles(join(folder, content.path));
  return files.length === 0 ? undefined : openTable(files, identityOf(content), folder);
}

/** Opens a recorded version of a content, base or live. */
export function openSide(folder: string | undefined, content: Content): Side | undefined {
  const table = folder === undefined ? undefined : openContent(folder, content);
  return table === undefined ? undefined : sideOf(table);
}

/** Head as a side of the comparison: with the rows that have no id yet under their derived ones. */
export function headSide(table: Table, content: Content): Side {
  return sideOf(content.kind === 'collection' ? withDerivedIds(content.id, table) : table);
}
