import { expect, test } from '@jest/globals';
import { readable, readablePair } from '../../src/report/words.ts';

test.each([
  { type: 'ARRAY_STRING', text: '["a","b"]', laidOut: '• a\n• b', situation: 'a list' },
  { type: 'OBJECT', text: '{"a":[1]}', laidOut: '{\n  "a": [\n    1\n  ]\n}', situation: 'JSON' },
  { type: 'OBJECT', text: '{"a":', laidOut: '{"a":', situation: 'broken JSON' },
  {
    type: 'OBJECT',
    text: '{"id":9007199254740993}',
    laidOut: '{"id":9007199254740993}',
    situation: 'a number that JSON would round',
  },
  { type: 'ARRAY', text: '["a\\nb"]', laidOut: '[\n  "a\\nb"\n]', situation: 'a list of lines' },
  {
    type: 'RICH_TEXT',
    text: '<p>One</p><p>Two<br>Three</p>',
    laidOut: '<p>One</p>\n<p>Two<br>\nThree</p>',
    situation: 'HTML',
  },
  { type: 'TEXT', text: '["a"]', laidOut: '["a"]', situation: 'text that looks like JSON' },
])('$situation is laid out for people', ({ type, text, laidOut }) => {
  expect(readable(type, text)).toBe(laidOut);
});

test('texts that differ in their layout alone are left as they are', () => {
  expect(readablePair('OBJECT', '{"a":1}', '{ "a": 1 }')).toEqual(['{"a":1}', '{ "a": 1 }']);
});

test('a cell of a million keys is left as it is', () => {
  const json = `{${Array.from({ length: 1_000_000 }, (_, i) => `"key${i}":1`).join()}}`;
  expect(readable('OBJECT', json)).toBe(json);
});
