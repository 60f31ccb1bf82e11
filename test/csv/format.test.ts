import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cellsOf, formatRecord, isCanonical, someCells } from '../../src/csv/format.ts';
import { RecordReader } from '../../src/csv/reader.ts';
import { fileOf } from './files.ts';

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
  const many = fc.array(cell, { minLength: 200, maxLength: 200 });
  const wanted = fc.array(fc.nat(199));
  fc.assert(
    fc.property(fc.oneof(cells, many), fc.array(fc.boolean()), wanted, (each, quoted, all) => {
      const positions = all.filter((position) => position < each.length);
      const reader = new RecordReader(fileOf(`x\n${overquoted(each, quoted)}\n`), '', 16);
      try {
        expect([reader.next(), reader.next()]).toEqual([true, true]);
        expect(someCells(reader.buffer, reader, positions, place)).toEqual(
          positions.map((position) => each[position]),
        );
      } finally {
        reader.close();
      }
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
