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

function diffRow(columns: readonly Column[], row: Versions): Change | undefined {
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
}

export function diffColumns(base: readonly string[], head: readonly string[]): ColumnDiff {
  return {
    added: head.filter((name) => !base.includes(name)),
    dropped: base.filter((name) => !head.includes(name)),
  };
}
