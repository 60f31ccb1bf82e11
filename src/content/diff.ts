import { type Change, changeOf, wholeChange } from './change.ts';
import { sameValue } from './values/value.ts';
import type { Cells, Column, Versions } from './versions.ts';

/** What head changes in base. A row that moved is no change. */
export function* diffRows(columns: readonly Column[], rows: Iterable<Versions>): Generator<Change> {
  for (const row of rows) {
    const change = diffRow(columns, row, row.base, row.head);
    if (change !== undefined) yield change;
  }
}

/** The change from one version of a row to another one. */
export function diffRow(
  columns: readonly Column[],
  row: Versions,
  from: Cells | null,
  to: Cells | null,
): Change | undefined {
  if (from === null) return to === null ? undefined : wholeChange('added', columns, row, to);
  if (to === null) return wholeChange('removed', columns, row, from);
  const cells = columns.flatMap((column, i) => {
    const [old = '', text = ''] = [from[i], to[i]];
    return sameValue(column.type, old, text) ? [] : [{ column, old, new: text }];
  });
  return changeOf(row, cells);
}

/** Columns that only head has, that only base has, and that were renamed. */
export interface ColumnDiff {
  readonly added: readonly string[];
  readonly dropped: readonly string[];
  readonly renamed: readonly Renaming[];
}

interface Renaming {
  readonly from: string;
  readonly to: string;
}

/** More pairs would take long, and so many new columns are not the old ones renamed. */
const mostPairs = 100;

/**
 * Compares the columns of two versions of a file. A column that is gone and a new one with mostly the same
 * cells are one column that was renamed.
 *
 * @param rows the cells of each row in base and in head.
 */
export function diffColumns(
  base: readonly string[],
  head: readonly string[],
  rows: () => Iterable<readonly [base: readonly string[], head: readonly string[]]>,
): ColumnDiff {
  const [known, kept] = [new Set(base), new Set(head)];
  const added = head.filter((name) => !known.has(name));
  const dropped = base.filter((name) => !kept.has(name));
  const count = added.length * dropped.length;
  if (count === 0 || count > mostPairs) return { added, dropped, renamed: [] };
  const pairs = dropped.flatMap((from) => added.map((to) => ({ from, to, same: 0, other: 0 })));
  const positions = pairs.map(({ from, to }) => [base.indexOf(from), head.indexOf(to)] as const);
  for (const [old, now] of rows()) {
    for (const [i, pair] of pairs.entries()) {
      const [left = -1, right = -1] = positions[i] ?? [];
      if (old[left] || now[right]) pair[old[left] === now[right] ? 'same' : 'other'] += 1;
    }
  }
  const renamed = bestPairs(pairs.filter(({ same, other }) => same > other));
  const [olds, news] = [renamed.map(({ from }) => from), renamed.map(({ to }) => to)];
  return {
    added: added.filter((name) => !news.includes(name)),
    dropped: dropped.filter((name) => !olds.includes(name)),
    renamed,
  };
}

/** Each column at most once, those that agree in the most cells first. */
function bestPairs(pairs: readonly (Renaming & { readonly same: number })[]): readonly Renaming[] {
  const renamed: Renaming[] = [];
  for (const { from, to } of [...pairs].sort((left, right) => right.same - left.same)) {
    const isTaken = renamed.some((each) => each.from === from || each.to === to);
    if (!isTaken) renamed.push({ from, to });
  }
  return renamed;
}
