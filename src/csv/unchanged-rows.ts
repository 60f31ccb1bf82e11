import type { RecordReader } from './reader.ts';
import { type RowIndex, rowNumbers, rowOf, type Store, StoredRows } from './rows.ts';

/** After more unexpected rows than this, and than expected ones, the versions have little in common. */
const mostSurprises = 32;

/** The rows that two versions share. Comparing bytes is several times faster than looking for cells. */
export class UnchangedRows {
  readonly #other: Store;
  readonly #rows: StoredRows;
  /** The row of the older version that is expected next. */
  #next = 0;
  #expected = 0;
  #surprises = 0;

  constructor(other: Store) {
    this.#other = other;
    this.#rows = new StoredRows(other, rowNumbers(other.index.size));
  }

  /** Takes records for as long as they are the expected ones. */
  pass(reader: RecordReader, found: RowIndex, file: number): void {
    const { index } = this.#other;
    while (this.#next < index.size && this.#surprises <= this.#expected + mostSurprises) {
      const row = this.#next;
      const known = index.locate(row);
      if (!reader.nextIs(this.#rows.record(row), known.lines)) return;
      const { offset, line } = reader;
      found.add(index.key(row), { ...known, file, offset, line, crlf: false, unchanged: row });
      this.#expected += 1;
      this.#next += 1;
    }
  }

  /** @param key of a row that came instead of the expected one. */
  unexpected(key: string): void {
    this.#surprises += 1;
    const row = rowOf(this.#other, key);
    if (row !== undefined) this.#next = row + 1;
  }
}
