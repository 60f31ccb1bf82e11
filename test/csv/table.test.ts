import { symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatRecord } from '../../src/csv/format.ts';
import { joinRows } from '../../src/csv/join.ts';
import { openTable, refuseDuplicateHeaders, type Table } from '../../src/csv/table.ts';
import { nameAgain } from '../../src/io/one-file.ts';
import { fileOf, firstCell, freshFolder } from './files.ts';
import { tableOf } from './table-in-memory.ts';

function open(content: string | Buffer, like?: Table) {
  return openTable([fileOf(content)], firstCell, '', like);
}

function contentOf(table: Table) {
  return [...table.rows()].map(({ key, cells, line }) => ({ key, cells, line }));
}

describe('a table', () => {
  test('gives its rows by key, whatever the order of the file', () => {
    const table = open('_id,title\nb,2\na,1\n');
    expect(contentOf(table)).toEqual([
      { key: 'a', cells: ['a', '1'], line: 3 },
      { key: 'b', cells: ['b', '2'], line: 2 },
    ]);
    expect(table.row('b')?.cells).toEqual(['b', '2']);
    expect(table.row('c')).toBeUndefined();
  });

  test('gives the bytes of a row without its terminator', () => {
    const table = open('_id,title\r\na,"1"\r\n');
    expect([...table.rows()].map(({ bytes }) => bytes.toString())).toEqual(['a,"1"']);
  });

  test('orders keys as UTF-8 bytes, not as UTF-16 units', () => {
    const table = open('_id\n🍵\n\ue000\nz\n');
    expect([...table.rows()].map(({ key }) => key)).toEqual(['z', '\ue000', '🍵']);
    expect(table.sorted).toBe(false);
    expect(open('_id\nz\n\ue000\n🍵\n').sorted).toBe(true);
  });

  test('knows the rows that have no key', () => {
    const table = open('_id,title\n,new\na,1\n');
    expect(table.size).toBe(1);
    expect(table.keyless.map(({ cells, line }) => [cells, line])).toEqual([[['', 'new'], 2]]);
    expect([...table.rows()].map(({ key }) => key)).toEqual(['a']);
  });

  test('knows the keys that stand more than once, and gives the first of them', () => {
    const table = open('_id,title\na,1\nb,2\na,3\na,4\n');
    expect(table.duplicates).toMatchObject([
      { key: 'a', places: [{ line: 2 }, { line: 4 }, { line: 5 }] },
    ]);
    expect(table.size).toBe(2);
    expect([...table.rows()].map(({ cells }) => cells[1])).toEqual(['1', '2']);
    expect(table.row('a')?.cells).toEqual(['a', '1']);
  });

  test('has the key that its identity makes of several cells anywhere in the row', () => {
    const identity = {
      columns: (header: readonly string[]) => [header.indexOf('lang'), header.indexOf('id')],
      key: (cells: readonly string[]) => cells.join('/'),
    };
    const table = openTable([fileOf('text,id,lang\n"a,b","1",fr\n')], identity);
    expect([...table.rows()].map(({ key }) => key)).toEqual(['fr/1']);
  });

  test('in which no column is a key has keyless rows only', () => {
    const identity = { columns: () => [], key: () => '' };
    const table = openTable([fileOf('a\n1\n2\n')], identity);
    expect(table.size).toBe(0);
    expect(table.keyless.map(({ cells }) => cells)).toEqual([['1'], ['2']]);
  });

  test('notes a byte order mark and CRLF', () => {
    expect(open('_id\na\n').quirks).toEqual({ bom: false, crlf: false });
    expect(open('\ufeff_id\na\r\nb\n').quirks).toEqual({ bom: true, crlf: true });
  });

  test('joins the parts of a file, and names them as they stand in the repository', () => {
    const folder = freshFolder();
    const files = ['0.csv', '1.csv'].map((name) => join(folder, name));
    writeFileSync(files[0] ?? '', '_id,n\nb,1\nd,2\n');
    writeFileSync(files[1] ?? '', '_id,n\na,3\nc,4\n');
    const table = openTable(files, firstCell, folder);
    expect([...table.rows()].map(({ key, file, line }) => [key, file, line])).toEqual([
      ['a', '1.csv', 2],
      ['b', '0.csv', 2],
      ['c', '1.csv', 3],
      ['d', '0.csv', 3],
    ]);
    expect(table.sorted).toBe(true);
    expect(table.row('c')?.cells).toEqual(['c', '4']);
  });

  test('gives large rows that are in no order as they are', () => {
    const keys = Array.from({ length: 3_000 }, (_, i) => String((i * 7_919) % 3_000));
    const text = (key: string) => key.repeat(1_000);
    const table = open(textOf(keys.map((key) => [key, text(key)])));
    const rows = [...table.rows()];
    expect(rows.map(({ key }) => key)).toEqual([...keys].sort());
    expect(rows.every(({ key, cells }) => cells[1] === text(key))).toBe(true);
  });

  test('of very many parts does not keep all of them open', () => {
    const folder = freshFolder();
    const files = Array.from({ length: 300 }, (_, i) => join(folder, `${1000 + i}.csv`));
    for (const [i, file] of files.entries()) writeFileSync(file, `_id\n${i % 7}-${i}\n`);
    expect([...openTable(files, firstCell).rows()]).toHaveLength(300);
  });

  test('of no files at all is empty', () => {
    expect(openTable([], firstCell)).toMatchObject({ columns: [], size: 0, files: [] });
  });

  test.each([
    ['too few cells', '_id,title\na\n', 'CELL_COUNT', 2],
    ['too many cells', '_id,title\na,1\n"b\n",2,3\n', 'CELL_COUNT', 3],
    ['no header', '', 'EMPTY', 1],
    ['a key that is not UTF-8', Buffer.from('_id\n\xff\n', 'latin1'), 'NOT_UTF8', 2],
    ['a cell that is not UTF-8', Buffer.from('_id,t\na,\xff\n', 'latin1'), 'NOT_UTF8', 2],
    ['a header that is not UTF-8', Buffer.from('\xff\n', 'latin1'), 'NOT_UTF8', 1],
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
    symlinkSync(fileOf('_id\n'), link);
    expect(() => openTable([link], firstCell)).toThrow(
      expect.objectContaining({ code: 'NOT_A_FILE' }),
    );
  });

  test('that is cut short after it was opened gives an error, not half a row', () => {
    const file = fileOf('_id,t\na,1\nb,2\n');
    const table = openTable([file], firstCell);
    writeFileSync(file, '_id,t\na,1\nb');
    expect(() => [...table.rows()]).toThrow('cut short');
  });
});

const rowsOf = fc.array(
  fc.tuple(fc.constantFrom('', 'a', 'b', 'c', 'd', '"', '🍵', '\ue000', 'x\r'), fc.string()),
  { maxLength: 12 },
);

function textOf(rows: readonly (readonly string[])[], terminator = '\n'): string {
  return [['_id', 'text'], ...rows].map((cells) => `${formatRecord(cells)}${terminator}`).join('');
}

test('a table in memory is what its file would be', () => {
  fc.assert(
    fc.property(rowsOf, (rows) => {
      const stored = open(textOf(rows));
      const held = tableOf(['_id', 'text'], rows, firstCell);
      const summary = (table: Table) => ({
        size: table.size,
        sorted: table.sorted,
        keys: table.duplicates.map(({ key, places }) => [key, places.length]),
        rows: [...table.rows()].map(({ key, cells, bytes }) => [key, cells, bytes]),
        keyless: table.keyless.map(({ cells }) => cells),
      });
      expect(summary({ ...held, duplicates: byKey(held) })).toEqual(
        summary({ ...stored, duplicates: byKey(stored) }),
      );
    }),
    { numRuns: 200 },
  );
});

function byKey({ duplicates }: Table) {
  return [...duplicates].sort((left, right) => (left.key < right.key ? -1 : 1));
}

test('a table that is opened with the help of another one is the same table', () => {
  const terminator = fc.constantFrom('\n', '\r\n');
  fc.assert(
    fc.property(rowsOf, rowsOf, rowsOf, terminator, (start, other, end, lineEnd) => {
      const like = open(textOf([...start, ...other, ...end]));
      const content = textOf([...start, ...end, ...other.slice(0, 1)], lineEnd);
      const file = fileOf(content);
      const alone = openTable([file], firstCell);
      const helped = openTable([file], firstCell, '', like);
      expect(contentOf(helped)).toEqual(contentOf(alone));
      expect(helped.duplicates).toEqual(alone.duplicates);
      expect(helped.quirks).toEqual(alone.quirks);
      expect(helped.keyless.map(({ line }) => line)).toEqual(alone.keyless.map(({ line }) => line));
    }),
    { numRuns: 300 },
  );
});

test('so is one of many blocks and chunks, with rows taken out and put in', () => {
  const count = 3000;
  const original = Array.from({ length: count }, (_, i) => [
    keyAt(i),
    `${'x'.repeat(i % 700)}\n${i}`,
  ]);
  const like = open(textOf(original));
  const place = fc.nat(count);
  const edit = fc.record({
    place,
    removed: fc.constantFrom(0, 1, 40, 300),
    added: fc.constantFrom(0, 1, 50),
    text: fc.string(),
  });
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 6 }), (edits) => {
      const rows = edits.reduce(
        (before, { place, removed, added, text }, i) =>
          before.toSpliced(
            place,
            removed,
            ...Array.from({ length: added }, (_, n) => [`${keyAt(place)}-${i}-${n}`, text]),
          ),
        original,
      );
      const file = fileOf(textOf(rows));
      const alone = openTable([file], firstCell);
      const helped = openTable([file], firstCell, '', like);
      expect(contentOf(helped)).toEqual(contentOf(alone));
      const differing = (table: Table) =>
        Array.from(joinRows([like, table], 'different'), ({ key }) => key);
      expect(differing(helped)).toEqual(differing(alone));
    }),
    { numRuns: 30 },
  );
});

test('a file that stands under two names is read once', () => {
  const [file, other] = [fileOf('_id,t\na,1\n'), fileOf('_id,t\na,1\n')];
  const name = join(freshFolder(), 'items.csv');
  nameAgain(file, name);
  const table = openTable([file], firstCell, dirname(file));
  expect(openTable([name], firstCell, dirname(name), table)).toBe(table);
  expect(openTable([name], firstCell, '', table)).not.toBe(table);
  expect(openTable([name], { ...firstCell }, dirname(name), table)).not.toBe(table);
  expect(openTable([other], firstCell, dirname(other), table)).not.toBe(table);
});

function keyAt(row: number): string {
  return String(row).padStart(5, '0');
}

test('the help of another table hides nothing that is wrong', () => {
  const like = open('_id,t\na,1\nb,2\n');
  expect(() => open('_id,t\na,1\nb,2,3\n', like)).toThrow('the row has 3 cells');
  expect(() => open('_id,t\na,1\nb,2"\n', like)).toThrow('line 3, character 4');
});
