import type { RecordReader } from './reader.ts';
import { isFollowed, type RowIndex } from './row-index.ts';
import { StoreReader } from './store.ts';
import type { StoredRows } from './stored-rows.ts';

/** So many bytes are compared at once. */
const blockSize = 1 << 16;

/** More records that were not expected than these, and those that were, show that tables are not alike. */
const patience = 32;

/** How far ahead a row is looked for that came unexpectedly: so many rows may be missing. */
const reach = 256;

/**
 * Reads the records of a table that is mostly the same as another one: a row is followed by the one
 * that follows it there. To compare bytes is many times faster than to find records in them.
 */
export class Likeness {
  readonly #index: RowIndex;
  readonly #reader: StoreReader;
  #next = 0;
  #expected = 0;
  #unexpected = 0;

  constructor({ store }: StoredRows) {
    this.#index = store.index;
    this.#reader = new StoreReader(store);
  }

  /**
   * Passes over the records that are the same in both tables, byte for byte, and adds their rows to
   * an index: with the numbers of their records, so that whoever compares them knows.
   *
   * @param file the position of the file that is read.
   */
  take(reader: RecordReader, index: RowIndex, file: number): void {
    while (this.#isAlike()) {
      const count = this.#sameRows(reader);
      if (count === 0) return;
      const first = this.#next;
      const next = first + count;
      const stand = { file, offset: reader.nextOffset, line: reader.nextLine };
      index.append(this.#index, { first, count }, stand);
      const bytes = this.#index.offset(next) - this.#index.offset(first);
      reader.pass(bytes, this.#index.line(next) - this.#index.line(first));
      this.#expected += count;
      this.#next = next;
    }
  }

  /** How many rows are the next ones in both. */
  #sameRows(reader: RecordReader): number {
    const first = this.#next;
    const index = this.#index;
    // The row behind tells that there is a line feed in between, and nothing else.
    let count = 0;
    let bytes = 0;
    while (bytes < blockSize && isFollowed(index, first + count)) {
      count += 1;
      bytes = index.offset(first + count) - index.offset(first);
    }
    if (count === 0) return 0;
    const same = commonLength(reader.peek(bytes), this.#reader.bytes(first, bytes));
    while (count > 0 && index.offset(first + count) - index.offset(first) > same) count -= 1;
    return count;
  }

  #isAlike(): boolean {
    return this.#unexpected <= this.#expected + patience;
  }

  /** @param key of a row that came unexpectedly. */
  cameInstead(key: string): void {
    if (!this.#isAlike()) return;
    this.#unexpected += 1;
    const { keys } = this.#index;
    const first = this.#next;
    const last = Math.min(first + reach, keys.length);
    for (let row = first; row < last; row += 1) {
      if (keys[row] === key) {
        this.#next = row + 1;
        return;
      }
    }
  }

  close(): void {
    this.#reader.close();
  }
}

/** How many bytes are the same at the beginning of both. */
function commonLength(left: Buffer, right: Buffer): number {
  const length = Math.min(left.length, right.length);
  if (left.compare(right, 0, length, 0, length) === 0) return length;
  let same = 0;
  let other = length;
  while (other - same > 1) {
    const middle = (same + other) >>> 1;
    if (left.compare(right, same, middle, same, middle) === 0) same = middle;
    else other = middle;
  }
  return same;
}
