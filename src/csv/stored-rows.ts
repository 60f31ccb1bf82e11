import { cellsOf } from './format.ts';
import type { Row } from './row.ts';
import { type Store, StoreReader } from './store.ts';
import { type Records, recordsInOrder } from './stored-records.ts';

/** A place in the rows of a table, which moves on by key. */
export interface RowCursor {
  readonly key: string;
  /** A text that orders as the key's bytes do; `undefined` behind the last row. */
  readonly order: string | undefined;
  /** Rows with the same number have the same record, byte for byte; 0: the record has no number. */
  readonly record: number;
  /** How many bytes the record has. */
  readonly length: number;
  /** Whether the row was found to hold the same texts as the record of this number (`RowIndex.twins`). */
  isTwin(comparison: string, record: number): boolean;
  /** Remembers that it was. */
  rememberTwin(comparison: string, record: number): void;
  /** The record, good until the cursor moves on. */
  bytes(): Buffer;
  /** The row, good for ever: read when it is looked at, which costs least before the cursor moves on. */
  row(): Row;
  advance(): void;
  close(): void;
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
    for (const row of this.passing()) {
      row.keep();
      yield row;
    }
  }

  /** The rows for whoever looks at each before asking for the next one, or not at all. */
  *passing(): Generator<StoredRow> {
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
  readonly #records: Records;
  #position = -1;
  #row = 0;

  constructor(store: Store, rows: Uint32Array) {
    this.#store = store;
    this.#rows = rows;
    this.#records = recordsInOrder(store, rows);
    this.advance();
  }

  get length(): number {
    return this.#store.index.length(this.#row);
  }

  isTwin(comparison: string, record: number): boolean {
    return record !== 0 && this.#store.index.twins(comparison)[this.#row] === record;
  }

  rememberTwin(comparison: string, record: number): void {
    this.#store.index.twins(comparison)[this.#row] = record;
  }

  bytes(): Buffer {
    return this.#records.at(this.#position);
  }

  /** The record of a row, good until the cursor moves on or another row is asked for. */
  bytesOf(row: number): Buffer {
    if (row === this.#row) return this.bytes();
    const reader = new StoreReader(this.#store);
    try {
      return reader.record(row);
    } finally {
      reader.close();
    }
  }

  row(): StoredRow {
    return new StoredRow(this.key, this.#store, this.#row, this, this.#records.runForward);
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
    this.#row = -1;
    this.#records.close();
  }
}

/** A row as it stands in a file, which is read when the row is looked at. */
export class StoredRow implements Row {
  readonly key: string;
  readonly store: Store;
  /** The row of the index. */
  readonly number: number;
  /** Whether it was reached in the order of the file. */
  readonly runsForward: boolean;
  readonly #cursor: StoredCursor;
  #bytes: Buffer | undefined;
  #cells: readonly string[] | undefined;

  constructor(
    key: string,
    store: Store,
    number: number,
    cursor: StoredCursor,
    runsForward: boolean,
  ) {
    this.key = key;
    this.store = store;
    this.number = number;
    this.runsForward = runsForward;
    this.#cursor = cursor;
  }

  get file(): string {
    const { index, names } = this.store;
    return names[index.file(this.number)] ?? '';
  }

  get line(): number {
    return this.store.index.line(this.number);
  }

  get bytes(): Buffer {
    this.#bytes ??= Buffer.from(this.glance());
    return this.#bytes;
  }

  get cells(): readonly string[] {
    this.#cells ??= cellsOf(this.glance(), this);
    return this.#cells;
  }

  /** Whether the record is known to be quoted where it must be and nowhere else. */
  get canonical(): boolean {
    return this.store.index.canonical(this.number);
  }

  /** The record, good until the next row is asked for. */
  glance(): Buffer {
    return this.#bytes ?? this.#cursor.bytesOf(this.number);
  }

  /** Reads the record while the cursor is there. */
  keep(): void {
    this.#bytes ??= Buffer.from(this.glance());
  }
}
