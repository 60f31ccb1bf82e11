import { itemIdentity } from '../../src/content/identity.ts';
import { type Column, type Sides, sideOf } from '../../src/content/versions.ts';
import type { Table } from '../../src/csv/table.ts';
import { tableOf } from '../csv/table-in-memory.ts';

/** A table of items from rows written as objects; the columns are the keys of the first. */
export function items(...rows: readonly Record<string, string>[]): Table {
  const columns = Object.keys(rows[0] ?? { _id: '' });
  return tableOf(
    columns,
    rows.map((row) => columns.map((column) => row[column] ?? '')),
    itemIdentity('_id'),
  );
}

/** The versions of a file that are tables. */
export type Tables = Partial<Record<'head' | 'recorded' | 'live' | 'before', Table>>;

/** The versions of a file, each given as a table or not at all. */
export function sides({ head, recorded, live, before }: Tables): Sides {
  const side = (table: Table | undefined) => table && sideOf(table);
  return {
    head: side(head),
    recorded: side(recorded),
    live: side(live),
    ...(before === undefined ? {} : { before: side(before) }),
  };
}

/** Columns of text, or of the types given. */
export function columns(types: Record<string, string>): readonly Column[] {
  return Object.entries(types).map(([key, type]) => ({ key, type }));
}
