import { joinRows } from '../csv/join.ts';
import type { Row, Table } from '../csv/table.ts';

/** A column of a file under comparison: a field key and the field's type. */
export interface Column {
  readonly key: string;
  readonly type: string;
}

/** The texts of a row, one per column of the comparison. */
export type Cells = readonly string[];

/** A table whose columns go by field keys, whatever its file calls them. */
export interface Side {
  readonly table: Table;
  /** Where each field key stands in the table's records. */
  readonly positions: ReadonlyMap<string, number>;
}

/** The tables that hold one file's rows: in git, where both agreed, and on the site. */
export interface Sides {
  readonly head: Side | undefined;
  /** `undefined` where no base is known. */
  readonly base: Side | undefined;
  /** The site as it was last recorded; `undefined` where that was never done. */
  readonly recorded: Side | undefined;
  /** The site as it was just read; `undefined` where it was not. */
  readonly live: Side | undefined;
}

/**
 * One row in all its versions. `null`: that version does not have the row; `undefined`: that
 * version was not read, so nothing is known of it.
 */
export interface Versions {
  readonly key: string;
  readonly head: Cells | null;
  readonly base: Cells | null;
  readonly recorded: Cells | null | undefined;
  readonly live: Cells | null | undefined;
  /** The row of head, for messages that name its place. */
  readonly headRow: Row | undefined;
  /** The row of live, with the columns that the comparison leaves out. */
  readonly liveRow: Row | undefined;
}

/** A table whose header cells are the field keys themselves. */
export function sideOf(table: Table): Side {
  return { table, positions: new Map(table.columns.map((key, position) => [key, position])) };
}

/**
 * Joins the versions of every row, in the order of keys.
 *
 * A column that a version lacks is empty there, but for head: a column that was dropped from the
 * file is a file that no longer speaks of that field, not one that empties it.
 *
 * @param extent `different` leaves out rows that are the same in all the versions there are.
 */
export function* versionsOf(
  columns: readonly Column[],
  sides: Sides,
  extent: 'all' | 'different' = 'all',
): Generator<Versions> {
  const all = [sides.head, sides.base, sides.recorded, sides.live];
  const [readHead, readBase, readRecorded, readLive] = all.map((side) => reader(columns, side));
  const silent = columns.map(({ key }) => sides.head?.positions.has(key) === false);
  const tables = all.map((side) => side?.table);
  for (const { key, rows } of joinRows(tables, extent)) {
    const [headRow, baseRow, recordedRow, liveRow] = rows;
    const base = readBase?.(baseRow) ?? null;
    const live = readLive?.(liveRow);
    const head = readHead?.(headRow) ?? null;
    yield {
      key,
      base,
      live,
      recorded: readRecorded?.(recordedRow),
      head: head?.map((cell, i) => (silent[i] ? (base?.[i] ?? live?.[i] ?? '') : cell)) ?? null,
      headRow,
      liveRow,
    };
  }
}

/** Whether rows that neither git nor any record knows of are looked at. */
export type Reach = 'all' | 'known-only';

/** Leaves out the rows that only the site has, where a read went beyond what git is to hold. */
export function* within(reach: Reach, rows: Iterable<Versions>): Generator<Versions> {
  for (const row of rows) {
    const { head, base, recorded } = row;
    if (reach === 'all' || head !== null || base !== null || recorded) yield row;
  }
}

type Read = (row: Row | undefined) => Cells | null;

function reader(columns: readonly Column[], side: Side | undefined): Read | undefined {
  if (side === undefined) return undefined;
  const positions = columns.map(({ key }) => side.positions.get(key) ?? -1);
  return (row) => (row === undefined ? null : positions.map((at) => row.cells[at] ?? ''));
}
