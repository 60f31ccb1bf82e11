import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CollectionContent, Content, LocalizationContent } from '../../config/config.ts';
import { localizationColumns } from '../../content/columns.ts';
import { diffRows } from '../../content/diff.ts';
import type { FileRow } from '../../content/export-plan.ts';
import { textNamedBy } from '../../content/identity.ts';
import { parseSchema } from '../../content/schema.ts';
import { sideOf, versionsOf } from '../../content/versions.ts';
import { writeTable } from '../../csv/writer.ts';
import type { Returning } from '../../report/pull-request/restore.ts';
import { placeOfFile } from '../../repository/working-tree.ts';
import { stagedFiles } from '../export/export-content.ts';
import { differing } from '../export/merge-contents.ts';
import { openHead } from '../import/import-content.ts';
import { openContent } from '../read/sides.ts';
import { nameOf, type Run, splitLimits } from '../run.ts';

/** A content whose files come back as they were. */
export interface RestoredContent {
  readonly content: Content;
  /** Repository paths to files, `null` for those that go: only what differs from the files of now. */
  readonly files: ReadonlyMap<string, string | null>;
  readonly returning: Returning;
}

/** Folders that mirror the repository, with the files as they were and as they are. */
export interface ThenAndNow {
  readonly then: string;
  readonly now: string;
}

/**
 * What brings a content's files back; `undefined` where there were none then: what came under
 * management later stays.
 */
export function restoreContent(
  run: Run,
  content: Content,
  { then, now }: ThenAndNow,
): RestoredContent | undefined {
  const isPart = content.kind === 'localization' && isSelection(run);
  const folder = isPart ? withSelectedRows(run, content, { then, now }) : then;
  const head = openHead(content, { head: folder, base: now, recorded: undefined });
  if (head === undefined) return undefined;
  const staged = stagedFiles(content.path, folder, now);
  const schema = content.kind === 'collection' ? join(then, content.schemaPath) : undefined;
  if (content.kind === 'collection' && schema !== undefined && existsSync(schema)) {
    staged.set(content.schemaPath, schema);
  }
  const rows = versionsOf(head.allColumns, head.sides, 'different');
  const changes = [...diffRows(head.allColumns, rows)];
  const keys = head.table.columns;
  return {
    content,
    files: differing(staged, now),
    returning: {
      name: nameOf(content),
      kind: content.kind,
      deletes: content.kind === 'collection' ? content.deletes : 'keep',
      changes,
      goneFields: content.kind === 'collection' ? goneFields(content, keys, now) : [],
    },
  };
}

/** Whether the inputs select some of the collections, so that the others' translations stay. */
function isSelection({ config: { contents, managed } }: Run): boolean {
  const count = (list: readonly Content[]) =>
    list.filter(({ kind }) => kind === 'collection').length;
  return count(contents) < count(managed);
}

/** Writes a localization as it is now, but for the rows of the selected collections: these as they were. */
function withSelectedRows(
  run: Run,
  content: LocalizationContent,
  { then, now }: ThenAndNow,
): string {
  const [old, current] = [openContent(then, content), openContent(now, content)];
  if (old === undefined || current === undefined) return then;
  const collections = run.config.contents.filter(({ kind }) => kind === 'collection');
  const tables = [then, now].flatMap((folder) =>
    collections.flatMap((collection) => openContent(folder, collection) ?? []),
  );
  const isSelected = (key: string) => {
    const [item = ''] = textNamedBy(key) ?? [];
    return tables.some((table) => table.has(item));
  };
  const columns = localizationColumns(current.columns, old.columns, content.columns).map(
    ({ key, type }) => ({ key, type }),
  );
  const sides = { head: sideOf(old), base: sideOf(current), recorded: undefined, live: undefined };
  const rows = function* (): Generator<FileRow> {
    for (const row of versionsOf(columns, { ...sides, sent: undefined })) {
      const cells = isSelected(row.key) ? row.head : row.base;
      if (cells !== null) yield { key: row.key, cells };
    }
  };
  const folder = mkdtempSync(join(run.temp, 'restored-'));
  const path = join(folder, content.path);
  mkdirSync(dirname(path), { recursive: true });
  writeTable(
    path,
    columns.map(({ key }) => key),
    rows(),
    splitLimits,
  );
  return folder;
}

/** The columns that the schema of now does not know: their values have nowhere to go. */
function goneFields(
  { schemaPath }: CollectionContent,
  columns: readonly string[],
  now: string,
): readonly string[] {
  const path = placeOfFile(now, schemaPath);
  if (!existsSync(path)) return [];
  const { fields, omitted } = parseSchema(readFileSync(path, 'utf8'), schemaPath);
  const known = new Set(['_id', ...[...fields, ...omitted].map(({ key }) => key)]);
  return columns.filter((key) => !known.has(key));
}
