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
  const leftTexts = boundsFor(left);
  const rightTexts = boundsFor(right);
  return (leftRecord, rightRecord) => {
    findTexts(leftRecord, leftTexts);
    findTexts(rightRecord, rightTexts);
    return left.every((position, i) => {
      const from = leftTexts[2 * position] ?? 0;
      const to = leftTexts[2 * position + 1] ?? 0;
      const other = 2 * (right[i] ?? 0);
      const start = rightTexts[other] ?? 0;
      const isAsLong = (rightTexts[other + 1] ?? 0) - start === to - from;
      return isAsLong && haveSameBytes(leftRecord, from, to, rightRecord, start);
    });
  };
}

/** Room for the bounds of the cells up to the last one that is looked at. */
function boundsFor(layout: Layout): Uint32Array {
  return new Uint32Array(2 * (Math.max(-1, ...layout) + 1));
}

/** Finds where the text of each cell begins and ends, without the quotes around it. */
function findTexts(record: Buffer, bounds: Uint32Array): void {
  let at = 0;
  for (let cell = 0; cell < bounds.length; cell += 2) {
    const isQuoted = at < record.length && record[at] === quote;
    const start = isQuoted ? at + 1 : at;
    const end = isQuoted ? closingQuote(record, start) : plainEnd(record, start);
    bounds[cell] = start;
    bounds[cell + 1] = end;
    at = isQuoted ? end + 2 : end + 1;
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
