import { closeSync, readSync } from 'node:fs';
import { cellsOf, type LinePlace, placeIn, RecordBounds, withLineFeeds } from './format.ts';
import { byteOrder, inByteOrder } from './order.ts';
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

/** Where the record of a row stands. */
export interface Stand {
  readonly key: string;
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
  /** The same record in the other version that the table was opened with. */
  readonly unchanged: Stand | undefined;
}

/** Where the rows of a table are to be found. Memory grows with the rows, not with their bytes. */
export interface Store {
  readonly files: readonly string[];
  /** The files as messages name them. */
  readonly names: readonly string[];
  readonly columns: readonly string[];
  /** By key, as UTF-8 bytes ascending. */
  readonly rows: readonly Stand[];
}

/** Rows by key, as UTF-8 bytes ascending: of those with the same key the first, and all of them together. */
export function orderByKey(stands: readonly Stand[]): {
  readonly rows: readonly Stand[];
  readonly duplicates: readonly (readonly Stand[])[];
} {
  const orders = stands.map(({ key }) => byteOrder(key));
  const isSorted = orders.every((order, i) => i === 0 || (orders[i - 1] ?? '') < order);
  if (isSorted) return { rows: stands, duplicates: [] };
  const rows: Stand[] = [];
  const duplicates: Stand[][] = [];
  let group: Stand[] = [];
  for (const { row } of inByteOrder(stands)) {
    if (group[0]?.key === row.key) {
      if (group.push(row) === 2) duplicates.push(group);
    } else {
      rows.push(row);
      group = [row];
    }
  }
  return { rows, duplicates };
}

/** The position of a key among the rows. */
export function positionOf({ rows }: Store, key: string): number | undefined {
  const wanted = byteOrder(key);
  let from = 0;
  for (let to = rows.length; from < to; ) {
    const middle = (from + to) >>> 1;
    if (byteOrder(rows[middle]?.key ?? '') < wanted) from = middle + 1;
    else to = middle;
  }
  return rows[from]?.key === key ? from : undefined;
}

/** About so many bytes are read at once: the more, the longer row after row is looked at. */
const [smallBatch, largeBatch] = [1 << 14, 1 << 18];

/**
 * Rows that are read from their files while somebody goes through them. Each is read when it is looked
 * at; whoever comes back to one later has it read once more.
 */
export class StoredRows implements Iterable<StoredRow> {
  readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  *[Symbol.iterator](): Generator<StoredRow> {
    const pass = new Pass(this.store);
    for (const [position, stand] of this.store.rows.entries()) {
      yield new StoredRow(this.store, stand, () => pass.record(stand, position));
    }
  }
}

/** One pass over the rows of a store, which reads their records in batches. */
export class Pass {
  readonly #store: Store;
  #batch: ReadonlyMap<Stand, Buffer> = new Map();
  #buffer = Buffer.alloc(0);
  #end = 0;
  #size = smallBatch;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The record of a row, which is the one at this position. */
  record(row: Stand, position: number): Buffer {
    if (position >= this.#end) {
      this.#size = position === this.#end ? Math.min(2 * this.#size, largeBatch) : smallBatch;
      this.#readFrom(position);
    }
    const isThere = this.#batch.has(row);
    const records = isThere ? this.#batch : readRecords(this.#store, [row], spaceFor(row.length));
    const record = records.get(row) ?? Buffer.alloc(0);
    return row.crlf ? withLineFeeds(record) : record;
  }

  /** Reads the rows from a position on that make a batch: one at least. */
  #readFrom(position: number): void {
    const { rows } = this.#store;
    let size = 0;
    for (this.#end = position; this.#end < rows.length && size < this.#size; this.#end += 1) {
      size += (rows[this.#end]?.length ?? 0) + longestTerminator;
    }
    if (this.#buffer.length < size) this.#buffer = spaceFor(size);
    this.#batch = readRecords(this.#store, rows.slice(position, this.#end), this.#buffer);
  }
}

function spaceFor(size: number): Buffer<ArrayBuffer> {
  return Buffer.allocUnsafeSlow(size + longestTerminator);
}

const longestTerminator = 2;

/**
 * The records of some rows, by as few reads as their places in the files allow.
 *
 * @param buffer takes them, with a terminator behind each.
 */
function readRecords(
  { files }: Store,
  rows: readonly Stand[],
  buffer: Buffer,
): ReadonlyMap<Stand, Buffer> {
  const records = new Map<Stand, Buffer>();
  let at = 0;
  for (const file of new Set(rows.map((row) => row.file))) {
    const descriptor = openForReading(files[file] ?? '');
    try {
      for (const stretch of stretchesOf(rows.filter((row) => row.file === file))) {
        const from = stretch[0]?.offset ?? 0;
        const length = endOf(stretch) - from;
        if (readSync(descriptor, buffer, at, length, from) < length) {
          throw new Error(`${files[file]} was cut short while it was read`);
        }
        for (const row of stretch) {
          const start = at + row.offset - from;
          records.set(row, buffer.subarray(start, start + row.length));
        }
        at += length;
      }
    } finally {
      closeSync(descriptor);
    }
  }
  return records;
}

/** The rows of a file, those together that follow each other. */
function stretchesOf(rows: readonly Stand[]): readonly (readonly Stand[])[] {
  const stretches: Stand[][] = [];
  for (const row of [...rows].sort((one, other) => one.offset - other.offset)) {
    const last = stretches.at(-1);
    if (last !== undefined && row.offset - endOf(last) <= longestTerminator) last.push(row);
    else stretches.push([row]);
  }
  return stretches;
}

/** Behind the last record of a stretch. */
function endOf(stretch: readonly Stand[]): number {
  const last = stretch.at(-1);
  return last === undefined ? 0 : last.offset + last.length;
}

/** A row as it stands in a file. */
export class StoredRow implements Row {
  readonly #store: Store;
  readonly #stand: Stand;
  readonly #read: () => Buffer;
  #cells: readonly string[] | undefined;

  constructor(store: Store, stand: Stand, read: () => Buffer) {
    this.#store = store;
    this.#stand = stand;
    this.#read = read;
  }

  get key(): string {
    return this.#stand.key;
  }

  get file(): string {
    return this.#store.names[this.#stand.file] ?? '';
  }

  get line(): number {
    return this.#stand.line;
  }

  get bytes(): Buffer {
    return this.#read();
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
    return this.#stand.canonical;
  }

  /** Whether the record is known to be the same as one of the other version, without a look at it. */
  isUnchangedFrom(other: StoredRow): boolean {
    return this.#stand.unchanged === other.#stand;
  }
}

/**
 * Where the cells of a row begin; nothing for a row that stands in no file as it is, such as one that
 * was given an id.
 */
export function cellPlaces(row: Row): readonly LinePlace[] {
  if (!(row instanceof StoredRow)) return [];
  const { bytes, line } = row;
  const bounds = new RecordBounds();
  bounds.find(bytes, 0, bytes.length, true);
  let last = { line, column: 1 };
  let from = 0;
  // From cell to cell: a row may have very many, and each is found in what lies between.
  return Array.from(bounds.starts.subarray(0, bounds.cellCount), (start) => {
    const next = placeIn(bytes.subarray(from, start), start - from, last.line);
    const isSameLine = next.line === last.line;
    last = { ...next, column: isSameLine ? last.column + next.column - 1 : next.column };
    from = start;
    return last;
  });
}
