import type { Layout } from './join.ts';

const quote = 0x22;
const comma = 0x2c;

/**
 * Compares records of two tables in some of their cells, without decoding them.
 *
 * @param left positions of the cells to compare, each once; `right` has theirs in the same order.
 * @returns tells of two records that were read strictly whether these cells hold the same texts.
 */
export function cellComparer(
  left: Layout,
  right: Layout,
): (left: Buffer, right: Buffer) => boolean {
  // One record is gone through once, in its own order; of the other one it is known where all is.
  const order = left.map((_, i) => i).sort((one, other) => (left[one] ?? 0) - (left[other] ?? 0));
  const lefts = Uint32Array.from(order, (i) => left[i] ?? 0);
  const rights = Uint32Array.from(order, (i) => right[i] ?? 0);
  const bounds = new Uint32Array(2 * (Math.max(-1, ...right) + 1));
  return (leftRecord, rightRecord) => {
    findTexts(rightRecord, bounds);
    let at = 0;
    let cell = 0;
    for (let i = 0; i < lefts.length; i += 1) {
      const position = lefts[i] ?? 0;
      for (; cell < position; cell += 1) at = nextCell(leftRecord, at);
      const own = 2 * (rights[i] ?? 0);
      const next = pastSameText(
        leftRecord,
        at,
        rightRecord,
        bounds[own] ?? 0,
        bounds[own + 1] ?? 0,
      );
      if (next === -1) return false;
      at = next;
      cell = position + 1;
    }
    return true;
  };
}

/** Finds where the text of each cell begins and ends, by turns: without the quotes around it. */
function findTexts(record: Buffer, bounds: Uint32Array): void {
  let at = 0;
  for (let i = 0; i < bounds.length; i += 2) {
    const isQuoted = at < record.length && record[at] === quote;
    const start = isQuoted ? at + 1 : at;
    const end = isQuoted ? closingQuote(record, start) : plainEnd(record, start);
    bounds[i] = start;
    bounds[i + 1] = end;
    at = isQuoted ? end + 2 : end + 1;
  }
}

function nextCell(record: Buffer, at: number): number {
  const isQuoted = at < record.length && record[at] === quote;
  return isQuoted ? closingQuote(record, at + 1) + 2 : plainEnd(record, at) + 1;
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

/**
 * Whether the cell that begins here holds the same text as one of the other record.
 *
 * @returns where the next cell begins; -1 where the texts differ.
 */
function pastSameText(
  record: Buffer,
  at: number,
  other: Buffer,
  start: number,
  end: number,
): number {
  const { length } = record;
  const isQuoted = at < length && record[at] === quote;
  const from = isQuoted ? at + 1 : at;
  const to = from + end - start;
  const behind = isQuoted ? to + 1 : to;
  if (behind > length || !haveSameBytes(record, from, to, other, start)) return -1;
  if (isQuoted && record[to] !== quote) return -1;
  // Without quotes a comma is none of the text, but the end of the cell.
  const mayHoldComma = !isQuoted && start > 0 && other[start - 1] === quote;
  if (mayHoldComma && plainEnd(record, from) < to) return -1;
  return behind === length || record[behind] === comma ? behind + 1 : -1;
}

/** Most texts are short: a loop is done with those before a call of the system has begun. */
const longText = 64;

function haveSameBytes(
  left: Buffer,
  from: number,
  to: number,
  right: Buffer,
  start: number,
): boolean {
  if (to - from > longText) return left.compare(right, start, start + to - from, from, to) === 0;
  for (let at = from, other = start; at < to; at += 1, other += 1) {
    if (left[at] !== right[other]) return false;
  }
  return true;
}
