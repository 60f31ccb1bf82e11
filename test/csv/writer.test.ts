import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { tableFiles } from '../../src/csv/files.ts';
import { openTable, type Row } from '../../src/csv/table.ts';
import { type SplitLimits, writeTable } from '../../src/csv/writer.ts';
import { fileOf, firstCell, freshFolder } from './files.ts';

const roomy: SplitLimits = { rows: 1_000, bytes: 1_000_000 };

function rows(count: number) {
  return Array.from({ length: count }, (_, i) => ({
    key: `k${1000 + i}`,
    cells: [`k${1000 + i}`, 'x'.repeat(20)],
  }));
}

function written(path: string): readonly string[] {
  return tableFiles(path).flatMap((file) => readFileSync(file, 'utf8').split('\n').slice(1, -1));
}

function contents(path: string): ReadonlyMap<string, string> {
  return new Map(tableFiles(path).map((file) => [basename(file), readFileSync(file, 'utf8')]));
}

describe('a canonical file', () => {
  test('quotes a cell when it must and never otherwise', () => {
    const path = join(freshFolder(), 'items.csv');
    const cells = ['a', 'x,y', 'say "hi"', 'one\ntwo', ' blank ', "it's", '=1+1', 'x\ry'];
    writeTable(path, ['_id', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], [{ key: 'a', cells }], roomy);
    expect(readFileSync(path, 'utf8')).toBe(
      '_id,b,c,d,e,f,g,h\na,"x,y","say ""hi""","one\ntwo", blank ,it\'s,=1+1,"x\ry"\n',
    );
  });

  test('is what csv-stringify gives of the rows sorted by key, however they came', () => {
    const text = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'x', ' ', 'é', '🍵') });
    const key = fc.string({
      unit: fc.constantFrom('a', 'Z', '"', 'é', '\uffee', '🍵'),
      minLength: 1,
    });
    const all = fc.uniqueArray(fc.tuple(key, text), { selector: ([each]) => each });
    fc.assert(
      fc.property(all, fc.boolean(), fc.constantFrom('\n', '\r\n'), (cells, quoted, lineEnd) => {
        const download = stringify([['_id', 'b'], ...cells], {
          quoted,
          quoted_match: /[\r\n]/,
          record_delimiter: lineEnd,
        });
        // In a file whose lines end with CRLF, those inside of cells do as well.
        const meant = (text: string) => (lineEnd === '\n' ? text : text.replaceAll('\r\n', '\n'));
        const read = cells.map((each) => each.map(meant));
        const sorted = read.sort(([left = ''], [right = '']) =>
          Buffer.compare(Buffer.from(left), Buffer.from(right)),
        );
        const expected = stringify([['_id', 'b'], ...sorted], { quoted_match: /\r/ });
        const table = openTable([fileOf(download)], firstCell);
        const copies = Array.from(table.rows(), (row) => ({ key: row.key, cells: row.cells }));
        const path = join(freshFolder(), 'items.csv');
        for (const given of [table.rows(), [...table.rows()], copies]) {
          writeTable(path, table.columns, given, roomy);
          expect(readFileSync(path, 'utf8')).toBe(expected);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('is the same whether its rows stood in a file or not, and whatever stood between them', () => {
    const line = fc.record({
      key: fc.constantFrom('', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
      cell: fc.constantFrom('', 'x', '"x"', '"a,b"', 'é', '"a\nb"', '"""hi"""'),
      end: fc.constantFrom('\n', '\n', '\n', '\r\n'),
      fate: fc.constantFrom('kept', 'kept', 'kept', 'gone', 'edited'),
    });
    const file = fc.record({
      lines: fc.array(line, { maxLength: 12 }),
      header: fc.constantFrom(
        '_id,b\n',
        '_id,b\n',
        '_id,b\r\n',
        '"_id",b\n',
        '\ufeff_id,b\n',
        '_id,c\n',
      ),
      isSorted: fc.boolean(),
      hasEnd: fc.boolean(),
    });
    fc.assert(
      fc.property(file, ({ lines, header, isSorted, hasEnd }) => {
        const order = isSorted ? [...lines].sort((a, b) => (a.key < b.key ? -1 : 1)) : lines;
        const text = header + order.map(({ key, cell, end }) => `${key},${cell}${end}`).join('');
        const table = openTable([fileOf(hasEnd ? text : text.trimEnd())], firstCell);
        const fates = new Map<string, string>(lines.map(({ key, fate }) => [key, fate]));
        const become = (row: Row, copies: boolean) => {
          const { key, cells } = row;
          if (fates.get(key) === 'gone') return [];
          if (fates.get(key) === 'edited') return [{ key, cells: [key, 'edited'] }];
          return [copies ? { key, cells } : row];
        };
        const texts = [false, true].map((copies) => {
          const path = join(freshFolder(), 'items.csv');
          const rows = [...table.rows()].flatMap((row) => become(row, copies));
          writeTable(path, ['_id', 'b'], rows, roomy);
          return readFileSync(path, 'utf8');
        });
        expect(texts[0]).toBe(texts[1]);
      }),
      { numRuns: 500 },
    );
  });

  test('has LF in its cells where the file that its rows stand in was saved with CRLF', () => {
    const table = openTable([fileOf('_id,b\r\na,"1\r\n2"\r\n')], firstCell);
    const path = join(freshFolder(), 'items.csv');
    writeTable(path, table.columns, table.rows(), roomy);
    expect(readFileSync(path, 'utf8')).toBe('_id,b\na,"1\n2"\n');
  });

  test('can be written over the file that its rows stand in', () => {
    const path = fileOf('_id,b\na,1\nb,2\n');
    writeTable(path, ['_id', 'b'], openTable([path], firstCell).rows(), roomy);
    expect(readFileSync(path, 'utf8')).toBe('_id,b\na,1\nb,2\n');
    expect(readdirSync(dirname(path))).toEqual(['items.csv']);
  });

  test('may have rows of any length', () => {
    const path = join(freshFolder(), 'items.csv');
    const long = rows(3).map(({ key }) => ({ key, cells: [key, '🍵'.repeat(400_000)] }));
    writeTable(path, ['_id', 'text'], long, { ...roomy, bytes: 10_000_000 });
    const table = openTable([path], firstCell);
    expect([...table.rows()].map(({ cells }) => cells)).toEqual(long.map(({ cells }) => cells));
  });

  test('has as many cells in each row as there are columns', () => {
    const path = join(freshFolder(), 'items.csv');
    const table = openTable([fileOf('_id,t\na,1\n')], firstCell);
    expect(() => writeTable(path, ['_id'], rows(1), roomy)).toThrow('2 cells to write into 1');
    expect(() => writeTable(path, ['_id'], table.rows(), roomy)).toThrow('2 cells');
    expect(() => writeTable(path, ['_id'], [...table.rows()], roomy)).toThrow('2 cells');
  });
});

describe('a table that is too large', () => {
  test('is split by the hash of the key', () => {
    const path = join(freshFolder(), 'items.csv');
    const files = writeTable(path, ['_id', 'text'], rows(200), { ...roomy, rows: 50 });
    expect(files.map((file) => basename(file))).toEqual(
      [...'0123456789abcdef'].map((digit) => `${digit}.csv`),
    );
    expect(tableFiles(path)).toEqual(files);
    for (const file of files) {
      const [header, ...lines] = readFileSync(file, 'utf8').split('\n').slice(0, -1);
      expect(header).toBe('_id,text');
      expect(lines).toEqual([...lines].sort());
      expect(lines.length).toBeLessThanOrEqual(50);
    }
  });

  test('goes to the part that SHA-256 of the key names', () => {
    const path = join(freshFolder(), 'items.csv');
    const two = ['abc', 'hello'].map((key) => ({ key, cells: [key] }));
    writeTable(path, ['_id'], two, { ...roomy, rows: 1 });
    expect(contents(path)).toEqual(
      // SHA-256 of "abc" begins with ba78, that of "hello" with 2cf2.
      new Map([
        ['2.csv', '_id\nhello\n'],
        ['b.csv', '_id\nabc\n'],
      ]),
    );
  });

  test('is split by bytes as well, with as few digits as it takes', () => {
    const path = join(freshFolder(), 'items.csv');
    const files = writeTable(path, ['_id', 'text'], rows(500), { rows: 500, bytes: 400 });
    expect(files.every((file) => /^[0-9a-f]{2}\.csv$/.test(basename(file)))).toBe(true);
    for (const text of contents(path).values()) expect(text.length).toBeLessThanOrEqual(400);
    expect(written(path)).toHaveLength(500);
  });

  test('ends with four digits where a row alone is too large', () => {
    const path = join(freshFolder(), 'items.csv');
    const files = writeTable(path, ['_id', 'text'], rows(3), { rows: 500, bytes: 1 });
    expect(files.every((file) => /^[0-9a-f]{4}\.csv$/.test(basename(file)))).toBe(true);
    expect(written(path)).toHaveLength(3);
  });

  test('holds the same rows when it is read again', () => {
    // A row of blank cells is left out when it is read, and no key is blank.
    const cells = fc.tuple(
      fc.string({ minLength: 1 }).filter((key) => key.trim() !== ''),
      fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'x', '🍵') }),
    );
    const all = fc.uniqueArray(cells, { selector: ([key]) => key, maxLength: 40 });
    fc.assert(
      fc.property(all, fc.integer({ min: 1, max: 60 }), (given, most) => {
        const path = join(freshFolder(), 'items.csv');
        const sorted = [...given]
          .sort(([left], [right]) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
          .map((each) => ({ key: each[0], cells: each }));
        const files = writeTable(path, ['_id', 'text'], sorted, { ...roomy, rows: most });
        const table = openTable(files, firstCell);
        expect([...table.rows()].map((row) => row.cells)).toEqual(sorted.map((row) => row.cells));
      }),
      { numRuns: 60 },
    );
  });

  test('changes in one part when a row is added', () => {
    const path = join(freshFolder(), 'items.csv');
    const limits = { ...roomy, rows: 50 };
    writeTable(path, ['_id', 'text'], rows(200), limits);
    const before = contents(path);
    writeTable(path, ['_id', 'text'], rows(201), limits);
    const changed = [...contents(path)].filter(([name, text]) => before.get(name) !== text);
    expect(changed).toHaveLength(1);
  });
});

describe('writing a table', () => {
  test('replaces the form that stood there before', () => {
    const path = join(freshFolder(), 'items.csv');
    writeTable(path, ['_id', 'text'], rows(200), { ...roomy, rows: 50 });
    writeTable(path, ['_id', 'text'], rows(3), roomy);
    expect(tableFiles(path)).toEqual([path]);
    writeTable(path, ['_id', 'text'], rows(200), { ...roomy, rows: 5 });
    const fine = tableFiles(path);
    writeTable(path, ['_id', 'text'], rows(200), { ...roomy, rows: 50 });
    expect(tableFiles(path)).toHaveLength(16);
    expect(fine.some((file) => existsSync(file))).toBe(false);
  });

  test('leaves other tables alone that stand in the folder of its name', () => {
    const folder = freshFolder();
    const path = join(folder, 'shop.csv');
    const other = join(folder, 'shop', 'products.csv');
    writeTable(other, ['_id', 'text'], rows(2), roomy);
    writeTable(path, ['_id', 'text'], rows(3), roomy);
    expect(tableFiles(path)).toEqual([path]);
    writeTable(path, ['_id', 'text'], rows(200), { ...roomy, rows: 50 });
    expect(tableFiles(path)).toHaveLength(16);
    writeTable(path, ['_id', 'text'], rows(3), roomy);
    expect(tableFiles(other)).toEqual([other]);
    expect(written(other)).toHaveLength(2);
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

  test('leaves nothing but the table behind when it is split', () => {
    const folder = freshFolder();
    writeTable(join(folder, 'items.csv'), ['_id', 'text'], rows(9), { ...roomy, rows: 5 });
    expect(readdirSync(folder)).toEqual(['items']);
  });

  test('goes through no symbolic link', () => {
    const folder = freshFolder();
    const elsewhere = freshFolder();
    symlinkSync(join(elsewhere, 'target.csv'), join(folder, 'file.csv'));
    symlinkSync(elsewhere, join(folder, 'parts'));
    const notAFile = expect.objectContaining({ code: 'NOT_A_FILE' });
    for (const limits of [roomy, { ...roomy, rows: 2 }]) {
      for (const name of ['file.csv', 'parts.csv']) {
        const path = join(folder, name);
        expect(() => writeTable(path, ['_id', 'text'], rows(3), limits)).toThrow(notAFile);
        expect(() => tableFiles(path)).toThrow(notAFile);
      }
    }
    expect(readdirSync(elsewhere)).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(['file.csv', 'parts']);
  });
});

describe('the files of a table', () => {
  test('are none where nothing stands', () => {
    expect(tableFiles(join(freshFolder(), 'items.csv'))).toEqual([]);
  });

  test('are refused beside its own parts: nobody could tell which holds', () => {
    const folder = freshFolder();
    mkdirSync(join(folder, 'items'));
    writeFileSync(join(folder, 'items', '0.csv'), '_id\n');
    writeFileSync(join(folder, 'items.csv'), '_id\n');
    expect(() => tableFiles(join(folder, 'items.csv'))).toThrow('Delete the one');
  });

  test('are refused where a folder has the name of the file', () => {
    const folder = freshFolder();
    mkdirSync(join(folder, 'items.csv'));
    expect(() => tableFiles(join(folder, 'items.csv'))).toThrow('is not a file');
  });
});
