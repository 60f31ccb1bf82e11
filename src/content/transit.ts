import type { Cells, Column, EndOf } from './versions.ts';

const fates = ['written', 'removed', 'refilled', 'kept', 'risked', 'unclear'] as const;

/**
 * A row on its way from one side to the other: an export offers it to git, or an import sends it to the
 * site. It is recorded until a run has seen what became of it.
 */
export interface Transit {
  /**
   * What becomes of the row: its cells are `written`, or it is `removed`. An import that empties the
   * collection first has it `refilled` with git's cells, and `kept` with those that only the site has.
   * `risked` are its multi-references, which the job may empty, and which are written back after it. Nothing
   * is sent of an `unclear` row: the record was lost before both sides had the same.
   */
  readonly fate: (typeof fates)[number];
  /** One text per column; `undefined` for a cell that is not sent. */
  readonly cells: readonly (string | undefined)[];
  /** What carries the row to the site; `undefined` for an offer. */
  readonly job: Carrier | undefined;
}

/** What a run is about to do to a row of the other side, with its cells by field key. */
export interface Departure {
  readonly fate: Transit['fate'];
  readonly cells: ReadonlyMap<string, string>;
  /** The cells of a `refilled` row that only the site has: they are sent as well, but git never had them. */
  readonly kept?: ReadonlyMap<string, string>;
  /** The multi-references that the site has. */
  readonly risked?: ReadonlyMap<string, string>;
}

/** The transits of rows that are about to depart. */
export function transitsOf(
  columns: readonly Column[],
  departures: ReadonlyMap<string, Departure>,
  job?: Carrier,
): Transits {
  const transit = (fate: Transit['fate'], cells: Departure['cells']): Transit => {
    return { fate, cells: columns.map((column) => cells.get(column.key)), job };
  };
  return new Map(
    [...departures].map(([key, { fate, cells, kept, risked }]) => [
      key,
      [
        transit(fate, cells),
        ...(kept?.size ? [transit('kept', kept)] : []),
        ...(risked?.size ? [transit('risked', risked)] : []),
      ],
    ]),
  );
}

/** The job that takes a row to the site. */
export interface Carrier {
  readonly name: string;
  /** When the run that submits it is certainly over, in milliseconds since the epoch. */
  readonly until: number;
  /**
   * What became of the row: Wix has `applied` it; the job is `over`, and only the site shows what it did; or
   * it is `unsent` and never will be. `undefined`: the job may still write it.
   */
  readonly end: 'applied' | 'over' | 'unsent' | undefined;
}

/** The transits of a content, by the keys of their rows, oldest first. */
export type Transits = ReadonlyMap<string, readonly Transit[]>;

export const noTransits: Transits = new Map();

/** The first columns of a file of transits: no field has such a key. */
export const transitMarks = ['#key', '#fate', '#job', '#until'] as const;

/** The columns of the content in a file of transits. */
export function transitColumns(header: readonly string[]): readonly string[] {
  return header.slice(transitMarks.length);
}

/**
 * Reads a file of transits. A cell that is sent begins with `=`: `=4` is 4, `=` is an emptied cell.
 *
 * @param rows the records, the header first; several of one key are transits of one row.
 * @param columns the columns that the transits are to have.
 */
export function transitsFrom(
  [header = [], ...rows]: readonly Cells[],
  columns: readonly Column[],
  endOf?: EndOf,
): Transits {
  const positions = columns.map(({ key }) => header.indexOf(key, transitMarks.length));
  const transits = new Map<string, Transit[]>();
  for (const row of rows) {
    const [key = '', fate = '', name = '', until = ''] = row;
    const cells = positions.map((at) => (row[at]?.startsWith('=') ? row[at].slice(1) : undefined));
    const known = fates.find((each) => each === fate) ?? 'written';
    const end = endOf?.(name, key, known);
    const job = name === '' ? undefined : { name, until: Number(until), end };
    transits.set(key, [...(transits.get(key) ?? []), { fate: known, cells, job }]);
  }
  return transits;
}

/** The records of a file of transits, the header first: what `transitsFrom` reads. None if nothing is on its way. */
export function transitRecords(columns: readonly Column[], transits: Transits): readonly Cells[] {
  const header = [...transitMarks, ...columns.map(({ key }) => key)];
  const rows = [...transits].flatMap(([key, row]) =>
    row.map(({ fate, cells, job }) => [
      key,
      fate,
      job?.name ?? '',
      job === undefined ? '' : String(job.until),
      ...cells.map((text) => (text === undefined ? '' : `=${text}`)),
    ]),
  );
  return rows.length === 0 ? [] : [header, ...rows];
}
