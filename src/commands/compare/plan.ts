import type { Content } from '../../config/config.ts';
import type { Change, Conflict } from '../../content/change.ts';
import type { NamedChanges } from '../../content/fingerprint.ts';
import { type ImportPolicy, mergeIntoCms, type Write } from '../../content/import-plan.ts';
import { isWritable, multiReferences } from '../../content/schema.ts';
import type { Departure } from '../../content/transit.ts';
import { referencedIds } from '../../content/values/value.ts';
import {
  type Cells,
  type Sides,
  type Versions,
  versionsByKey,
  versionsOf,
} from '../../content/versions.ts';
import { whyUnwritable } from '../../content/writable.ts';
import { Failure } from '../../errors.ts';
import type { ImportInputs } from '../../inputs.ts';
import type { HeadContent } from '../read/head-content.ts';
import type { LiveContent } from '../read/read-contents.ts';

/** Values of another type than their field's, as JSON, by the item's id and the field's key. */
export type Mistyped = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** What an import does to one content of the site, decided before anything is written. */
export interface Plan {
  readonly head: HeadContent;
  readonly live: LiveContent;
  readonly sides: Sides;
  readonly writes: readonly Write[];
  /** What is noted about each row before it is written or removed, by its key. */
  readonly departures: ReadonlyMap<string, Departure>;
  readonly changes: readonly Change[];
  readonly drift: readonly Change[];
  readonly conflicts: readonly Conflict[];
  /** How many rows left git while their items stay. */
  readonly orphans: number;
  /** Why no import can write to the collection: it stays as it is, and others are written. */
  readonly refusal: Failure | undefined;
}

/**
 * Merges head into the site's content as it was just read.
 *
 * @param mistyped values that count as different, though the export shows the same as git.
 */
export function planContent(
  head: HeadContent,
  live: LiveContent,
  inputs: Pick<ImportInputs, 'onConflict' | 'reconcile'>,
  mistyped: Mistyped,
): Plan {
  const policy = policyOf(head, inputs);
  const known = { ...head, columns: head.columns.filter(({ key }) => isWritten(live, key)) };
  const { columns } = known;
  const sides = { ...head.sides, live: live.live };
  const rows = [...mergeIntoCms(columns, rowsToMerge(known, sides, mistyped), policy)];
  const changes = rows.flatMap(({ change }) => change ?? []);
  const leaving = changes.length === 0 ? [] : rows;
  return {
    head: known,
    live,
    sides,
    writes: leaving.flatMap(({ write }) => write ?? []),
    departures: new Map(
      leaving.flatMap(({ departure, write, change }) => {
        const key = write?.key ?? change?.key;
        if (departure === undefined || key === undefined) return [];
        return [[key, { ...departure, risked: referencesIn(live, write?.now) }] as const];
      }),
    ),
    changes,
    drift: rows.flatMap(({ drift }) => drift ?? []),
    conflicts: rows.flatMap(({ conflicts = [] }) => conflicts),
    orphans: rows.filter(({ orphan }) => orphan).length,
    refusal: changes.length === 0 ? undefined : refusalOf(live, changes),
  };
}

/** The multi-references of an item as it was read, which an import may empty (wix-api.md 3.6, 9.13). */
export function referencesIn(
  { collection, live }: Pick<LiveContent, 'collection' | 'live'>,
  item: Cells | undefined,
): ReadonlyMap<string, string> {
  const fields = item === undefined || collection === undefined ? [] : multiReferences(collection);
  const texts = fields.map(
    (field) => [field, item?.[live.positions.get(field) ?? -1] ?? ''] as const,
  );
  return new Map(texts.filter(([, text]) => referencedIds(text).length > 0));
}

function policyOf(
  { content }: HeadContent,
  { onConflict, reconcile }: Pick<ImportInputs, 'onConflict' | 'reconcile'>,
): ImportPolicy {
  const { deletes, writePolicy } = content;
  return { onConflict, reconcile, deletes, writePolicy };
}

function refusalOf(
  { content, collection }: LiveContent,
  changes: readonly Change[],
): Failure | undefined {
  if (collection === undefined) return undefined;
  const why = whyUnwritable(collection, content.writePolicy);
  if (why !== undefined) {
    const words = `${collection.id} was changed in git, but ${why}`;
    return new Failure('config', words, { place: { file: content.path } });
  }
  const known = new Set(collection.fields.map(({ key }) => key));
  for (const { cells, key, place } of changes) {
    // Plugins have hidden fields, whose names begin with _.
    const lost = cells.find(({ column }) => !column.key.startsWith('_') && !known.has(column.key));
    if (lost?.new === undefined) continue;
    const field = lost.column.key;
    const words = `${collection.id}: the row "${key}" was edited in ${field}, a field that the collection no longer has, though its items still hold values of it. Add the field again in the CMS, or restore the cells of ${field}.`;
    return new Failure('config', words, { place });
  }
  return undefined;
}

/**
 * The rows that an import compares. If it empties the collection first, it also has to bring the rows that
 * are equal. Rows that an earlier import took away and never brought back are compared in any case.
 */
function* rowsToMerge(
  { content, columns }: HeadContent,
  sides: Sides,
  mistyped: Mistyped,
): Generator<Versions> {
  const read = versionsByKey(columns, sides);
  const extent = isTruncating(content) || mistyped.size > 0 ? 'all' : 'different';
  for (const row of versionsOf(columns, sides, extent)) {
    const values = mistyped.get(row.key);
    const typed = (text: string, i: number) => values?.get(columns[i]?.key ?? '') ?? text;
    if (row.live === undefined) continue;
    yield values === undefined ? row : { ...read(row.key), live: row.live?.map(typed) ?? null };
  }
  for (const key of keysOnTheWay(sides.sent)) {
    const row = read(key);
    if (row.head === null && row.live === null && row.recorded === null) yield row;
  }
}

/**
 * Whether an import writes a column. One that neither the site's schema nor its export has would be stored
 * in every item; read-only references stay as they are.
 */
function isWritten({ content, live, collection }: LiveContent, key: string): boolean {
  if (content.kind === 'localization') return live.positions.has(key);
  const field = collection?.fields.find((each) => each.key === key);
  return field === undefined ? live.positions.has(key) : isWritable(field, content);
}

/** Whether an import empties the collection before it fills it. */
export function isTruncating(content: Content): boolean {
  return content.writePolicy === 'truncate-before';
}

/** Changes with the name and the policy of their content, as fingerprints need them. */
export function namedChanges(content: Content, changes: readonly Change[]): NamedChanges {
  const name = content.kind === 'collection' ? content.id : content.path;
  return { name, changes, policy: content };
}

/** The part of a change that an import writes, without cells that follow the site. */
export function importable(
  { content, columns, allColumns }: HeadContent,
  change: Change | undefined,
): Change | undefined {
  if (change?.kind === 'changed' && content.writePolicy === 'skip-existing') return undefined;
  if (change === undefined || columns.length === allColumns.length) return change;
  const cells = change.cells.filter(({ column }) => columns.some(({ key }) => key === column.key));
  return change.kind === 'changed' && cells.length === 0 ? undefined : { ...change, cells };
}

/** The keys of rows that are on their way to a side. */
export function keysOnTheWay(records: readonly Cells[] = []): ReadonlySet<string> {
  return new Set(records.slice(1).map(([key = '']) => key));
}
