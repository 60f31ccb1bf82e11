import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { exportContent } from '../../src/commands/export/export-content.ts';
import { liveSide } from '../../src/commands/read/live-side.ts';
import { schemaOf } from '../../src/content/schema.ts';
import type { Work } from '../child.ts';
import { content, liveCollection, placeContent, syncOf } from '../content.ts';
import { dataOf, fileOf } from '../data.ts';
import { scratch } from '../scratch.ts';

const split = { rows: 50_000, bytes: 95_000_000 };

/** The merge of an export: three versions of a table, the site's with 1 % of the rows edited. */
export function prepare(table?: string): Work {
  const data = dataOf(table);
  const edited = data.rows / 100;
  const folder = scratch('versions');
  const [head, base] = [join(folder, 'head'), join(folder, 'base')];
  for (const each of [head, base]) placeContent(each, data);
  const sync = syncOf(head, base);
  const download = fileOf({ ...data, order: 'shuffled', edited });
  const collection = liveCollection(data);
  const schema = schemaOf(collection, content);
  const staging = join(folder, 'staging');
  mkdirSync(staging);
  return async () => {
    const live = liveSide(content, download, collection);
    const policy = { onConflict: 'hold', split } as const;
    const read = { content, live, collection, schema };
    const { result } = await exportContent(read, sync, staging, policy);
    if (result.changes.length !== edited) throw new Error(`${result.changes.length} changes found`);
  };
}
