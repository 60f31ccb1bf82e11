import type { Layout } from '../csv/join.ts';
import { joinRows } from '../csv/join.ts';
import type { Row, Table } from '../csv/table.ts';
import { agreedNow, type RowVersions } from './merge.ts';
import { type Carrier, type Transit, transitsFrom } from './transit.ts';
import { sameValue } from './values/value.ts';

/** A column of a comparison: a field key and the field's type. */
export interface Column {
  readonly key: string;
  readonly type: string;
  /**
   * `site`: git only keeps a copy of these cells, such as the source texts of translations.
   * `site-where-empty`: the same for cells that are empty in git, because emptying them means nothing.
   */
  readonly owner?: 'site' | 'site-where-empty';
}

/** The texts of a row, one per column of the comparison. */
export type Cells = readonly string[];

/** A table, and which of its columns holds which field. */
export interface Side {
  readonly table: Table;
  /** The position of each field key in the table's records. */
  readonly positions: ReadonlyMap<string, number>;
  /** The keys that were derived for rows without an id. */
  readonly derived?: ReadonlySet<string> | undefined;
  /** The keys that were read, if not all rows were: the site may or may not have the others. */
  readonly only?: ReadonlySet<string>;
  /** Whether rows that only this side has do not count: more was read than the configured filter selects. */
  readonly knownOnly?: boolean;
}

/** The versions of one content, each as a file. */
export interface Sides {
  /** In git. */
  readonly head: Side | undefined;
  /** As git and the site last agreed on it, by the record or what stands in for it. */
  readonly recorded?: Side | undefined;
  /** On the site as it was just read. */
  readonly live?: Side | undefined;
  /** In git before a pull request, to tell what the pull request itself changes. */
  readonly before?: Side | undefined;
  /** In the commits since the record saw the branch, oldest first, without `head`. */
  readonly past?: readonly Side[];
  /** In the own commits of the branch that exports propose from, oldest first. */
  readonly proposal?: readonly Side[];
  /** The rows offered to git and sent to the site, as records of their files. */
  readonly offered?: readonly Cells[];
  readonly sent?: readonly Cells[];
  readonly endOf?: EndOf | undefined;
  /** Whether the file was exported before, and nobody knows any more what was agreed. */
  readonly isPastLost?: boolean;
}

/** What became of a row in the job of this name; `undefined`: the job may still write it. */
export type EndOf = (job: string, key: string, fate: Transit['fate']) => Carrier['end'];

/** One row in all its versions. `null`: that version lacks the row. `undefined`: it is not known. */
export interface Versions extends RowVersions {
  readonly key: string;
  /** What git and the site agree on now, computed from all other versions. */
  readonly base: Cells | null;
  /** Whether git's row has its id in the file, and not a derived one. */
  readonly hasOwnId: boolean;
  /** Whether nobody knows any more if it was agreed, because the record was lost. */
  readonly isUnclear: boolean;
  /** The row of head, for messages that name its place. */
  readonly headRow: Row | undefined;
  /** The row of live, which also has the columns that are not compared. */
  readonly liveRow: Row | undefined;
  /**
   * Head's row, if all versions have the same texts and head has just the compared columns: a file can
   * take it as it is, without its cells being read.
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
 * @param extent `different` leaves out rows that are the same in all versions and have nothing on its way.
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
  const isWhole = isExact(columns, head);
  for (const { key, row, same } of joinRows(tables, open.size > 0 ? 'all' : extent, layouts)) {
    const isSame = same && !open.has(key);
    if (isSame && extent === 'different') continue;
    const [headRow, liveRow] = [row(0), row(2) ?? few?.row(key)];
    const versions =
      isSame && isWhole && headRow !== undefined
        ? new SettledVersions(key, headRow, liveRow, sides)
        : read(key, [headRow, row(1), liveRow, row(3)]);
    if (!isForeign(live, versions)) yield versions;
  }
}

/** Finds the versions of single rows by their keys. */
export function versionsByKey(columns: readonly Column[], sides: Sides): (key: string) => Versions {
  const { read } = rowReader(columns, sides);
  const { head, recorded, live, before } = sides;
  const all = [head, recorded, live, before];
  return (key) =>
    read(
      key,
      all.map((side) => side?.table.row(key)),
    );
}

/** Reads one row in all its versions: head, recorded, live, and before. */
function rowReader(columns: readonly Column[], sides: Sides) {
  const { head, recorded, live, before, proposal = [], endOf } = sides;
  const offered = transitsFrom(sides.offered ?? [], columns);
  const sent = transitsFrom(sides.sent ?? [], columns, endOf);
  const [readHead, readRecorded, readLive, readBefore] = [head, recorded, live, before].map(
    (side) => side && readerOf(columns, side),
  );
  const finderOf = (side: Side) => {
    const readRow = readerOf(columns, side);
    return (key: string) => readRow(side.table.row(key));
  };
  const readPasts = (sides.past ?? []).map(finderOf);
  const readProposal = proposal.map(finderOf);
  const isRecorded = columns.map(({ key }) => recorded?.positions.has(key) === true);
  const fillHead = filling(columns.map(({ key }) => head?.positions.has(key) === false));
  // A field that was excluded or deleted on the site, for example: nobody has emptied its cells.
  const fillLive = filling(
    columns.map(({ key }, i) => live?.positions.has(key) === false && isRecorded[i] === true),
  );
  const follows = recorded !== undefined && columns.some(({ owner }) => owner !== undefined);
  const read = (key: string, rows: readonly (Row | undefined)[]): Versions => {
    const [headRow, recordedRow, liveRow, beforeRow] = rows;
    const known = readRecorded?.(recordedRow) ?? null;
    const isRead = readLive !== undefined && live?.only?.has(key) !== false;
    const site = isRead ? fillLive(readLive(liveRow), (i) => known?.[i]) : undefined;
    // Nobody has emptied a column that left the file, or a field that is new to it.
    const silent = (i: number) => (isRecorded[i] ? (known ?? site) : site)?.[i];
    const written = fillHead(readHead?.(headRow) ?? null, silent);
    const offers = offered.get(key) ?? [];
    const had = (finders: typeof readPasts) =>
      offers.length === 0 ? [] : finders.map((find) => find(key));
    const git = { head: written, recorded: known, past: had(readPasts) };
    const rest = {
      live: site,
      recorded: known,
      past: withCorrected(columns, git, had(readProposal)),
      offered: offers,
      sent: sent.get(key) ?? [],
    };
    const row = ownEdits(columns, rest, written, readBefore?.(beforeRow));
    const agreed = agreedNow(columns, row);
    const base = follows ? followingSite(columns, row, agreed) : agreed;
    const hasOwnId = head?.derived?.has(key) !== true;
    const isLost = sides.isPastLost === true && site !== undefined && hasOwnId;
    const isUnclear = base === null && (isLost || row.sent.some(({ fate }) => fate === 'unclear'));
    return { key, ...row, base, hasOwnId, isUnclear, headRow, liveRow, settled: undefined };
  };
  const taken = readPasts.length > 0 ? offered.keys() : [];
  // These rows have to be judged even if all files have the same texts.
  const open = new Set([...sent.keys(), ...taken, ...(live?.only ?? [])]);
  return { read, open };
}

/**
 * Git's past rows, with those that it took from the branch that exports propose from. Example: an export
 * offers 5, somebody corrects it there to 6, and a squash merge brings the 6 alone. Git has the branch's value,
 * so git had the 5 in between.
 *
 * @param proposal the row in the branch's own commits, oldest first.
 * @internal
 */
export function withCorrected(
  columns: readonly Column[],
  { head, recorded, past }: Pick<RowVersions, 'head' | 'recorded' | 'past'>,
  proposal: readonly (Cells | null)[],
): RowVersions['past'] {
  const tip = proposal.at(-1);
  if (recorded === null || !tip) return past;
  const isTaken = columns.map(({ type }, i) => {
    const isTip = (cells: Cells | null) => cells && sameValue(type, cells[i] ?? '', tip[i] ?? '');
    return !isTip(recorded) && [...past, head].some(isTip);
  });
  if (!isTaken.includes(true)) return past;
  const taken = proposal.map(
    (row) => row && recorded.map((text, i) => (isTaken[i] ? (row[i] ?? '') : text)),
  );
  return [...taken.filter((row) => row !== null), ...past];
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
 * Base for a row of a localization. Git may edit only translations; rows and other cells follow the site:
 *
 * - A source text that differs is no edit of git: base is what git has.
 * - A row that only base lacks came back with its item, without translations: git's are edits.
 * - A row that the site lacks and whose translations git has edited is new: it waits for its item.
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

/** Git's row; in a pull request, only its own edits, laid over what was agreed before it. */
function ownEdits(
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

/** A row that is the same in all versions, with getters that read its cells late: do not spread it. */
class SettledVersions implements Versions {
  readonly key: string;
  readonly headRow: Row;
  readonly liveRow: Row | undefined;
  readonly settled: Row;
  readonly hasOwnId = true;
  readonly isUnclear = false;
  readonly past = none;
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

/** Whether a row lies outside the filter: neither git nor the record has it, and no export has offered it. */
function isForeign(live: Side | undefined, row: Versions): boolean {
  if (!live?.knownOnly || row.settled !== undefined) return false;
  return row.head === null && row.recorded === null && row.offered.length === 0;
}

type Read = (row: Row | undefined) => Cells | null;

function layoutOf(columns: readonly Column[], side: Side): Layout {
  return columns.map(({ key }) => side.positions.get(key) ?? -1);
}

/** Whether a side's records have just the compared cells, in their order. */
function isExact(columns: readonly Column[], side: Side | undefined): boolean {
  if (side?.table.columns.length !== columns.length) return false;
  return layoutOf(columns, side).every((position, i) => position === i);
}

export function readerOf(columns: readonly Column[], side: Side): Read {
  if (isExact(columns, side)) return (row) => row?.cells ?? null;
  const layout = layoutOf(columns, side);
  return (row) => {
    if (row === undefined) return null;
    const { cells } = row;
    return layout.map((at) => cells[at] ?? '');
  };
}
