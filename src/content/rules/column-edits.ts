import { haveSameHeader, type Table } from '../../csv/table.ts';
import { sameValue } from '../values/value.ts';
import type { Cells, Column, Side } from '../versions.ts';
import type { Check } from './check.ts';
import { finding, headerOf, quoted, type Rule } from './finding.ts';
import { isCount } from './guards.ts';
import { hashOf } from './re-keyed.ts';

/** What a pull request does to the cells of one column. */
interface ColumnEdits {
  rows: number;
  emptied: number;
  unaccented: number;
  /** Of a column of states: how many cells went from one state to another. */
  readonly flips: Map<string, number>;
  /** The texts that cells got, each with hashes of the different texts that stood in them. */
  readonly filled: Map<string, Set<number>>;
  /** How much more often a text left a row than it came into one. */
  readonly surplus: Map<string, number>;
}

/** Columns that were emptied, flipped or shuffled as a whole: no single cell shows it. */
export function columnEditsCheck(columns: readonly Column[], head: Table, before: Side): Check {
  const edits = columns.map(
    (): ColumnEdits => ({
      rows: 0,
      emptied: 0,
      unaccented: 0,
      flips: new Map(),
      filled: new Map(),
      surplus: new Map(),
    }),
  );
  return {
    row({ base: old, head: now }) {
      if (old === null || now === null) return [];
      for (const [i, edited] of edits.entries()) {
        const [from = '', to = ''] = [old[i], now[i]];
        const column = columns[i];
        if (column && !sameValue(column.type, from, to)) count(edited, column, from, to);
      }
      return [];
    },
    *end() {
      const suspects = columns.filter((_, i) => (edits[i]?.emptied ?? 0) > fewCells);
      const filled = filledCells(before, suspects);
      for (const [i, column] of columns.entries()) {
        const { key } = column;
        const edited = edits[i];
        if (edited === undefined) continue;
        const problems = [
          ...problemsOf(key, edited, filled.get(key), head.size),
          ...filledDown(column, edited, head.size),
        ];
        for (const [rule, words] of problems) yield finding(rule, headerOf(head), words);
      }
    },
  };
}

const states =
  /status|state|visib|publish|hidden|active|enabled|available|draft|archiv|public|private/i;
/** A state is a word or two. */
const longestState = 40;
/** A column with more pairs of states than these does not hold states. */
const mostPairs = 100;

function count(edited: ColumnEdits, { key, type }: Column, from: string, to: string): void {
  const { flips, filled, surplus } = edited;
  edited.rows += 1;
  if (to === '') edited.emptied += 1;
  if (isUnaccented(from, to)) edited.unaccented += 1;
  add(surplus, from, 1);
  add(surplus, to, -1);
  if (from !== '' && to !== '' && filled.size <= mostPairs) {
    filled.set(to, (filled.get(to) ?? new Set()).add(hashOf(from)));
  }
  const isState = type === 'BOOLEAN' || (states.test(key) && to.length <= longestState);
  if (isState && flips.size <= mostPairs) add(flips, `from ${quoted(from)} to ${quoted(to)}`, 1);
}

const accents = /[\u0300-\u036f]/g;

/** Whether a text is the former one without some of its accents. */
function isUnaccented(from: string, to: string): boolean {
  const [before, after] = [from.normalize('NFD'), to.normalize('NFD')];
  const isShorter = after.length < before.length;
  return isShorter && before.replaceAll(accents, '') === after.replaceAll(accents, '');
}

function add(counts: Map<string, number>, text: string, more: number): void {
  const sum = (counts.get(text) ?? 0) + more;
  if (sum === 0) counts.delete(text);
  else counts.set(text, sum);
}

/** So many cells may go empty before the column is looked at as a whole. */
const fewCells = 3;

/** How many cells of these columns are filled, by their keys: all of them counted in one reading. */
function filledCells(
  { table, positions }: Side,
  columns: readonly Column[],
): ReadonlyMap<string, number> {
  const filled = new Map(columns.map(({ key }) => [key, 0]));
  if (filled.size === 0) return filled;
  for (const { cells } of table.rows()) {
    for (const [key, cellCount] of filled) {
      if (cells[positions.get(key) ?? -1]) filled.set(key, cellCount + 1);
    }
  }
  return filled;
}

/** So many rows, and this share of the file, are many. */
const manyRows = 10;
const largeShare = 0.1;

/** Fewer rows than these may trade their cells by accident. */
const leastRows = 3;

function* problemsOf(
  key: string,
  { rows, emptied, unaccented, flips, surplus }: ColumnEdits,
  filled = Number.POSITIVE_INFINITY,
  size: number,
): Generator<readonly [Rule, string]> {
  // A wrong paste, or a failed formula.
  if (2 * emptied > filled) {
    const words = `${emptied} of the ${filled} filled cells in ${quoted(key)} went empty. Restore them unless you meant it.`;
    yield ['emptied-column', words];
  }
  if (unaccented >= leastRows) {
    const words = `${unaccented} cells of ${key} lost accents, as in a conversion. Restore them, and save the file as UTF-8, unless you meant it.`;
    yield ['lost-accents', words];
  }
  for (const [pair, times] of flips) {
    if (times < manyRows || times < largeShare * size) continue;
    const words = `${key} went ${pair} in ${times} of ${size} rows. Restore them unless you meant it.`;
    yield ['mass-flip', words];
  }
  // `Tea, Milk, Salt` became `Milk, Salt, Tea`: somebody sorted one column without the others.
  if (rows >= leastRows && surplus.size === 0 && !isCount(key)) {
    const words = `${rows} rows swapped their cells of ${key}. If a column was sorted without the others, restore the file, and sort whole rows.`;
    yield ['shuffled-column', words];
  }
}

/** Different cells that all got the same text, in a field that neither counts nor says when. */
function* filledDown(
  { key, type }: Column,
  { filled }: ColumnEdits,
  size: number,
): Generator<readonly [Rule, string]> {
  if (isCount(key) || /^DATE|^TIME/.test(type)) return;
  for (const [text, { size: former }] of filled) {
    if (former < manyRows || former < largeShare * size) continue;
    const words = `${former} different cells of ${key} are all ${quoted(text)} now. Restore them unless you meant it.`;
    yield ['filled-column', words];
  }
}

/** Two columns whose cells changed places: somebody swapped their headers, or the columns below them. */
export function swappedColumnsCheck(
  columns: readonly Column[],
  head: Table,
  before: readonly string[],
): Check {
  const here = new Set(head.columns);
  const there = new Set(before);
  const isInOrder = haveSameHeader(
    before.filter((each) => here.has(each)),
    head.columns.filter((each) => there.has(each)),
  );
  const swaps = new Map<string, number>();
  return {
    row({ base: old, head: now }) {
      for (const pair of old === null || now === null ? [] : swapsIn(old, now)) {
        add(swaps, pair.map((i) => quoted(columns[i]?.key ?? '')).join(' and '), 1);
      }
      return [];
    },
    *end() {
      for (const [pair, times] of swaps) {
        if (isInOrder && times < leastRows) continue;
        const words = `the cells of ${pair} changed places in ${times} rows. Restore them if their headers or columns were swapped.`;
        yield finding('shuffled-column', headerOf(head), words);
      }
    },
  };
}

/** The pairs of columns whose cells a row has traded. */
function* swapsIn(old: Cells, now: Cells): Generator<readonly [number, number]> {
  const places = new Map<string, number>();
  for (const [i, text] of old.entries()) if (text && text !== now[i]) places.set(text, i);
  for (const [text, i] of places) {
    const other = places.get(now[i] ?? '') ?? -1;
    if (other > i && now[other] === text) yield [i, other];
  }
}
