import type { CellChange, Change, Conflict } from './change.ts';
import { addition, changeOf, placeOf, removal } from './change.ts';
import { type CellDifference, mergeRow, takenAway } from './merge.ts';
import type { Departure } from './transit.ts';
import type { Cells, Column, Versions } from './versions.ts';

/** A row as a canonical file holds it. */
export interface FileRow {
  readonly key: string;
  readonly cells: Cells;
}

/** What an export makes of one row of the file in git. */
export interface ExportedRow {
  /** The row as the file will hold it; `undefined` where it will not. */
  readonly row: FileRow | undefined;
  /** Whether the row is new to git: of a first export every one is, so it is its own change. */
  readonly added: boolean;
  /** What else the export changes in git. */
  readonly change: Change | undefined;
  /** What git alone changed and the site has not got yet: it stays. */
  readonly pending: Change | undefined;
  /** Whether the row left git and is back, since its item is still on the site. */
  readonly returned: boolean;
  readonly conflicts: readonly Conflict[];
  /** What the export offers to git: the cells that it takes from the site. */
  readonly offer: Departure | undefined;
}

export interface ExportPolicy {
  /** Whether an item that only git removed comes back (`keep`) or waits for its import (`apply`). */
  readonly deletes: 'keep' | 'apply';
  /** Who wins a cell that both changed; unless somebody does, its row stays in git as it is. */
  readonly onConflict: 'hold' | 'fail' | 'git' | 'cms';
  /** Whether git has a removed row under another id: as long as that is an error, it is not put right by itself. */
  readonly isReKeyed?: (key: string) => boolean;
  /** Of a localization: whether the item of a translation that git added is still to come. */
  readonly isAwaited?: (key: string) => boolean;
}

/**
 * Merges the site into git: takes what the CMS changed since base, keeps what git changed and the
 * site has not got yet, and keeps git's value where both changed a cell.
 */
export function* mergeIntoGit(
  columns: readonly Column[],
  rows: Iterable<Versions>,
  policy: ExportPolicy,
): Generator<ExportedRow> {
  for (const row of rows) {
    const { key, head } = row;
    // The next import brings back what an import took away.
    const isAway = head !== null && takenAway(columns, row) !== undefined;
    const exported = isAway
      ? { ...nothing, row: { key, cells: head } }
      : exportRow(columns, row, policy);
    yield { ...exported, offer: offerOf(columns, row, exported.row) };
  }
}

function offerOf(
  columns: readonly Column[],
  { head, settled }: Versions,
  row: FileRow | undefined,
): Departure | undefined {
  if (settled !== undefined) return undefined;
  if (row === undefined) {
    return head === null ? undefined : { fate: 'removed', cells: new Map() };
  }
  const cells = columns.flatMap(({ key }, i) =>
    head !== null && row.cells[i] === head[i] ? [] : [[key, row.cells[i] ?? ''] as const],
  );
  return cells.length === 0 ? undefined : { fate: 'written', cells: new Map(cells) };
}

type MergedRow = Omit<ExportedRow, 'offer'>;

function exportRow(columns: readonly Column[], row: Versions, policy: ExportPolicy): MergedRow {
  if (row.settled !== undefined) return { ...nothing, row: row.settled };
  const { key, head, live = null } = row;
  const merge = mergeRow(columns, row.base, head, live);
  const takeLive = (cells: Cells) => ({ ...nothing, row: { key, cells }, added: true });
  switch (merge.kind) {
    case 'agreed':
      return { ...nothing, row: head === null ? undefined : { key, cells: head } };
    case 'differs':
      return mergeCells(columns, row, merge.cells, policy);
    case 'added-in-git':
      if (policy.isAwaited?.(key) === false) {
        return { ...nothing, change: removal(columns, key, merge.head, placeOf(row)) };
      }
      return {
        ...nothing,
        row: { key, cells: merge.head },
        pending: addition(columns, key, merge.head, placeOf(row)),
      };
    case 'added-in-cms':
      return takeLive(merge.live);
    case 'removed-in-git':
      return exportRemoval(columns, key, merge, policy);
    case 'removed-in-cms': {
      if (!merge.edited || policy.onConflict === 'cms') {
        return { ...nothing, change: removal(columns, key, merge.head, placeOf(row)) };
      }
      const conflict = { column: undefined, base: undefined, git: 'changed', cms: undefined };
      return {
        ...nothing,
        row: { key, cells: merge.head },
        conflicts: [{ key, ...conflict, place: placeOf(row) }],
      };
    }
  }
}

function exportRemoval(
  columns: readonly Column[],
  key: string,
  { live, edited }: { readonly live: Cells; readonly edited: boolean },
  policy: ExportPolicy,
): MergedRow {
  const isReKeyed = policy.isReKeyed?.(key) === true;
  const fromCms = edited && policy.onConflict === 'cms';
  if (fromCms || (policy.deletes === 'keep' && !isReKeyed)) {
    return { ...nothing, row: { key, cells: live }, added: true, returned: true };
  }
  if (!edited || isReKeyed) return { ...nothing, pending: removal(columns, key, live, undefined) };
  const conflict = { column: undefined, base: undefined, git: undefined, cms: 'changed' };
  return { ...nothing, conflicts: [{ key, ...conflict, place: undefined }] };
}

const nothing = {
  row: undefined,
  added: false,
  change: undefined,
  pending: undefined,
  returned: false,
  conflicts: [],
} as const;

function mergeCells(
  columns: readonly Column[],
  row: Versions,
  differences: readonly CellDifference[],
  policy: ExportPolicy,
): MergedRow {
  const taken = new Map<string, string>();
  const changed: CellChange[] = [];
  const pending: CellChange[] = [];
  const conflicts: Conflict[] = [];
  for (const { column, base, head, live, changedBy } of differences) {
    if (changedBy === 'cms' || (changedBy === 'both' && policy.onConflict === 'cms')) {
      taken.set(column.key, live);
      changed.push({ column, old: head, new: live });
      continue;
    }
    if (changedBy === 'both') {
      conflicts.push({ key: row.key, column, base, git: head, cms: live, place: placeOf(row) });
    } else {
      pending.push({ column, old: live, new: head });
    }
  }
  // A row that somebody has yet to decide on is left alone on both sides.
  if (conflicts.length > 0 && policy.onConflict !== 'git') {
    return {
      ...nothing,
      row: row.head === null ? undefined : { key: row.key, cells: row.head },
      conflicts,
    };
  }
  const cells = columns.map(({ key }, i) => taken.get(key) ?? row.head?.[i] ?? '');
  return {
    ...nothing,
    row: { key: row.key, cells },
    change: changeOf(row, changed),
    pending: changeOf(row, pending),
    conflicts,
  };
}
