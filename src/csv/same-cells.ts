const quote = 0x22;
const comma = 0x2c;

/** Cells of a table's records, by their positions. */
export type Layout = readonly number[];

/**
 * Compares records of two tables in some of their cells, without decoding them.
 *
 * @param left positions of the cells to compare; `right` has theirs in the same order.
 * @returns tells of two records that were read strictly whether these cells hold the same texts.
 */
export function cellComparer(
  left: Layout,
  right: Layout,
): (left: Buffer, right: Buffer) => boolean {
  const leftTexts = new Texts(left);
  const rightTexts = new Texts(right);
  return (leftRecord, rightRecord) => {
    leftTexts.look(leftRecord);
    rightTexts.look(rightRecord);
    return left.every((position, i) => {
      const other = right[i] ?? 0;
      leftTexts.find(position);
      rightTexts.find(other);
      return haveSameText(leftTexts, position, rightTexts, other);
    });
  };
}

/** Where the texts of a record's cells are, without the quotes around them: found as far as needed. */
class Texts {
  record: Buffer = Buffer.alloc(0);
  /** Where the text of each cell begins and ends, by turns. */
  readonly bounds: Uint32Array;
  #found = 0;
  #next = 0;

  constructor(layout: Layout) {
    this.bounds = new Uint32Array(2 * (Math.max(-1, ...layout) + 1));
  }

  look(record: Buffer): void {
    this.record = record;
    this.#found = 0;
    this.#next = 0;
  }

  /** Finds the cells up to this one. */
  find(position: number): void {
    const { record, bounds } = this;
    for (; this.#found <= position; this.#found += 1) {
      const at = this.#next;
      const isQuoted = at < record.length && record[at] === quote;
      const start = isQuoted ? at + 1 : at;
      const end = isQuoted ? closingQuote(record, start) : plainEnd(record, start);
      bounds[2 * this.#found] = start;
      bounds[2 * this.#found + 1] = end;
      this.#next = isQuoted ? end + 2 : end + 1;
    }
  }
}

function closingQuote(record: Buffer, start: number): number {
  const { length } = record;
  let at = start;
  while (at < length) {
    if (record[at] === quote) {
      if (at + 1 >= length || record[at + 1] !== quote) return at;
      at += 1;
    }
    at += 1;
  }
  return at;
}

function plainEnd(record: Buffer, start: number): number {
  const { length } = record;
  let at = start;
  while (at < length && record[at] !== comma) at += 1;
  return at;
}

function haveSameText(one: Texts, position: number, other: Texts, otherPosition: number): boolean {
  const from = one.bounds[2 * position] ?? 0;
  const to = one.bounds[2 * position + 1] ?? 0;
  const start = other.bounds[2 * otherPosition] ?? 0;
  const length = (other.bounds[2 * otherPosition + 1] ?? 0) - start;
  return length === to - from && haveSameBytes(one.record, from, to, other.record, start);
}

function haveSameBytes(
  left: Buffer,
  from: number,
  to: number,
  right: Buffer,
  start: number,
): boolean {
  // Most cells are short: a loop is done before a call of the system's comparison has begun.
  for (let at = from, other = start; at < to; at += 1, other += 1) {
    if (left[at] !== right[other]) return false;
  }
  return true;
}
