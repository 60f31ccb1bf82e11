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

/** Columns that only head has, and that only base has. */
export interface ColumnDiff {
  readonly added: readonly string[];
  readonly dropped: readonly string[];
}

export function diffColumns(base: readonly string[], head: readonly string[]): ColumnDiff {
  const [known, kept] = [new Set(base), new Set(head)];
  return {
    added: head.filter((name) => !known.has(name)),
    dropped: base.filter((name) => !kept.has(name)),
  };
}
