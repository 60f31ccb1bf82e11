import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { valueProblem } from '../../../src/content/rules/value-rules.ts';
import { sameValue } from '../../../src/content/values/value.ts';

test.each([
  ['NUMBER', '4', '4.0'],
  ['NUMBER', '-0', '0'],
  ['NUMBER', '007', '7'],
  ['NUMBER', '-00.500', '-0.5'],
  ['NUMBER', '00.000', '-0'],
  ['NUMBER', '7.', '7'],
  ['NUMBER', '.5', '0.5'],
  ['NUMBER', '1e3', '1000'],
  ['NUMBER', '0.0000001', '1e-7'],
  ['NUMBER', '12.50E+2', '1250'],
  ['BOOLEAN', 'true', 'TRUE'],
  ['DATETIME', '2026-07-03T14:04:31Z', '2026-07-03T14:04:31.000Z'],
  ['DATETIME', '2026-07-03T14:04:31.5Z', '2026-07-03T14:04:31.500Z'],
  ['DATETIME', '2026-07-03T16:04:31+02:00', '2026-07-03T14:04:31Z'],
  ['DATETIME', '2026-01-01T00:30:00.25+05:30', '2025-12-31T19:00:00.250Z'],
  ['TIME', '14:04', '14:04:00.000'],
  ['OBJECT', '{"a":1,"b":[1,2]}', '{ "b": [1, 2], "a": 1 }'],
  ['OBJECT', '{"n":12345678901234567890}', '{"n":1234567890123456789e1}'],
  ['OBJECT', '{"n":1.0000000000000000000}', '{"n":1}'],
  [
    'MEDIA_GALLERY',
    '[{"src":"1234567890123456.jpg","n":1}]',
    '[{"n":1,"src":"1234567890123456.jpg"}]',
  ],
  ['RICH_CONTENT', '{"nodes":[{"id":"x","type":"P"}]}', '{"nodes":[{"type":"P","id":"x"}]}'],
  ['MULTI_REFERENCE', '["a","b"]', '["b", "a"]'],
  ['MULTI_REFERENCE', '[]', ''],
  ['TEXT', 'one\r\ntwo', 'one\ntwo'],
  ['RICH_TEXT', '<p>a</p>\r\n', '<p>a</p>\n'],
  ['OBJECT', '{"a":\r\n', '{"a":\n'],
])('%s: %s and %s are one value', (type, left, right) => {
  expect(sameValue(type, left, right)).toBe(true);
});

test.each([
  ['TEXT', 'a', 'a '],
  ['TEXT', 'one\rtwo', 'one\ntwo'],
  ['TEXT', 'one\r\n\r\ntwo', 'one\ntwo'],
  ['TEXT', '{"a":1,"b":2}', '{"b":2,"a":1}'],
  ['NUMBER', '', '0'],
  ['NUMBER', '9007199254740993', '9007199254740992'],
  ['NUMBER', 'ten', 'Ten'],
  ['NUMBER', '70', '7'],
  ['NUMBER', '1e3', '1e4'],
  ['NUMBER', '1e1000000000', '1e1000000001'],
  ['BOOLEAN', 'true', 'yes'],
  ['DATETIME', '2026-07-03T14:04:31Z', '2026-07-03T14:04:31.001Z'],
  ['DATETIME', '2026-07-03T14:04:31+02:00', '2026-07-03T14:04:31-02:00'],
  ['TIME', '14:04', '14:04:01'],
  ['ARRAY_STRING', '["a","b"]', '["b","a"]'],
  ['OBJECT', '{"n":12345678901234567890}', '{"n":12345678901234567891}'],
  ['OBJECT', '{"n":1234567890.1234567891}', '{"n":1234567890.1234567892}'],
  ['OBJECT', '{"n":1e400}', '{"n":null}'],
  ['OBJECT', '{"n":1e-400}', '{"n":0}'],
  ['OBJECT', '{"a":', '{"a": '],
  ['MULTI_REFERENCE', '["a"]', '["a","b"]'],
  ['MULTI_REFERENCE', '["1"]', '[1]'],
])('%s: %s and %s are two', (type, left, right) => {
  expect(sameValue(type, left, right)).toBe(false);
});

/** A value in two of the notations that a cell may have. */
interface Notations {
  readonly type: string;
  readonly texts: readonly [string, string];
}

function twoOf(type: string, notation: fc.Arbitrary<string>): fc.Arbitrary<Notations> {
  return fc.tuple(notation, notation).map((texts) => ({ type, texts }));
}

const zeros = fc.nat(4).map((count) => '0'.repeat(count));

/** Digits with their point moved, and an exponent that moves it back. */
const numbers = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.bigInt({ min: 1n, max: 10n ** 25n }),
    fc.integer({ min: -30, max: 30 }),
  )
  .chain(([sign, digits, power]) =>
    twoOf(
      'NUMBER',
      fc
        .tuple(zeros, fc.nat(String(digits).length), zeros, fc.constantFrom('e', 'E'))
        .map(([before, behind, after, e]) => {
          const text = String(digits);
          const at = text.length - behind;
          return `${sign}${before}${text.slice(0, at)}.${text.slice(at)}${after}${e}${power + behind}`;
        }),
    ),
  );

const fraction = fc.tuple(fc.nat(999), zeros);

const dateTimes = fc
  .tuple(fc.date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true }))
  .chain(([date]) =>
    twoOf(
      'DATETIME',
      fc.tuple(fc.integer({ min: -839, max: 839 }), zeros).map(([offset, more]) => {
        const local = new Date(date.getTime() + offset * 60_000).toISOString();
        const part = (number: number) => String(number).padStart(2, '0');
        const zone = `${part(Math.floor(Math.abs(offset) / 60))}:${part(Math.abs(offset) % 60)}`;
        return local.replace('Z', more + (offset < 0 ? '-' : '+') + zone);
      }),
    ),
  );

const times = fc.tuple(fc.nat(23), fc.nat(59), fraction).chain(([hour, minute, [milliseconds]]) => {
  const part = (number: number, size = 2) => String(number).padStart(size, '0');
  const start = `${part(hour)}:${part(minute)}`;
  const whole = `${start}:00.${part(milliseconds, 3)}`;
  const short = milliseconds === 0 ? [start, `${start}:00`, `${start}:00.0`] : [];
  return twoOf('TIME', fc.constantFrom(whole, ...short));
});

const json = fc.dictionary(fc.string(), fc.jsonValue()).chain((value) => {
  const entries = Object.entries(value);
  const moved = fc.shuffledSubarray(entries, { minLength: entries.length });
  const indent = fc.constantFrom(0, 1, 3);
  return twoOf(
    'OBJECT',
    fc.tuple(moved, indent).map(([some, by]) => JSON.stringify(Object.fromEntries(some), null, by)),
  );
});

const references = fc.uniqueArray(fc.string()).chain((ids) =>
  twoOf(
    'MULTI_REFERENCE',
    fc.shuffledSubarray(ids, { minLength: ids.length }).map((some) => JSON.stringify(some)),
  ),
);

test('in every notation that validation accepts, a value is the same value', () => {
  const notations = fc.oneof(numbers, dateTimes, times, json, references);
  fc.assert(
    fc.property(notations, ({ type, texts: [left, right] }) => {
      expect([valueProblem(type, left), valueProblem(type, right)]).toEqual([undefined, undefined]);
      expect([left, right, sameValue(type, left, right)]).toEqual([left, right, true]);
    }),
    { numRuns: 2_000 },
  );
});

test('two numbers are never one value, however near to each other', () => {
  const digits = fc.bigInt({ min: 0n, max: 10n ** 25n });
  fc.assert(
    fc.property(
      digits,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: -9, max: 9 }),
      (number, step, power) => {
        const other = number + BigInt(step);
        expect(sameValue('NUMBER', `${number}e${power}`, `${other}e${power}`)).toBe(false);
        expect(sameValue('OBJECT', `{"n":${number}e${power}}`, `{"n":${other}e${power}}`)).toBe(
          false,
        );
      },
    ),
  );
});

test('JSON far larger than a cell of Wix is compared as it is written', () => {
  const keys = Array.from({ length: 200_000 }, (_, i) => `"key${i}":1`);
  const [one, other] = [keys, keys.toReversed()].map((list) => `{${list.join()}}`);
  expect(sameValue('OBJECT', one ?? '', other ?? '')).toBe(false);
  expect(sameValue('OBJECT', '{"a":1,"b":2}', '{"b":2, "a":1}')).toBe(true);
});
