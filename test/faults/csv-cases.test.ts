import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { CsvError } from '../../src/csv/errors.ts';
import { formatRecord } from '../../src/csv/format.ts';
import { fileOf, freshFolder, recordsIn } from '../csv/files.ts';

/** The situations that the collection csv-spectrum is known for, and the rules of RFC 4180. */
const readable: readonly (readonly [name: string, text: string, rows: readonly string[][]])[] = [
  [
    'RFC 4180, 2.1: a record a line',
    'aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n',
    [
      ['aaa', 'bbb', 'ccc'],
      ['zzz', 'yyy', 'xxx'],
    ],
  ],
  [
    'RFC 4180, 2.2: no break after the last',
    'aaa,bbb\r\nzzz,yyy',
    [
      ['aaa', 'bbb'],
      ['zzz', 'yyy'],
    ],
  ],
  ['RFC 4180, 2.4: spaces are part of a field', ' aaa , b\n', [[' aaa ', ' b']]],
  [
    'RFC 4180, 2.5: quotes around any field',
    '"aaa","bbb"\r\nzzz,yyy\r\n',
    [
      ['aaa', 'bbb'],
      ['zzz', 'yyy'],
    ],
  ],
  ['RFC 4180, 2.6: breaks and commas in quotes', '"aaa","b\r\nb,b"\r\n', [['aaa', 'b\r\nb,b']]],
  ['RFC 4180, 2.7: a quote doubled', '"aaa","b""bb"\n', [['aaa', 'b"bb']]],
  [
    'a comma in quotes',
    'first,last\nJohn,"Doe, 120 any st."\n',
    [
      ['first', 'last'],
      ['John', 'Doe, 120 any st.'],
    ],
  ],
  [
    'empty fields, plain and quoted',
    'a,b,c\n1,"",""\n2,3,\n',
    [
      ['a', 'b', 'c'],
      ['1', '', ''],
      ['2', '3', ''],
    ],
  ],
  [
    'CRLF after a quoted empty field',
    'a,b\r\n1,""\r\n',
    [
      ['a', 'b'],
      ['1', ''],
    ],
  ],
  [
    'escaped quotes',
    'a,b\n1,"ha ""ha"" ha"\n3,4\n',
    [
      ['a', 'b'],
      ['1', 'ha "ha" ha'],
      ['3', '4'],
    ],
  ],
  [
    'JSON in a cell',
    'key,val\n1,"{""type"": ""Point"", ""at"": [1.0, 2.0]}"\n',
    [
      ['key', 'val'],
      ['1', '{"type": "Point", "at": [1.0, 2.0]}'],
    ],
  ],
  [
    'line breaks in cells',
    'a,b\n1,"Once upon\na time"\n',
    [
      ['a', 'b'],
      ['1', 'Once upon\na time'],
    ],
  ],
  [
    'CRLF in cells, LF between records',
    'a,b\n"x\r\ny",2\n',
    [
      ['a', 'b'],
      ['x\r\ny', '2'],
    ],
  ],
  [
    'quotes and line breaks',
    'a,b\n1,"ha \n""ha"" \nha"\n',
    [
      ['a', 'b'],
      ['1', 'ha \n"ha" \nha'],
    ],
  ],
  [
    'scripts and symbols',
    'a,b\nʤ,你好\n🍵,ä\u0308\n',
    [
      ['a', 'b'],
      ['ʤ', '你好'],
      ['🍵', 'ä\u0308'],
    ],
  ],
  ['only quotes', '"","",""""\n', [['', '', '"']]],
  ['a lone carriage return in quotes', '"a\rb",c\n', [['a\rb', 'c']]],
  [
    'tabs, semicolons and formulas are text',
    'a;b,\tc\n=1+1,@x\n',
    [
      ['a;b', '\tc'],
      ['=1+1', '@x'],
    ],
  ],
];

test.each(readable)('%s', (_name, text, rows) => {
  expect(recordsIn(fileOf(text)).map(({ cells }) => cells)).toEqual(rows);
  const written = rows.map((row) => `${formatRecord(row)}\n`).join('');
  expect(recordsIn(fileOf(written)).map(({ cells }) => cells)).toEqual(rows);
});

test.each([
  ['a quote amid a field', 'a,b\n1,ha "ha"\n', 2],
  ['text after a closing quote', 'a,b\n"1"x,2\n', 2],
  ['a space after a closing quote', 'a,b\n"1" ,2\n', 2],
  ['a quote that is never closed', 'a,b\n1,"2\n3,4\n', 2],
  ['a lone carriage return', 'a,b\n1\r,2\n', 2],
  ['quotes escaped by a backslash', 'a,b\n1,"ha \\"ha\\""\n', 2],
])('%s is refused on its line', (_name, text, line) => {
  const path = join(freshFolder(), 'a.csv');
  writeFileSync(path, text);
  expect(() => recordsIn(path)).toThrow(CsvError);
  expect(() => recordsIn(path)).toThrow(
    expect.objectContaining({ place: expect.objectContaining({ line }) }),
  );
});
