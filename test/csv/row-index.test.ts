import { expect, test } from '@jest/globals';
import { RowIndex, type Stand } from '../../src/csv/row-index.ts';

const beyond = 2 ** 32 + 5;
const stands: readonly Stand[] = Array.from({ length: 100 }, (_, i) => ({
  file: i % 3,
  offset: beyond + 10 * i,
  length: 9,
  line: 2 + i,
  lines: 1 + (i % 2),
  record: i + 1,
  canonical: i % 2 === 0,
}));

function standAt(index: RowIndex, row: number): Stand {
  return {
    file: index.file(row),
    offset: index.offset(row),
    length: index.length(row),
    line: index.line(row),
    lines: index.lines(row),
    record: index.record(row),
    canonical: index.canonical(row),
  };
}

test('an index keeps where rows stand, also far behind in a file', () => {
  const index = new RowIndex();
  for (const [i, stand] of stands.entries()) index.add(String(i), stand);
  expect(stands.map((_, row) => standAt(index, row))).toEqual(stands);
});

test('rows that are added from another index are moved to their place', () => {
  const from = new RowIndex();
  for (const [i, stand] of stands.entries()) from.add(String(i), stand);
  const index = new RowIndex();
  index.append(from, { first: 10, count: 80 }, { file: 4, offset: 50, line: 2 });
  const moved = stands.slice(10, 90).map((stand, i) => ({
    ...stand,
    file: 4,
    offset: 50 + 10 * i,
    line: 2 + i,
  }));
  expect(moved.map((_, row) => standAt(index, row))).toEqual(moved);
  expect(index.keys).toEqual(from.keys.slice(10, 90));
  index.append(from, { first: 0, count: 2 }, { file: 1, offset: 2 * beyond, line: 900 });
  expect(standAt(index, 81)).toEqual({ ...stands[1], file: 1, offset: 2 * beyond + 10, line: 901 });
});
