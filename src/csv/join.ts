import { cellComparer } from './format.ts';
import { byteOrder } from './order.ts';
import { type Row, StoredRow } from './rows.ts';
import { haveSameHeader, type Table } from './table.ts';

/** The positions of cells. */
export type Layout = readonly number[];

/** The rows of one key. */
export interface JoinedRow {
  readonly key: string;
  /** The row of a table, by its position; valid until the next key. */
  readonly row: (table: number) => Row | undefined;
  /** Whether the row is the same in all tables, of which there are two or more. */
  readonly same: boolean;
}

/**
 * Joins tables by their keys, in order. Each is read once, side by side.
 * @param extent `different` leaves out the rows that are the same.
 * @param layouts for each table the positions of the cells to compare, -1 for a missing one; without them,
 * records have to be the same bytes under the same header.
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

class Cursor {
  /** `undefined` after the last row. */
  row: Row | undefined;
  readonly #rows: Iterator<Row>;
  #order: string | undefined;

  constructor(rows: Iterable<Row>) {
    this.#rows = rows[Symbol.iterator]();
    this.advance();
  }

  get order(): string | undefined {
    this.#order ??= this.row && byteOrder(this.row.key);
    return this.#order;
  }

  /** Takes the row of an order, if it is here, and goes on. */
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

/** Skips rows that are known to be the same in all tables. */
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

/** Most rows are the same bytes, and most of the others differ in few cells. */
function rowComparer(left: Compared, right: Compared): (left: Row, right: Row) => boolean {
  const sameHeader = haveSameHeader(left.table.columns, right.table.columns);
  const haveCells = [left, right].every(({ layout }) => layout.length > 0 && !layout.includes(-1));
  const isWhole = sameHeader && left.layout.length === left.table.columns.length;
  const haveSameCells = haveCells ? cellComparer(left.layout, right.layout) : () => false;
  return (one, other) => {
    if (isKnownSame(one, other)) return true;
    const [bytes, others] = [one.bytes, other.bytes];
    if (sameHeader && bytes.equals(others)) return true;
    // Canonical records with other bytes have other texts.
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
