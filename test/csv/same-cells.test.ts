import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatRecord } from '../../src/csv/format.ts';
import { cellComparer } from '../../src/csv/same-cells.ts';

/** A record with quotes around every cell, as some programs write it. */
function quotedThroughout(cells: readonly string[]): string {
  return cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
}

const both = cellComparer([0, 1], [0, 1]);

test.each([
  ['the same bytes', 'a,b', 'a,b', true],
  ['quotes that are not needed', 'a,b', '"a","b"', true],
  ['a quote inside', '"a ""b""",c', '"a ""b""",c', true],
  ['another text', 'a,b', 'a,c', false],
  ['a longer text', 'a,b', 'a,bc', false],
  ['a comma that is text', '"a,b",c', 'a,b,c', false],
  ['a comma that is none', 'a,b,c', '"a,b",c', false],
  ['empty cells', ',', '"",""', true],
  ['a text against none', 'a,', 'a,b', false],
])('records are compared by their texts: %s', (_, left, right, same) => {
  expect(both(Buffer.from(left), Buffer.from(right))).toBe(same);
});

test('only the cells of the layouts are compared, each with its own', () => {
  const compare = cellComparer([0, 2], [3, 0]);
  expect(compare(Buffer.from('a,x,c'), Buffer.from('c,"y",z,a'))).toBe(true);
  expect(compare(Buffer.from('a,x,c'), Buffer.from('b,"y",z,a'))).toBe(false);
});

test('records hold the same texts when their cells are the same, however they are quoted', () => {
  const short = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', 'é'), maxLength: 3 });
  const cell = fc.oneof(
    short,
    short.map((text) => `${text}${'long, or '.repeat(9)}`),
  );
  const cells = fc.tuple(cell, cell, cell, cell);
  const write = fc.constantFrom(formatRecord, quotedThroughout);
  const layout = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 1 });
  const order = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 });
  fc.assert(
    fc.property(
      cells,
      fc.option(cells, { nil: undefined }),
      write,
      write,
      layout,
      order,
      (left, other, writeLeft, writeRight, compared, moved) => {
        const right = other ?? left;
        const compare = cellComparer(
          compared,
          compared.map((position) => moved.indexOf(position)),
        );
        const records = [
          writeLeft(left),
          writeRight(moved.map((position) => right[position] ?? '')),
        ];
        const [one, two] = records.map((record) => Buffer.from(record));
        const same = compared.every((position) => left[position] === right[position]);
        return one !== undefined && two !== undefined && compare(one, two) === same;
      },
    ),
    { numRuns: 2_000 },
  );
});
