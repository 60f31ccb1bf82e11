import type { Table } from '../../csv/table.ts';
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
  const known = new Set(['_id', ...schema.fields.map(({ key }) => key), ...base]);
  const omitted = new Map(schema.omitted.map(({ key, reason }) => [key, reason]));
  return table.columns.flatMap((column) => {
    if (known.has(column)) return [];
    const reason = omitted.get(column);
    const words =
      reason === undefined
        ? `the collection has no field ${quoted(column)}. Correct the name, or add the field in the CMS.`
        : `the column ${quoted(column)} is ${reason}, so it is not imported. Remove it.`;
    return [finding('unknown-column', headerOf(table), words)];
  });
}

/** What became of the columns that base has. */
export function lostColumns(table: Table, { dropped, renamed }: ColumnDiff): readonly Finding[] {
  const place = headerOf(table);
  return [
    ...renamed.map(({ from, to }) => {
      const words = `the column ${quoted(from)} is now called ${quoted(to)}. The header names fields of the CMS: there, ${quoted(from)} keeps its values and ${quoted(to)} gets a copy. Restore the name, or rename the field in the CMS first.`;
      return finding('renamed-column', place, words);
    }),
    ...dropped.map((column) => {
      const words = `the column ${quoted(column)} is gone. The site keeps its values, but git does not. Restore it, or exclude it in the configuration.`;
      return finding('dropped-column', place, words);
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
