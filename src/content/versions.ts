import type { Layout } from '../csv/join.ts';
import { joinRows } from '../csv/join.ts';
import type { Row, Table } from '../csv/table.ts';
import { agreedNow, type RowVersions } from './merge.ts';
import { transitsFrom } from './transit.ts';
import { sameValue } from './values/value.ts';

/** A column of a file under comparison: a field key and the field's type. */
export interface Column {
  readonly key: string;
  readonly type: string;
  /**
   * `site`: git keeps a copy of what the site has there, as of the source texts of translations;
   * `site-where-empty`: the same of the cells that git has empty, since emptying them says nothing.
   */
  readonly owner?: 'site' | 'site-where-empty';
}

/** The texts of a row, one per column of the comparison. */
export type Cells = readonly string[];

/** A table whose columns go by field keys, whatever its file calls them. */
export interface Side {
  readonly table: Table;
  /** Where each field key stands in the table's records. */
  readonly positions: ReadonlyMap<string, number>;
  /** The keys that its rows got from what they hold, having none of their own. */
  readonly derived?: ReadonlySet<string>;
  /** The keys that were read, where not all were: of other rows, nobody knows whether they are there. */
  readonly only?: ReadonlySet<string>;
}

/** The versions of one content. */
export interface Sides {
  /** In git. */
  readonly head: Side | undefined;
  /** As git and the site last agreed on it, by the record or what stands in for it. */
  readonly recorded?: Side | undefined;
  /** On the site as it was just read. */
  readonly live?: Side | undefined;
  /** In git before a pull request: what the pull request leaves alone, it does not change. */
  readonly before?: Side | undefined;
  /** In the commits since the record saw the branch, oldest first, without `head`. */
  readonly past?: readonly Side[];
  /** The records of what was offered to git, and of what was sent to the site. */
  readonly offered?: readonly Cells[];
  readonly sent?: readonly Cells[];
  /** What is known of the jobs that carry what was sent. */
  readonly endOf?: EndOf | undefined;
}

/** What is known of a job, by its name, and the row of a key in it; `undefined`: it may still write. */
export type EndOf = (job: string, key: string) => 'applied' | 'over' | undefined;

/**
 * One row in all its versions. `null`: that version does not have the row; `undefined`: that
 * version is not known.
 */
export interface Versions extends RowVersions {
  readonly key: string;
  /** What git and the site agree on now: the judgement of all that is known. */
  readonly base: Cells | null;
  /** Whether git's row has its id in the file: it is not derived from what the row holds. */
  readonly hasOwnId: boolean;
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
 * A column that a version lacks is empty there, except in git and on the site: nobody emptied a column
 * that was dropped from the file, or that an export does not carry.
 *
 * @param extent `different` leaves out rows that are the same in all the versions there are, and that
 * have nothing on its way.
 */
export function* versionsOf(
  columns: readonly Column[],
  sides: Sides,
  extent: 'all' | 'different' = 'all',
): Generator<Versions> {
  const { read, open } = rowReader(columns, sides);
  const { head, recorded, live, before } = sides;
  // Where few rows of the site were read, they are looked up, and all others are compared without it.
  const few = live?.only && live.table;
  const all = [head, recorded, few ? undefined : live, before];
  const layouts = all.map((side) => side && layoutOf(columns, side));
  const tables = all.map((side) => side?.table);
  const isWhole = head?.table.columns.length === columns.length && isPlain(layouts[0]);
  for (const { key, row, same } of joinRows(tables, open.size > 0 ? 'all' : extent, layouts)) {
    const isSame = same && !open.has(key);
    if (isSame && extent === 'different') continue;
    const [headRow, liveRow] = [row(0), row(2) ?? few?.row(key)];
    yield isSame && isWhole && headRow !== undefined
      ? new SettledVersions(key, headRow, liveRow, sides)
      : read(key, headRow, row(1), liveRow, row(3));
  }
}

/** Gives the versions of single rows, by their keys. */
export function versionsByKey(columns: readonly Column[], sides: Sides): (key: string) => Versions {
  const { read } = rowReader(columns, sides);
  const { head, recorded, live, before } = sides;
  return (key) => {
    const [ours, agreed, theirs, former] = [head, recorded, live, before].map((side) =>
      side?.table.row(key),
    );
    return read(key, ours, agreed, theirs, former);
  };
}

/** Reads one row in all its versions. */
function rowReader(columns: readonly Column[], sides: Sides) {
  const { head, recorded, live, before, past = [], endOf } = sides;
  const offered = transitsFrom(sides.offered ?? [], columns);
  const sent = transitsFrom(sides.sent ?? [], columns, endOf);
  const [readHead, readRecorded, readLive, readBefore] = [head, recorded, live, before].map(
    (side) => side && readerOf(columns, side),
  );
  const readPasts = past.map((side) => {
    const readPast = readerOf(columns, side);
    return (key: string) => readPast(side.table.row(key));
  });
  const isRecorded = columns.map(({ key }) => recorded?.positions.has(key) === true);
  const fillHead = filling(columns.map(({ key }) => head?.positions.has(key) === false));
  // Such as a field that was excluded or deleted while git still has it: nobody changed it in the CMS.
  const fillLive = filling(
    columns.map(({ key }, i) => live?.positions.has(key) === false && isRecorded[i] === true),
  );
  const follows = recorded !== undefined && columns.some(({ owner }) => owner !== undefined);
  const read = (
    key: string,
    headRow: Row | undefined,
    recordedRow: Row | undefined,
    liveRow: Row | undefined,
    beforeRow: Row | undefined,
  ): Versions => {
    const known = readRecorded?.(recordedRow) ?? null;
    const isRead = readLive !== undefined && live?.only?.has(key) !== false;
    const site = isRead ? fillLive(readLive(liveRow), (i) => known?.[i]) : undefined;
    // A field that is new to the file is as the site has it.
    const silent = (i: number) => (isRecorded[i] ? (known ?? site) : site)?.[i];
    const written = fillHead(readHead?.(headRow) ?? null, silent);
    const offers = offered.get(key) ?? [];
    const rest = {
      live: site,
      recorded: known,
      past: offers.length === 0 ? [] : readPasts.map((readPast) => readPast(key)),
      offered: offers,
      sent: sent.get(key) ?? [],
    };
    const row = proposed(columns, rest, written, readBefore?.(beforeRow));
    const agreed = agreedNow(columns, row);
    const base = follows ? followingSite(columns, row, agreed) : agreed;
    const hasOwnId = head?.derived?.has(key) !== true;
    return { key, ...row, base, hasOwnId, headRow, liveRow, settled: undefined };
  };
  const taken = past.length > 0 ? offered.keys() : [];
  // The rows that may differ though all files have the same: what is on its way has to be judged.
  const open = new Set([...sent.keys(), ...taken, ...(live?.only ?? [])]);
  return { read, open };
}

/** Fills the cells of a row whose columns a version does not have. */
function filling(isSilent: readonly boolean[]) {
  const isWhole = !isSilent.includes(true);
  return (cells: Cells | null, textOf: (at: number) => string | undefined): Cells | null =>
    isWhole || cells === null
      ? cells
      : cells.map((cell, i) => (isSilent[i] ? (textOf(i) ?? '') : cell));
}

/**
 * What counts as agreed of a row of a localization, in which the translations alone are git's to
 * edit. The other cells, and which rows there are, follow the site:
 *
 * - A source text that differs is no edit of git: base is what git holds.
 * - A row that the site has and base lacks came back with its item, and has no translation yet:
 *   those that git holds are its edits.
 * - A row that the site lacks, and whose translations git has edited, is a new one. It waits until the
 *   site has its item.
 */
function followingSite(
  columns: readonly Column[],
  { head, live }: RowVersions,
  base: Cells | null,
): Cells | null {
  if (head === null || (base === null && !live)) return base;
  const isSites = ({ owner }: Column, i: number) =>
    owner === 'site' || (owner === 'site-where-empty' && head[i] === '');
  const isSame = (column: Column, i: number) =>
    isSites(column, i) || sameValue(column.type, head[i] ?? '', base?.[i] ?? '');
  if (live === null && !columns.every(isSame)) return null;
  return columns.map((column, i) => (isSites(column, i) ? head[i] : base?.[i]) ?? '');
}

/** A row of git; of a pull request, its own edits, laid over what was agreed before it. */
function proposed(
  columns: readonly Column[],
  row: Omit<RowVersions, 'head'>,
  head: Cells | null,
  before: Cells | null | undefined,
): RowVersions {
  if (before === undefined) return { ...row, head };
  const recorded = agreedNow(columns, { ...row, head: before });
  if (head === null) return { ...row, recorded, head: before === null ? recorded : null };
  if (before === null || recorded === null) return { ...row, recorded, head };
  const cells = head.map((cell, i) =>
    sameValue(columns[i]?.type ?? '', cell, before[i] ?? '') ? (recorded[i] ?? '') : cell,
  );
  return { ...row, recorded, head: cells };
}

const none: readonly never[] = [];

/**
 * A row that is the same in all its versions, which are head's cells when they are asked for. Never
 * given where only differences are, so that those may be copied member by member.
 */
class SettledVersions implements Versions {
  readonly key: string;
  readonly headRow: Row;
  readonly liveRow: Row | undefined;
  readonly settled: Row;
  readonly hasOwnId = true;
  readonly past = none;
  /** An open offer stays open, and says nothing of a row on which all agree. */
  readonly offered = none;
  readonly sent = none;
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

  get recorded(): Cells | null {
    return this.#sides.recorded === undefined ? null : this.head;
  }

  get base(): Cells | null {
    return this.live === undefined ? this.recorded : this.head;
  }

  get live(): Cells | undefined {
    const { live } = this.#sides;
    return live === undefined || live.only !== undefined ? undefined : this.head;
  }
}

/** Whether rows that neither git nor any record knows of are looked at. */
export type Reach = 'all' | 'known-only';

/** Leaves out the rows that only the site has, where a read went beyond what git is to hold. */
export function* within(reach: Reach, rows: Iterable<Versions>): Generator<Versions> {
  for (const row of rows) {
    const isKnown = () => row.head !== null || row.recorded !== null || row.offered.length > 0;
    if (reach === 'all' || row.settled !== undefined || isKnown()) yield row;
  }
}

type Read = (row: Row | undefined) => Cells | null;

function layoutOf(columns: readonly Column[], side: Side): Layout {
  return columns.map(({ key }) => side.positions.get(key) ?? -1);
}

/** Whether the cells are those of the record, one after the other. */
function isPlain(layout: Layout | undefined): boolean {
  return layout?.every((position, i) => position === i) === true;
}

export function readerOf(columns: readonly Column[], side: Side): Read {
  const layout = layoutOf(columns, side);
  if (layout.length === side.table.columns.length && isPlain(layout)) {
    return (row) => row?.cells ?? null;
  }
  return (row) => {
    if (row === undefined) return null;
    const { cells } = row;
    return layout.map((at) => cells[at] ?? '');
  };
}
