import { byteOrder } from './order.ts';
import type { Row, Table } from './table.ts';

/** The rows that stand under one key, one per table. */
export interface JoinedRow {
  readonly key: string;
  readonly rows: readonly (Row | undefined)[];
}

/**
 * Joins tables by their keys, in order. Each is read once, side by side; only one row of each is
 * held at a time.
 *
 * @param extent `different` leaves out the rows whose records are the same bytes in all the tables
 * there are, where these have the same header.
 */
export function* joinRows(
  tables: readonly (Table | undefined)[],
  extent: 'all' | 'different' = 'all',
): Generator<JoinedRow> {
  const present = tables.map((table) => table !== undefined);
  const skips = extent === 'different' && haveOneHeader(tables);
  const cursors = tables.map((table) => cursorOf(table?.rows() ?? []));
  try {
    while (true) {
      const least = leastOrder(cursors);
      if (least === undefined) return;
      let key = '';
      const rows = cursors.map((cursor) => {
        if (cursor.order !== least) return undefined;
        const { row } = cursor;
        key = row?.key ?? key;
        cursor.advance();
        return row;
      });
      if (skips && areEqual(rows, present)) continue;
      yield { key, rows };
    }
  } finally {
    for (const cursor of cursors) cursor.close();
  }
}

function haveOneHeader(tables: readonly (Table | undefined)[]): boolean {
  const [first, ...rest] = tables.flatMap((table) => (table === undefined ? [] : [table.columns]));
  const isFirst = (columns: readonly string[]) =>
    columns.length === first?.length && columns.every((column, i) => column === first[i]);
  return rest.length > 0 && rest.every(isFirst);
}

function areEqual(rows: readonly (Row | undefined)[], present: readonly boolean[]): boolean {
  let first: Row | undefined;
  for (const [i, row] of rows.entries()) {
    if (!present[i]) continue;
    if (row === undefined) return false;
    first ??= row;
    if (row !== first && !row.bytes.equals(first.bytes)) return false;
  }
  return true;
}

interface Cursor {
  row: Row | undefined;
  /** `undefined` at the end. */
  order: string | undefined;
  readonly advance: () => void;
  readonly close: () => void;
}

function cursorOf(rows: Iterable<Row>): Cursor {
  const iterator = rows[Symbol.iterator]();
  const cursor: Cursor = {
    row: undefined,
    order: undefined,
    advance() {
      const next = iterator.next();
      cursor.row = next.done ? undefined : next.value;
      cursor.order = cursor.row === undefined ? undefined : byteOrder(cursor.row.key);
    },
    close: () => iterator.return?.(),
  };
  cursor.advance();
  return cursor;
}

function leastOrder(cursors: readonly Cursor[]): string | undefined {
  let least: string | undefined;
  for (const { order } of cursors) {
    if (order !== undefined && (least === undefined || order < least)) least = order;
  }
  return least;
}
