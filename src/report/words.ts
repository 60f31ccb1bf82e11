import { diffArrays } from 'diff';
import { isJsonType } from '../content/values/value.ts';
import { headOf, tailOf } from './text.ts';

/** Words that are in both of two texts (`=`), only in the old one, or only in the new one. */
export interface Stretch {
  readonly side: '=' | '-' | '+';
  readonly text: string;
}

/** With more edits, or longer in UTF-16 units, a text counts as rewritten: a cell may hold megabytes. */
const maxEdits = 100;
const maxLength = 10_000;

/** Longer texts, in UTF-16 units, are compared between the start and the end that they share. */
const shortLength = 2_000;

/**
 * Two texts as one, with the words that only one of them has: `=The `, `-red`, `+blue`, `= chair`. A
 * stretch never ends inside a grapheme.
 */
export function diffWords(old: string, next: string): readonly Stretch[] {
  const [start, end] = sharedEnds(old, next);
  return [
    { side: '=', text: old.slice(0, start) } as const,
    ...diffTexts(old.slice(start, old.length - end), next.slice(start, next.length - end)),
    { side: '=', text: old.slice(old.length - end) } as const,
  ].filter(({ text }) => text !== '');
}

/** The stretches that make up one of the two texts. */
export function sideOf(stretches: readonly Stretch[], side: '-' | '+'): readonly Stretch[] {
  return stretches.filter((stretch) => stretch.side === '=' || stretch.side === side);
}

/** The lengths of the start and the end that two long texts share, cut at blanks so that words stay whole. */
function sharedEnds(old: string, next: string): readonly [start: number, end: number] {
  const shorter = Math.min(old.length, next.length);
  if (Math.max(old.length, next.length) <= shortLength) return [0, 0];
  let start = 0;
  while (start < shorter && old[start] === next[start]) start += 1;
  while (start > 0 && !(isBlank(old[start]) && isBlank(next[start]))) start -= 1;
  let end = 0;
  while (end < shorter - start && old.at(-end - 1) === next.at(-end - 1)) end += 1;
  while (end > 0 && !isBlank(old[old.length - end])) end -= 1;
  return [start, end];
}

function isBlank(unit: string | undefined): boolean {
  return unit === ' ' || unit === '\t';
}

function diffTexts(old: string, next: string): readonly Stretch[] {
  const isShort = Math.max(old.length, next.length) <= maxLength;
  const options = { maxEditLength: maxEdits };
  const parts = isShort ? diffArrays(wordsOf(old), wordsOf(next), options) : undefined;
  if (parts === undefined) {
    return [
      { side: '-', text: old },
      { side: '+', text: next },
    ];
  }
  return parts.map(({ added, removed, value }) => {
    return { side: added ? '+' : removed ? '-' : '=', text: value.join('') };
  });
}

const words = new Intl.Segmenter('en', { granularity: 'word' });

/** One word or number, as in most cells of a bulk edit: segmenting it would take longer than comparing it. */
const oneWord = /^(?:\w+|\d+\.\d+)$/;

function wordsOf(text: string): string[] {
  if (oneWord.test(text)) return [text];
  return Array.from(words.segment(text), ({ segment }) => segment);
}

/** So much of the unchanged text is shown on either side of a change. */
const context = 30;

/** A text around its changes, at most `length` UTF-16 units of it, with an ellipsis for what is left out. */
export function excerpt(stretches: readonly Stretch[], length: number): readonly Stretch[] {
  if (lengthOf(stretches) <= length) return stretches;
  const near = stretches.map(({ side, text }, i) => {
    if (side !== '=') return { side, text };
    const head = i > 0 ? headOf(text, context) : '';
    const tail = i < stretches.length - 1 ? tailOf(text, context) : '';
    const isWhole = stretches.length === 1 || head.length + tail.length + 1 >= text.length;
    return { side, text: isWhole ? text : `${head}…${tail}` };
  });
  return lengthOf(near) <= length ? near : cutAt(near, length);
}

function lengthOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { text }) => sum + text.length, 0);
}

function cutAt(stretches: readonly Stretch[], length: number): readonly Stretch[] {
  let left = length - 1;
  const shown = stretches.map(({ side, text }) => {
    const part = headOf(text, left);
    left = part.length < text.length ? 0 : left - part.length;
    return { side, text: part };
  });
  return [...shown.filter(({ text }) => text !== ''), { side: '=', text: '…' }];
}

/** HTML tags after which a browser starts a new line. */
const endOfBlock =
  /(<\/(?:p|div|li|ul|ol|h[1-6]|table|tr|blockquote|section)>|<br\s*\/?>)(?=[^\n])/gi;

/** Nobody reads a longer text, and to lay it out takes time: a cell may hold a million keys. */
const readableLength = 100_000;

/** Digits beyond a double's precision would be rounded by JSON.parse. */
const beyondDouble = /\d{16}/;

/** A cell's text laid out for people: HTML with a block to a line, a list with an entry to a line, JSON indented. */
export function readable(type: string, text: string): string {
  if (text.length > readableLength) return text;
  if (isJsonType(type)) return readableJson(text);
  return text.replace(endOfBlock, '$1\n');
}

/** Two texts laid out for people, or as they are where only their layout differs. */
export function readablePair(type: string, old: string, next: string): readonly [string, string] {
  const [before, after] = [readable(type, old), readable(type, next)];
  return before === after ? [old, next] : [before, after];
}

function readableJson(text: string): string {
  if (beyondDouble.test(text)) return text;
  try {
    const value: unknown = JSON.parse(text);
    const isList = Array.isArray(value) && value.length > 0 && value.every(isLine);
    return isList ? value.map((entry) => `• ${entry}`).join('\n') : JSON.stringify(value, null, 2);
  } catch {
    return text;
  }
}

/** Whether an entry of a list can stand on a line without its quotes. */
function isLine(entry: unknown): boolean {
  return typeof entry === 'number' || (typeof entry === 'string' && !entry.includes('\n'));
}
