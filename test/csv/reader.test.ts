import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { formatRecord } from '../../src/csv/canonical.ts';
import { CsvError } from '../../src/csv/errors.ts';
import { cellsOf, readRecords } from '../../src/csv/reader.ts';
import { fileOf } from './files.ts';

function read(content: string | Buffer, chunkSize?: number): readonly (readonly string[])[] {
  const file = fileOf(content);
  return [...readRecords(file, chunkSize)].map(({ bytes, line }) => cellsOf(bytes, file, line));
}

function problem(content: string | Buffer): Partial<CsvError> {
  try {
    read(content);
  } catch (error) {
    if (error instanceof CsvError)
      return { code: error.code, line: error.line, column: error.column };
    throw error;
  }
  return {};
}

test.each([
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
  [
    'a byte order mark',
    '\ufeffa,b\n1,2\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['commas, quotes and line breaks in quotes', 'a\n"x, ""y""\r\nz"\n', [['a'], ['x, "y"\r\nz']]],
  [
    'an empty quoted cell',
    'a,b\n"",1\n',
    [
      ['a', 'b'],
      ['', '1'],
    ],
  ],
  ['a lone CR is text', 'a\nx\ry\n', [['a'], ['x\ry']]],
  ['one column with an empty cell', 'a\n\nb\n', [['a'], [''], ['b']]],
  ['text beyond ASCII', 'a\n茶 🍵\n', [['a'], ['茶 🍵']]],
  ['nothing', '', []],
])('%s', (_name, content, expected) => {
  expect(read(content)).toEqual(expected);
  expect(read(content, 4)).toEqual(expected);
});

describe('what is not strict CSV is refused, with its place', () => {
  test.each([
    ['a stray quote', 'a,b\n1,x"y\n', { code: 'STRAY_QUOTE', line: 2, column: 2 }],
    [
      'text behind a closing quote',
      'a\n\n"x" y\n',
      { code: 'TEXT_AFTER_QUOTE', line: 3, column: 1 },
    ],
    [
      'a quote that is never closed',
      'a,b\n1,"x\ny\n',
      { code: 'UNTERMINATED_QUOTE', line: 2, column: 2 },
    ],
    [
      'bytes that are not UTF-8',
      Buffer.from([0x61, 0x0a, 0xff, 0x0a]),
      { code: 'NOT_UTF8', line: 2, column: 1 },
    ],
  ])('%s', (_name, content, expected) => {
    expect(problem(content)).toEqual(expected);
  });

  test('a replacement character that stands in the file is text like any other', () => {
    expect(read('a\n\ufffd\n')).toEqual([['a'], ['\ufffd']]);
  });

  test('the line of a problem counts the line breaks inside earlier cells', () => {
    expect(problem('a\n"x\ny\nz"\nx"\n')).toMatchObject({ line: 5 });
  });
});

const cell = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'x', '🍵', '\ue000') }),
);

test('what is written is read back, whatever the chunks', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { minLength: 2, maxLength: 4 })),
      fc.integer({ min: 4, max: 40 }),
      (rows, chunkSize) => {
        const text = rows.map((row) => `${formatRecord(row)}\n`).join('');
        expect(read(text, chunkSize)).toEqual(rows);
      },
    ),
    { numRuns: 300 },
  );
});

test('csv-parse reads the same, or refuses as well', () => {
  const hostile = fc.string({
    unit: fc.constantFrom('"', ',', '\n', 'x', 'é', '\r\n'),
    maxLength: 24,
  });
  fc.assert(
    fc.property(hostile, fc.integer({ min: 4, max: 9 }), (text, chunkSize) => {
      const ours = attempt(() => read(text, chunkSize));
      const theirs = attempt(() =>
        parse(text, {
          relax_column_count: true,
          record_delimiter: ['\r\n', '\n'],
          skip_empty_lines: false,
        }),
      );
      expect(ours).toEqual(theirs);
    }),
    { numRuns: 2_000 },
  );
});

function attempt<T>(action: () => T): T | 'refused' {
  try {
    return action();
  } catch {
    return 'refused';
  }
}
