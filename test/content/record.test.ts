import { describe, expect, test } from '@jest/globals';
import { recordedRows } from '../../src/content/record.ts';
import { type Cells, type Versions, versionsOf } from '../../src/content/versions.ts';
import { columns, items, sides } from './builders.ts';

const fields = columns({ _id: 'TEXT', price: 'NUMBER' });

/** What an import records of a row of which these are the prices; `null`: there is no such row. */
function recordedByImport(
  prices: Readonly<Record<'base' | 'recorded' | 'live' | 'head', string | null>>,
) {
  const table = (price: string | null) =>
    items({ _id: 'z', price: '0' }, ...(price === null ? [] : [{ _id: 'a', price }]));
  const tables = sides({
    head: table(prices.head),
    base: table(prices.base),
    recorded: table(prices.recorded),
    live: table(prices.live),
  });
  const rows: Iterable<Versions> = versionsOf(fields, tables);
  const found = [...recordedRows(fields, rows, 'waiting')].find(({ key }) => key === 'a');
  const cells: Cells | undefined = found?.cells;
  return cells?.[1] ?? null;
}

describe('an import records', () => {
  test.each([
    ['what it reads', { head: '1', base: '1', recorded: '1', live: '2' }, '2'],
    ['what it wrote', { head: '2', base: '1', recorded: '1', live: '2' }, '2'],
    ['an item that is new', { head: null, base: null, recorded: null, live: '2' }, '2'],
    ['that an item is gone', { head: '1', base: '1', recorded: '1', live: null }, null],
    [
      'nothing in place of an edit that is offered',
      { head: '1', base: '1', recorded: '9', live: '1' },
      '9',
    ],
    [
      'nothing in place of an item that is offered',
      { head: null, base: null, recorded: '9', live: null },
      '9',
    ],
    [
      'nothing in place of a cell that was offered empty with its item',
      { head: null, base: null, recorded: '', live: '7' },
      '',
    ],
    [
      'nothing in place of a removal that is offered',
      { head: '1', base: '1', recorded: null, live: '1' },
      null,
    ],
    [
      'what it reads, once git has what was offered',
      { head: '9', base: '1', recorded: '9', live: '1' },
      '1',
    ],
    [
      'what it wrote over what was offered',
      { head: '2', base: '1', recorded: '9', live: '2' },
      '2',
    ],
  ] as const)('%s', (_what, prices, expected) => {
    expect(recordedByImport(prices)).toBe(expected);
  });
});
