import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { type SplitLimits, tableFiles, writeTable } from '../../src/csv/canonical.ts';
import { joinRows } from '../../src/csv/join.ts';
import { openTable, refuseDuplicateHeaders } from '../../src/csv/table.ts';
import { fileOf, firstCell, freshFolder } from './files.ts';

const roomy: SplitLimits = { rows: 1_000, bytes: 1_000_000 };

function open(content: string) {
  return openTable([fileOf(content)], firstCell);
}

describe('a table', () => {
  test('gives its rows by key, whatever the order of the file', () => {
    const table = open('_id,title\nb,2\na,1\n');
    expect([...table.rows()].map(({ key, cells, line }) => [key, cells, line])).toEqual([
      ['a', ['a', '1'], 3],
      ['b', ['b', '2'], 2],
    ]);
    expect(table.row('b')?.cells).toEqual(['b', '2']);
    expect(table.row('c')).toBeUndefined();
  });

  test('orders keys as UTF-8 bytes, not as UTF-16 units', () => {
    const table = open('_id\n🍵\n\ue000\nz\n');
    expect([...table.rows()].map(({ key }) => key)).toEqual(['z', '\ue000', '🍵']);
  });

  test('knows the rows that have no key', () => {
    const table = open('_id,title\n,new\na,1\n');
    expect(table.size).toBe(1);
    expect(table.keyless.map(({ cells, line }) => [cells, line])).toEqual([[['', 'new'], 2]]);
    expect([...table.rows()].map(({ key }) => key)).toEqual(['a']);
  });

  test('knows the keys that stand more than once, and gives the first of them', () => {
    const table = open('_id,title\na,1\nb,2\na,3\n');
    expect(table.duplicates).toMatchObject([{ key: 'a', places: [{ line: 2 }, { line: 4 }] }]);
    expect([...table.rows()].map(({ cells }) => cells[1])).toEqual(['1', '2']);
  });

  test('joins the parts of a file', () => {
    const folder = freshFolder();
    const files = ['0.csv', '1.csv'].map((name) => join(folder, name));
    writeFileSync(files[0] ?? '', '_id,n\nb,1\nd,2\n');
    writeFileSync(files[1] ?? '', '_id,n\na,3\nc,4\n');
    expect(
      [...openTable(files, firstCell, folder).rows()].map(({ key, file }) => [key, file]),
    ).toEqual([
      ['a', '1.csv'],
      ['b', '0.csv'],
      ['c', '1.csv'],
      ['d', '0.csv'],
    ]);
  });

  test.each([
    ['too few cells', '_id,title\na\n', 'CELL_COUNT', 2],
    ['too many cells', '_id,title\na,1\nb,2,3\n', 'CELL_COUNT', 3],
    ['no header', '', 'EMPTY', 1],
  ])('with %s is refused', (_name, content, code, line) => {
    expect(() => open(content)).toThrow(expect.objectContaining({ code, line }));
  });

  test('whose parts differ in their header is refused', () => {
    const files = [fileOf('_id,a\n'), fileOf('_id,b\n')];
    expect(() => openTable(files, firstCell)).toThrow(
      expect.objectContaining({ code: 'OTHER_HEADER' }),
    );
  });

  test('with a header that stands twice is refused by name', () => {
    expect(() => refuseDuplicateHeaders(open('_id,Status,Status\n'))).toThrow(
      '"Status" stands more than once',
    );
  });

  test('behind a symbolic link is refused', () => {
    const link = join(freshFolder(), 'items.csv');
    symlinkSync('/etc/passwd', link);
    expect(() => openTable([link], firstCell)).toThrow(
      expect.objectContaining({ code: 'NOT_A_FILE' }),
    );
  });
});

test('tables are joined row by row', () => {
  const left = open('_id,n\nc,3\na,1\n');
  const right = open('_id,n\na,1\nb,2\n');
  const joined = [...joinRows([left, undefined, right])];
  expect(joined.map(({ key, rows }) => [key, ...rows.map((row) => row?.cells[1])])).toEqual([
    ['a', '1', undefined, '1'],
    ['b', undefined, undefined, '2'],
    ['c', '3', undefined, undefined],
  ]);
});

describe('writing a table', () => {
  const rows = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      key: `k${1000 + i}`,
      cells: [`k${1000 + i}`, 'x'.repeat(20)],
    }));
  const written = (path: string) =>
    tableFiles(path).flatMap((file) => readFileSync(file, 'utf8').split('\n').slice(1, -1));

  test('quotes a cell when it must and never otherwise', () => {
    const path = join(freshFolder(), 'items.csv');
    const cells = ['a', 'x,y', 'say "hi"', 'one\ntwo', ' blank ', "it's", '=1+1', 'x\ry'];
    writeTable(path, ['_id', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], [{ key: 'a', cells }], roomy);
    expect(readFileSync(path, 'utf8')).toBe(
      '_id,b,c,d,e,f,g,h\na,"x,y","say ""hi""","one\ntwo", blank ,it\'s,=1+1,"x\ry"\n',
    );
  });

  test('gives the bytes that csv-stringify gives', () => {
    const cell = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'x', ' ', 'é', '🍵') });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell)), (cells) => {
        const path = join(freshFolder(), 'items.csv');
        writeTable(
          path,
          ['a', 'b'],
          cells.map((each) => ({ key: each[0], cells: each })),
          roomy,
        );
        const expected = stringify([['a', 'b'], ...cells], { quoted_match: /\r/ });
        expect(readFileSync(path, 'utf8')).toBe(expected);
      }),
      { numRuns: 100 },
    );
  });

  test('splits a table that is too large, by the hash of the key', () => {
    const path = join(freshFolder(), 'items.csv');
    const files = writeTable(path, ['_id', 'text'], rows(200), { ...roomy, rows: 50 });
    expect(files.length).toBe(16);
    expect(tableFiles(path)).toEqual(files);
    expect(written(path).sort()).toEqual(rows(200).map(({ cells }) => cells.join(',')));
    for (const file of files) {
      expect(readFileSync(file, 'utf8')).toMatch(/^_id,text\n/);
      expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThanOrEqual(52);
    }
  });

  test('splits by bytes as well, with as many digits as it takes', () => {
    const path = join(freshFolder(), 'items.csv');
    const files = writeTable(path, ['_id', 'text'], rows(500), { rows: 500, bytes: 400 });
    expect(files.every((file) => /^[0-9a-f]{2,4}\.csv$/.test(file.split('/').at(-1) ?? ''))).toBe(
      true,
    );
    expect(written(path)).toHaveLength(500);
  });

  test('a new row touches one part', () => {
    const path = join(freshFolder(), 'items.csv');
    const limits = { ...roomy, rows: 50 };
    const content = () =>
      new Map(tableFiles(path).map((file) => [file, readFileSync(file, 'utf8')]));
    writeTable(path, ['_id', 'text'], rows(200), limits);
    const before = content();
    writeTable(path, ['_id', 'text'], rows(201), limits);
    const changed = [...content()].filter(([file, text]) => before.get(file) !== text);
    expect(changed).toHaveLength(1);
  });

  test('replaces the form that stood there before', () => {
    const path = join(freshFolder(), 'items.csv');
    writeTable(path, ['_id', 'text'], rows(200), { ...roomy, rows: 50 });
    writeTable(path, ['_id', 'text'], rows(3), roomy);
    expect(tableFiles(path)).toEqual([path]);
    writeTable(path, ['_id', 'text'], rows(200), { ...roomy, rows: 50 });
    expect(tableFiles(path)).toHaveLength(16);
  });

  test('leaves nothing behind when the rows end in an error', () => {
    const folder = freshFolder();
    const path = join(folder, 'items.csv');
    writeFileSync(path, 'before');
    const failing = function* () {
      yield { key: 'a', cells: ['a'] };
      throw new Error('cut short');
    };
    expect(() => writeTable(path, ['_id'], failing(), roomy)).toThrow('cut short');
    expect(readdirSync(folder)).toEqual(['items.csv']);
    expect(readFileSync(path, 'utf8')).toBe('before');
  });

  test('a file beside its own parts is refused: nobody could tell which holds', () => {
    const folder = freshFolder();
    mkdirSync(join(folder, 'items'));
    writeFileSync(join(folder, 'items', '0.csv'), '_id\n');
    writeFileSync(join(folder, 'items.csv'), '_id\n');
    expect(() => tableFiles(join(folder, 'items.csv'))).toThrow('out of date');
  });
});
