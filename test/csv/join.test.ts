import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatRecord } from '../../src/csv/format.ts';
import type { Layout } from '../../src/csv/join.ts';
import { joinRows } from '../../src/csv/join.ts';
import type { Identity } from '../../src/csv/table.ts';
import { openTable, type Table } from '../../src/csv/table.ts';
import { fileOf, firstCell } from './files.ts';
import { tableOf } from './table-in-memory.ts';

function open(content: string, like?: Table, identity = firstCell) {
  return openTable([fileOf(content)], identity, '', like);
}

const secondCell: Identity = { ...firstCell, columns: () => [1] };

function joined(tables: readonly (Table | undefined)[], extent?: 'all' | 'different') {
  return Array.from(joinRows(tables, extent), ({ key, row }) => [
    key,
    ...tables.map((_, i) => textOf(row(i))),
  ]);
}

function textOf(row: { readonly cells: readonly string[] } | undefined) {
  return row?.cells[1];
}

test('tables are joined row by row', () => {
  const left = open('_id,n\nc,3\na,1\n');
  const right = open('_id,n\na,1\nb,2\n');
  expect(joined([left, undefined, right])).toEqual([
    ['a', '1', undefined, '1'],
    ['b', undefined, undefined, '2'],
    ['c', '3', undefined, undefined],
  ]);
});

test('keys are joined in the order of their bytes', () => {
  const left = open('_id,n\n🍵,1\n');
  const right = open('_id,n\n\ue000,2\n🍵,3\n');
  expect(joined([left, right])).toEqual([
    ['\ue000', undefined, '2'],
    ['🍵', '1', '3'],
  ]);
});

describe('rows that are the same everywhere', () => {
  const left = '_id,n\na,1\nb,2\nc,3\n';
  const right = '_id,n\na,1\nb,two\nd,4\n';
  const different = [
    ['b', '2', 'two'],
    ['c', '3', undefined],
    ['d', undefined, '4'],
  ];

  test('are left out', () => {
    expect(joined([open(left), open(right)], 'different')).toEqual(different);
  });

  test('are left out when one table was opened like the other', () => {
    const first = open(left);
    expect(joined([first, open(right, first)], 'different')).toEqual(different);
  });

  test('are left out among tables in memory', () => {
    const table = (...rows: string[][]) => tableOf(['_id', 'n'], rows, firstCell);
    const tables = [table(['a', '1'], ['b', '2']), table(['a', '1'], ['b', 'two'])];
    expect(joined(tables, 'different')).toEqual([['b', '2', 'two']]);
  });

  test('are given where the columns differ, since equal bytes mean different cells there', () => {
    const tables = [open('_id,n\na,1\n'), open('_id,m\na,1\n')];
    expect(joined(tables, 'different')).toEqual([['a', '1', '1']]);
  });

  test('are given where there is one table alone', () => {
    expect(joined([open('_id,n\na,1\n'), undefined], 'different')).toEqual([['a', '1', undefined]]);
  });

  test('are told by a version in between as well', () => {
    const first = open(left);
    const second = open(right, first);
    const third = open(left, second);
    expect(joined([first, second, third], 'different')).toEqual([
      ['b', '2', 'two', '2'],
      ['c', '3', undefined, '3'],
      ['d', undefined, '4', undefined],
    ]);
    expect(joined([first, third], 'different')).toEqual([]);
  });
});

describe('rows are the same', () => {
  const isSame = (left: string, right: string, layouts: readonly Layout[]) => {
    const [row] = joinRows([open(left), open(right)], 'all', layouts);
    return row?.same;
  };

  test.each([
    ['by the same bytes', 'a,b', 'a,b', true],
    ['whatever quotes are not needed', 'a,b', '"a","b"', true],
    ['with a quote inside', '"a ""b""",c', '"a ""b""",c', true],
    ['but not by another text', 'a,b', 'a,c', false],
    ['nor by a longer text', 'a,b', 'a,bc', false],
    ['where cells are empty', ',', '"",""', true],
    ['but not by a text against none', 'a,', 'a,b', false],
  ])('%s', (_, left, right, same) => {
    const [one, other] = [`_id,n,m\nk,${left}\n`, `_id,n,m\nk,${right}\n`];
    const whole = [0, 1, 2];
    expect(isSame(one, other, [whole, whole])).toBe(same);
    expect(isSame(other, one, [whole, whole])).toBe(same);
  });

  test('by the cells that are named, wherever they stand', () => {
    const [one, other] = ['_id,a,x,c\nk,1,2,3\n', '_id,c,y,z,a\nk,3,"4",5,1\n'];
    expect(
      isSame(one, other, [
        [1, 3],
        [4, 1],
      ]),
    ).toBe(true);
    expect(
      isSame(one, other, [
        [1, 2],
        [4, 2],
      ]),
    ).toBe(false);
    expect(
      isSame(one, other, [
        [1, 2],
        [4, -1],
      ]),
    ).toBe(false);
  });
});

test('what was found to be the same is not taken for the same as something else', () => {
  const live = open('n,_id\n1,a\n2,b\n3,c\n', undefined, secondCell);
  const layouts = [
    [0, 1],
    [1, 0],
  ];
  const keys = (head: Table, compared: readonly Layout[] = layouts) =>
    Array.from(joinRows([head, live], 'different', compared), ({ key }) => key);
  const head = open('_id,n\na,1\nb,2\nc,4\n');
  expect(keys(head)).toEqual(['c']);
  expect(keys(head)).toEqual(['c']);
  expect(keys(open('_id,n\na,1\nb,3\nc,4\n', head))).toEqual(['b', 'c']);
  expect(keys(open('_id,n\na,2\nb,2\nc,3\n'))).toEqual(['a']);
  expect(keys(head, [[0], [1]])).toEqual([]);
  expect(keys(head)).toEqual(['c']);
});

test('a row outlives the join that gave it', () => {
  const table = open(`_id,n\n${Array.from({ length: 5_000 }, (_, i) => `${i},${i}\n`).join('')}`);
  const rows = Array.from(joinRows([table]), ({ row }) => row(0));
  expect(rows.every((row) => row?.cells[0] === row?.key && row?.cells[1] === row?.key)).toBe(true);
});

test('a join that is broken off closes its files, and another one can follow', () => {
  const table = open('_id,n\na,1\nb,2\n');
  for (let i = 0; i < 2_000; i += 1) for (const { key } of joinRows([table])) if (key) break;
  expect(joined([table])).toHaveLength(2);
});

test('a join gives what a map by key would', () => {
  const rows = fc.uniqueArray(
    fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'é', '🍵', '\ue000'), fc.constantFrom('1', '2')),
    { selector: ([key]) => key },
  );
  const content = (cells: readonly (readonly string[])[]) =>
    [['_id', 'n'], ...cells].map((each) => `${formatRecord(each)}\n`).join('');
  fc.assert(
    fc.property(rows, rows, fc.boolean(), (left, right, helped) => {
      const first = open(content(left));
      const second = open(content(right), helped ? first : undefined);
      const [a, b] = [new Map(left), new Map(right)];
      const keys = [...new Set([...a.keys(), ...b.keys()])].sort((one, other) =>
        Buffer.compare(Buffer.from(one), Buffer.from(other)),
      );
      const all = keys.map((key) => [key, a.get(key), b.get(key)]);
      expect(joined([first, second])).toEqual(all);
      expect(joined([first, second], 'different')).toEqual(
        all.filter(([, one, other]) => one !== other),
      );
    }),
    { numRuns: 300 },
  );
});
