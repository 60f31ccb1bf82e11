import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { CsvError as TheirError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { CsvError } from '../../src/csv/errors.ts';
import { formatRecord } from '../../src/csv/format.ts';
import { RecordReader } from '../../src/csv/reader.ts';
import { fileOf, freshFolder, recordsIn } from './files.ts';

function read(content: string | Buffer, chunkSize?: number): readonly (readonly string[])[] {
  return recordsIn(fileOf(content), chunkSize).map(({ cells }) => cells);
}

function problem(content: string | Buffer, chunkSize?: number): object {
  try {
    read(content, chunkSize);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { code, place: { line, column } = {} } = error;
    return { code, line, column };
  }
  return {};
}

test.each<[string, string, string[][]]>([
  [
    'plain cells',
    'a,b\n1,2\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'no final newline',
    'a,b\n1,2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'no final newline after an empty cell',
    'a,b\n1,',
    [
      ['a', 'b'],
      ['1', ''],
    ],
  ],
  ['no final newline after quotes', 'a\n"1"', [['a'], ['1']]],
  [
    'empty cells',
    'a,b\n,\n',
    [
      ['a', 'b'],
      ['', ''],
    ],
  ],
  [
    'CRLF',
    'a,b\r\n1,2\r\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['CRLF behind a quoted cell', 'a\r\n"1"\r\n', [['a'], ['1']]],
  ['LF and CRLF mixed', 'a\r\n1\n2\r\n', [['a'], ['1'], ['2']]],
  [
    'a byte order mark',
    '\ufeffa,b\n1,2\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['a byte order mark before quotes', '\ufeff"a"\n', [['a']]],
  ['nothing but a byte order mark', '\ufeff', []],
  ['commas, quotes and line breaks in quotes', 'a\n"x, ""y""\r\nz"\n', [['a'], ['x, "y"\r\nz']]],
  ['a cell of quotes', 'a\n""""""\n', [['a'], ['""']]],
  [
    'an empty quoted cell',
    'a,b\n"",1\n',
    [
      ['a', 'b'],
      ['', '1'],
    ],
  ],
  ['a lone CR in quotes', 'a\n"x\ry"\n', [['a'], ['x\ry']]],
  ['an empty line is a row with an empty cell', 'a\n\nb\n', [['a'], [''], ['b']]],
  ['an empty last line is one as well', 'a\nb\n\n', [['a'], ['b'], ['']]],
  ['blanks belong to the cell', 'a\n x \n', [['a'], [' x ']]],
  ['text beyond ASCII', 'a\n茶 🍵\n', [['a'], ['茶 🍵']]],
  ['nothing', '', []],
])('%s', (_name, content, expected) => {
  for (const chunkSize of [undefined, 1, 2, 3, 4, 7]) {
    expect(read(content, chunkSize)).toEqual(expected);
  }
});

test('a record begins on the line that an editor shows', () => {
  const file = fileOf('a,b\n"1\n2",x\r\n3,"\r\n\r\n"\n4,y\n');
  expect(recordsIn(file, 5).map(({ line }) => line)).toEqual([1, 2, 4, 7]);
});

test('a byte order mark is noticed', () => {
  const bomOf = (content: string) => {
    const reader = new RecordReader(fileOf(content), 'items.csv', 1);
    reader.close();
    return reader.bom;
  };
  expect(['\ufeffa\n', 'a\n', '', 'ab'].map(bomOf)).toEqual([true, false, false, false]);
});

describe('what is not strict CSV is refused, with its line and character', () => {
  test.each([
    ['a stray quote', 'a,b\n1,x"y\n', { code: 'STRAY_QUOTE', line: 2, column: 4 }],
    ['a quote behind a blank', 'a,b\n1, "y"\n', { code: 'STRAY_QUOTE', line: 2, column: 4 }],
    [
      'text behind a closing quote',
      'a\n\n"x" y\n',
      { code: 'TEXT_AFTER_QUOTE', line: 3, column: 4 },
    ],
    [
      'text behind a quote that closes on another line',
      'a,b\n茶,"x\n🍵" y\n',
      { code: 'TEXT_AFTER_QUOTE', line: 3, column: 3 },
    ],
    ['lines that end with CR alone', 'a,b\r1,2\r', { code: 'LINE_ENDS', line: 1, column: 4 }],
    ['a last line that does', 'a\nx\r', { code: 'LINE_ENDS', line: 2, column: 2 }],
    ['CR CR LF', 'a,b\r\r\n1,2\r\r\n', { code: 'LINE_ENDS', line: 1, column: 4 }],
    ['a lone CR outside of quotes', 'a\nx\ry\n', { code: 'LINE_ENDS', line: 2, column: 2 }],
    ['a CR behind a closing quote', 'a\n"x"\ry\n', { code: 'LINE_ENDS', line: 2, column: 4 }],
    ['a CR and the end behind one', 'a\n"x"\r', { code: 'LINE_ENDS', line: 2, column: 4 }],
    [
      'a quote that is never closed',
      'a,b\n1,"x\ny\n',
      { code: 'UNTERMINATED_QUOTE', line: 2, column: 3 },
    ],
    ['one at the very end', 'a,b\n1,"', { code: 'UNTERMINATED_QUOTE', line: 2, column: 3 }],
    ['one behind line breaks', '"\n\n"\n"x""', { code: 'UNTERMINATED_QUOTE', line: 4, column: 1 }],
    [
      'bytes that are not UTF-8',
      Buffer.concat([Buffer.from('a\n"\ufffd\né'), Buffer.of(0xff), Buffer.from('"\n')]),
      { code: 'NOT_UTF8', line: 3, column: 2 },
    ],
    [
      'the beginning of a replacement character',
      Buffer.concat([Buffer.from('a\nx'), Buffer.of(0xef, 0xbf, 0x41), Buffer.from('\n')]),
      { code: 'NOT_UTF8', line: 2, column: 2 },
    ],
    [
      'a row that ends inside of a character',
      Buffer.concat([Buffer.from('a\nx'), Buffer.of(0xef), Buffer.from('\n')]),
      { code: 'NOT_UTF8', line: 2, column: 2 },
    ],
    ['Latin-1', Buffer.from('a\ncafé\n', 'latin1'), { code: 'NOT_UTF8', line: 2, column: 4 }],
    ['UTF-16', Buffer.from('\ufeffa\n', 'utf16le'), { code: 'NOT_UTF8', line: 1, column: 1 }],
  ])('%s', (_name, content, expected) => {
    expect(problem(content)).toEqual(expected);
    expect(problem(content, 2)).toEqual(expected);
  });

  test('the message names the file, the place and what to do', () => {
    expect(() => read('a\nx"\n')).toThrow(
      'items.csv line 2, character 2: a quote in the middle of a cell. Put the whole cell in quotes',
    );
  });

  test('a replacement character that stands in the file is text like any other', () => {
    expect(read('a\n\ufffd\n')).toEqual([['a'], ['\ufffd']]);
  });

  test('a quote that is not closed does not take the rest of a large file into memory', () => {
    const file = join(freshFolder(), 'items.csv');
    writeFileSync(file, 'a\n"');
    truncateSync(file, 140 * 2 ** 20);
    expect(() => recordsIn(file)).toThrow(
      expect.objectContaining({ code: 'TOO_LONG', place: expect.objectContaining({ line: 2 }) }),
    );
  });
});

const cell = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'x', '🍵', '\ue000', '\ufeff') }),
);

test('what is written is read back, whatever the chunks', () => {
  const file = fileOf('');
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { minLength: 1, maxLength: 4 })),
      fc.integer({ min: 1, max: 40 }),
      (rows, chunkSize) => {
        const text = [['header'], ...rows].map((row) => `${formatRecord(row)}\n`).join('');
        writeFileSync(file, text);
        const cells = recordsIn(file, chunkSize).map((record) => record.cells);
        expect(cells).toEqual([['header'], ...rows]);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('csv-parse reads the same, or refuses as well and for the same reason', () => {
  const hostile = fc.string({
    unit: fc.constantFrom('"', ',', '\n', 'x', 'é', '\r\n', '\r', '\ufeff'),
    maxLength: 24,
  });
  const file = fileOf('');
  fc.assert(
    fc.property(hostile, fc.integer({ min: 1, max: 9 }), (text, chunkSize) => {
      writeFileSync(file, text);
      const ours = attempt(() => recordsIn(file, chunkSize).map(({ cells }) => cells));
      const theirs = attempt(() =>
        parse(text, {
          bom: true,
          relax_column_count: true,
          record_delimiter: ['\r\n', '\n'],
          skip_empty_lines: false,
        }),
      );
      if (ours === 'LINE_ENDS') expect(text).toMatch(/\r(?!\n)/);
      else expect(ours).toEqual(theirs);
    }),
    { numRuns: 5_000 },
  );
});

test('a record is known to be canonical when it is', () => {
  const loose = fc.string({
    unit: fc.constantFrom('"', '""', ',', '\n', 'x', ' ', '\r'),
    maxLength: 16,
  });
  const file = fileOf('');
  let known = 0;
  fc.assert(
    fc.property(loose, fc.integer({ min: 1, max: 9 }), (content, chunkSize) => {
      writeFileSync(file, content);
      const records = attempt(() => recordsIn(file, chunkSize));
      if (!Array.isArray(records)) return;
      for (const { cells, text, canonical } of records) {
        if (canonical) known += 1;
        expect(canonical).toBe(text === formatRecord(cells));
      }
    }),
    { numRuns: 5_000 },
  );
  expect(known).toBeGreaterThan(1_000);
});

const sameProblem: Readonly<Record<string, string>> = {
  INVALID_OPENING_QUOTE: 'STRAY_QUOTE',
  CSV_INVALID_CLOSING_QUOTE: 'TEXT_AFTER_QUOTE',
  CSV_QUOTE_NOT_CLOSED: 'UNTERMINATED_QUOTE',
};

function attempt<T>(action: () => T): T | string | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof CsvError) return error.code;
    if (error instanceof TheirError) return sameProblem[error.code] ?? error.code;
    throw error;
  }
}
