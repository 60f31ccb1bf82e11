import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { diffWords, excerpt, type Stretch, sideOf } from '../../src/report/words.ts';
import { hostileText } from './hostile.ts';

/** The text with its marked words in brackets. */
function shown(stretches: readonly Stretch[]): string {
  return stretches.map(({ side, text }) => (side === '=' ? text : `[${text}]`)).join('');
}

function joined(stretches: readonly Stretch[]): string {
  return stretches.map(({ text }) => text).join('');
}

const someWords = fc
  .array(fc.constantFrom('red', 'blue', 'chair', ' ', ' ', '.', '漢字', 'e\u0301', '👨‍👩‍👧'), {
    maxLength: 30,
  })
  .map((parts) => parts.join(''));
const someText = fc.oneof(someWords, hostileText);

describe('diffWords', () => {
  test.each([
    ['The red chair', 'The blue chair', 'The [red] chair', 'The [blue] chair'],
    ['The chair', 'The old chair', 'The chair', 'The [old ]chair'],
    ['one two', 'two one', '[one ]two', 'two[ one]'],
    ['', 'new', '', '[new]'],
    ['same', 'same', 'same', 'same'],
    ['Preis: 10 €', 'Preis: 12 €', 'Preis: [10] €', 'Preis: [12] €'],
  ])('marks in %j and %j the words that differ', (old, next, oldShown, newShown) => {
    const diff = diffWords(old, next);
    expect([shown(sideOf(diff, '-')), shown(sideOf(diff, '+'))]).toEqual([oldShown, newShown]);
  });

  test('finds one changed word in a long text', () => {
    const words = Array.from({ length: 20_000 }, (_, i) => `word${i}`);
    const diff = diffWords(words.join(' '), words.with(9_000, 'CHANGED').join(' '));
    expect(diff.filter(({ side }) => side === '+')).toEqual([{ side: '+', text: 'CHANGED' }]);
  });

  test('gives up on long texts that have little in common, and marks them whole', () => {
    const text = (word: string) => Array.from({ length: 1_500 }, (_, i) => `${word}${i}`).join(' ');
    const diff = diffWords(text('old'), text('new'));
    expect(diff).toEqual([
      { side: '-', text: text('old') },
      { side: '+', text: text('new') },
    ]);
  });

  test('compares texts of megabytes in no time', () => {
    const text = (word: string) => `${word} `.repeat(1_000_000);
    const changes = (old: string, next: string) =>
      diffWords(old, next).filter(({ side }) => side !== '=');
    expect(changes(text('old'), text('new'))).toHaveLength(2);
    expect(changes(`${text('old')}one`, `${text('old')}two`)).toEqual([
      { side: '-', text: 'one' },
      { side: '+', text: 'two' },
    ]);
  });

  test('keeps every character of both texts', () => {
    fc.assert(
      fc.property(someText, someText, (old, next) => {
        const diff = diffWords(old, next);
        expect(joined(sideOf(diff, '-'))).toBe(old);
        expect(joined(sideOf(diff, '+'))).toBe(next);
      }),
    );
  });

  test('keeps every character of long texts with a shared start and end', () => {
    const long = fc
      .tuple(someWords, someWords, someWords)
      .map(
        ([a, b, c]) =>
          [
            `${'x '.repeat(1_500)}${a}${b}${c} ${'y z'.repeat(900)}`,
            `${'x '.repeat(1_500)}${a}${c} ${'y z'.repeat(900)}`,
          ] as const,
      );
    fc.assert(
      fc.property(long, ([old, next]) => {
        const diff = diffWords(old, next);
        expect(joined(sideOf(diff, '-'))).toBe(old);
        expect(joined(sideOf(diff, '+'))).toBe(next);
      }),
      { numRuns: 30 },
    );
  });

  test('never ends a stretch inside a grapheme', () => {
    fc.assert(
      fc.property(someText, someText, (old, next) => {
        const cuts = boundaries(old);
        let at = 0;
        for (const { text } of sideOf(diffWords(old, next), '-')) {
          expect(cuts.has(at)).toBe(true);
          at += text.length;
        }
      }),
    );
  });
});

describe('excerpt', () => {
  test('leaves a short text as it is', () => {
    const diff = diffWords('The red chair', 'The blue chair');
    expect(excerpt(diff, 50)).toEqual(diff);
  });

  test('shows the surroundings of a change in a long text', () => {
    const long = (word: string) => `${'before '.repeat(50)}${word}${' after'.repeat(50)}`;
    const diff = diffWords(long('red'), long('blue'));
    expect(shown(excerpt(sideOf(diff, '+'), 200))).toMatchInlineSnapshot(
      `"…e before before before before [blue] after after after after after…"`,
    );
  });

  test('shows where words are missing, though none is marked', () => {
    const diff = diffWords(
      `${'before '.repeat(50)}and${' after'.repeat(50)}`,
      `${'before '.repeat(50)}here and${' after'.repeat(50)}`,
    );
    expect(shown(excerpt(sideOf(diff, '-'), 200))).toMatchInlineSnapshot(
      `"…e before before before before and after after after after af…"`,
    );
  });

  test('is never longer than its budget', () => {
    fc.assert(
      fc.property(someText, someText, fc.integer({ min: 1, max: 60 }), (old, next, length) => {
        expect(joined(excerpt(diffWords(old, next), length)).length).toBeLessThanOrEqual(length);
      }),
    );
  });
});

function boundaries(text: string): ReadonlySet<number> {
  const segments = new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text);
  return new Set([...Array.from(segments, ({ index }) => index), text.length]);
}
