import { grown } from './grown.ts';
import { byteOrder } from './order.ts';

/** Where a record stands, and how to tell it from others. */
export interface Stand {
  /** The position of its file among the table's files. */
  readonly file: number;
  /** Where it begins in the file, and its length without a terminator, in bytes. */
  readonly offset: number;
  readonly length: number;
  /** The line it begins on, from 1, and how many lines it takes. */
  readonly line: number;
  readonly lines: number;
  /** Records with the same number are the same, byte for byte, in whatever tables they are. */
  readonly record: number;
  /** Whether it is known to be quoted where it must be and nowhere else. */
  readonly canonical: boolean;
}

const width = 7;

/** A file may have more bytes than a number of 32 bits counts. */
const word = 2 ** 32;

let lastRecord = 0;

/** A number that no record had before. */
export function newRecord(): number {
  lastRecord += 1;
  return lastRecord;
}

/**
 * The rows of a table in the order in which they were read, held as their keys and a few numbers:
 * memory grows with the rows, not with their bytes.
 */
export class RowIndex {
  readonly keys: string[] = [];
  /** Texts whose order is the order of the keys' bytes; the keys themselves where they are ASCII. */
  readonly orders: string[] = [];
  #numbers = new Uint32Array(width * 64);
  #comparison = '';
  #twins = new Uint32Array(0);

  get size(): number {
    return this.keys.length;
  }

  /** @param order of the key, where it is known. */
  add(key: string, stand: Stand, order = byteOrder(key)): void {
    const at = this.size * width;
    if (at === this.#numbers.length) this.#numbers = grown(this.#numbers);
    this.keys.push(key);
    this.orders.push(order);
    const numbers = this.#numbers;
    numbers[at] = 2 * stand.file + (stand.canonical ? 1 : 0);
    numbers[at + 1] = stand.offset % word;
    numbers[at + 2] = stand.offset / word;
    numbers[at + 3] = stand.length;
    numbers[at + 4] = stand.line;
    numbers[at + 5] = stand.lines;
    numbers[at + 6] = stand.record;
  }

  /**
   * Adds rows of another index, which stand in this file as they stand in the other one: closely
   * behind each other, from this byte and this line on.
   */
  append(
    from: RowIndex,
    rows: { readonly first: number; readonly count: number },
    to: { readonly file: number; readonly offset: number; readonly line: number },
  ): void {
    const { first, count } = rows;
    const start = this.size * width;
    const end = start + count * width;
    while (end > this.#numbers.length) this.#numbers = grown(this.#numbers);
    const numbers = this.#numbers;
    numbers.set(from.#numbers.subarray(first * width, (first + count) * width), start);
    const farther = to.offset - from.offset(first);
    const lower = to.line - from.line(first);
    for (let row = first, at = start; at < end; row += 1, at += width) {
      const offset = from.offset(row) + farther;
      numbers[at] = 2 * to.file + ((numbers[at] ?? 0) % 2);
      numbers[at + 1] = offset % word;
      numbers[at + 2] = offset / word;
      numbers[at + 4] = (numbers[at + 4] ?? 0) + lower;
    }
    for (let row = first; row < first + count; row += 1) {
      this.keys.push(from.keys[row] ?? '');
      this.orders.push(from.orders[row] ?? '');
    }
  }

  file(row: number): number {
    return (this.#numbers[row * width] ?? 0) >>> 1;
  }

  offset(row: number): number {
    const at = row * width + 1;
    return (this.#numbers[at] ?? 0) + (this.#numbers[at + 1] ?? 0) * word;
  }

  length(row: number): number {
    return this.#numbers[row * width + 3] ?? 0;
  }

  line(row: number): number {
    return this.#numbers[row * width + 4] ?? 0;
  }

  lines(row: number): number {
    return this.#numbers[row * width + 5] ?? 0;
  }

  record(row: number): number {
    return this.#numbers[row * width + 6] ?? 0;
  }

  /** Whether the record is known to be quoted where it must be and nowhere else. */
  canonical(row: number): boolean {
    return (this.#numbers[row * width] ?? 0) % 2 === 1;
  }

  /**
   * For each row the number of a record of another table that was found to hold the same texts; 0
   * where none was. To be filled by whoever compares: a second comparison need not look again.
   *
   * @param comparison names the cells that are compared; of another one nothing is remembered.
   */
  twins(comparison: string): Uint32Array {
    if (comparison !== this.#comparison || this.#twins.length !== this.size) {
      this.#comparison = comparison;
      this.#twins = new Uint32Array(this.size);
    }
    return this.#twins;
  }
}

/** Whether a row is followed in its file by another one, with a line feed between them. */
export function isFollowed(index: RowIndex, row: number): boolean {
  const next = row + 1;
  return (
    next < index.size &&
    index.file(next) === index.file(row) &&
    index.offset(next) === index.offset(row) + index.length(row) + 1
  );
}

/** The rows of an index by key, and the keys that stand more than once. */
export interface KeyOrder {
  /** Whether the rows were read in this order. */
  readonly sorted: boolean;
  /** Rows in ascending order of their keys' UTF-8 bytes; of those with the same key the first. */
  readonly order: Uint32Array;
  /** For each key that stands more than once, all its rows. */
  readonly duplicates: readonly (readonly number[])[];
}

export function orderByKey({ orders }: RowIndex): KeyOrder {
  const order = rowNumbers(orders.length);
  if (ascendsStrictly(orders)) return { sorted: true, order, duplicates: [] };
  const sorted = ascends(orders);
  if (!sorted) {
    order.sort((left, right) => {
      const a = orders[left] ?? '';
      const b = orders[right] ?? '';
      if (a === b) return left - right;
      return a < b ? -1 : 1;
    });
  }
  return { sorted, ...withoutDuplicates(orders, order) };
}

/** The numbers of this many rows, in the order in which they were read. */
export function rowNumbers(count: number): Uint32Array<ArrayBuffer> {
  const numbers = new Uint32Array(count);
  for (let row = 0; row < count; row += 1) numbers[row] = row;
  return numbers;
}

/** Whether each of these comes after the one before it. */
function ascendsStrictly(orders: readonly string[]): boolean {
  return orders.every((order, row) => row === 0 || (orders[row - 1] ?? '') < order);
}

/** Whether each of these is the one before it or comes after it. */
function ascends(orders: readonly string[]): boolean {
  let last = '';
  for (const order of orders) {
    if (order < last) return false;
    last = order;
  }
  return true;
}

function withoutDuplicates(orders: readonly string[], order: Uint32Array) {
  const duplicates: number[][] = [];
  const firsts = new Uint32Array(order.length);
  let count = 0;
  let last: string | undefined;
  let group: number[] = [];
  for (const row of order) {
    if (orders[row] === last) {
      if (group.length === 0) {
        group.push(firsts[count - 1] ?? 0);
        duplicates.push(group);
      }
      group.push(row);
    } else {
      last = orders[row];
      group = [];
      firsts[count] = row;
      count += 1;
    }
  }
  return { order: firsts.subarray(0, count), duplicates };
}
