import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cellComparer, cellsOf, formatRecord, RecordBounds } from '../../src/csv/format.ts';

const cell = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'x', ' ', 'é', '🍵') });
const cells = fc.oneof(
  fc.array(cell, { minLength: 1, maxLength: 5 }),
  fc.array(cell, { minLength: 200, maxLength: 200 }),
);

/** A record with quotes around some cells that could do without. */
function overquoted(each: readonly string[], quoted: readonly boolean[]): string {
  return each.map((text, i) => (quoted[i] ? inQuotes(text) : formatRecord([text]))).join(',');
}

function inQuotes(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function found(record: Buffer): RecordBounds {
  const bounds = new RecordBounds();
  expect(bounds.find(record, 0, record.length, true)).toBe('found');
  return bounds;
}

test('a record gives the cells that it was made of, however it is quoted', () => {
  fc.assert(
    fc.property(cells, fc.array(fc.boolean()), (each, quoted) => {
      const record = Buffer.from(overquoted(each, quoted));
      const bounds = found(record);
      expect(cellsOf(record)).toEqual(each);
      expect(each.map((_, position) => bounds.text(record, position))).toEqual(each);
    }),
  );
});

test('a record is canonical if formatting its cells gives it again', () => {
  fc.assert(
    fc.property(cells, fc.array(fc.boolean()), (each, quoted) => {
      const record = overquoted(each, quoted);
      expect(found(Buffer.from(record)).canonical).toBe(record === formatRecord(each));
    }),
  );
});

describe('records are compared by the texts of their cells', () => {
  test.each([
    ['the same bytes', 'a,b', 'a,b', true],
    ['quotes that are not needed', 'a,b', '"a","b"', true],
    ['a quote inside', '"a ""b""",c', '"a ""b""",c', true],
    ['another text', 'a,b', 'a,c', false],
    ['a longer text', 'a,b', 'a,bc', false],
    ['a comma in a cell against one between cells', '"a,b",c', 'a,b,c', false],
    ['empty cells', ',', '"",""', true],
    ['a text against none', 'a,', 'a,b', false],
  ])('%s', (_, left, right, same) => {
    const both = cellComparer([0, 1], [0, 1]);
    expect(both(Buffer.from(left), Buffer.from(right))).toBe(same);
    expect(both(Buffer.from(right), Buffer.from(left))).toBe(same);
  });

  test('only in the cells that are named', () => {
    const compare = cellComparer([0, 2], [3, 0]);
    expect(compare(Buffer.from('a,x,c'), Buffer.from('c,"y",z,a'))).toBe(true);
    expect(compare(Buffer.from('a,x,c'), Buffer.from('b,"y",z,a'))).toBe(false);
  });

  test('however they are quoted and wherever they stand', () => {
    const short = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', 'é'), maxLength: 3 });
    const row = fc.tuple(short, short, short, short);
    const write = fc.constantFrom(formatRecord, (each: readonly string[]) =>
      each.map(inQuotes).join(','),
    );
    const layout = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 1 });
    const order = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 });
    const other = fc.option(row, { nil: undefined });
    fc.assert(
      fc.property(
        row,
        other,
        write,
        write,
        layout,
        order,
        (left, different, writeLeft, writeRight, compared, moved) => {
          const right = different ?? left;
          const compare = cellComparer(
            compared,
            compared.map((position) => moved.indexOf(position)),
          );
          const one = Buffer.from(writeLeft(left));
          const two = Buffer.from(writeRight(moved.map((position) => right[position] ?? '')));
          const same = compared.every((position) => left[position] === right[position]);
          return compare(one, two) === same;
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
