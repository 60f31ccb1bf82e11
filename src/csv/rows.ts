import { closeSync, readSync } from 'node:fs';
import { cellsOf, type LinePlace, placeIn, RecordBounds, withLineFeeds } from './format.ts';
import { byteOrder } from './order.ts';
import { openForReading } from './reader.ts';

/** A row of a table. */
export interface Row {
  readonly key: string;
  readonly cells: readonly string[];
  /** The file as messages name it. */
  readonly file: string;
  /** The line the row begins on, from 1. */
  readonly line: number;
  /**
   * The record as it stands in the file, without its terminator, and with LF for CRLF: to be looked at
   * before the next row is.
   */
  readonly bytes: Buffer;
}

/** Where a record stands. */
export interface Stand {
  /** The position of its file among the table's files. */
  readonly file: number;
  /** Where it begins in the file, and its length without a terminator, in bytes. */
  readonly offset: number;
  readonly length: number;
  /** The line it begins on, from 1, and how many it takes. */
  readonly line: number;
  readonly lines: number;
  /** Whether it is quoted where it must be and nowhere else. */
  readonly canonical: boolean;
  /** Whether CRLF inside it means LF. */
  readonly crlf: boolean;
  /** The row with the same record in the older version that the table was opened with. */
  readonly unchanged?: number;
}

const width = 7;

/** A file may have more bytes than a number of 32 bits counts. */
const word = 2 ** 32;

/**
 * Where the rows of a table stand, in the order in which they were read: their keys and a few
 * numbers. Memory grows with the rows, not with their bytes.
 */
export class RowIndex {
  readonly keys: string[] = [];
  #numbers = new Uint32Array(width * 64);

  get size(): number {
    return this.keys.length;
  }

  add(key: string, stand: Stand): void {
    const { file, offset, length, line, lines, canonical, crlf, unchanged = -1 } = stand;
    const at = this.size * width;
    if (at === this.#numbers.length) {
      const longer = new Uint32Array(2 * at);
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    this.keys.push(key);
    const flags = (canonical ? 1 : 0) + (crlf ? 2 : 0);
    const numbers = this.#numbers;
    numbers[at] = 4 * file + flags;
    numbers[at + 1] = offset % word;
    numbers[at + 2] = offset / word;
    numbers[at + 3] = length;
    numbers[at + 4] = line;
    numbers[at + 5] = lines;
    numbers[at + 6] = unchanged + 1;
  }

  key(row: number): string {
    return this.keys[row] ?? '';
  }

  file(row: number): number {
    return this.#number(row, 0) >>> 2;
  }

  offset(row: number): number {
    return this.#number(row, 1) + this.#number(row, 2) * word;
  }

  length(row: number): number {
    return this.#number(row, 3);
  }

  line(row: number): number {
    return this.#number(row, 4);
  }

  lines(row: number): number {
    return this.#number(row, 5);
  }

  unchanged(row: number): number | undefined {
    const number = this.#number(row, 6);
    return number === 0 ? undefined : number - 1;
  }

  canonical(row: number): boolean {
    return (this.#number(row, 0) & 1) !== 0;
  }

  crlf(row: number): boolean {
    return (this.#number(row, 0) & 2) !== 0;
  }

  #number(row: number, position: number): number {
    return this.#numbers[row * width + position] ?? 0;
  }
}

/** The rows of an index by key, as UTF-8 bytes ascending. */
export function orderByKey({ keys, size }: RowIndex): {
  /** Of the rows with the same key the first. */
  readonly order: Uint32Array;
  /** For each key that stands more than once, all its rows. */
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

/** The numbers of this many rows, in the order in which they were read. */
export function rowNumbers(count: number): Uint32Array<ArrayBuffer> {
  const numbers = new Uint32Array(count);
  for (let row = 0; row < count; row += 1) numbers[row] = row;
  return numbers;
}

/** Where rows are to be found. */
export interface Store {
  readonly files: readonly string[];
  /** The files as messages name them. */
  readonly names: readonly string[];
  readonly columns: readonly string[];
  readonly index: RowIndex;
  /** Its rows by key. */
  readonly order: Uint32Array;
  /** The version that this one was opened with. */
  readonly older: Store | undefined;
}

/** The row of a key. */
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

/** About so many bytes are read at once: the more, the longer row after row is looked at. */
const [smallBatch, largeBatch] = [1 << 14, 1 << 18];

/**
 * Rows that are read from their files while somebody goes through them. Each is read when it is looked
 * at; whoever comes back to one later has it read once more.
 */
export class StoredRows implements Iterable<StoredRow> {
  readonly store: Store;
  readonly #order: Uint32Array;

  /** @param order the rows of the index to go through. */
  constructor(store: Store, order: Uint32Array = store.order) {
    this.store = store;
    this.#order = order;
  }

  *[Symbol.iterator](): Generator<StoredRow> {
    const pass = new Pass(this.store, this.#order);
    for (let position = 0; position < this.#order.length; position += 1) {
      yield new StoredRow(this.store, this.#order[position] ?? 0, pass, position);
    }
  }
}

/** One pass over rows, which reads their records in batches. */
export class Pass {
  readonly #store: Store;
  readonly #order: Uint32Array;
  #batch: Batch = { bytes: Buffer.alloc(0), starts: new Map() };
  #end = 0;
  #size = smallBatch;

  constructor(store: Store, order: Uint32Array) {
    this.#store = store;
    this.#order = order;
  }

  /** The record at a position of the order. */
  record(position: number): Buffer {
    if (position >= this.#end) {
      this.#size = position === this.#end ? Math.min(2 * this.#size, largeBatch) : smallBatch;
      const end = this.#batchEnd(position);
      const rows = this.#order.slice(position, end).sort();
      this.#batch = readBatch(this.#store, rows, this.#batch.bytes);
      this.#end = end;
    }
    const row = this.#order[position] ?? 0;
    const { index } = this.#store;
    const isThere = this.#batch.starts.has(row);
    const batch = isThere ? this.#batch : readBatch(this.#store, Uint32Array.of(row));
    const start = batch.starts.get(row) ?? 0;
    const record = batch.bytes.subarray(start, start + index.length(row));
    return index.crlf(row) ? withLineFeeds(record) : record;
  }

  /** Behind the rows from a position on that make a batch: one at least. */
  #batchEnd(position: number): number {
    let end = position;
    for (let size = 0; end < this.#order.length && size < this.#size; end += 1) {
      size += this.#store.index.length(this.#order[end] ?? 0);
    }
    return end;
  }
}

/** The records of some rows, and where in the bytes each begins. */
interface Batch {
  readonly bytes: Buffer;
  readonly starts: ReadonlyMap<number, number>;
}

/** Records that follow each other in a file, and where they are put. */
interface Stretch {
  readonly file: number;
  readonly offset: number;
  end: number;
  readonly start: number;
}

const longestTerminator = 2;

/**
 * @param rows in the order of the files, so that few reads do.
 * @param buffer that is not needed any more, to be filled if it is large enough.
 */
function readBatch(
  { files, index }: Store,
  rows: Uint32Array,
  buffer: Buffer = Buffer.alloc(0),
): Batch {
  const starts = new Map<number, number>();
  const stretches: Stretch[] = [];
  let size = 0;
  for (const row of rows) {
    const file = index.file(row);
    const offset = index.offset(row);
    let stretch = stretches.at(-1);
    if (stretch?.file !== file || offset - stretch.end > longestTerminator) {
      stretch = { file, offset, end: offset, start: size };
      stretches.push(stretch);
    }
    starts.set(row, stretch.start + offset - stretch.offset);
    stretch.end = offset + index.length(row);
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

/** A row as it stands in a file. */
export class StoredRow implements Row {
  readonly #store: Store;
  readonly #number: number;
  readonly #pass: Pass;
  readonly #position: number;
  #cells: readonly string[] | undefined;

  constructor(store: Store, number: number, pass: Pass, position: number) {
    this.#store = store;
    this.#number = number;
    this.#pass = pass;
    this.#position = position;
  }

  get key(): string {
    return this.#store.index.key(this.#number);
  }

  get file(): string {
    return this.#store.names[this.#store.index.file(this.#number)] ?? '';
  }

  get line(): number {
    return this.#store.index.line(this.#number);
  }

  get bytes(): Buffer {
    return this.#pass.record(this.#position);
  }

  get cells(): readonly string[] {
    this.#cells ??= cellsOf(this.bytes);
    return this.#cells;
  }

  get cellCount(): number {
    return this.#store.columns.length;
  }

  /** Whether the record is quoted where it must be and nowhere else. */
  get canonical(): boolean {
    return this.#store.index.canonical(this.#number);
  }

  /** Whether the record is known to be the same as one of the older version, without a look at it. */
  isUnchangedFrom(other: StoredRow): boolean {
    const isOlder = this.#store.older === other.#store;
    return isOlder && this.#store.index.unchanged(this.#number) === other.#number;
  }
}

/**
 * Where the cells of a row begin; nothing for a row that stands in no file as it is, such as one that
 * was given an id.
 */
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
