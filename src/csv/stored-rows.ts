import type { RecordPlace } from './record.ts';
import { RecordRow, type Row } from './row.ts';
import type { RowIndex } from './row-index.ts';
import { type Source, sourceOf } from './source.ts';

/** A place in the rows of a table, which moves on by key. */
export interface RowCursor {
  readonly key: string;
  /** A text that orders as the key's bytes do; `undefined` behind the last row. */
  readonly order: string | undefined;
  /** Rows with the same number have the same record, byte for byte; 0: the record has no number. */
  readonly record: number;
  /** How many bytes the record has. */
  readonly length: number;
  /** The record, good until the cursor moves on. */
  bytes(): Buffer;
  /** The row, good for ever. */
  row(): Row;
  advance(): void;
  close(): void;
}

/** Where rows are to be found. */
export interface Store {
  readonly files: readonly string[];
  /** The files as messages name them. */
  readonly names: readonly string[];
  readonly cellCount: number;
  readonly index: RowIndex;
}

/** Rows that are read from their files while they are gone through. */
export class StoredRows implements Iterable<Row> {
  readonly store: Store;
  readonly #order: Uint32Array;

  /** @param order the rows of the index to go through. */
  constructor(store: Store, order: Uint32Array) {
    this.store = store;
    this.#order = order;
  }

  *[Symbol.iterator](): Generator<Row> {
    const cursor = this.cursor();
    try {
      for (; cursor.order !== undefined; cursor.advance()) yield cursor.row();
    } finally {
      cursor.close();
    }
  }

  cursor(): StoredCursor {
    return new StoredCursor(this.store, this.#order);
  }
}

class StoredCursor implements RowCursor {
  key = '';
  order: string | undefined;
  record = 0;
  readonly #store: Store;
  readonly #rows: Uint32Array;
  readonly #sources: Sources;
  #position = -1;
  #row = 0;

  constructor(store: Store, rows: Uint32Array) {
    this.#store = store;
    this.#rows = rows;
    this.#sources = new Sources(store, rows);
    this.advance();
  }

  get length(): number {
    return this.#store.index.length(this.#row);
  }

  bytes(): Buffer {
    const { index } = this.#store;
    const row = this.#row;
    return this.#sources.view(index.file(row), index.offset(row), index.length(row));
  }

  row(): Row {
    const { file, line } = this.place();
    const bytes = Buffer.from(this.bytes());
    return new RecordRow(this.key, file, line, bytes, this.#store.cellCount);
  }

  /** Where the row stands, for messages. */
  place(): RecordPlace {
    const { index, names } = this.#store;
    return { file: names[index.file(this.#row)] ?? '', line: index.line(this.#row) };
  }

  advance(): void {
    const { index } = this.#store;
    this.#position += 1;
    const row = this.#rows[this.#position] ?? -1;
    this.#row = row;
    this.key = index.keys[row] ?? '';
    this.order = index.orders[row];
    this.record = row === -1 ? 0 : index.record(row);
  }

  close(): void {
    this.#sources.close();
  }
}

const mostOpen = 64;
const readAhead = 1 << 20;

/** The files of a store, each opened when it is first looked into. */
export class Sources {
  readonly #files: readonly string[];
  readonly #opened: (Source | undefined)[] = [];
  readonly #ahead: number;

  /** @param rows in the order in which they will be looked at. */
  constructor({ files, index }: Store, rows: Uint32Array) {
    this.#files = files;
    const share = Math.max(1 << 14, readAhead / Math.max(1, files.length));
    this.#ahead = runsForward(index, rows) ? share : 0;
  }

  view(file: number, offset: number, length: number): Buffer {
    let source = this.#opened[file];
    if (source === undefined) {
      const path = this.#files[file] ?? '';
      source = sourceOf(path, this.#ahead, this.#files.length <= mostOpen);
      this.#opened[file] = source;
    }
    return source.view(offset, length);
  }

  close(): void {
    for (const source of this.#opened) source?.close();
  }
}

/** Whether every file is read from front to back. */
function runsForward(index: RowIndex, rows: Uint32Array): boolean {
  const last: number[] = [];
  for (const row of rows) {
    const file = index.file(row);
    const offset = index.offset(row);
    if (offset < (last[file] ?? 0)) return false;
    last[file] = offset;
  }
  return true;
}
