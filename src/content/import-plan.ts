import type { Place } from '../errors.ts';
import type { CellChange, Change, Conflict } from './change.ts';
import { addition, changeOf, placeOf, removal } from './change.ts';
import { type CellDifference, forwardRow, mergeRow, type RowMerge } from './merge.ts';
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
  /** What base becomes once the write has arrived; `undefined` where nothing is written. */
  readonly sent: Cells | undefined;
  /** What the import changes on the site. */
  readonly change: Change | undefined;
  /** What the CMS changed since base: it stays, and an export brings it to git. */
  readonly drift: Change | undefined;
  /** Whether the row left git and its item stays on the site, since deletes are kept. */
  readonly orphan: boolean;
  readonly conflicts: readonly Conflict[];
}

export interface ImportPolicy {
  /** Who wins a cell that both changed; with `fail`, the conflict stops the run. */
  readonly onConflict: 'fail' | 'git' | 'cms';
  /** `changes`: write what git changed since base. `all`: make the site match git. */
  readonly reconcile: 'changes' | 'all';
  readonly deletes: 'keep' | 'apply';
  readonly writePolicy: 'overwrite' | 'skip-existing' | 'truncate-before';
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
    const base = forwardRow(columns, row);
    const merge = mergeRow(columns, base, row.head, row.live ?? null);
    const imported = importRow(columns, row, merge, policy);
    const whole = policy.writePolicy === 'truncate-before' ? keptWhole(row, imported) : imported;
    // What git never had does not become base, or it would look like something that git removed.
    const isGits = base !== null || row.head !== null;
    yield whole.write === undefined || !isGits
      ? whole
      : { ...whole, sent: sentCells(columns, whole.write, base ?? row.live ?? []) };
  }
}

/** Git's cells, laid over what both had agreed on. */
function sentCells(columns: readonly Column[], { cells }: Write, agreed: Cells): Cells {
  return columns.map(({ key }, i) => cells.get(key) ?? agreed[i] ?? '');
}

/**
 * An import that empties the collection first has to bring every item that is to stay, those that
 * git knows nothing of included.
 */
function keptWhole(row: Versions, imported: ImportedRow): ImportedRow {
  const isGone = row.live === null || imported.change?.kind === 'removed';
  if (imported.write !== undefined || isGone) return imported;
  return { ...imported, write: writeOf(row, new Map()) };
}

const nothing: ImportedRow = {
  write: undefined,
  sent: undefined,
  change: undefined,
  drift: undefined,
  orphan: false,
  conflicts: [],
};

function importRow(
  columns: readonly Column[],
  row: Versions,
  merge: RowMerge,
  policy: ImportPolicy,
): ImportedRow {
  switch (merge.kind) {
    case 'agreed':
      return nothing;
    case 'differs':
      return policy.writePolicy === 'skip-existing'
        ? nothing
        : mergeCells(row, merge.cells, policy);
    case 'added-in-git':
      return insertion(columns, row, merge.head);
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
    return { ...nothing, change: removal(columns, row.key, live, undefined) };
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
      return { ...nothing, change: removal(columns, row.key, merge.live, undefined) };
    case 'cms':
      return { ...nothing, orphan: true };
    case 'fail':
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
    case 'fail':
      return conflict(row, { git: 'changed', cms: undefined });
  }
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
    if (winner === 'fail') {
      conflicts.push({ key: row.key, column, base, git: head, cms: live, place: placeOf(row) });
    }
  }
  const cells = new Map(written.map((cell) => [cell.column.key, cell.new ?? '']));
  return {
    write: written.length === 0 ? undefined : writeOf(row, cells),
    sent: undefined,
    change: changeOf(row, written),
    drift: changeOf(row, drift),
    orphan: false,
    conflicts,
  };
}

function writeOf(row: Versions, cells: ReadonlyMap<string, string>): Write {
  return { key: row.key, cells, now: row.liveRow?.cells, place: placeOf(row) };
}

function winnerOf(
  changedBy: CellDifference['changedBy'],
  policy: ImportPolicy,
): 'git' | 'cms' | 'fail' {
  if (policy.reconcile === 'all') return 'git';
  return changedBy === 'both' ? policy.onConflict : changedBy;
}
