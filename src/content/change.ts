import type { Place } from '../errors.ts';
import type { CellDifference, ChangedBy, RowChangedBy } from './merge.ts';
import type { Cells, Column, Versions } from './versions.ts';

/** A cell before and after; `undefined` on the side where its row does not exist. */
export interface CellChange {
  readonly column: Column;
  readonly old: string | undefined;
  readonly new: string | undefined;
}

/** What happens to one row of the target, be that git or the site. */
export interface Change {
  readonly kind: 'added' | 'changed' | 'removed';
  readonly key: string;
  /** The cells that differ; of an added or removed row, those that are not empty. */
  readonly cells: readonly CellChange[];
  /** Where the row stands in the committed file; `undefined` where it does not stand there. */
  readonly place: Place | undefined;
}

/** A cell that git and the site both changed, to different values, or a row that one side has and the other lacks. */
export interface Conflict {
  readonly key: string;
  /** `undefined`: one side lacks the row. */
  readonly column: Column | undefined;
  readonly base: string | undefined;
  /** `undefined`: git lacks the row. */
  readonly git: string | undefined;
  /** `undefined`: the site lacks the row. */
  readonly cms: string | undefined;
  readonly place: Place | undefined;
}

/** How many rows are added, changed and removed. */
export interface Counts {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

export function countsOf(changes: readonly Change[]): Counts {
  const counts = { added: 0, changed: 0, removed: 0 };
  for (const { kind } of changes) counts[kind] += 1;
  return counts;
}

/** The keys of the rows that changes remove. */
export function removedKeys(changes: readonly Change[]): readonly string[] {
  return changes.filter(({ kind }) => kind === 'removed').map(({ key }) => key);
}

/** The row that a change or a conflict is about. */
type RowOf = Pick<Versions, 'key' | 'headRow'>;

/** Where a row stands in the committed file. */
export function placeOf({ headRow }: Pick<Versions, 'headRow'>): Place | undefined {
  return headRow && { file: headRow.file, line: headRow.line };
}

/** A change of these cells in a row that stays; `undefined` when there are none. */
export function changeOf(row: RowOf, cells: readonly CellChange[]): Change | undefined {
  if (cells.length === 0) return undefined;
  const kept = cells.map(({ column, old, new: text }) => ({
    column,
    old: detached(old),
    new: detached(text),
  }));
  return { kind: 'changed', key: row.key, cells: kept, place: placeOf(row) };
}

/** A copy of a cell's text. The cell itself is a slice of its record, and would keep all of it in memory. */
function detached(text: string | undefined): string | undefined {
  return text && Buffer.from(text).toString();
}

/** The change that adds or removes a whole row. */
export function wholeChange(
  kind: 'added' | 'removed',
  columns: readonly Column[],
  row: RowOf,
  texts: Cells,
): Change {
  const cells = columns.flatMap((column, i) => {
    const text = texts[i];
    if (!text) return [];
    const sides = kind === 'added' ? { old: undefined, new: text } : { old: text, new: undefined };
    return [{ column, ...sides }];
  });
  return { kind, key: row.key, cells, place: placeOf(row) };
}

/** The conflict of a row that one side changed, or maybe added if the record was lost, and the other lacks. */
export function wholeConflict(row: RowOf, side: 'git' | 'cms', changedBy: RowChangedBy): Conflict {
  const nothing = { column: undefined, base: undefined, git: undefined, cms: undefined };
  const word = changedBy === 'unclear' ? 'added' : 'changed';
  return { key: row.key, ...nothing, [side]: word, place: placeOf(row) };
}

/**
 * Decides who wins each cell in which git and the site differ. Those of git are changes of the site, and
 * those of the CMS are changes of git.
 */
export function decideCells(
  row: RowOf,
  differences: readonly CellDifference[],
  winnerOf: (changedBy: ChangedBy) => 'git' | 'cms' | 'nobody',
) {
  const git: CellChange[] = [];
  const cms: CellChange[] = [];
  const conflicts: Conflict[] = [];
  for (const { column, base, head, live, changedBy } of differences) {
    const winner = winnerOf(changedBy);
    if (winner === 'git') git.push({ column, old: live, new: head });
    else if (winner === 'cms') cms.push({ column, old: head, new: live });
    else conflicts.push({ key: row.key, column, base, git: head, cms: live, place: placeOf(row) });
  }
  return { git, cms, conflicts };
}

type InConflict = readonly { readonly conflicts: readonly Conflict[] }[];

/** How many rows of these files are in conflict; two files may share an id. */
export function conflictingRows(files: InConflict): number {
  const counts = files.map(({ conflicts }) => new Set(conflicts.map(({ key }) => key)).size);
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The same, as the subject of a sentence. */
export function rowsInConflict(files: InConflict): string {
  const rows = conflictingRows(files);
  const subject = rows === 1 ? 'One row was' : `${rows} rows were`;
  return `${subject} changed in the same place both in git and in the CMS`;
}
