import { expect, test } from '@jest/globals';
import { sameValue } from '../../src/content/value.ts';

test.each([
  ['NUMBER', '4', '4.0'],
  ['NUMBER', '-0', '0'],
  ['NUMBER', '007', '7'],
  ['NUMBER', '-00.500', '-0.5'],
  ['NUMBER', '00.000', '-0'],
  ['NUMBER', '7.', '7'],
  ['DATETIME', '2026-07-03T14:04:31Z', '2026-07-03T14:04:31.000Z'],
  ['DATETIME', '2026-07-03T14:04:31.5Z', '2026-07-03T14:04:31.500Z'],
  ['OBJECT', '{"a":1,"b":[1,2]}', '{ "b": [1, 2], "a": 1 }'],
  ['RICH_CONTENT', '{"nodes":[{"id":"x","type":"P"}]}', '{"nodes":[{"type":"P","id":"x"}]}'],
])('%s: %s and %s are one value', (type, left, right) => {
  expect(sameValue(type, left, right)).toBe(true);
});

test.each([
  ['TEXT', 'a', 'a '],
  ['TEXT', '{"a":1,"b":2}', '{"b":2,"a":1}'],
  ['NUMBER', '', '0'],
  ['NUMBER', '9007199254740993', '9007199254740992'],
  ['NUMBER', 'ten', 'Ten'],
  ['NUMBER', '70', '7'],
  ['NUMBER', '.5', '0.5'],
  ['DATETIME', '2026-07-03T14:04:31Z', '2026-07-03T14:04:31.001Z'],
  ['ARRAY_STRING', '["a","b"]', '["b","a"]'],
  ['OBJECT', '{"n":12345678901234567890}', '{"n":12345678901234567891}'],
  ['OBJECT', '{"a":', '{"a": '],
  ['BOOLEAN', 'true', 'TRUE'],
])('%s: %s and %s are two', (type, left, right) => {
  expect(sameValue(type, left, right)).toBe(false);
});
