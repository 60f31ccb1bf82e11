import type { Table } from '../../csv/table.ts';
import { nearest } from '../../io/did-you-mean.ts';
import type { ColumnDiff } from '../diff.ts';
import type { CollectionSchema } from '../schema.ts';
import type { Column, Side } from '../versions.ts';
import type { Check } from './check.ts';
import { type Finding, finding, quoted, type Rule } from './finding.ts';

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
  const about = (rule: Rule, words: string) => [finding(rule, headerOf(table), words)];
  return table.columns.flatMap((column) => {
    if (known.has(column)) return [];
    const [name, field, reason] = [
      quoted(column),
      fields.get(unspaced(column)),
      omitted.get(column),
    ];
    if (field !== undefined) {
      const words = `the header ${name} differs from the field ${quoted(field)} only in case or blanks. Write ${field}.`;
      return about('misspelled-column', words);
    }
    if (reason !== undefined) {
      const words = `the column ${name} is ${reason}, so it is not imported. Remove it.`;
      return about('unknown-column', words);
    }
    if (column === '') {
      const words = 'a column has no name, so it is not sent. Delete it, or name a field.';
      return about('unknown-column', words);
    }
    const near = nearest(column, keys);
    const hint = near === undefined ? '' : ` Did you mean ${near}?`;
    const words = `the collection has no field ${name}, so the column is not sent.${hint} Correct the name, or add the field in the CMS and export.`;
    return about('unknown-column', words);
  });
}

/** A header without what nobody sees in it. */
function unspaced(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s\p{Cf}\p{Cc}]/gu, '');
}

/** What became of the columns that base has. One that was misspelled is an error of its own. */
export function* lostColumns(table: Table, { dropped, renamed }: ColumnDiff): Generator<Finding> {
  for (const { from, to } of renamed) {
    if (unspaced(from) === unspaced(to)) continue;
    const words = `the column ${quoted(from)} is now called ${quoted(to)}. The header names fields of the CMS: there, ${quoted(from)} keeps its values, and ${quoted(to)} is not sent unless it is a field. Restore the name, or rename the field in the CMS first.`;
    yield finding('renamed-column', headerOf(table), words);
  }
  for (const column of dropped) {
    const words = `the column ${quoted(column)} is gone. The site keeps its values, but git does not. Restore it, or exclude it in the configuration.`;
    yield finding('dropped-column', headerOf(table), words);
  }
}

/** Headers of a localization that were renamed: Wix names its columns, and reads them by their names. */
export function* renamedHeaders(
  table: Table,
  { added, renamed }: Pick<ColumnDiff, 'added' | 'renamed'>,
): Generator<Finding> {
  for (const { from, to } of renamed) {
    const words = `the header ${quoted(from)} is now ${quoted(to)}, but Wix knows its columns by their headers. Restore ${quoted(from)}.`;
    yield finding('localization-header', headerOf(table), words);
  }
  for (const column of added) {
    const words = `the column ${quoted(column)} was added in git, but Wix makes the columns of a localization. Remove it; for another language, add it in the configuration and export.`;
    yield finding('unknown-column', headerOf(table), words);
  }
}

/** So many cells of a column may go empty before it is looked at as a whole. */
const fewCells = 3;

/** Columns that lost most of their cells, as a wrong paste or a failed formula leaves them. */
export function emptiedColumnCheck(columns: readonly Column[], head: Table, base: Side): Check {
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
      const suspects = columns.filter((_, i) => (emptied[i] ?? 0) > fewCells);
      const filled = filledCells(base, suspects);
      for (const [i, { key }] of columns.entries()) {
        const [count, all] = [emptied[i] ?? 0, filled.get(key)];
        if (all === undefined || 2 * count <= all) continue;
        const words = `${count} of the ${all} filled cells in ${quoted(key)} went empty. Restore them if that was not meant.`;
        yield finding('emptied-column', headerOf(head), words);
      }
    },
  };
}

/** How many cells of these columns are filled, by their keys: all of them counted in one reading. */
function filledCells(
  { table, positions }: Side,
  columns: readonly Column[],
): ReadonlyMap<string, number> {
  const filled = new Map(columns.map(({ key }) => [key, 0]));
  if (filled.size === 0) return filled;
  for (const { cells } of table.rows()) {
    for (const [key, count] of filled) {
      if (cells[positions.get(key) ?? -1]) filled.set(key, count + 1);
    }
  }
  return filled;
}

function headerOf(table: Table) {
  return { file: table.files[0] ?? '', line: 1 };
}
