import type { RowIndex } from './row-index.ts';
import { type Store, StoreReader } from './store.ts';

/** The records of rows that are asked for in a known order. */
export interface Records {
  /** Whether every file is read from front to back. */
  readonly runForward: boolean;
  /** The record at a position of the order, good until the next call. Positions only go up. */
  readonly at: (position: number) => Buffer;
  readonly close: () => void;
}

export function recordsInOrder(store: Store, rows: Uint32Array): Records {
  const reader = new StoreReader(store);
  const { index } = store;
  const runForward = runsForward(index, rows);
  return {
    runForward,
    at: runForward
      ? (position) => reader.record(rows[position] ?? 0)
      : batched(reader, index, rows),
    close: () => reader.close(),
  };
}

function runsForward(index: RowIndex, rows: Uint32Array): boolean {
  const last: number[] = [];
  for (const row of rows) {
    const file = index.file(row);
    const offset = index.offset(row);
    if (offset < (last[file] ?? 0)) return false;
    last[file] = offset;
  }
  return true;
}

const batchSize = 1 << 23;

/**
 * Reads records from all over the files, many at a time and those in the order of the files: to
 * pass over a gap is cheaper than to ask the system for each record.
 */
function batched(reader: StoreReader, index: RowIndex, rows: Uint32Array): Records['at'] {
  let buffer = Buffer.alloc(0);
  let first = 0;
  let starts: readonly number[] = [];

  function fill(position: number): void {
    const { count, size } = nextBatch(index, rows, position);
    first = position;
    const isLast = position + count === rows.length;
    const room = isLast ? size : Math.max(size, batchSize);
    if (buffer.length < size) buffer = Buffer.allocUnsafeSlow(room);
    const places: number[] = [];
    let at = 0;
    for (let i = 0; i < count; i += 1) {
      places.push(at);
      at += index.length(rows[position + i] ?? 0);
    }
    starts = places;
    for (const i of inFileOrder(rows.subarray(position, position + count))) {
      reader.record(rows[position + i] ?? 0).copy(buffer, places[i]);
    }
  }

  return (position) => {
    if (position < first || position >= first + starts.length) fill(position);
    const start = starts[position - first] ?? 0;
    return buffer.subarray(start, start + index.length(rows[position] ?? 0));
  };
}

/** How many rows from this position on make a batch, one at least, and how long their records are. */
function nextBatch(index: RowIndex, rows: Uint32Array, position: number) {
  let count = 0;
  let size = 0;
  while (position + count < rows.length) {
    const length = index.length(rows[position + count] ?? 0);
    if (count > 0 && size + length > batchSize) break;
    count += 1;
    size += length;
  }
  return { count, size };
}

/** Positions of these rows, in the order in which the rows stand in their files. */
function inFileOrder(rows: Uint32Array): Float64Array {
  // Rows were numbered from front to back. Numbers sort many times faster without a comparison.
  const count = rows.length;
  const numbers = Float64Array.from(rows, (row, position) => row * count + position).sort();
  return numbers.map((number) => number % count);
}
