import { cellComparer } from './format.ts';
import { byteOrder } from './order.ts';
import { type Row, StoredRow } from './rows.ts';
import { haveSameHeader, type Table } from './table.ts';

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
 * Joins tables by their keys, in order. Each is read once, side by side.
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
  const cursors = tables.map((table) => table && new Cursor(table.rows()));
  const moving = cursors.filter((cursor) => cursor !== undefined);
  const rows: (Row | undefined)[] = tables.map(() => undefined);
  while (true) {
    if (extent === 'different') passUnchanged(moving);
    const least = leastOrder(moving);
    if (least === undefined) return;
    for (let i = 0; i < rows.length; i += 1) rows[i] = cursors[i]?.take(least);
    const same = areSame(rows);
    if (!same || extent === 'all') {
      const key = rows.find((row) => row !== undefined)?.key ?? '';
      yield { key, row: (table) => rows[table], same };
    }
  }
}

/** A place in the rows of a table. */
class Cursor {
  /** The row that it stands on; `undefined` behind the last one. */
  row: Row | undefined;
  readonly #rows: Iterator<Row>;
  #order: string | undefined;

  constructor(rows: Iterable<Row>) {
    this.#rows = rows[Symbol.iterator]();
    this.advance();
  }

  /** A text that orders as the key's bytes do; `undefined` behind the last row. */
  get order(): string | undefined {
    this.#order ??= this.row && byteOrder(this.row.key);
    return this.#order;
  }

  /** The row of an order, if the cursor stands on it; then it goes on. */
  take(order: string): Row | undefined {
    if (this.order !== order) return undefined;
    const { row } = this;
    this.advance();
    return row;
  }

  advance(): void {
    const next = this.#rows.next();
    this.row = next.done === true ? undefined : next.value;
    this.#order = undefined;
  }
}

/** Moves on over rows that are known to be the same in all the tables. */
function passUnchanged([first, ...others]: readonly Cursor[]): void {
  if (first === undefined || others.length === 0) return;
  while (others.every((other) => isKnownSame(first.row, other.row))) {
    first.advance();
    for (const other of others) other.advance();
  }
}

function leastOrder(cursors: readonly Cursor[]): string | undefined {
  let least: string | undefined;
  for (const { order } of cursors) {
    if (order !== undefined && (least === undefined || order < least)) least = order;
  }
  return least;
}

/** Tells whether all the tables have a row, and the same one. */
function comparerOf(
  tables: readonly (Table | undefined)[],
  layouts: readonly (Layout | undefined)[],
): (rows: readonly (Row | undefined)[]) => boolean {
  const [first, ...others] = tables.flatMap((table, position) =>
    table === undefined ? [] : [{ position, table, layout: layouts[position] ?? [] }],
  );
  if (first === undefined || others.length === 0) return () => false;
  const comparers = others.map((other) => rowComparer(first, other));
  return (rows) => {
    const row = rows[first.position];
    return comparers.every((areSame, i) => {
      const other = rows[others[i]?.position ?? -1];
      return row !== undefined && other !== undefined && areSame(row, other);
    });
  };
}

interface Compared {
  readonly table: Table;
  readonly layout: Layout;
}

/** Most rows are the same bytes, and nearly all of the others differ in few cells. */
function rowComparer(left: Compared, right: Compared): (left: Row, right: Row) => boolean {
  const sameHeader = haveSameHeader(left.table.columns, right.table.columns);
  const haveCells = [left, right].every(({ layout }) => layout.length > 0 && !layout.includes(-1));
  const isWhole = sameHeader && left.layout.length === left.table.columns.length;
  const haveSameCells = haveCells ? cellComparer(left.layout, right.layout) : () => false;
  return (one, other) => {
    if (isKnownSame(one, other)) return true;
    const [bytes, others] = [one.bytes, other.bytes];
    if (sameHeader && bytes.equals(others)) return true;
    // What is written canonically in both differs in bytes where it differs in texts.
    if (isWhole && isCanonical(one) && isCanonical(other)) return false;
    return haveSameCells(bytes, others);
  };
}

function isKnownSame(one: Row | undefined, other: Row | undefined): boolean {
  const areStored = one instanceof StoredRow && other instanceof StoredRow;
  return areStored && (one.isUnchangedFrom(other) || other.isUnchangedFrom(one));
}

function isCanonical(row: Row): boolean {
  return row instanceof StoredRow && row.canonical;
}
