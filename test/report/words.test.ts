import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { diffWords, excerpt, type Stretch } from '../../src/report/words.ts';
import { hostileText } from './hostile.ts';

/** The text with its marked words in brackets. */
function shown(stretches: readonly Stretch[]): string {
  return stretches.map(({ text, marked }) => (marked ? `[${text}]` : text)).join('');
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
    expect(shown(diff.old)).toBe(oldShown);
    expect(shown(diff.new)).toBe(newShown);
  });

  test('finds one changed word in a long text', () => {
    const words = Array.from({ length: 20_000 }, (_, i) => `word${i}`);
    const diff = diffWords(words.join(' '), words.with(9_000, 'CHANGED').join(' '));
    const marked = diff.new.filter((each) => each.marked);
    expect(marked).toEqual([{ text: 'CHANGED', marked: true }]);
  });

  test('gives up on long texts that have little in common, and marks them whole', () => {
    const text = (word: string) => Array.from({ length: 1_500 }, (_, i) => `${word}${i}`).join(' ');
    const diff = diffWords(text('old'), text('new'));
    expect(diff.old).toHaveLength(1);
    expect(diff.new).toEqual([{ text: text('new'), marked: true }]);
  });

  test('keeps every character of both texts', () => {
    fc.assert(
      fc.property(someText, someText, (old, next) => {
        const diff = diffWords(old, next);
        expect(joined(diff.old)).toBe(old);
        expect(joined(diff.new)).toBe(next);
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
        expect(joined(diff.old)).toBe(old);
        expect(joined(diff.new)).toBe(next);
        expect(unmarked(diff.old)).toBe(unmarked(diff.new));
      }),
      { numRuns: 30 },
    );
  });

  test('leaves unmarked just what both texts have', () => {
    fc.assert(
      fc.property(someText, someText, (old, next) => {
        const diff = diffWords(old, next);
        expect(unmarked(diff.old)).toBe(unmarked(diff.new));
      }),
    );
  });

  test('never ends a stretch inside a grapheme', () => {
    fc.assert(
      fc.property(someText, someText, (old, next) => {
        const cuts = boundaries(old);
        let at = 0;
        for (const { text } of diffWords(old, next).old) {
          expect(cuts.has(at)).toBe(true);
          at += text.length;
        }
      }),
    );
  });
});

describe('excerpt', () => {
  test('leaves a short text as it is', () => {
    const { old } = diffWords('The red chair', 'The blue chair');
    expect(excerpt(old, 50)).toEqual(old);
  });

  test('shows the surroundings of a change in a long text', () => {
    const long = (word: string) => `${'before '.repeat(50)}${word}${' after'.repeat(50)}`;
    const { new: next } = diffWords(long('red'), long('blue'));
    expect(shown(excerpt(next, 200))).toMatchInlineSnapshot(
      `"…e before before before before [blue] after after after after after…"`,
    );
  });

  test('shows where words are missing, though none is marked', () => {
    const { old } = diffWords(
      `${'before '.repeat(50)}and${' after'.repeat(50)}`,
      `${'before '.repeat(50)}here and${' after'.repeat(50)}`,
    );
    expect(shown(excerpt(old, 200))).toMatchInlineSnapshot(
      `"…e before before before before and after after after after af…"`,
    );
  });

  test('is never longer than its budget', () => {
    fc.assert(
      fc.property(someText, someText, fc.integer({ min: 1, max: 60 }), (old, next, length) => {
        expect(joined(excerpt(diffWords(old, next).new, length)).length).toBeLessThanOrEqual(
          length,
        );
      }),
    );
  });
});

function unmarked(stretches: readonly Stretch[]): string {
  return joined(stretches.filter(({ marked }) => !marked));
}

function boundaries(text: string): ReadonlySet<number> {
  const segments = new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text);
  return new Set([...Array.from(segments, ({ index }) => index), text.length]);
}
