import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { nameAgain } from '../io/one-file.ts';
import { type RecordWriter, recordWriter } from './record-writer.ts';
import { isFollowed } from './row-index.ts';
import { openForReading } from './source.ts';
import { type Store, StoreReader } from './store.ts';
import type { StoredRow } from './stored-rows.ts';

/** Rows that stand closely behind each other in a file. */
interface Stretch {
  readonly store: Store;
  readonly first: number;
  last: number;
}

/** So many bytes of a stretch are copied at once. */
const blockSize = 1 << 18;

/**
 * The file that a table is written into. Rows that were taken from one behind another in a file are
 * copied together; where they are all that the file holds, it is linked, and nothing is written.
 */
export class TableOutput {
  /** How many bytes the header takes. */
  readonly header: number;
  readonly #file: string;
  readonly #headerRecord: Buffer;
  /** Rows that were taken and are not written yet: the more follow, the less work it is. */
  #stretch: Stretch | undefined;
  #descriptor: number | undefined;
  #writer: RecordWriter | undefined;
  #reader: StoreReader | undefined;
  #read: Store | undefined;

  /** @param file does not exist yet. */
  constructor(file: string, header: string) {
    this.#file = file;
    this.#headerRecord = Buffer.from(header);
    this.header = this.#headerRecord.length + 1;
  }

  /** Adds a record; returns how many bytes it takes. */
  write(record: string | Buffer): number {
    this.#writeStretch();
    return this.#begun().write(record);
  }

  /** Adds a row that is canonical, as it stands in its file; returns how many bytes it takes. */
  take(row: StoredRow): number {
    const { store, number } = row;
    if (!row.runsForward) return this.write(row.glance());
    const stretch = this.#stretch;
    const goesOn =
      stretch?.store === store &&
      number === stretch.last + 1 &&
      isFollowed(store.index, stretch.last);
    if (goesOn) {
      stretch.last = number;
    } else {
      this.#writeStretch();
      this.#stretch = { store, first: number, last: number };
    }
    return store.index.length(number) + 1;
  }

  /** Writes what is left. */
  end(): void {
    const same = this.#writer === undefined ? this.#fileOf(this.#stretch) : undefined;
    if (same !== undefined) {
      nameAgain(same, this.#file);
      return;
    }
    this.#writeStretch();
    this.#begun().flush();
  }

  close(): void {
    this.#reader?.close();
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
  }

  #begun(): RecordWriter {
    if (this.#writer === undefined) {
      this.#descriptor = openSync(this.#file, 'wx');
      this.#writer = recordWriter(this.#descriptor);
      this.#writer.write(this.#headerRecord);
    }
    return this.#writer;
  }

  #writeStretch(): void {
    const stretch = this.#stretch;
    if (stretch === undefined) return;
    this.#stretch = undefined;
    const writer = this.#begun();
    const reader = this.#readerOf(stretch.store);
    const { index } = stretch.store;
    for (let first = stretch.first; first <= stretch.last; ) {
      const start = index.offset(first);
      let next = first + 1;
      while (next <= stretch.last && index.offset(next) - start < blockSize) next += 1;
      const end = index.offset(next - 1) + index.length(next - 1);
      writer.write(reader.bytes(first, end - start));
      first = next;
    }
  }

  #readerOf(store: Store): StoreReader {
    if (this.#reader === undefined || this.#read !== store) {
      this.#reader?.close();
      this.#reader = new StoreReader(store);
      this.#read = store;
    }
    return this.#reader;
  }

  /** The file whose bytes are this header and these rows, if there is one. */
  #fileOf(stretch: Stretch | undefined): string | undefined {
    if (stretch === undefined) return undefined;
    const { files, index } = stretch.store;
    const { first, last } = stretch;
    const file = files[index.file(first)] ?? '';
    const end = index.offset(last) + index.length(last) + 1;
    const isWhole = index.offset(first) === this.header && statSync(file).size === end;
    return isWhole && beginsWith(file, this.#headerRecord) ? file : undefined;
  }
}

function beginsWith(file: string, header: Buffer): boolean {
  const descriptor = openForReading(file);
  try {
    const found = Buffer.alloc(header.length + 1);
    readSync(descriptor, found, 0, found.length, 0);
    return found.equals(Buffer.concat([header, Buffer.of(0x0a)]));
  } finally {
    closeSync(descriptor);
  }
}
