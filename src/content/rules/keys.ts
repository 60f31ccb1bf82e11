import { createHash } from 'node:crypto';
import type { Table } from '../../csv/table.ts';
import type { Place } from '../../errors.ts';
import { placeOf } from '../change.ts';
import type { Cells, Column } from '../versions.ts';
import type { Check } from './check.ts';
import { isScientific } from './damage.ts';
import { type Finding, finding, quoted } from './finding.ts';

/** So many lines of one key are named. */
const namedLines = 10;

/** Keys that stand more than once: which of the rows would win is anybody's guess. */
export function duplicateKeys(table: Table): readonly Finding[] {
  return table.duplicates.map(({ key, places }) => {
    const [first, second = first] = places;
    const named = places.slice(0, namedLines).map(({ line }) => line);
    const more = places.length > named.length ? ` and ${places.length - named.length} more` : '';
    const lines = `${named.join(', ')}${more}`;
    const place = { file: second?.file ?? '', line: second?.line ?? 1 };
    const words = `the key ${quoted(key)} stands on the lines ${lines}. Keep one of them.`;
    return finding('duplicate-key', place, words);
  });
}

/** Rows of a localization without an ID: Wix gives it, so it was deleted. */
export function missingKeys(table: Table): readonly Finding[] {
  return table.keyless.map(({ file, line }) =>
    finding(
      'missing-key',
      { file, line },
      'the ID cell is empty, so the row is left out. Restore the cell from git.',
    ),
  );
}

/** Ids that a spreadsheet rewrote as numbers: `739…` becomes `7.39E+10`. */
export const damagedKeyCheck: Check = {
  *row(row) {
    const place = placeOf(row);
    if (row.base !== null || place === undefined || !isScientific(row.key)) return;
    const words = `the id ${quoted(row.key)} was written by a spreadsheet, which drops digits. Restore the id from git.`;
    yield finding('damaged-key', place, words);
  },
};

/**
 * Rows that are as before but for their id. The site would get a second item, and every reference
 * and URL would go on pointing to the first.
 */
export function reKeyedCheck(columns: readonly Column[]): Check {
  const id = columns.findIndex(({ key }) => key === '_id');
  const removed = new Map<string, string>();
  const added: { readonly key: string; readonly content: string; readonly place: Place }[] = [];
  return {
    row(row) {
      const place = placeOf(row);
      if (row.head === null && row.base !== null) {
        const content = contentOf(row.base, id);
        if (content !== undefined) removed.set(content, row.key);
      } else if (row.head !== null && row.base === null && place !== undefined) {
        const content = contentOf(row.head, id);
        if (content !== undefined) added.push({ key: row.key, content, place });
      }
      return [];
    },
    *end() {
      for (const { key, content, place } of added) {
        const old = removed.get(content);
        if (old === undefined) continue;
        const words = `this is the row ${quoted(old)} under the new id ${quoted(key)}: references and URLs would go on pointing to the old one. Restore the id; to replace the item, remove its row first, and add the new one in another pull request.`;
        yield finding('re-keyed', place, words);
      }
    },
  };
}

/** Identifies what a row holds beside its id; `undefined` where that is nothing. */
function contentOf(cells: Cells, id: number): string | undefined {
  const others = cells.filter((_, i) => i !== id);
  if (others.every((cell) => cell === '')) return undefined;
  return createHash('sha1').update(JSON.stringify(others)).digest('base64');
}
