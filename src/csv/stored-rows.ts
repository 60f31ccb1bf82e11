import type { RecordPlace } from './record.ts';
import { RecordRow, type Row } from './row.ts';
import type { Store } from './store.ts';
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
  /** The record, good until the cursor moves on. */
  bytes(): Buffer;
  /** The row, good for ever. */
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

  bytes(): Buffer {
    return this.#records.at(this.#position);
  }

  /** Whether the record is known to be quoted where it must be and nowhere else. */
  get canonical(): boolean {
    return this.#store.index.canonical(this.#row);
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
    this.#records.close();
  }
}
