import type { Table } from '../../csv/table.ts';
import type { Check } from './check.ts';
import { isScientific } from './damage.ts';
import { type Finding, finding, quoted } from './finding.ts';

/** How many lines of one key a message names. */
const namedLines = 10;

/** Keys that several rows have: nobody can tell which row should win. */
export function duplicateKeys(table: Table): readonly Finding[] {
  return table.duplicates.map(({ key, places }) => {
    const named = places.slice(0, namedLines).map(({ line }) => line);
    const more = places.length > named.length ? ` and ${places.length - named.length} more` : '';
    const words = `the key ${quoted(key)} is on lines ${named.join(', ')}${more}. For a new item, empty the id of the copy; otherwise remove one of them.`;
    return finding('duplicate-key', places[1] ?? { file: '' }, words);
  });
}

/** Empty rows, as spreadsheets leave them: one finding for all. */
export function blankRows({ blankRows: { count, first } }: Table): readonly Finding[] {
  const [place] = first;
  if (place === undefined) return [];
  const words =
    count === 1
      ? 'the row is empty, so it is left out. Delete it.'
      : `the row and ${count - 1} more are empty, so they are left out. Delete them.`;
  return [finding('blank-row', place, words)];
}

/** Rows of a localization without an ID: Wix sets it, so somebody deleted it. */
export function missingKeys(table: Table): readonly Finding[] {
  const words = 'the ID cell is empty, so the row is left out. Restore the cell from git.';
  return table.keyless.map((row) => finding('missing-key', row, words));
}

/** Blanks at the ends of an id, and invisible characters. */
const unseen = /^\s+|\s+$|\p{Cc}|\p{Cf}|\u00a0|\u3164/gu;

/** Ids that a spreadsheet rewrote as numbers, `7.39E+10` for `739…`, or that hold invisible characters. */
export const damagedKeyCheck: Check = {
  *row({ key, base, headRow }) {
    if (base !== null || headRow === undefined) return;
    if (isScientific(key)) {
      const words = `the id ${quoted(key)} was written by a spreadsheet, which drops digits. Restore the id from git.`;
      yield finding('damaged-key', headRow, words);
    }
    const plain = key.replaceAll(unseen, '');
    if (plain !== key) {
      const words = `the id ${quoted(key)} has blanks or invisible characters, so the site would get a second item. Write ${quoted(plain)}.`;
      yield finding('damaged-key', headRow, words);
    }
  },
};
