import type { RowIndex } from './row-index.ts';
import { StoreReader } from './store.ts';
import type { StoredRows } from './stored-rows.ts';

/** A record that is likely to come next. */
export interface Guess {
  readonly key: string;
  readonly order: string;
  readonly bytes: Buffer;
  readonly lines: number;
  readonly record: number;
}

/** More wrong guesses than right ones, and these, show that the tables are not alike. */
const patience = 32;

/**
 * Guesses the records of a table from another one that is mostly the same: a row is followed by
 * the one that follows it there. To compare bytes is many times faster than to find cells in them.
 */
export class Likeness {
  readonly #index: RowIndex;
  readonly #reader: StoreReader;
  #rowsByKey: ReadonlyMap<string, number> | undefined;
  #next = 0;
  #right = 0;
  #wrong = 0;

  constructor({ store }: StoredRows) {
    this.#index = store.index;
    this.#reader = new StoreReader(store);
  }

  guess(): Guess | undefined {
    const row = this.#next;
    const index = this.#index;
    if (row >= index.size || this.#wrong > this.#right + patience) return undefined;
    return {
      key: index.keys[row] ?? '',
      order: index.orders[row] ?? '',
      bytes: this.#reader.record(row),
      lines: index.lines(row),
      record: index.record(row),
    };
  }

  wasRight(): void {
    this.#right += 1;
    this.#next += 1;
  }

  /** @param key of the row that came instead. */
  wasWrong(key: string): void {
    this.#wrong += 1;
    if (this.#index.keys[this.#next] === key) {
      this.#next += 1;
      return;
    }
    this.#rowsByKey ??= new Map(this.#index.keys.map((each, row) => [each, row]));
    const row = this.#rowsByKey.get(key);
    if (row !== undefined) this.#next = row + 1;
  }

  close(): void {
    this.#reader.close();
  }
}
