import type { Layout } from '../csv/join.ts';
import { joinRows } from '../csv/join.ts';
import type { Row, Table } from '../csv/table.ts';
import { sameValue } from './value.ts';

/** A column of a file under comparison: a field key and the field's type. */
export interface Column {
  readonly key: string;
  readonly type: string;
  /** `site`: git keeps a copy of what the site has there, as of the source texts of translations. */
  readonly owner?: 'site';
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
  /** The rows that an import set out to write, and did not see arrive; `undefined` without such. */
  readonly sent: Side | undefined;
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
  /**
   * What an earlier import would have made of base: the row, or nothing where it was to remove it.
   * It is not known what of it has arrived. `undefined`: it had nothing to do with this row.
   */
  readonly sent: Cells | 'removal' | undefined;
  /** Whether that import was to empty the collection first: then a row that is gone was not removed. */
  readonly isRefill: boolean;
  /** The row of head, for messages that name its place. */
  readonly headRow: Row | undefined;
  /** The row of live, with the columns that the comparison leaves out. */
  readonly liveRow: Row | undefined;
  /**
   * The row as a file may hold it on, record and all: where all the versions there are have it with
   * the same texts, and head has just the columns of the comparison. Its cells need not be read.
   */
  readonly settled: Row | undefined;
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
  const layouts = all.map((side) => side && layoutOf(columns, side));
  const [readHead, readBase, readRecorded, readLive] = all.map((side, i) =>
    reader(layouts[i], side?.table.columns.length),
  );
  const silent = columns.map(({ key }) => sides.head?.positions.has(key) === false);
  const speaksOfAll = !silent.includes(true);
  const isWhole = sides.head?.table.columns.length === columns.length && isPlain(layouts[0]);
  const tables = all.map((side) => side?.table);
  const readSent = sentReader(columns, sides.sent);
  const follows = sides.base !== undefined && columns.some(({ owner }) => owner === 'site');
  for (const { key, row, same } of joinRows(tables, extent, layouts)) {
    const [headRow, liveRow] = [row(0), row(3)];
    if (same && isWhole && headRow !== undefined) {
      yield new SettledVersions(key, headRow, liveRow, sides);
      continue;
    }
    const base = readBase?.(row(1)) ?? null;
    const live = readLive?.(liveRow);
    const head = readHead?.(headRow) ?? null;
    const versions: Versions = {
      key,
      base,
      live,
      recorded: readRecorded?.(row(2)),
      ...readSent(key),
      head: speaksOfAll ? head : whole(head, silent, base ?? live),
      headRow,
      liveRow,
      settled: undefined,
    };
    yield follows ? followingSite(columns, versions) : versions;
  }
}

/**
 * A row of a localization, in which the translations alone are git's to edit. The other cells, and
 * which rows there are, follow the site:
 *
 * - A source text that differs is no edit of git: base is what git holds.
 * - A row that the site has and base lacks came back with its item, and has no translation yet:
 *   those that git holds are its edits.
 * - A row that the site lacks, and whose translations git has edited, is a new one. It waits until the
 *   site has its item.
 */
function followingSite(columns: readonly Column[], row: Versions): Versions {
  const { head, live } = row;
  const base = row.base ?? (live === null ? row.recorded : null) ?? null;
  if (head === null || (base === null && !live)) return row;
  const isSame = ({ owner, type }: Column, i: number) =>
    owner === 'site' || sameValue(type, head[i] ?? '', base?.[i] ?? '');
  if (live === null && !columns.every(isSame)) return { ...row, base: null, recorded: null };
  const copied = ({ owner }: Column, i: number) => (owner === 'site' ? head[i] : base?.[i]) ?? '';
  return { ...row, base: columns.map(copied) };
}

/** The column of what was sent that says what was to become of a row: no field has this key. */
export const fateColumn = '#fate';

/** What is said there of a row; one that was to be written, nothing else, has no mark. */
export const fates = { removal: 'removal', refill: 'refill' } as const;

/** Looks rows up by key: there are few of them, or none. */
function sentReader(
  columns: readonly Column[],
  side: Side | undefined,
): (key: string) => Pick<Versions, 'sent' | 'isRefill'> {
  if (side === undefined) return () => ({ sent: undefined, isRefill: false });
  const read = reader(layoutOf(columns, side), side.table.columns.length);
  const at = side.positions.get(fateColumn) ?? -1;
  return (key) => {
    const row = side.table.row(key);
    const fate = row?.cells[at];
    const sent = fate === fates.removal ? fate : (read?.(row) ?? undefined);
    return { sent, isRefill: fate === fates.refill };
  };
}

/** Fills the cells that head is silent about with those of another version. */
function whole(
  head: Cells | null,
  silent: readonly boolean[],
  other: Cells | null | undefined,
): Cells | null {
  return head?.map((cell, i) => (silent[i] ? (other?.[i] ?? '') : cell)) ?? null;
}

/**
 * A row that is the same in all its versions, which are head's cells when they are asked for. Never
 * given where only differences are, so that those may be copied member by member.
 */
class SettledVersions implements Versions {
  readonly key: string;
  readonly headRow: Row;
  readonly liveRow: Row | undefined;
  readonly settled: Row;
  /** Where all agree, what was sent is of no more interest. */
  readonly sent = undefined;
  readonly isRefill = false;
  readonly #sides: Sides;

  constructor(key: string, row: Row, liveRow: Row | undefined, sides: Sides) {
    this.key = key;
    this.headRow = row;
    this.liveRow = liveRow;
    this.settled = row;
    this.#sides = sides;
  }

  get head(): Cells {
    return this.settled.cells;
  }

  get base(): Cells | null {
    return this.#sides.base === undefined ? null : this.head;
  }

  get recorded(): Cells | undefined {
    return this.#sides.recorded && this.head;
  }

  get live(): Cells | undefined {
    return this.#sides.live && this.head;
  }
}

/** Whether rows that neither git nor any record knows of are looked at. */
export type Reach = 'all' | 'known-only';

/** Leaves out the rows that only the site has, where a read went beyond what git is to hold. */
export function* within(reach: Reach, rows: Iterable<Versions>): Generator<Versions> {
  for (const row of rows) {
    if (reach === 'all' || row.settled !== undefined || isKnown(row)) yield row;
  }
}

function isKnown({ head, base, recorded }: Versions): boolean {
  return head !== null || base !== null || Boolean(recorded);
}

type Read = (row: Row | undefined) => Cells | null;

function layoutOf(columns: readonly Column[], side: Side): Layout {
  return columns.map(({ key }) => side.positions.get(key) ?? -1);
}

/** Whether the cells are those of the record, one after the other. */
function isPlain(layout: Layout | undefined): boolean {
  return layout?.every((position, i) => position === i) === true;
}

function reader(layout: Layout | undefined, width = 0): Read | undefined {
  if (layout === undefined) return undefined;
  if (layout.length === width && isPlain(layout)) return (row) => row?.cells ?? null;
  return (row) => {
    if (row === undefined) return null;
    const { cells } = row;
    return layout.map((at) => cells[at] ?? '');
  };
}
