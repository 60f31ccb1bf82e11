import { closeSync, readSync } from 'node:fs';
import {
  cellsOf,
  type LinePlace,
  placeIn,
  RecordBounds,
  twiceAsLong,
  withLineFeeds,
} from './format.ts';
import { byteOrder } from './order.ts';
import { openForReading } from './reader.ts';

export interface Row {
  readonly key: string;
  readonly cells: readonly string[];
  readonly file: string;
  /** The line on which the row begins, from 1. */
  readonly line: number;
  /** The record as it is in the file, without its line end, and with LF for CRLF. Valid until the next row is read. */
  readonly bytes: Buffer;
}

/** Where a record is, and what its scan has shown. */
export interface Location {
  /** The position of its file among the table's files. */
  readonly file: number;
  /** In bytes; the length leaves out the line end. */
  readonly offset: number;
  readonly length: number;
  /** The line on which it begins, from 1, and how many it takes. */
  readonly line: number;
  readonly lines: number;
  /** Whether cells are in quotes only if they must be. */
  readonly canonical: boolean;
  /** Whether CRLF inside it means LF. */
  readonly crlf: boolean;
  /** The same row in the older version that the table was opened with, or -1. */
  readonly unchanged: number;
}

const width = 7;

/** An offset may need more than 32 bits. */
const word = 2 ** 32;

/** The keys and places of rows, in the order of the files. Memory grows with the rows, not with their bytes. */
export class RowIndex {
  readonly keys: string[] = [];
  #numbers = new Uint32Array(width * 64);

  get size(): number {
    return this.keys.length;
  }

  add(key: string, location: Location): void {
    const at = this.size * width;
    if (at === this.#numbers.length) this.#numbers = twiceAsLong(this.#numbers);
    this.keys.push(key);
    const numbers = this.#numbers;
    numbers[at] = 4 * location.file + (location.canonical ? 1 : 0) + (location.crlf ? 2 : 0);
    numbers[at + 1] = location.offset % word;
    numbers[at + 2] = location.offset / word;
    numbers[at + 3] = location.length;
    numbers[at + 4] = location.line;
    numbers[at + 5] = location.lines;
    numbers[at + 6] = location.unchanged + 1;
  }

  key(row: number): string {
    return this.keys[row] ?? '';
  }

  locate(row: number): Location {
    const at = row * width;
    const flags = this.#number(at);
    return {
      file: flags >>> 2,
      offset: this.#number(at + 1) + this.#number(at + 2) * word,
      length: this.#number(at + 3),
      line: this.#number(at + 4),
      lines: this.#number(at + 5),
      canonical: (flags & 1) !== 0,
      crlf: (flags & 2) !== 0,
      unchanged: this.#number(at + 6) - 1,
    };
  }

  // Each is faster than the whole location.
  canonical(row: number): boolean {
    return (this.#number(row * width) & 1) !== 0;
  }
  length(row: number): number {
    return this.#number(row * width + 3);
  }
  unchanged(row: number): number {
    return this.#number(row * width + 6) - 1;
  }

  #number(at: number): number {
    return this.#numbers[at] ?? 0;
  }
}

export function orderByKey({ keys, size }: RowIndex): {
  /** The first row of each key. */
  readonly order: Uint32Array;
  /** The rows of each key that more than one has. */
  readonly duplicates: readonly (readonly number[])[];
} {
  const orders = keys.map(byteOrder);
  const rows = rowNumbers(size);
  const isSorted = orders.every((order, row) => row === 0 || (orders[row - 1] ?? '') < order);
  if (isSorted) return { order: rows, duplicates: [] };
  rows.sort((left, right) => {
    const [one = '', other = ''] = [orders[left], orders[right]];
    if (one === other) return left - right;
    return one < other ? -1 : 1;
  });
  const groups = new Map<number, number[]>();
  let first = -1;
  const order = rows.filter((row) => {
    if (first === -1 || orders[row] !== orders[first]) {
      first = row;
      return true;
    }
    const group = groups.get(first) ?? [first];
    group.push(row);
    groups.set(first, group);
    return false;
  });
  return { order, duplicates: [...groups.values()] };
}

export function rowNumbers(count: number): Uint32Array<ArrayBuffer> {
  return new Uint32Array(count).map((_, row) => row);
}

/** The files of a table, and where its rows are. */
export interface Store {
  readonly files: readonly string[];
  readonly names: readonly string[];
  readonly columns: readonly string[];
  readonly index: RowIndex;
  readonly order: Uint32Array;
  /** The version that this one was opened with. */
  readonly older: Store | undefined;
}

export function rowOf({ index, order }: Store, key: string): number | undefined {
  const wanted = byteOrder(key);
  let from = 0;
  for (let to = order.length; from < to; ) {
    const middle = (from + to) >>> 1;
    if (byteOrder(index.key(order[middle] ?? 0)) < wanted) from = middle + 1;
    else to = middle;
  }
  const row = order[from];
  return row !== undefined && index.key(row) === key ? row : undefined;
}

/** How many bytes are read at once: more, if rows are read one after the other. */
const [smallBatch, largeBatch] = [1 << 14, 1 << 18];

/** Rows whose records are read in batches when they are needed. */
export class StoredRows implements Iterable<StoredRow> {
  readonly store: Store;
  readonly order: Uint32Array;
  #batch: Batch = { bytes: Buffer.alloc(0), starts: new Map() };
  #end = 0;
  #size = smallBatch;

  /** @param order the rows of the index to go through. */
  constructor(store: Store, order: Uint32Array = store.order) {
    this.store = store;
    this.order = order;
  }

  *[Symbol.iterator](): Generator<StoredRow> {
    for (let at = 0; at < this.order.length; at += 1) yield new StoredRow(this, at);
  }

  /** The record at a position of the order; an earlier one is read again. */
  record(position: number): Buffer {
    if (position >= this.#end) {
      this.#size = position === this.#end ? Math.min(2 * this.#size, largeBatch) : smallBatch;
      this.#end = this.#batchEnd(position);
      const rows = this.order.slice(position, this.#end).sort();
      this.#batch = readBatch(this.store, rows, this.#batch.bytes);
    }
    const row = this.order[position] ?? 0;
    const { bytes, starts } = this.#batch.starts.has(row)
      ? this.#batch
      : readBatch(this.store, Uint32Array.of(row));
    const { length, crlf } = this.store.index.locate(row);
    const start = starts.get(row) ?? 0;
    const record = bytes.subarray(start, start + length);
    return crlf ? withLineFeeds(record) : record;
  }

  #batchEnd(position: number): number {
    let end = position;
    for (let size = 0; end < this.order.length && size < this.#size; end += 1) {
      size += this.store.index.length(this.order[end] ?? 0);
    }
    return end;
  }
}

/** Records, and where in the bytes each row begins. */
interface Batch {
  readonly bytes: Buffer;
  readonly starts: ReadonlyMap<number, number>;
}

/** Records that follow each other in a file, and where they go in a batch. */
interface Stretch {
  readonly file: number;
  readonly offset: number;
  end: number;
  readonly start: number;
}

const longestTerminator = 2;

/** Reads rows in the order of the files. Fills the buffer, if it is large enough. */
function readBatch(
  { files, index }: Store,
  rows: Uint32Array,
  buffer: Buffer = Buffer.alloc(0),
): Batch {
  const starts = new Map<number, number>();
  const stretches: Stretch[] = [];
  let size = 0;
  for (const row of rows) {
    const { file, offset, length } = index.locate(row);
    let stretch = stretches.at(-1);
    if (stretch?.file !== file || offset - stretch.end > longestTerminator) {
      stretch = { file, offset, end: offset, start: size };
      stretches.push(stretch);
    }
    starts.set(row, stretch.start + offset - stretch.offset);
    stretch.end = offset + length;
    size = stretch.start + stretch.end - stretch.offset;
  }
  const bytes = buffer.length < size ? Buffer.allocUnsafe(size) : buffer;
  readStretches(files, stretches, bytes);
  return { bytes, starts };
}

function readStretches(
  files: readonly string[],
  stretches: readonly Stretch[],
  bytes: Buffer,
): void {
  let opened: { readonly file: number; readonly descriptor: number } | undefined;
  try {
    for (const { file, offset, end, start } of stretches) {
      if (opened?.file !== file) {
        if (opened !== undefined) closeSync(opened.descriptor);
        opened = undefined;
        opened = { file, descriptor: openForReading(files[file] ?? '') };
      }
      if (readSync(opened.descriptor, bytes, start, end - offset, offset) < end - offset) {
        throw new Error(`${files[file]} was cut short while it was read`);
      }
    }
  } finally {
    if (opened !== undefined) closeSync(opened.descriptor);
  }
}

export class StoredRow implements Row {
  readonly #rows: StoredRows;
  readonly #position: number;
  readonly #number: number;
  #cells: readonly string[] | undefined;

  constructor(rows: StoredRows, position: number) {
    this.#rows = rows;
    this.#position = position;
    this.#number = rows.order[position] ?? 0;
  }

  get #location(): Location {
    return this.#rows.store.index.locate(this.#number);
  }

  get key(): string {
    return this.#rows.store.index.key(this.#number);
  }

  get file(): string {
    return this.#rows.store.names[this.#location.file] ?? '';
  }

  get line(): number {
    return this.#location.line;
  }

  get bytes(): Buffer {
    return this.#rows.record(this.#position);
  }

  get cells(): readonly string[] {
    this.#cells ??= cellsOf(this.bytes);
    return this.#cells;
  }

  get cellCount(): number {
    return this.#rows.store.columns.length;
  }

  get canonical(): boolean {
    return this.#rows.store.index.canonical(this.#number);
  }

  /** Whether the scan found the record in the older version. */
  isUnchangedFrom(other: StoredRow): boolean {
    const isOlder = this.#rows.store.older === other.#rows.store;
    return isOlder && this.#rows.store.index.unchanged(this.#number) === other.#number;
  }
}

/** Where the cells of a row begin, if it is in a file as it is. */
export function cellPlaces(row: Row): readonly LinePlace[] {
  if (!(row instanceof StoredRow)) return [];
  const { bytes } = row;
  const bounds = new RecordBounds();
  bounds.find(bytes, 0, bytes.length, true);
  let last = { line: row.line, column: 1 };
  let from = 0;
  return Array.from(bounds.starts.subarray(0, bounds.cellCount), (start) => {
    const { line, column } = placeIn(bytes.subarray(from, start), start - from, last.line);
    last = { line, column: line === last.line ? last.column + column - 1 : column };
    from = start;
    return last;
  });
}
