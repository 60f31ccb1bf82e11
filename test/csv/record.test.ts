import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatRecord } from '../../src/csv/canonical.ts';
import { cellsOf, isCanonical, someCells } from '../../src/csv/record.ts';

const place = { file: 'items.csv', line: 1 };
const cell = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'x', ' ', 'é', '🍵') });
const cells = fc.array(cell, { minLength: 1, maxLength: 5 });

/** A record with quotes around some cells that could do without. */
function overquoted(each: readonly string[], quoted: readonly boolean[]): string {
  return each
    .map((text, i) => (quoted[i] ? `"${text.replaceAll('"', '""')}"` : formatRecord([text])))
    .join(',');
}

test('a record gives the cells that it was made of, however it is quoted', () => {
  fc.assert(
    fc.property(cells, fc.array(fc.boolean()), (each, quoted) => {
      expect(cellsOf(Buffer.from(overquoted(each, quoted)), place)).toEqual(each);
    }),
  );
});

test('a few cells of a record are what all of them are in these places', () => {
  fc.assert(
    fc.property(cells, fc.array(fc.boolean()), fc.array(fc.nat(4)), (each, quoted, wanted) => {
      const positions = wanted.filter((position) => position < each.length);
      const record = Buffer.from(overquoted(each, quoted));
      const within = Buffer.concat([Buffer.from('"'), record, Buffer.from('",x')]);
      expect(someCells(within, 1, 1 + record.length, positions, place)).toEqual(
        positions.map((position) => each[position]),
      );
    }),
  );
});

test('a record is canonical if formatting its cells gives it again', () => {
  fc.assert(
    fc.property(cells, fc.array(fc.boolean()), (each, quoted) => {
      const record = overquoted(each, quoted);
      expect(isCanonical(Buffer.from(record))).toBe(record === formatRecord(each));
    }),
  );
});

test('a lone CR that is not quoted is text, but not canonical', () => {
  expect(isCanonical(Buffer.from('x\ry'))).toBe(false);
});
