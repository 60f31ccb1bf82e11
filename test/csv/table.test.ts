import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatRecord } from '../../src/csv/format.ts';
import { joinRows } from '../../src/csv/join.ts';
import { openTable, refuseDuplicateHeaders, type Table } from '../../src/csv/table.ts';
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

  test('notes a byte order mark', () => {
    expect(open('_id\na\n').bom).toBe(false);
    expect(open('\ufeff_id\na\n').bom).toBe(true);
  });

  test('leaves out the rows that hold nothing, as spreadsheets leave them, and says where they are', () => {
    const table = open('_id,t\n,\na,1\n , \n"",""\n\n,,,\n\u00a0,\t\nb,2\n\n');
    expect(contentOf(table)).toEqual([
      { key: 'a', cells: ['a', '1'], line: 3 },
      { key: 'b', cells: ['b', '2'], line: 9 },
    ]);
    expect(table.size).toBe(2);
    expect(table.keyless).toEqual([]);
    expect(table.blankRows.count).toBe(7);
    expect(table.blankRows.first.map(({ line }) => line)).toEqual([2, 4, 5, 6, 7, 8, 10]);
  });

  test('keeps a row of which one cell holds anything', () => {
    const table = open('_id,t\n,""""\n,x\n ,x\n');
    expect(table.keyless.map(({ cells }) => cells)).toEqual([
      ['', '"'],
      ['', 'x'],
    ]);
    expect([...table.rows()].map(({ cells }) => cells)).toEqual([[' ', 'x']]);
    expect(table.blankRows.count).toBe(0);
  });

  test('names ten blank rows of however many', () => {
    const { count, first } = open(`_id,t\n${',\n'.repeat(1_000)}`).blankRows;
    expect([count, first.length]).toEqual([1_000, 10]);
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
    ['a line break in its header', '_id,"ti\ntle"\na,1\n', 'HEADER_LINE_BREAK', 1],
    ['a CR in its header', '_id,"ti\rtle"\na,1\n', 'HEADER_LINE_BREAK', 1],
    ['lines that end with CR', '_id,title\ra,1\r', 'LINE_ENDS', 1],
    ['lines that end with CR CR LF', '_id,title\r\r\na,1\r\r\n', 'LINE_ENDS', 1],
    ['semicolons', '_id;title\na;1\n', 'DELIMITER', 1],
    ['semicolons and quotes', '"_id";"title"\n"a";"1"\n', 'DELIMITER', 1],
    ['semicolons and decimal commas', '_id;price\na;1,5\n', 'DELIMITER', 1],
    ['tabs', '_id\ttitle\na\t1\n', 'DELIMITER', 1],
    ['vertical bars', '_id|title\na|1\n', 'DELIMITER', 1],
    ['HTML', '<!DOCTYPE html>\n<html></html>\n', 'DELIMITER', 1],
    ['JSON', '[{"_id":"a","title":"1"}]\n', 'DELIMITER', 1],
    ['the file of a spreadsheet', 'PK\x03\x04\x14\x00\n', 'DELIMITER', 1],
    ['a null byte after a closing quote', '_id,t\n"a"\0,1\n', 'TEXT_AFTER_QUOTE', 2],
    ['an unfinished merge', '_id,t\n<<<<<<< HEAD\na,1\n=======\n', 'CONFLICT_MARKER', 2],
    ['an unfinished merge in its header', '<<<<<<< HEAD\n_id,t\n', 'CONFLICT_MARKER', 1],
    ['a merge that broke a quoted cell', '_id,t\na,"1\n======= "x\n', 'CONFLICT_MARKER', 3],
    ['no header', '', 'EMPTY', 1],
    ['a key that is not UTF-8', Buffer.from('_id\n\xff\n', 'latin1'), 'NOT_UTF8', 2],
    ['a cell that is not UTF-8', Buffer.from('_id,t\na,\xff\n', 'latin1'), 'NOT_UTF8', 2],
    ['a header that is not UTF-8', Buffer.from('\xff\n', 'latin1'), 'NOT_UTF8', 1],
  ])('with %s is refused', (_name, content, code, line) => {
    const place = expect.objectContaining({ line });
    expect(() => open(content)).toThrow(expect.objectContaining({ code, place }));
  });

  test.each([
    ['a,1b,2\n', 'the row has 3 cells, but the header has 2. If two rows stand on this line'],
    ['a,1,b,2\n', 'the row has 4 cells, but the header has 2. If two rows stand on this line'],
    [
      'a,1,2,3,4\n',
      'the row has 5 cells, but the header has 2. Quote the cells that hold a comma.',
    ],
    ['a,“1,2”\n', 'the row has 3 cells, but the header has 2. Write straight quotes (")'],
    ['a\n', 'the row has 1 cell, but the header has 2. Add the missing commas'],
  ])('says of %j what may have happened', (row, message) => {
    expect(() => open(`_id,t\n${row}`)).toThrow(message);
  });

  test('with a header that begins with PK is no file of a spreadsheet', () => {
    expect(open('PK,_id\n1,a\n').columns).toEqual(['PK', '_id']);
  });

  test('with a header of nothing but commas is not taken apart', () => {
    expect(() => open(`_id${','.repeat(100_000)}\n`)).toThrow(
      'line 1: the header has 100001 columns, and Wix takes 1000 fields. Remove those that hold nothing.',
    );
  });

  test('says how to save a file whose line ends are wrong', () => {
    expect(() => open('_id,t\ra,1\r')).toThrow('save the file with LF or CRLF line ends');
    expect(() => open('_id,t\r\r\na,1\r\r\n')).toThrow(
      'line 1, character 6: the line ends with CR CR LF. Save the file with LF or CRLF line ends.',
    );
  });

  test('whose parts differ in their header is refused', () => {
    const files = [fileOf('_id,a\n'), fileOf('_id,b\n')];
    expect(() => openTable(files, firstCell)).toThrow(
      expect.objectContaining({ code: 'OTHER_HEADER' }),
    );
  });

  test('with a header that stands twice is refused by name', () => {
    expect(() => refuseDuplicateHeaders(open('_id,Status,Status\n'))).toThrow(
      '"Status" is in the header more than once',
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
    expect(() => contentOf(table)).toThrow('cut short');
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
      expect(helped.blankRows.count).toBe(alone.blankRows.count);
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

function keyAt(row: number): string {
  return String(row).padStart(5, '0');
}

test('the help of another table hides nothing that is wrong', () => {
  const like = open('_id,t\na,1\nb,2\n');
  expect(() => open('_id,t\na,1\nb,2,3\n', like)).toThrow('the row has 3 cells');
  expect(() => open('_id,t\na,1\nb,2"\n', like)).toThrow('line 3, character 4');
});

describe('a file that was saved with CRLF', () => {
  const lf = '_id,t\na,"1\n2"\nb,\n"c\nd",3\n';
  const crlf = lf.replaceAll('\n', '\r\n');

  test('has LF at the ends of lines inside of cells', () => {
    const table = open(crlf);
    expect([...table.rows()].map(({ cells }) => cells)).toEqual([
      ['a', '1\n2'],
      ['b', ''],
      ['c\nd', '3'],
    ]);
    expect(table.row('c\nd')?.cells).toEqual(['c\nd', '3']);
    expect(table.row('a')?.bytes.toString()).toBe('a,"1\n2"');
  });

  test.each([
    ['as a spreadsheet saves it, with LF inside of cells', crlf.replaceAll('1\r\n2', '1\n2')],
    ['as an editor saves it', crlf],
    ['without an end of the last line', crlf.slice(0, -2)],
  ])('%s, is the same table', (_name, content) => {
    const original = open(lf);
    for (const like of [undefined, original]) {
      const saved = open(content, like);
      expect([...joinRows([original, saved], 'different')]).toEqual([]);
    }
  });

  test('differs in the row that was edited, and in no other', () => {
    const edited = open(crlf.replace('b,', 'b,x'));
    const keys = Array.from(joinRows([open(lf), edited], 'different'), ({ key }) => key);
    expect(keys).toEqual(['b']);
  });

  test('has CRLF in a cell only where its own lines end with LF', () => {
    expect(open('_id,t\na,"1\r\n2"\n').row('a')?.cells).toEqual(['a', '1\r\n2']);
    expect(open('_id,t\r\na,"1\r2"\r\n').row('a')?.cells).toEqual(['a', '1\r2']);
  });
});
