import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cellsOf, formatRecord, RecordBounds } from '../../src/csv/format.ts';

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
