import { byteOrder } from './order.ts';
import { type RowCursor, StoredRows } from './stored-rows.ts';
import { haveSameHeader, type Row, type Table } from './table.ts';

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
  const present = tables.filter((table) => table !== undefined);
  const headers = present.map(({ columns }) => columns);
  const skips = extent === 'different' && present.length > 1 && haveSameHeader(headers);
  const cursors = tables.map((table) => table && cursorOf(table.rows()));
  const moving = cursors.filter((cursor) => cursor !== undefined);
  try {
    while (true) {
      const least = leastOrder(moving);
      if (least === undefined) return;
      if (!skips || !areEqual(moving, least)) {
        const rows = cursors.map((cursor) => (cursor?.order === least ? cursor.row() : undefined));
        yield { key: keyOf(moving, least), rows };
      }
      for (const cursor of moving) if (cursor.order === least) cursor.advance();
    }
  } finally {
    for (const cursor of moving) cursor.close();
  }
}

function leastOrder(cursors: readonly RowCursor[]): string | undefined {
  let least: string | undefined;
  for (const { order } of cursors) {
    if (order !== undefined && (least === undefined || order < least)) least = order;
  }
  return least;
}

function keyOf(cursors: readonly RowCursor[], order: string): string {
  return cursors.find((cursor) => cursor.order === order)?.key ?? '';
}

/** Whether all the tables have the row of this order, and the same record for it. */
function areEqual(cursors: readonly RowCursor[], order: string): boolean {
  let first: RowCursor | undefined;
  for (const cursor of cursors) {
    if (cursor.order !== order) return false;
    first ??= cursor;
    if (cursor !== first && !haveSameRecord(cursor, first)) return false;
  }
  return true;
}

function haveSameRecord(left: RowCursor, right: RowCursor): boolean {
  if (left.record !== 0 && left.record === right.record) return true;
  return left.length === right.length && left.bytes().equals(right.bytes());
}

function cursorOf(rows: Iterable<Row>): RowCursor {
  return rows instanceof StoredRows ? rows.cursor() : new PlainCursor(rows);
}

/** A cursor over rows that come one by one. */
class PlainCursor implements RowCursor {
  key = '';
  order: string | undefined;
  readonly record = 0;
  readonly #rows: Iterator<Row>;
  #row: Row | undefined;

  constructor(rows: Iterable<Row>) {
    this.#rows = rows[Symbol.iterator]();
    this.advance();
  }

  get length(): number {
    return this.row().bytes.length;
  }

  bytes(): Buffer {
    return this.row().bytes;
  }

  row(): Row {
    if (this.#row === undefined) throw new Error('There is no row behind the last one');
    return this.#row;
  }

  advance(): void {
    const next = this.#rows.next();
    this.#row = next.done ? undefined : next.value;
    this.key = this.#row?.key ?? '';
    this.order = this.#row === undefined ? undefined : byteOrder(this.key);
  }

  close(): void {
    this.#rows.return?.();
  }
}
