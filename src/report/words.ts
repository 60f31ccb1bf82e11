import { headOf, tailOf } from './shorten.ts';

/** A stretch of a text under comparison. Joined, the stretches are the text. */
export interface Stretch {
  readonly text: string;
  /** Whether the other text does not have it. */
  readonly marked: boolean;
}

/** Two texts, each with the words marked that the other does not have. */
export interface WordDiff {
  readonly old: readonly Stretch[];
  readonly new: readonly Stretch[];
}

/** Past so many edited words, or compared ones, a text counts as rewritten: the work stays linear. */
const maxEdits = 100;
const maxWords = 5_000;
const maxLength = 10_000;

/** Texts up to this length, in UTF-16 units, are compared without looking for shared ends first. */
const shortLength = 2_000;

/** Compares two texts word by word. Stretches never end inside a grapheme. */
export function diffWords(old: string, next: string): WordDiff {
  const [start, end] = sharedEnds(old, next);
  const [oldMiddle, newMiddle] = [old, next].map((text) => text.slice(start, text.length - end));
  const middle = diffTexts(oldMiddle ?? '', newMiddle ?? '');
  const framed = (stretches: readonly Stretch[]) => [
    ...same(old.slice(0, start)),
    ...stretches,
    ...same(old.slice(old.length - end)),
  ];
  return { old: framed(middle.old), new: framed(middle.new) };
}

function same(text: string): readonly Stretch[] {
  return text === '' ? [] : [{ text, marked: false }];
}

/**
 * How long a start and an end two long texts share, in UTF-16 units, both cut at a blank: words and
 * graphemes stay whole. Short texts are compared as a whole.
 */
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

function diffTexts(old: string, next: string): WordDiff {
  const rewritten = { old: changed(old), new: changed(next) };
  if (Math.max(old.length, next.length) > maxLength) return rewritten;
  const oldWords = wordsOf(old);
  const newWords = wordsOf(next);
  if (Math.max(oldWords.length, newWords.length) > maxWords) return rewritten;
  const kept = keptWords(oldWords, newWords);
  if (kept === undefined) return rewritten;
  return { old: stretchesOf(oldWords, kept.old), new: stretchesOf(newWords, kept.new) };
}

function changed(text: string): readonly Stretch[] {
  return text === '' ? [] : [{ text, marked: true }];
}

const words = new Intl.Segmenter('en', { granularity: 'word' });

function wordsOf(text: string): readonly string[] {
  return Array.from(words.segment(text), ({ segment }) => segment);
}

/** Positions of words that both lists have, each with its position in the other list. */
interface Kept {
  readonly old: ReadonlyMap<number, number>;
  readonly new: ReadonlyMap<number, number>;
}

/**
 * The words that both lists have in common, by Myers' greedy comparison: round d finds,
 * for every diagonal, how far d edits reach. `undefined` where they differ by too many edits.
 */
function keptWords(old: readonly string[], next: readonly string[]): Kept | undefined {
  const most = Math.min(old.length + next.length, maxEdits);
  const middle = most + 1;
  let reach = new Int32Array(2 * most + 3);
  const rounds: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits += 1) {
    rounds.push(reach);
    reach = reach.slice();
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const from = cameFrom(reach, middle, diagonal, edits);
      let x = (reach[middle + from] ?? 0) + (from < diagonal ? 1 : 0);
      while (x < old.length && x - diagonal < next.length && old[x] === next[x - diagonal]) x += 1;
      reach[middle + diagonal] = x;
      if (x >= old.length && x - diagonal >= next.length) return retrace(rounds, middle, old, next);
    }
  }
  return undefined;
}

/** The diagonal that an edit comes from: the one above, by an insertion, or the one below. */
function cameFrom(reach: Int32Array, middle: number, diagonal: number, edits: number): number {
  const below = reach[middle + diagonal - 1] ?? 0;
  const above = reach[middle + diagonal + 1] ?? 0;
  if (diagonal === -edits || (diagonal !== edits && below < above)) return diagonal + 1;
  return diagonal - 1;
}

/** Walks the rounds back from the end of both lists and collects the words passed in common. */
function retrace(
  rounds: readonly Int32Array[],
  middle: number,
  { length: oldLength }: readonly string[],
  { length: newLength }: readonly string[],
): Kept {
  const kept = { old: new Map<number, number>(), new: new Map<number, number>() };
  let x = oldLength;
  let y = newLength;
  for (const [edits, reach] of [...rounds.entries()].reverse()) {
    const from = cameFrom(reach, middle, x - y, edits);
    const fromX = edits === 0 ? 0 : (reach[middle + from] ?? 0);
    const fromY = edits === 0 ? 0 : fromX - from;
    while (x > fromX && y > fromY) {
      x -= 1;
      y -= 1;
      kept.old.set(x, y);
      kept.new.set(y, x);
    }
    x = fromX;
    y = fromY;
  }
  return kept;
}

/** Joins neighbours of one kind; a stretch that stayed ends where the other text has more words. */
function stretchesOf(
  list: readonly string[],
  kept: ReadonlyMap<number, number>,
): readonly Stretch[] {
  const stretches: { text: string; marked: boolean }[] = [];
  let previous: number | undefined;
  for (const [position, text] of list.entries()) {
    const partner = kept.get(position);
    const marked = partner === undefined;
    const last = stretches.at(-1);
    const adjoins = marked || previous === undefined || partner === previous + 1;
    if (last?.marked === marked && adjoins) last.text += text;
    else stretches.push({ text, marked });
    if (partner !== undefined) previous = partner;
  }
  return stretches;
}

/** How much of what stayed is shown on either side of a change. */
const context = 30;

/**
 * Shortens a text around its changes to about `length` UTF-16 units, with an ellipsis for what is
 * left out. Never longer than `length`, and cut between graphemes.
 */
export function excerpt(stretches: readonly Stretch[], length: number): readonly Stretch[] {
  const total = stretches.reduce((sum, { text }) => sum + text.length, 0);
  if (total <= length) return stretches;
  const last = stretches.length - 1;
  const near = stretches.map(({ text, marked }, i) => ({
    text: marked ? text : surroundings(text, { after: i > 0, before: i < last }),
    marked,
  }));
  return cutAt(near, length);
}

/** What stayed between two changes, but for its middle. */
function surroundings(
  text: string,
  changes: { readonly after: boolean; readonly before: boolean },
): string {
  if (!changes.after && !changes.before) return text;
  const head = changes.after ? headOf(text, context) : '';
  const tail = changes.before ? tailOf(text, context) : '';
  return head.length + tail.length + 1 >= text.length ? text : `${head}…${tail}`;
}

function cutAt(stretches: readonly Stretch[], length: number): readonly Stretch[] {
  const total = stretches.reduce((sum, { text }) => sum + text.length, 0);
  if (total <= length) return stretches;
  const shown: Stretch[] = [];
  let left = length - 1;
  for (const { text, marked } of stretches) {
    const part = headOf(text, left);
    if (part !== '') shown.push({ text: part, marked });
    left -= part.length;
    if (part.length < text.length) break;
  }
  return [...shown, { text: '…', marked: false }];
}
