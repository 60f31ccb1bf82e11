import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '../../src/errors.ts';
import { createSecrets } from '../../src/report/secrets.ts';

const key = 'IST.eyJraWQi/"a+key"/of~Wix==';

function redactorOf(...secrets: readonly string[]) {
  const { add, redact } = createSecrets();
  for (const secret of secrets) add(secret);
  return redact;
}

describe('a secret is left out', () => {
  test.each([
    ['as it is', key],
    ['in JSON', JSON.stringify({ key })],
    ['in an address', `?key=${encodeURIComponent(key)}`],
    [
      'in an address with small letters',
      encodeURIComponent(key).replace(/%../g, (hex) => hex.toLowerCase()),
    ],
    ['in base64', Buffer.from(key).toString('base64')],
    ['in base64 behind a name', Buffer.from(`ab:${key}:c`).toString('base64')],
    ['in base64 behind a longer name', Buffer.from(`abc:${key}`).toString('base64')],
    ['in base64 for addresses', Buffer.from(`abcd:${key}`).toString('base64url')],
    ['cut short', `${key.slice(0, 20)}...`],
    ['twice', `${key}${key}`],
  ])('%s', (_, text) => {
    const shown = redactorOf('another secret', key)(`before ${text} after`);
    expect(shown).toMatch(/^before .*\*\*\*.* after$/);
    expect(shown).not.toMatch(/eyJraWQi|a\+key|SVNULmV5|5cTL|JU1QuZXl|lTVC5leUp/);
  });

  test('wherever it stands in a value, which keeps its shape', () => {
    const redact = redactorOf(key);
    const failure = new Failure('api', `No: ${key}`, { place: { file: 'a.csv', line: 3 } });
    const value = { list: [1, key, undefined], map: new Map([[key, { deep: key }]]), failure };
    expect(redact(value)).toEqual({
      list: [1, '***', undefined],
      map: new Map([['***', { deep: '***' }]]),
      failure: new Failure('api', 'No: ***', { place: { file: 'a.csv', line: 3 } }),
    });
  });
});

test('what holds no secret is the same value, not a copy of it', () => {
  const value = { rows: [{ key: 'a' }], titles: new Map([['a', 'b']]) };
  expect(redactorOf(key)(value)).toBe(value);
});

test('a word of a few letters is no secret, and no secret is no harm', () => {
  expect(redactorOf('key')('the key')).toBe('the key');
  expect(redactorOf()('the key')).toBe('the key');
});

test('whatever the secret, no text around it brings it back', () => {
  const secret = fc.string({ unit: 'grapheme', minLength: 8, maxLength: 40 });
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), (hidden, before, after) => {
      fc.pre(!`${before}***${after}`.includes(hidden));
      expect(redactorOf(hidden)(before + hidden + after)).not.toContain(hidden);
    }),
  );
});
