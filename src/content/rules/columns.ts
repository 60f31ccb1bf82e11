import type { Table } from '../../csv/table.ts';
import { nearest } from '../../io/did-you-mean.ts';
import type { ColumnDiff } from '../diff.ts';
import type { CollectionSchema } from '../schema.ts';
import type { Column, Side } from '../versions.ts';
import type { Check } from './check.ts';
import { type Finding, finding, quoted } from './finding.ts';

/** Columns of a collection's file that no field of the collection goes by, and base has not. */
export function unknownColumns(
  table: Table,
  schema: CollectionSchema,
  base: readonly string[] = [],
): readonly Finding[] {
  const keys = ['_id', ...schema.fields.map(({ key }) => key)];
  const known = new Set([...keys, ...base]);
  const fields = new Map([...base, ...keys].map((key) => [unspaced(key), key]));
  const omitted = new Map(schema.omitted.map(({ key, reason }) => [key, reason]));
  const place = headerOf(table);
  return table.columns.flatMap((column) => {
    if (known.has(column)) return [];
    const field = fields.get(unspaced(column));
    if (field !== undefined) {
      const words = `the header ${quoted(column)} is that of the field ${quoted(field)} but for case or blanks. Write ${field}.`;
      return [finding('misspelled-column', place, words)];
    }
    const reason = omitted.get(column);
    const near = nearest(column, keys);
    const hint = near === undefined ? '' : ` Did you mean ${near}?`;
    const words =
      reason === undefined
        ? /** @cause No field has this key, so there is nothing to write it to. @remedy Correct the name. For a field that was just added in the CMS, run an export first: it renews the schema file. */ `the collection has no field ${quoted(column)}, so the column is not sent.${hint} Correct the name, or add the field in the CMS and export.`
        : `the column ${quoted(column)} is ${reason}, so it is not imported. Remove it.`;
    return [finding('unknown-column', place, words)];
  });
}

/** A header without what nobody sees in it. */
function unspaced(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s\p{Cf}\p{Cc}]/gu, '');
}

/** What became of the columns that base has. */
export function lostColumns(table: Table, { dropped, renamed }: ColumnDiff): readonly Finding[] {
  const place = headerOf(table);
  return [
    // One that was misspelled is an error of its own.
    ...renamed
      .filter(({ from, to }) => unspaced(from) !== unspaced(to))
      .map(({ from, to }) => {
        const words = `the column ${quoted(from)} is now called ${quoted(to)}. The header names fields of the CMS: there, ${quoted(from)} keeps its values, and ${quoted(to)} is not sent unless it is a field. Restore the name, or rename the field in the CMS first.`;
        return finding('renamed-column', place, words);
      }),
    ...dropped.map((column) => {
      const words = `the column ${quoted(column)} is gone. The site keeps its values, but git does not. Restore it, or exclude it in the configuration.`;
      return finding('dropped-column', place, words);
    }),
  ];
}

/** Headers of a localization that were renamed: Wix names its columns, and reads them by their names. */
export function renamedHeaders(
  table: Table,
  { added, renamed }: Pick<ColumnDiff, 'added' | 'renamed'>,
): readonly Finding[] {
  const place = headerOf(table);
  return [
    ...renamed.map(({ from, to }) => {
      const words = `the header ${quoted(from)} is now ${quoted(to)}, but Wix knows its columns by their headers. Restore ${quoted(from)}.`;
      return finding('localization-header', place, words);
    }),
    ...added.map((column) => {
      const words = `the column ${quoted(column)} was added in git, but Wix makes the columns of a localization. Remove it; for another language, add it in the configuration and export.`;
      return finding('unknown-column', place, words);
    }),
  ];
}

/** So many cells of a column may go empty before it is looked at as a whole. */
const fewCells = 3;

/** Columns that lost most of their cells, as a wrong paste or a failed formula leaves them. */
export function emptiedColumnCheck(
  columns: readonly Column[],
  head: Table,
  base: Side | undefined,
): Check {
  const emptied = columns.map(() => 0);
  return {
    row({ base: before, head: after }) {
      if (before === null || after === null) return [];
      for (const i of columns.keys()) {
        if (after[i] === '' && before[i] !== '') emptied[i] = (emptied[i] ?? 0) + 1;
      }
      return [];
    },
    *end() {
      const suspects = columns
        .map(({ key }, i) => ({ key, count: emptied[i] ?? 0 }))
        .filter(({ count }) => count > fewCells);
      const filled = filledCells(
        base,
        suspects.map(({ key }) => key),
      );
      for (const [i, { key, count }] of suspects.entries()) {
        const all = filled[i] ?? 0;
        if (2 * count <= all) continue;
        const words = `${count} of the ${all} filled cells in ${quoted(key)} went empty. Restore them if that was not meant.`;
        yield finding('emptied-column', headerOf(head), words);
      }
    },
  };
}

/** How many cells of each of these columns are filled. */
function filledCells(side: Side | undefined, keys: readonly string[]): readonly number[] {
  const counts = keys.map(() => 0);
  if (side === undefined || keys.length === 0) return counts;
  const positions = keys.map((key) => side.positions.get(key) ?? -1);
  for (const { cells } of side.table.rows()) {
    positions.forEach((position, i) => {
      if (cells[position]) counts[i] = (counts[i] ?? 0) + 1;
    });
  }
  return counts;
}

function headerOf(table: Table) {
  return { file: table.files[0] ?? '', line: 1 };
}
