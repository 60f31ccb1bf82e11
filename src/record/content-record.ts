import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import type { Content } from '../config/config.ts';
import { offeredAfter, stillSent } from '../content/merge.ts';
import { type Transit, type Transits, transitRecords, transitsFrom } from '../content/transit.ts';
import {
  type Cells,
  type Column,
  type Sides,
  type Versions,
  versionsByKey,
  versionsOf,
} from '../content/versions.ts';
import { haveSameHeader } from '../csv/table.ts';
import { type KeyedRow, writeTable } from '../csv/writer.ts';
import type { NewFile } from '../repository/commit-files.ts';
import { type Part, recorded } from './sync-record.ts';
import { partName, partPath, type Source } from './version.ts';

/** GitHub refuses files of 100 MB (docs/files.md). */
export const splitLimits = { rows: 50_000, bytes: 95_000_000 };

export interface Learned {
  readonly content: Content;
  /** Every column that a version or the record has. */
  readonly columns: readonly Column[];
  /** With git as it is after this run. */
  readonly sides: Sides;
  /** The files of `sides.head`, by the names of their parts. */
  readonly head: ReadonlyMap<string, Source>;
  /** What this run offers to git, or sends to the site. */
  readonly offers: Transits;
  readonly notes: Transits;
}

/**
 * What the record becomes for one content. If only git's rows are agreed, it takes git's own files.
 * @param former the names of the parts that the record has of it now.
 * @param now in milliseconds since the epoch: what a run sent that is over by then, and never arrived, is
 * forgotten.
 */
export function recordContent(
  learned: Learned,
  former: readonly string[],
  options: { readonly temp: string; readonly now: number },
): ReadonlyMap<string, NewFile> {
  const { content, columns, sides } = learned;
  const files = new Map<string, NewFile>();
  const agreed = agreedFiles(learned, options.temp);
  if (agreed !== 'recorded') {
    const place = recorded('agreed', content);
    for (const part of former) files.set(partPath(place, part), null);
    for (const [part, file] of agreed) files.set(partPath(place, part), file);
  }
  const read = versionsByKey(columns, sides);
  const offered: Rest = (key, more) => offeredAfter(columns, read(key), more);
  const sent: Rest = (key, more) => [...stillSent(columns, read(key), options.now), ...more];
  const parts = [
    ['offered', offered, learned.offers],
    ['sent', sent, notesOf(learned)],
  ] as const;
  for (const [part, rest, more] of parts) {
    const before = sides[part] ?? [];
    const keys = new Set([...transitsFrom(before, columns).keys(), ...more.keys()]);
    const transits = [...keys].sort().map((key) => [key, rest(key, more.get(key) ?? [])] as const);
    const records = transitRecords(columns, new Map(transits));
    if (asCsv(records) === asCsv(before)) continue;
    const { path } = recorded(part, content);
    files.set(path, records.length === 0 ? null : stagedRecords(options.temp, part, records));
  }
  return files;
}

/** What is left of a row's transits, with more of them. */
type Rest = (key: string, more: readonly Transit[]) => readonly Transit[];

/** What is sent, and the rows that became unclear, because the record was lost. */
function notesOf({ columns, sides, notes }: Learned): Transits {
  if (!sides.isPastLost) return notes;
  const cells = columns.map(() => undefined);
  const unclear = [...versionsOf(columns, sides)]
    .filter(({ isUnclear }) => isUnclear)
    .map(({ key }) => {
      const mark: Transit = { fate: 'unclear', cells, job: undefined };
      return [key, [...(notes.get(key) ?? []), mark]] as const;
    });
  return new Map([...notes, ...unclear]);
}

/** Writes the records of a part into a new file. */
export function stagedRecords(temp: string, part: Part, records: readonly Cells[]): Source {
  const file = join(mkdtempSync(join(temp, `${part}-`)), 'transits.csv');
  writeFileSync(file, asCsv(records));
  return { file };
}

function asCsv(records: readonly Cells[]): string {
  return stringify(records.map((record) => [...record]));
}

/** The files of what is agreed, by their parts; `recorded` if those of the record stay. */
function agreedFiles(learned: Learned, temp: string): 'recorded' | ReadonlyMap<string, Source> {
  const { columns, sides, head } = learned;
  // Nothing is known to be agreed.
  if (sides.recorded === undefined && sides.live === undefined) return 'recorded';
  const header = columns.map(({ key }) => key);
  let isHead = hasHeader(sides.head, header) && sides.head?.derived === undefined;
  let isRecorded = hasHeader(sides.recorded, header);
  for (const row of versionsOf(columns, sides, 'different')) {
    if (!isHead && !isRecorded) break;
    isHead &&= haveSameTexts(row.base, row.head);
    isRecorded &&= haveSameTexts(row.base, row.recorded);
  }
  if (isRecorded) return 'recorded';
  if (isHead) return head;
  const place = join(mkdtempSync(join(temp, 'agreed-')), 'agreed.csv');
  const files = writeTable(place, header, agreedRows(versionsOf(columns, sides)), splitLimits);
  return new Map(files.map((file) => [partName({ path: place }, file), { file }]));
}

function hasHeader(side: Sides['head'], header: readonly string[]): boolean {
  const { columns = [], header: former } = side?.table ?? {};
  return former === undefined && haveSameHeader(columns, header);
}

function haveSameTexts(left: Cells | null, right: Cells | null): boolean {
  if (left === null || right === null) return left === right;
  return left === right || left.every((text, i) => text === right[i]);
}

function* agreedRows(rows: Iterable<Versions>): Generator<KeyedRow> {
  for (const row of rows) {
    if (row.settled !== undefined) yield row.settled;
    else if (row.base !== null) yield { key: row.key, cells: row.base };
  }
}
