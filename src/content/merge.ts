import { sameValue } from './value.ts';
import type { Cells, Column, Versions } from './versions.ts';

/** A cell that git and the site do not agree on, and who changed it since base. */
export interface CellDifference {
  readonly column: Column;
  /** `undefined` where base does not have the row. */
  readonly base: string | undefined;
  readonly head: string;
  readonly live: string;
  readonly changedBy: 'git' | 'cms' | 'both';
}

/** How a row stands between git and the site. */
export type RowMerge =
  | { readonly kind: 'agreed' }
  | { readonly kind: 'differs'; readonly cells: readonly CellDifference[] }
  | { readonly kind: 'added-in-git'; readonly head: Cells }
  | { readonly kind: 'added-in-cms'; readonly live: Cells }
  /** `edited`: the site changed the row that git removed. */
  | { readonly kind: 'removed-in-git'; readonly live: Cells; readonly edited: boolean }
  /** `edited`: git changed the row that the site removed. */
  | { readonly kind: 'removed-in-cms'; readonly head: Cells; readonly edited: boolean };

/**
 * Brings base forward for one row (docs/conflicts-and-drift.md, "Base"): a cell where head equals
 * the last recorded value of the site, or the one just read, is agreed at that value; every other
 * cell keeps its old base. The same holds for the row itself: gone from both is agreed to be gone. A row that base
 * lacks enters it when all its cells are agreed; with half of them it would claim too much. But one
 * that was recorded and is gone from the site was there for both: to git it came from the site.
 *
 * @returns the row's new base, `null` where base does not have the row.
 */
export function forwardRow(columns: readonly Column[], row: Versions): Cells | null {
  const { head, live } = row;
  const { base, recorded } = withArrived(columns, row);
  if (head === null) {
    const isGone = live === null || (recorded === null && !row.sent);
    return isGone ? null : base;
  }
  const agreed = columns.map(
    ({ type }, i) => sameCell(type, head, recorded, i) || sameCell(type, head, live, i),
  );
  if (base === null) {
    const wasThere = live === null && recorded ? recorded : null;
    return agreed.every(Boolean) ? head : wasThere;
  }
  return head.map((cell, i) => (agreed[i] ? cell : (base[i] ?? '')));
}

/**
 * What both were known to hold, with what an import brought that nobody saw arrive: git held it then,
 * and the site holds it now, whatever it was recorded with; or neither holds the row. A row that the
 * import created is empty where its cells did not arrive. One that it was to remove, or to bring again
 * after it had emptied the collection, and that is not there, was removed by nobody in the CMS.
 */
function withArrived(
  columns: readonly Column[],
  row: Versions,
): Pick<Versions, 'base' | 'recorded'> {
  const { base, recorded, sent, live } = row;
  const isGone = live === null && (sent === 'removal' || row.isRefill);
  if (isGone) return { base: null, recorded: recorded && null };
  if (sent === undefined || sent === 'removal' || !live) return { base, recorded };
  const hasArrived = columns.map(({ type }, i) => {
    const text = sent[i] ?? '';
    const isNews = base === null || !sameValue(type, text, base[i] ?? '');
    return isNews && sameValue(type, text, live[i] ?? '');
  });
  const laidOver = (cells: Cells | null) =>
    sent.map((cell, i) => (hasArrived[i] ? cell : (cells?.[i] ?? '')));
  return { base: laidOver(base), recorded: recorded && laidOver(recorded) };
}

function sameCell(type: string, head: Cells, other: Cells | null | undefined, i: number): boolean {
  return other !== null && other !== undefined && sameValue(type, head[i] ?? '', other[i] ?? '');
}

/**
 * Merges one row three ways, cell by cell, from base as it was brought forward. A row that base
 * lacks and both sides have is their agreement where they are equal, and a conflict in every cell
 * where they are not: nobody can tell who changed it.
 */
export function mergeRow(
  columns: readonly Column[],
  base: Cells | null,
  head: Cells | null,
  live: Cells | null,
): RowMerge {
  if (head === null) {
    if (live === null) return { kind: 'agreed' };
    if (base === null) return { kind: 'added-in-cms', live };
    return { kind: 'removed-in-git', live, edited: !sameCells(columns, base, live) };
  }
  if (live === null) {
    if (base === null) return { kind: 'added-in-git', head };
    return { kind: 'removed-in-cms', head, edited: !sameCells(columns, base, head) };
  }
  const cells: CellDifference[] = [];
  for (let i = 0; i < columns.length; i += 1) {
    const column = columns[i];
    const ours = head[i] ?? '';
    const theirs = live[i] ?? '';
    if (column === undefined || sameValue(column.type, ours, theirs)) continue;
    cells.push(differenceOf(column, base?.[i], ours, theirs));
  }
  return cells.length === 0 ? { kind: 'agreed' } : { kind: 'differs', cells };
}

function differenceOf(
  column: Column,
  base: string | undefined,
  head: string,
  live: string,
): CellDifference {
  const git = base === undefined || !sameValue(column.type, base, head);
  const cms = base === undefined || !sameValue(column.type, base, live);
  const changedBy = git && cms ? 'both' : git ? 'git' : 'cms';
  return { column, base, head, live, changedBy };
}

/** Whether two versions of a row hold the same values. */
export function sameCells(columns: readonly Column[], left: Cells, right: Cells): boolean {
  return columns.every(({ type }, i) => sameValue(type, left[i] ?? '', right[i] ?? ''));
}
