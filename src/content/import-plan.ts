import type { Place } from '../errors.ts';
import type { CellChange, Change, Conflict } from './change.ts';
import { addition, changeOf, placeOf, removal } from './change.ts';
import { agreedNow, type CellDifference, mergeRow, type RowMerge, takenAway } from './merge.ts';
import type { Departure } from './transit.ts';
import { sameValue } from './values/value.ts';
import type { Cells, Column, Versions } from './versions.ts';

/** A row to be written to the site: git's cells, laid over the item as the site holds it now. */
export interface Write {
  readonly key: string;
  /** Git's cells by field key; of a row that is new to the site, all of them. */
  readonly cells: ReadonlyMap<string, string>;
  /** All the cells of the item as the site holds it now; `undefined` where it has none. */
  readonly now: Cells | undefined;
  readonly place: Place | undefined;
}

/** What an import makes of one row of the site. */
export interface ImportedRow {
  readonly write: Write | undefined;
  /** What is noted of the row before it is written or removed. */
  readonly departure: Departure | undefined;
  /** What the import changes on the site. */
  readonly change: Change | undefined;
  /** What the CMS changed since base: it stays, and an export brings it to git. */
  readonly drift: Change | undefined;
  /** Whether the row left git and its item stays on the site, since deletes are kept. */
  readonly orphan: boolean;
  readonly conflicts: readonly Conflict[];
}

export interface ImportPolicy {
  /**
   * Who wins a cell that both changed. `hold`: nobody, its row is left alone on both sides. `fail`: nobody,
   * and the run stops.
   */
  readonly onConflict: 'hold' | 'fail' | 'git' | 'cms';
  /** `changes`: write what git changed since base. `all`: make the site match git. */
  readonly reconcile: 'changes' | 'all';
  readonly deletes: 'keep' | 'apply';
  readonly writePolicy: 'overwrite' | 'skip-existing' | 'truncate-before';
  /**
   * Whether the file was exported before, and nobody knows any more what was agreed then: a row with an
   * id that the site lacks may be new, or its item was deleted in the CMS.
   */
  readonly isPastLost: boolean;
}

/**
 * Merges git into the site: writes what git changed since base, keeps what the CMS changed, and
 * reports as conflicts the cells that both changed.
 */
export function* mergeIntoCms(
  columns: readonly Column[],
  rows: Iterable<Versions>,
  policy: ImportPolicy,
): Generator<ImportedRow> {
  for (const row of rows) {
    const away = takenAway(columns, row);
    if (away !== undefined) {
      yield bringBack(columns, { ...row, live: away }, away, policy);
      continue;
    }
    const imported = importRow(columns, row, row.base, policy);
    yield policy.writePolicy === 'truncate-before' ? refilled(columns, row, imported) : imported;
  }
}

/**
 * An import that empties the collection first has to bring every item that is to stay, those that git
 * knows nothing of included. All of them are noted, with what only the site has of them: a job that
 * empties the collection and fails takes them with it, and the next import brings them again.
 */
function refilled(columns: readonly Column[], row: Versions, imported: ImportedRow): ImportedRow {
  const { head, live } = row;
  // What the site lacks, this job cannot take away.
  if (!live) return imported;
  if (imported.write === undefined && imported.change?.kind === 'removed') return imported;
  const write = imported.write ?? writeOf(row, new Map());
  const [cells, kept] = [new Map<string, string>(), new Map<string, string>()];
  for (const [i, { key, type }] of columns.entries()) {
    const [written, ours, theirs] = [write.cells.get(key), head?.[i], live[i] ?? ''];
    const isGits = written !== undefined || (ours !== undefined && sameValue(type, ours, theirs));
    (isGits ? cells : kept).set(key, written ?? theirs);
  }
  const departure: Departure =
    head === null ? { fate: 'kept', cells: kept } : { fate: 'refilled', cells, kept };
  return { ...imported, write, departure };
}

/** Brings back a row that an import took away, merged with git as if it were still there. */
function bringBack(
  columns: readonly Column[],
  row: Versions,
  away: Cells,
  policy: ImportPolicy,
): ImportedRow {
  const imported = importRow(columns, row, agreedNow(columns, row), policy);
  const { write, departure } = refilled(columns, row, imported);
  if (write === undefined) return nothing;
  const texts = columns.map(({ key }, i) => write.cells.get(key) ?? away[i] ?? '');
  const cells = new Map(columns.map(({ key }, i) => [key, texts[i] ?? '']));
  const change = addition(columns, row.key, texts, placeOf(row));
  return { ...imported, write: { ...write, cells }, departure, change };
}

const nothing: ImportedRow = {
  write: undefined,
  departure: undefined,
  change: undefined,
  drift: undefined,
  orphan: false,
  conflicts: [],
};

function importRow(
  columns: readonly Column[],
  row: Versions,
  base: Cells | null,
  policy: ImportPolicy,
): ImportedRow {
  const merge = mergeRow(columns, base, row.head, row.live ?? null);
  switch (merge.kind) {
    case 'agreed':
      return nothing;
    case 'differs':
      return policy.writePolicy === 'skip-existing'
        ? nothing
        : mergeCells(row, merge.cells, policy);
    case 'added-in-git':
      return policy.isPastLost && row.hasOwnId && policy.reconcile !== 'all'
        ? conflict(row, { git: 'added', cms: undefined })
        : insertion(columns, row, merge.head);
    case 'added-in-cms':
      return extraItem(columns, row, merge.live, policy);
    case 'removed-in-git':
      return removedInGit(columns, row, merge, policy);
    case 'removed-in-cms':
      return removedInCms(columns, row, merge, policy);
  }
}

/** An item that git never had: drift, unless the site is made to match git. */
function extraItem(
  columns: readonly Column[],
  row: Versions,
  live: Cells,
  policy: ImportPolicy,
): ImportedRow {
  if (policy.reconcile === 'all' && policy.deletes === 'apply') {
    return removing(columns, row, live);
  }
  return { ...nothing, drift: addition(columns, row.key, live, undefined) };
}

function removedInGit(
  columns: readonly Column[],
  row: Versions,
  merge: RowMerge & { readonly kind: 'removed-in-git' },
  policy: ImportPolicy,
): ImportedRow {
  if (policy.deletes === 'keep') return { ...nothing, orphan: true };
  switch (winnerOf(merge.edited ? 'both' : 'git', policy)) {
    case 'git':
      return removing(columns, row, merge.live);
    case 'cms':
      return { ...nothing, orphan: true };
    case 'nobody':
      return conflict(row, { git: undefined, cms: 'changed' });
  }
}

function removedInCms(
  columns: readonly Column[],
  row: Versions,
  merge: RowMerge & { readonly kind: 'removed-in-cms' },
  policy: ImportPolicy,
): ImportedRow {
  switch (winnerOf(merge.edited ? 'both' : 'cms', policy)) {
    case 'git':
      return insertion(columns, row, merge.head);
    case 'cms':
      return { ...nothing, drift: removal(columns, row.key, merge.head, placeOf(row)) };
    case 'nobody':
      return conflict(row, { git: 'changed', cms: undefined });
  }
}

function removing(columns: readonly Column[], row: Versions, live: Cells): ImportedRow {
  const change = removal(columns, row.key, live, undefined);
  return { ...nothing, change, departure: { fate: 'removed', cells: new Map() } };
}

function conflict(row: Versions, sides: { git?: string | undefined; cms?: string | undefined }) {
  const { git, cms } = sides;
  const whole = { column: undefined, base: undefined, git, cms, place: placeOf(row) };
  return { ...nothing, conflicts: [{ key: row.key, ...whole }] };
}

function insertion(columns: readonly Column[], row: Versions, head: Cells): ImportedRow {
  const cells = new Map(columns.map(({ key }, i) => [key, head[i] ?? '']));
  return {
    ...nothing,
    write: { key: row.key, cells, now: undefined, place: placeOf(row) },
    departure: { fate: 'written', cells },
    change: addition(columns, row.key, head, placeOf(row)),
  };
}

function mergeCells(
  row: Versions,
  differences: readonly CellDifference[],
  policy: ImportPolicy,
): ImportedRow {
  const written: CellChange[] = [];
  const drift: CellChange[] = [];
  const conflicts: Conflict[] = [];
  for (const { column, base, head, live, changedBy } of differences) {
    const winner = winnerOf(changedBy, policy);
    if (winner === 'git') written.push({ column, old: live, new: head });
    if (winner === 'cms') drift.push({ column, old: head, new: live });
    if (winner === 'nobody') {
      conflicts.push({ key: row.key, column, base, git: head, cms: live, place: placeOf(row) });
    }
  }
  // Of a row that somebody has to decide on, nothing is written: half of it would be a third version.
  if (conflicts.length > 0) return { ...nothing, conflicts };
  const cells = new Map(written.map((cell) => [cell.column.key, cell.new ?? '']));
  return {
    write: written.length === 0 ? undefined : writeOf(row, cells),
    departure: written.length === 0 ? undefined : { fate: 'written', cells },
    change: changeOf(row, written),
    drift: changeOf(row, drift),
    orphan: false,
    conflicts: [],
  };
}

function writeOf(row: Versions, cells: ReadonlyMap<string, string>): Write {
  return { key: row.key, cells, now: row.liveRow?.cells, place: placeOf(row) };
}

function winnerOf(
  changedBy: CellDifference['changedBy'],
  policy: ImportPolicy,
): 'git' | 'cms' | 'nobody' {
  if (policy.reconcile === 'all') return 'git';
  if (changedBy !== 'both') return changedBy;
  return policy.onConflict === 'git' || policy.onConflict === 'cms' ? policy.onConflict : 'nobody';
}
