import { addition, type Change, changeOf, placeOf, removal } from './change.ts';
import { mergeRow } from './merge.ts';
import type { Column, Versions } from './versions.ts';

/** What head changes of base, row by row: a row that moved is no change. */
export function* diffRows(columns: readonly Column[], rows: Iterable<Versions>): Generator<Change> {
  for (const row of rows) {
    const change = diffRow(columns, row);
    if (change !== undefined) yield change;
  }
}

/** What head changes of one row of base. */
export function diffRow(columns: readonly Column[], row: Versions): Change | undefined {
  const { key, base, head } = row;
  const merge = mergeRow(columns, base, head, base);
  switch (merge.kind) {
    case 'differs': {
      const cells = merge.cells.map(({ column, live, head: text }) => ({
        column,
        old: live,
        new: text,
      }));
      return changeOf(row, cells);
    }
    case 'added-in-git':
      return addition(columns, key, merge.head, placeOf(row));
    case 'removed-in-git':
      return removal(columns, key, merge.live, undefined);
    default:
      return undefined;
  }
}

/** Columns that head has and base has not, and the other way round. */
export interface ColumnDiff {
  readonly added: readonly string[];
  readonly dropped: readonly string[];
  readonly renamed: readonly Renaming[];
}

interface Renaming {
  readonly from: string;
  readonly to: string;
}

/** Each pair is looked at in each row; where so many columns are new, they are not the old ones renamed. */
const mostPairs = 100;

/**
 * Compares the columns of two versions of a file. A column that is gone, and a new one that holds
 * mostly the same, are one column that was renamed.
 *
 * @param rows the cells of every row that both versions have: those of base, then those of head.
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
