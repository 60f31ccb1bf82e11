import type { RecordReader } from './reader.ts';
import { Pass, positionOf, type Stand, type Store } from './rows.ts';

/** Where more rows than these came unexpectedly, and more than came as expected, versions have little in common. */
const mostSurprises = 32;

/**
 * The rows that two versions of a table share. Behind a row stands mostly the one that stands behind
 * it in the other version, and to compare bytes is several times faster than to look for cells.
 */
export class UnchangedRows {
  readonly #other: Store;
  readonly #pass: Pass;
  /** The row of the other version that is expected next. */
  #next = 0;
  #expected = 0;
  #surprises = 0;

  constructor(other: Store) {
    this.#other = other;
    this.#pass = new Pass(other);
  }

  /** Passes over the next records for as long as they are expected, and adds their rows to those found. */
  pass(reader: RecordReader, found: Stand[], file: number): void {
    while (this.#surprises <= this.#expected + mostSurprises) {
      const unchanged = this.#other.rows[this.#next];
      if (unchanged === undefined) return;
      if (!reader.nextIs(this.#pass.record(unchanged, this.#next), unchanged.lines)) return;
      const { offset, line } = reader;
      found.push({ ...unchanged, file, offset, line, crlf: false, unchanged });
      this.#expected += 1;
      this.#next += 1;
    }
  }

  /** @param key of a row that came instead of the expected one. */
  cameInstead(key: string): void {
    this.#surprises += 1;
    const position = positionOf(this.#other, key);
    if (position !== undefined) this.#next = position + 1;
  }
}
