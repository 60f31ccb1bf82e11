import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatRecord } from '../../src/csv/canonical.ts';
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
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', 'é'), maxLength: 3 });
  const cells = fc.tuple(cell, cell, cell);
  fc.assert(
    fc.property(cells, cells, (left, right) => {
      const compare = cellComparer([0, 1, 2], [0, 1, 2]);
      const same = left.every((text, i) => text === right[i]);
      for (const write of [formatRecord, quotedThroughout]) {
        const found = compare(Buffer.from(formatRecord(left)), Buffer.from(write(right)));
        if (found !== same) return false;
      }
      return true;
    }),
  );
});
