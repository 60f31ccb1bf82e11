import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Content } from '../../config/config.ts';
import { wholeChange } from '../../content/change.ts';
import { editedColumns, keyHeaders } from '../../content/columns.ts';
import { diffColumns } from '../../content/diff.ts';
import { type ExportedRow, type ExportPolicy, mergeIntoGit } from '../../content/export-plan.ts';
import { formerKeys } from '../../content/rules/re-keyed.ts';
import { type CollectionSchema, formatSchema, schemaOf } from '../../content/schema.ts';
import type { Departure } from '../../content/transit.ts';
import { type Column, type Sides, versionsOf } from '../../content/versions.ts';
import type { Table } from '../../csv/table.ts';
import { type SplitLimits, writeTable } from '../../csv/writer.ts';
import { Failure } from '../../errors.ts';
import { columnsOf, patternsOf } from '../../record/columns.ts';
import { sidesOf } from '../../record/sides.ts';
import type { Sync } from '../../record/sync.ts';
import { type FileResult, untouched } from '../../report/result.ts';
import type { LiveContent } from '../read/read-contents.ts';
import { nameOf } from '../run.ts';
import { type StagedFiles, stagedFiles } from './staged-files.ts';

/** One content of the site, merged into its files in git. */
export interface MergedContent {
  readonly live: LiveContent;
  /** The files that differ from those in git. */
  readonly staged: StagedFiles;
  readonly result: FileResult;
  /** The file before the export; `undefined` if git had none. */
  readonly head: Table | undefined;
  readonly sides: Sides;
  /** What the export offers to git, by the keys of the rows. */
  readonly offers: ReadonlyMap<string, Departure>;
}

/** Merges one content of the site into its files, and stages them. */
export async function exportContent(
  read: LiveContent,
  sync: Sync,
  staging: string,
  policy: Omit<ExportPolicy, 'deletes'> & {
    readonly split: SplitLimits;
  },
): Promise<MergedContent> {
  const { content, live } = read;
  const head = await sync.head.open(content);
  refuseDuplicates(head);
  const schema = schemaBeside(read, head?.columns ?? []);
  const sides: Sides =
    head === undefined ? { head: undefined, live } : await sidesOf(sync, content, head, live);
  const columns = withoutRetired(content, columnsOf(content, sides, schema), sides, schema);
  const tally: Tally = { changes: [], pending: [], conflicts: [], unlisted: 0, orphans: 0 };
  // A new file is offered as a whole: learned.ts.
  const offers = head && new Map<string, Departure>();
  let reKeyed: ReadonlySet<string> | undefined;
  const rows = mergeIntoGit(columns, versionsOf(columns, sides), {
    ...policy,
    deletes: content.deletes,
    isReKeyed(key) {
      // The rows of a localization follow the site.
      if (content.kind === 'localization') return false;
      reKeyed ??= formerKeys(columns, versionsOf(columns, sides, 'different'));
      return reKeyed.has(key);
    },
  });
  const path = join(staging, content.path);
  mkdirSync(dirname(path), { recursive: true });
  const header = columns.map(({ key }) => key);
  writeTable(path, header, tallied(columns, rows, tally, offers), policy.split);
  if (content.kind === 'collection' && schema !== undefined) {
    writeFileSync(join(staging, content.schemaPath), formatSchema(schema));
  }
  return {
    live: read,
    staged: stagedFiles(content, staging, sync.head),
    head,
    sides,
    offers: offers ?? new Map(),
    result: {
      ...untouched(nameOf(content), content.path),
      ...tally,
      ...(head && { columns: diffColumns(head.columns, header) }),
      omittedFields: schema?.omitted.length ?? 0,
    },
  };
}

/** The schema of a file, which keeps columns of references that the site no longer shows. */
export function schemaBeside(
  { content, collection, schema }: LiveContent,
  committed: readonly string[],
): CollectionSchema | undefined {
  if (content.kind === 'localization' || collection === undefined) return schema;
  const carried = schema?.fields.map(({ key }) => key) ?? [];
  return schemaOf(collection, content, new Set([...carried, ...committed]));
}

/**
 * Leaves out columns of deleted fields and of languages that left the configuration, unless git has edited
 * them. The record keeps them as long as git does.
 */
function withoutRetired(
  content: Content,
  columns: readonly Column[],
  sides: Sides,
  schema: CollectionSchema | undefined,
): readonly Column[] {
  const exported = [...(sides.live?.positions.keys() ?? [])];
  if (exported.length === 0) return columns;
  const keys =
    schema === undefined
      ? keyHeaders(exported, patternsOf(content))
      : ['_id', ...schema.fields.map(({ key }) => key)];
  const known = new Set(keys);
  const candidates = columns.filter(
    ({ key }) =>
      !known.has(key) && !sides.live?.positions.has(key) && sides.recorded?.positions.has(key),
  );
  const edited = editedColumns(candidates, sides);
  return columns.filter((column) => !candidates.includes(column) || edited.has(column.key));
}

/** An export could keep only one of two rows with the same key. */
function refuseDuplicates(head: Table | undefined): void {
  const [duplicate] = head?.duplicates ?? [];
  if (duplicate === undefined) return;
  const lines = duplicate.places.map(({ line }) => line).join(', ');
  const place = duplicate.places.at(-1);
  throw new Failure(
    'validation',
    `${place?.file}: the key "${duplicate.key}" is on lines ${lines}, so the file was left as it was. Keep one of them.`,
    { place },
  );
}

type Tally = {
  readonly [Kind in 'changes' | 'pending' | 'conflicts']: FileResult[Kind][number][];
} & { unlisted: number; orphans: number };

/** A first export adds all rows, and nobody reads them all in a report. */
const listedAdditions = 1_000;

/** Counts rows as they pass, and collects their offers. */
function* tallied(
  columns: readonly Column[],
  rows: Iterable<ExportedRow>,
  tally: Tally,
  offers: Map<string, Departure> | undefined,
) {
  let additions = 0;
  for (const { row, added, returned, change, pending, conflicts = [], offer } of rows) {
    if (offer !== undefined) offers?.set(row?.key ?? change?.key ?? '', offer);
    if (row !== undefined && added) {
      additions += 1;
      if (additions > listedAdditions) tally.unlisted += 1;
      else
        tally.changes.push(
          wholeChange('added', columns, { key: row.key, headRow: undefined }, row.cells),
        );
    }
    if (returned) tally.orphans += 1;
    if (change !== undefined) tally.changes.push(change);
    if (pending !== undefined) tally.pending.push(pending);
    tally.conflicts.push(...conflicts);
    if (row !== undefined) yield row;
  }
}
