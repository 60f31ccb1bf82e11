import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CsvError } from './errors.ts';
import { readRecords } from './reader.ts';

/** When a table is too large for one file. */
export interface SplitLimits {
  readonly rows: number;
  readonly bytes: number;
}

/** A row to be written, under the key that it is sorted by. */
export interface KeyedRow {
  readonly key: string;
  readonly cells: readonly string[];
}

/** A record as RFC 4180 has it, without a terminator: quoted where it must be and never otherwise. */
export function formatRecord(cells: readonly string[]): string {
  return cells.map(formatCell).join(',');
}

function formatCell(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/**
 * The files in which the table of this path stands: the path itself, or the parts in the folder of
 * its name.
 *
 * @param path ends with `.csv`.
 * @throws CsvError when both stand there: nobody could tell which of them holds.
 */
export function tableFiles(path: string): readonly string[] {
  const folder = partsFolder(path);
  const parts = isFolder(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.csv'))
        .sort()
        .map((name) => join(folder, name))
    : [];
  if (!existsSync(path)) return parts;
  if (parts.length === 0) return [path];
  const message = `${path} stands beside its own parts in ${folder}. Delete the one that is out of date.`;
  throw new CsvError('TWO_FORMS', path, 1, 0, message);
}

function partsFolder(path: string): string {
  return path.replace(/\.csv$/, '');
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/**
 * Writes a table as a canonical file: UTF-8, LF, each file whole or not at all.
 *
 * A table beyond the limits is split into parts: a row goes to the part that is named by the first
 * hexadecimal digits of the SHA-256 of its key, as few digits as keep every part within the limits.
 * So a part depends on its own rows alone, and an edit touches one of them.
 *
 * @param path of the single file; the parts stand in the folder of its name.
 * @param rows in the order of their keys.
 * @returns the files written.
 */
export function writeTable(
  path: string,
  columns: readonly string[],
  rows: Iterable<KeyedRow>,
  limits: SplitLimits,
): readonly string[] {
  mkdirSync(dirname(path), { recursive: true });
  const whole = temporaryName(path);
  try {
    const extent = writeWhole(whole, columns, rows);
    if (extent.keys.length <= limits.rows && extent.bytes <= limits.bytes) {
      refuseLink(path);
      renameSync(whole, path);
      rmSync(partsFolder(path), { recursive: true, force: true });
      return [path];
    }
    const prefixes = extent.keys.map(prefixOf);
    const digits = digitsFor(extent, prefixes, limits);
    const parts = splitInto(partsFolder(path), whole, prefixes, digits);
    rmSync(path, { force: true });
    return parts;
  } finally {
    rmSync(whole, { force: true });
  }
}

function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
}

function refuseLink(path: string): void {
  if (!(lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false)) return;
  const message = `${path} is a symbolic link. Put a file there.`;
  throw new CsvError('NOT_A_FILE', path, 1, 0, message);
}

/** The most digits that name a part: with 65,536 parts, a row too large stays too large. */
const mostDigits = 4;

/** What a table that was written whole holds. */
interface Extent {
  readonly header: number;
  readonly bytes: number;
  /** Each row's key, and how long its record is. */
  readonly keys: readonly string[];
  readonly lengths: readonly number[];
}

const bufferSize = 1 << 20;

function writeWhole(file: string, columns: readonly string[], rows: Iterable<KeyedRow>): Extent {
  const descriptor = openSync(file, 'wx');
  try {
    const header = `${formatRecord(columns)}\n`;
    const keys: string[] = [];
    const lengths: number[] = [];
    let bytes = Buffer.byteLength(header);
    let text = header;
    for (const { key, cells } of rows) {
      const record = `${formatRecord(cells)}\n`;
      const length = Buffer.byteLength(record);
      keys.push(key);
      lengths.push(length);
      bytes += length;
      text += record;
      if (text.length >= bufferSize) {
        writeSync(descriptor, text);
        text = '';
      }
    }
    writeSync(descriptor, text);
    return { header: Buffer.byteLength(header), bytes, keys, lengths };
  } finally {
    closeSync(descriptor);
  }
}

/** The digits of which the first name a row's part. */
function prefixOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, mostDigits);
}

/** With how many digits every part is within the limits. */
function digitsFor(
  { header, lengths }: Extent,
  prefixes: readonly string[],
  limits: SplitLimits,
): number {
  for (let digits = 1; digits < mostDigits; digits += 1) {
    const parts = new Map<string, { rows: number; bytes: number }>();
    prefixes.forEach((prefix, i) => {
      const name = prefix.slice(0, digits);
      const part = parts.get(name) ?? { rows: 0, bytes: header };
      parts.set(name, { rows: part.rows + 1, bytes: part.bytes + (lengths[i] ?? 0) });
    });
    const fits = [...parts.values()].every(
      (part) => part.rows <= limits.rows && part.bytes <= limits.bytes,
    );
    if (fits) return digits;
  }
  return mostDigits;
}

/** Deals the records of a whole file out to the parts, in a folder that then takes the old one's place. */
function splitInto(
  folder: string,
  whole: string,
  prefixes: readonly string[],
  digits: number,
): readonly string[] {
  const fresh = temporaryName(folder);
  mkdirSync(fresh);
  try {
    const names = dealOut(whole, fresh, prefixes, digits);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
    return names.map((name) => join(folder, name));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function dealOut(
  whole: string,
  folder: string,
  prefixes: readonly string[],
  digits: number,
): readonly string[] {
  const records = readRecords(whole);
  const header = records.next();
  const first = header.done ? '' : `${header.value.bytes.toString('utf8')}\n`;
  const waiting = new Map<string, Buffer[]>();
  const names = new Set<string>();
  let held = 0;
  const flush = () => {
    for (const [name, pieces] of waiting) appendFileSync(join(folder, name), Buffer.concat(pieces));
    waiting.clear();
    held = 0;
  };
  let row = 0;
  for (const { bytes } of records) {
    const name = `${prefixes[row]?.slice(0, digits)}.csv`;
    const pieces = waiting.get(name) ?? [];
    if (!names.has(name)) pieces.push(Buffer.from(first));
    pieces.push(bytes, Buffer.from('\n'));
    waiting.set(name, pieces);
    names.add(name);
    row += 1;
    held += bytes.length;
    if (held >= 16 * bufferSize) flush();
  }
  flush();
  return [...names].sort();
}
