import type { RowIndex } from './row-index.ts';
import { type Source, sourceOf } from './source.ts';
import type { Identity } from './table.ts';

/** Where rows are to be found. */
export interface Store {
  readonly files: readonly string[];
  /** The files as messages name them. */
  readonly names: readonly string[];
  /** How their rows are identified. */
  readonly identity: Identity;
  readonly cellCount: number;
  readonly index: RowIndex;
}

const mostOpen = 64;
const readAhead = 1 << 20;

/** Records of a store, read from files that are opened when they are first looked into. */
export class StoreReader {
  readonly #store: Store;
  readonly #opened: (Source | undefined)[] = [];
  readonly #ahead: number;

  constructor(store: Store) {
    this.#store = store;
    this.#ahead = Math.max(1 << 14, readAhead / Math.max(1, store.files.length));
  }

  /** The record of a row, good until the next call; quick where rows come in the order of the file. */
  record(row: number): Buffer {
    return this.bytes(row, this.#store.index.length(row));
  }

  /** So many bytes of a file, from the beginning of a row on, good until the next call. */
  bytes(row: number, length: number): Buffer {
    const { files, index } = this.#store;
    const file = index.file(row);
    let source = this.#opened[file];
    if (source === undefined) {
      source = sourceOf(files[file] ?? '', this.#ahead, files.length <= mostOpen);
      this.#opened[file] = source;
    }
    return source.view(index.offset(row), length);
  }

  close(): void {
    for (const source of this.#opened) source?.close();
  }
}
