import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { headOf, quoted, shorten, tailOf } from '../../src/report/text.ts';
import { hostileText } from './hostile.ts';

test.each([
  ['short', 10, 'short'],
  ['exactly ten', 11, 'exactly ten'],
  ['a long text', 7, 'a lo...'],
  ['👨‍👩‍👧 family', 5, '...'],
  ['cafe\u0301s', 5, 'ca...'],
])('shortens %j to %i', (text, length, short) => {
  expect(shorten(text, length)).toBe(short);
});

test.each([
  ['', '(empty)'],
  ['ten', '"ten"'],
  ['two\nlines', '"two\nlines"'],
  ['x'.repeat(100), `"${'x'.repeat(77)}..."`],
])('quotes %j as %s', (text, sentence) => {
  expect(quoted(text)).toBe(sentence);
});

test('cuts a start and an end between graphemes and within the budget', () => {
  const graphemes = (text: string) => Array.from(new Intl.Segmenter('en').segment(text)).length;
  fc.assert(
    fc.property(hostileText, fc.nat(40), (text, length) => {
      const head = headOf(text, length);
      const tail = tailOf(text, length);
      expect(head.length).toBeLessThanOrEqual(length);
      expect(tail.length).toBeLessThanOrEqual(length);
      expect(text.startsWith(head) && text.endsWith(tail)).toBe(true);
      expect(graphemes(head) + graphemes(text.slice(head.length))).toBe(graphemes(text));
    }),
  );
});
