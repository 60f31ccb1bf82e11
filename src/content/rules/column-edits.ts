import { haveSameHeader, type Table } from '../../csv/table.ts';
import { sameValue } from '../values/value.ts';
import type { Cells, Column, Side } from '../versions.ts';
import type { Check } from './check.ts';
import { finding, headerOf, quoted, type Rule } from './finding.ts';
import { isCount } from './guards.ts';
import { hashOf } from './re-keyed.ts';

/** What a pull request does to the cells of one column. */
function noEdits(column: Column) {
  return {
    column,
    rows: 0,
    emptied: 0,
    unaccented: 0,
    /** Of a column of states: how many cells went from one state to another. */
    flips: new Map<string, number>(),
    /** The texts that cells got, each with hashes of the different texts that stood in them. */
    filled: new Map<string, Set<number>>(),
    /** How much more often a text left a row than it came into one. */
    surplus: new Map<string, number>(),
  };
}

type ColumnEdits = ReturnType<typeof noEdits>;

/** Columns that were emptied, filled, flipped, shuffled or swapped as a whole: no single cell shows it. */
export function columnEditsCheck(columns: readonly Column[], head: Table, before: Side): Check {
  const edits = columns.map(noEdits);
  /** How many rows have traded the cells of two columns. */
  const swaps = new Map<string, number>();
  return {
    row({ base: old, head: now }) {
      if (old === null || now === null) return [];
      for (const [i, edited] of edits.entries()) {
        const [from = '', to = ''] = [old[i], now[i]];
        if (!sameValue(edited.column.type, from, to)) count(edited, from, to);
      }
      for (const pair of swapsIn(old, now)) {
        add(swaps, pair.map((i) => quoted(columns[i]?.key ?? '')).join(' and '), 1);
      }
      return [];
    },
    *end() {
      const suspects = edits.filter(({ emptied }) => emptied > fewCells);
      const filled = filledCells(before, suspects);
      for (const edited of edits) {
        for (const [rule, words] of problemsOf(edited, filled.get(edited), head.size)) {
          yield finding(rule, headerOf(head), words);
        }
      }
      for (const [pair, times] of swaps) {
        if (times < leastRows && areInOrder(before.table, head)) continue;
        const words = `the cells of ${pair} changed places in ${times} rows. Restore them if their headers or columns were swapped.`;
        yield finding('shuffled-column', headerOf(head), words);
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

function count(edited: ColumnEdits, from: string, to: string): void {
  const { column, flips, filled, surplus } = edited;
  edited.rows += 1;
  if (to === '') edited.emptied += 1;
  if (isUnaccented(from, to)) edited.unaccented += 1;
  add(surplus, from, 1);
  add(surplus, to, -1);
  if (from !== '' && to !== '' && filled.size <= mostPairs) {
    filled.set(to, (filled.get(to) ?? new Set()).add(hashOf(from)));
  }
  const isState =
    column.type === 'BOOLEAN' || (states.test(column.key) && to.length <= longestState);
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

/** How many cells of these columns were filled: all of them counted in one reading. */
function filledCells({ table, positions }: Side, edits: readonly ColumnEdits[]) {
  const filled = new Map(edits.map((edited) => [edited, 0]));
  for (const { cells } of filled.size === 0 ? [] : table.rows()) {
    for (const [edited, cellCount] of filled) {
      if (cells[positions.get(edited.column.key) ?? -1]) filled.set(edited, cellCount + 1);
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
  { column: { key, type }, rows, emptied, unaccented, flips, filled, surplus }: ColumnEdits,
  filledBefore = Number.POSITIVE_INFINITY,
  size: number,
): Generator<readonly [Rule, string]> {
  const areMany = (times: number) => times >= manyRows && times >= largeShare * size;
  // A wrong paste, or a failed formula.
  if (2 * emptied > filledBefore) {
    const words = `${emptied} of the ${filledBefore} filled cells in ${quoted(key)} went empty. Restore them unless you meant it.`;
    yield ['emptied-column', words];
  }
  if (unaccented >= leastRows) {
    const words = `${unaccented} cells of ${key} lost accents, as in a conversion. Restore them, and save the file as UTF-8, unless you meant it.`;
    yield ['lost-accents', words];
  }
  for (const [pair, times] of flips) {
    const words = `${key} went ${pair} in ${times} of ${size} rows. Restore them unless you meant it.`;
    if (areMany(times)) yield ['mass-flip', words];
  }
  // The others may well be the same: they count, or say when.
  if (isCount(key)) return;
  // `Tea, Milk, Salt` became `Milk, Salt, Tea`: somebody sorted one column without the others.
  if (rows >= leastRows && surplus.size === 0) {
    const words = `${rows} rows swapped their cells of ${key}. If a column was sorted without the others, restore the file, and sort whole rows.`;
    yield ['shuffled-column', words];
  }
  for (const [text, { size: former }] of /^DATE|^TIME/.test(type) ? [] : filled) {
    const words = `${former} different cells of ${key} are all ${quoted(text)} now. Restore them unless you meant it.`;
    if (areMany(former)) yield ['filled-column', words];
  }
}

/** Whether the columns of two tables that both have are in the same order. */
function areInOrder({ columns: before }: Table, { columns: after }: Table): boolean {
  const [here, there] = [new Set(after), new Set(before)];
  return haveSameHeader(
    before.filter((each) => here.has(each)),
    after.filter((each) => there.has(each)),
  );
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
