import type { KeyedRow } from '../csv/writer.ts';
import type { Change, Conflict } from './change.ts';
import { changeOf, decideCells, wholeChange, wholeConflict } from './change.ts';
import type { ImportPolicy } from './import-plan.ts';
import {
  beforeEmptied,
  type CellDifference,
  mergeRow,
  type RowChangedBy,
  takenAway,
} from './merge.ts';
import type { Departure } from './transit.ts';
import type { Cells, Column, Versions } from './versions.ts';

/** What an export makes of one row of the file in git. */
export interface ExportedRow {
  /** The row as the file will have it; `undefined` if it will not. */
  readonly row?: KeyedRow | undefined;
  /** Whether the row is new to git. A first export adds them all, so `change` leaves them out. */
  readonly added?: boolean;
  /** What else the export changes in git. */
  readonly change?: Change | undefined;
  /** What only git changed, and no import has written yet: it stays. */
  readonly pending?: Change | undefined;
  /** Whether git removed the row, and the export brings it back because the site has its item. */
  readonly returned?: boolean;
  readonly conflicts?: readonly Conflict[];
  /** What the export offers to git: the cells that it takes from the site. */
  readonly offer?: Departure | undefined;
}

/** An item whose row git removed comes back with `deletes: keep`, since no import deletes it. */
export interface ExportPolicy extends Pick<ImportPolicy, 'deletes' | 'onConflict'> {
  /** Whether git has a removed row under another id: the row does not come back as long as that is an error. */
  readonly isReKeyed?: (key: string) => boolean;
  /** For a localization: whether an import has yet to create the item of a translation. */
  readonly isAwaited?: (key: string) => boolean;
}

/** Merges the site into git: takes what the CMS changed, keeps what git changed, and reports conflicts. */
export function* mergeIntoGit(
  columns: readonly Column[],
  rows: Iterable<Versions>,
  policy: ExportPolicy,
): Generator<ExportedRow> {
  for (const row of rows) {
    if (row.settled !== undefined) {
      yield { row: row.settled };
      continue;
    }
    const { key, head } = row;
    // An import took the row away, and the next one brings it back.
    const isAway = head !== null && takenAway(columns, row) !== undefined;
    const exported = isAway ? { row: { key, cells: head } } : exportRow(columns, row, policy);
    yield { ...exported, offer: offerOf(columns, head, exported.row?.cells) };
  }
}

function offerOf(
  columns: readonly Column[],
  head: Cells | null,
  row: Cells | undefined,
): Departure | undefined {
  if (row === undefined) {
    return head === null ? undefined : { fate: 'removed', cells: new Map() };
  }
  const cells = columns.flatMap(({ key }, i) =>
    head !== null && row[i] === head[i] ? [] : [[key, row[i] ?? ''] as const],
  );
  return cells.length === 0 ? undefined : { fate: 'written', cells: new Map(cells) };
}

function exportRow(columns: readonly Column[], row: Versions, policy: ExportPolicy): ExportedRow {
  const { key, head } = row;
  const live = beforeEmptied(columns, row) ?? null;
  const merge = mergeRow(columns, row.base, head, live, row.isUnclear);
  switch (merge.kind) {
    case 'agreed':
      return head === null ? {} : { row: { key, cells: head } };
    case 'differs':
      return mergeCells(columns, row, merge.cells, policy);
    case 'only-git':
      return missingItem(columns, row, merge, policy);
    case 'only-cms':
      return extraItem(columns, row, merge, policy);
  }
}

/** An item that git lacks: the CMS added it, or git removed its row. */
function extraItem(
  columns: readonly Column[],
  row: Versions,
  { live, changedBy }: { readonly live: Cells; readonly changedBy: RowChangedBy },
  { deletes, onConflict, isReKeyed }: ExportPolicy,
): ExportedRow {
  const taken = { row: { key: row.key, cells: live }, added: true };
  if (changedBy === 'cms') return taken;
  const fromCms = changedBy === 'both' && onConflict === 'cms';
  // What an import may still write to the item would be newer than what this export has read.
  const isUnderWay = row.sent.some(({ job }) => job !== undefined && job.end === undefined);
  const comesBack = deletes === 'keep' && isReKeyed?.(row.key) !== true && !isUnderWay;
  // Of an unclear row, nobody knows whether it left git.
  if (fromCms || comesBack) return { ...taken, returned: changedBy !== 'unclear' };
  return changedBy === 'git' || deletes === 'keep'
    ? { pending: wholeChange('removed', columns, row, live) }
    : { conflicts: [wholeConflict(row, 'cms', changedBy)] };
}

/** A row whose item the site lacks: git added it, or the CMS removed it. */
function missingItem(
  columns: readonly Column[],
  row: Versions,
  { head, changedBy }: { readonly head: Cells; readonly changedBy: RowChangedBy },
  { isAwaited, onConflict }: ExportPolicy,
): ExportedRow {
  const isGone = {
    git: isAwaited?.(row.key) === false,
    cms: true,
    both: onConflict === 'cms',
    unclear: false,
  };
  if (isGone[changedBy]) {
    return { change: wholeChange('removed', columns, row, head) };
  }
  const kept = { key: row.key, cells: head };
  return changedBy === 'git'
    ? { row: kept, pending: wholeChange('added', columns, row, head) }
    : { row: kept, conflicts: [wholeConflict(row, 'git', changedBy)] };
}

function mergeCells(
  columns: readonly Column[],
  row: Versions,
  differences: readonly CellDifference[],
  { onConflict }: ExportPolicy,
): ExportedRow {
  const { key, head } = row;
  const { git, cms, conflicts } = decideCells(row, differences, (changedBy) => {
    if (changedBy !== 'both') return changedBy;
    return onConflict === 'cms' ? 'cms' : 'nobody';
  });
  if (conflicts.length > 0 && onConflict !== 'git') {
    return { row: head === null ? undefined : { key, cells: head }, conflicts };
  }
  const taken = new Map(cms.map(({ column, new: text }) => [column.key, text]));
  const cells = columns.map((column, i) => taken.get(column.key) ?? head?.[i] ?? '');
  return {
    row: { key, cells },
    change: changeOf(row, cms),
    pending: changeOf(row, git),
    conflicts,
  };
}
