import { byteOrder } from './order.ts';
import { cellComparer } from './same-cells.ts';
import { type RowCursor, StoredRows } from './stored-rows.ts';
import { haveSameHeader, type Row, type Table } from './table.ts';

/** Cells of a table's records, by their positions. */
export type Layout = readonly number[];

/** The rows that stand under one key, one per table. */
export interface JoinedRow {
  readonly key: string;
  /** The row of a table, by its position among them; to be asked for before the next key is. */
  readonly row: (table: number) => Row | undefined;
  /** Whether all the tables there are, and more than one, hold the same texts in this row. */
  readonly same: boolean;
}

/**
 * Joins tables by their keys, in order. Each is read once, side by side; only one row of each is
 * held at a time.
 *
 * @param extent `different` leaves out the rows that are the same.
 * @param layouts for each table the positions of the cells that tell whether rows are the same, -1
 * for one that it lacks; without them, records have to be the same bytes under the same header.
 */
export function* joinRows(
  tables: readonly (Table | undefined)[],
  extent: 'all' | 'different' = 'all',
  layouts: readonly (Layout | undefined)[] = [],
): Generator<JoinedRow> {
  const areSame = comparerOf(tables, layouts);
  const passes = extent === 'different' && haveSameHeader(headersOf(tables));
  const cursors = tables.map((table) => table && cursorOf(table.rows()));
  const moving = cursors.filter((cursor) => cursor !== undefined);
  try {
    while (true) {
      if (passes) passSameRecords(moving);
      const least = leastOrder(moving);
      if (least === undefined) return;
      const same = areSame(moving, least);
      if (!same || extent === 'all') {
        const row = (table: number) => rowAt(cursors[table], least);
        yield { key: keyOf(moving, least), row, same };
      }
      advanceFrom(moving, least);
    }
  } finally {
    for (const cursor of moving) cursor.close();
  }
}

function headersOf(tables: readonly (Table | undefined)[]): readonly (readonly string[])[] {
  return tables.flatMap((table) => (table === undefined ? [] : [table.columns]));
}

/** Moves on over rows whose records are known to be the same. */
function passSameRecords(cursors: readonly RowCursor[]): void {
  const [first, ...others] = cursors;
  if (first === undefined || others.length === 0) return;
  while (first.record !== 0 && others.every((cursor) => cursor.record === first.record)) {
    first.advance();
    for (const cursor of others) cursor.advance();
  }
}

/** Moves those on that stand on the row of an order. */
function advanceFrom(cursors: readonly RowCursor[], order: string): void {
  for (const cursor of cursors) if (cursor.order === order) cursor.advance();
}

function rowAt(cursor: RowCursor | undefined, order: string): Row | undefined {
  return cursor?.order === order ? cursor.row() : undefined;
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

/** Tells whether all the cursors stand on the row of an order, and it is the same in all of them. */
function comparerOf(
  tables: readonly (Table | undefined)[],
  layouts: readonly (Layout | undefined)[],
): (cursors: readonly RowCursor[], order: string) => boolean {
  const [first, ...others] = tables.flatMap((table, i) =>
    table === undefined ? [] : [{ table, layout: layouts[i] ?? [] }],
  );
  if (first === undefined || others.length === 0) return () => false;
  const comparers = others.map((other) => recordComparer(first, other));
  return ([cursor, ...rest], order) =>
    cursor?.order === order &&
    rest.every((each, i) => each.order === order && comparers[i]?.(cursor, each) === true);
}

interface Compared {
  readonly table: Table;
  readonly layout: Layout;
}

/** Compares rows, those of the same two records once. */
function recordComparer(
  left: Compared,
  right: Compared,
): (left: RowCursor, right: RowCursor) => boolean {
  const sameHeader = haveSameHeader([left.table.columns, right.table.columns]);
  const haveCells = [left, right].every(({ layout }) => layout.length > 0 && !layout.includes(-1));
  const haveSameCells = haveCells ? cellComparer(left.layout, right.layout) : undefined;
  const comparison = haveCells ? `${left.layout}=${right.layout}` : '';
  return (one, other) => {
    if (sameHeader && one.record !== 0 && one.record === other.record) return true;
    if (other.isTwin(comparison, one.record)) return true;
    const isSame =
      (sameHeader && haveSameBytes(one, other)) ||
      haveSameCells?.(one.bytes(), other.bytes()) === true;
    if (isSame) other.rememberTwin(comparison, one.record);
    return isSame;
  };
}

function haveSameBytes(left: RowCursor, right: RowCursor): boolean {
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

  isTwin(): boolean {
    return false;
  }

  rememberTwin(): void {
    // What comes one by one is not gone through twice.
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
