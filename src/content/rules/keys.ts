import { createHash } from 'node:crypto';
import { basename } from 'node:path/posix';
import type { Row, Table } from '../../csv/table.ts';
import type { Cells, Column, Versions } from '../versions.ts';
import type { Check } from './check.ts';
import { unspaced } from './columns.ts';
import { isNoText, isScientific } from './damage.ts';
import { type Finding, finding, quoted } from './finding.ts';

/** How many lines of one key a message names. */
const namedLines = 10;

/** Keys that several rows have: nobody can tell which row should win. */
export function duplicateKeys(
  table: Table,
  kind: 'collection' | 'localization',
): readonly Finding[] {
  const remedy =
    kind === 'collection'
      ? 'For a new item, empty the id of the copy; otherwise remove one of them.'
      : 'Remove one of them: Wix adds the rows of a localization.';
  return table.duplicates.map(({ key, places }) => {
    const isInParts = places.some(({ file }) => file !== places[0]?.file);
    const named = places
      .slice(0, namedLines)
      .map(({ file, line }) => (isInParts ? `${line} of ${basename(file)}` : `${line}`));
    const more = places.length > named.length ? ` and ${places.length - named.length} more` : '';
    const words = `the key ${quoted(key)} is on lines ${named.join(', ')}${more}. ${remedy}`;
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
const unseen = /^\s+|\s+$|[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]|[^\S ]/gu;

/** Ids that a spreadsheet rewrote as numbers, `7.39E+10` for `739…`, or that hold invisible characters. */
export const damagedKeyCheck: Check = {
  row({ key, base, headRow }) {
    const words = base === null ? keyProblem(key) : undefined;
    return words && headRow ? [finding('damaged-key', headRow, words)] : [];
  },
};

function keyProblem(key: string): string | undefined {
  if (key === '_id') return 'the header is repeated here. Delete the line.';
  if (isScientific(key)) {
    return `the id ${quoted(key)} was written by a spreadsheet, which drops digits. Restore the id from git.`;
  }
  if (isNoText(key)) {
    return `the id is ${quoted(key)}, which programs write for an empty cell. Restore the id; for a new item, empty the cell.`;
  }
  const plain = key.replaceAll(unseen, '');
  if (plain === key) return undefined;
  return `the id ${quoted(key)} has spaces or invisible characters, so the site would get a second item. ${plain === '' ? 'Empty the cell' : `Write ${quoted(plain)}`}.`;
}

/** New rows whose ids are nearly those of others, such as `P01` beside `p01`. */
export function nearKeyCheck(table: Table): Check {
  const added = new Map<string, Pick<Versions, 'key' | 'headRow'>>();
  return {
    row({ key, base, head, headRow, hasOwnId }) {
      const isNew = base === null && head !== null && hasOwnId;
      if (isNew && key === key.replaceAll(unseen, '')) {
        added.set(unspaced(key), { key, headRow });
      }
      return [];
    },
    *end() {
      for (const { key } of added.size === 0 ? [] : table.rows()) {
        const near = added.get(unspaced(key));
        if (near?.headRow === undefined || near.key === key) continue;
        const words = `the id ${quoted(near.key)} differs from ${quoted(key)}, the id of another row, only in case or spaces, and would create a second item. For a new item, empty the id; otherwise keep one of the rows.`;
        yield finding('near-key', near.headRow, words);
      }
    },
  };
}

/** Rows that hold what others held: somebody sorted or swapped the ids without their rows. */
export function swappedKeyCheck(columns: readonly Column[]): Check {
  const contentOf = (cells: Cells) => {
    const texts = cells.filter((_, i) => columns[i]?.key !== '_id');
    return createHash('sha256').update(JSON.stringify(texts)).digest('base64');
  };
  const owners = new Map<string, string>();
  const edited: { readonly key: string; readonly row: Row; readonly content: string }[] = [];
  return {
    row({ key, base, head, headRow: row }) {
      if (base === null || head === null || row === undefined) return [];
      // Two rows may well trade the cells of one column, such as their places in a list.
      if (columns.filter((_, i) => base[i] !== head[i]).length < 2) return [];
      owners.set(contentOf(base), key);
      edited.push({ key, row, content: contentOf(head) });
      return [];
    },
    *end() {
      const [first, ...others] = edited.filter(({ content }) => owners.has(content));
      if (first === undefined || others.length === 0) return;
      const owner = owners.get(first.content) ?? '';
      const words = `${others.length + 1} rows hold what others held, as ${quoted(first.key)} does of ${quoted(owner)}: the ids moved without their rows. Restore them, and sort whole rows.`;
      yield finding('swapped-key', first.row, words);
    },
  };
}
