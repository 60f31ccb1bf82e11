import { createHash } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryName } from '../io/paths.ts';
import { partsFolder, tableFiles } from './files.ts';
import { formatRecord, lf } from './format.ts';
import { RecordReader } from './reader.ts';
import { StoredRow } from './rows.ts';

/** When a table is split. */
export interface SplitLimits {
  readonly rows: number;
  readonly bytes: number;
}

export interface KeyedRow {
  readonly key: string;
  readonly cells: readonly string[];
}

/**
 * Writes a table as a canonical file, UTF-8 and LF, in place of what was there; returns the files written.
 *
 * A table beyond the limits is split. A row goes to the part that is named by the first hexadecimal digits
 * of the SHA-256 of its key, so an edit touches one part. There are as few digits as keep every part
 * within the limits.
 *
 * @param path of the single file; the parts go into the folder of its name.
 * @param rows in the order of their keys. Unchanged rows of a table are written without being decoded.
 * @throws CsvError if a file cannot be there.
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
    for (const former of tableFiles(path)) rmSync(former);
    if (extent.keys.length <= limits.rows && extent.bytes <= limits.bytes) {
      renameSync(whole, path);
      return [path];
    }
    const prefixes = Uint16Array.from(extent.keys, prefixOf);
    const folder = partsFolder(path);
    mkdirSync(folder, { recursive: true });
    return dealOut(whole, folder, prefixes, digitsFor(extent, prefixes, limits));
  } finally {
    rmSync(whole, { force: true });
  }
}

interface Extent {
  readonly header: number;
  readonly bytes: number;
  /** The rows' keys, and the lengths of their records. */
  readonly keys: readonly string[];
  readonly lengths: readonly number[];
}

function writeWhole(file: string, columns: readonly string[], rows: Iterable<KeyedRow>): Extent {
  const output = new RecordWriter(file);
  try {
    const keys: string[] = [];
    const lengths: number[] = [];
    const header = output.write(formatRecord(columns));
    let bytes = header;
    for (const row of rows) {
      const length = output.write(recordOf(row, columns.length));
      keys.push(row.key);
      lengths.push(length);
      bytes += length;
    }
    output.flush();
    return { header, bytes, keys, lengths };
  } finally {
    output.close();
  }
}

function recordOf(row: KeyedRow, width: number): string | Buffer {
  const isStored = row instanceof StoredRow;
  const found = isStored ? row.cellCount : row.cells.length;
  if (found !== width) {
    throw new Error(`The row ${row.key} has ${found} cells to write into ${width} columns`);
  }
  return isStored && row.canonical ? row.bytes : formatRecord(row.cells);
}

const bufferSize = 1 << 20;

class RecordWriter {
  readonly #descriptor: number;
  #buffer = Buffer.allocUnsafeSlow(bufferSize);
  #used = 0;

  constructor(file: string) {
    this.#descriptor = openSync(file, 'wx');
  }

  /** Adds a record and its line end; returns their length in bytes. */
  write(record: string | Buffer): number {
    // A UTF-16 unit takes three bytes of UTF-8 at most.
    const most = (typeof record === 'string' ? 3 * record.length : record.length) + 1;
    if (this.#used + most > this.#buffer.length) this.flush();
    if (most > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(most);
    const buffer = this.#buffer;
    const start = this.#used;
    const end =
      start +
      (typeof record === 'string' ? buffer.write(record, start) : record.copy(buffer, start));
    buffer[end] = lf;
    this.#used = end + 1;
    return this.#used - start;
  }

  flush(): void {
    // The system may take less than it is given.
    for (let at = 0; at < this.#used; ) {
      at += writeSync(this.#descriptor, this.#buffer, at, this.#used - at);
    }
    this.#used = 0;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** With 65,536 parts, a row that is too large stays too large. */
const mostDigits = 4;

/** The first four digits of the hash of a key, as a number. */
function prefixOf(key: string): number {
  return createHash('sha256').update(key).digest().readUInt16BE(0);
}

/** How many digits keep every part within the limits. */
function digitsFor(
  { header, lengths }: Extent,
  prefixes: Uint16Array,
  limits: SplitLimits,
): number {
  for (let digits = 1; digits < mostDigits; digits += 1) {
    const parts = Array.from({ length: 16 ** digits }, () => ({ rows: 0, bytes: header }));
    prefixes.forEach((prefix, i) => {
      const part = parts[prefix >> (4 * (mostDigits - digits))];
      if (part === undefined) return;
      part.rows += 1;
      part.bytes += lengths[i] ?? 0;
    });
    const fits = (part: { readonly rows: number; readonly bytes: number }) =>
      part.rows <= limits.rows && part.bytes <= limits.bytes;
    if (parts.every(fits)) return digits;
  }
  return mostDigits;
}

/** How many bytes wait at most before they are added to their parts. */
const mostHeld = 1 << 24;

/** Deals the records of a file out to parts, each with the header, by this many digits of their prefixes. */
function dealOut(
  whole: string,
  folder: string,
  prefixes: Uint16Array,
  digits: number,
): readonly string[] {
  const waiting = new Map<string, Buffer[]>();
  const parts = new Set<string>();
  let held = 0;

  function flush(): void {
    for (const [part, pieces] of waiting) appendFileSync(part, Buffer.concat(pieces));
    waiting.clear();
    held = 0;
  }

  const reader = new RecordReader(whole);
  const line = () => Buffer.concat([reader.record, Buffer.of(lf)]);
  try {
    reader.next();
    const header = line();
    for (let row = 0; reader.next(); row += 1) {
      const record = line();
      const prefix = (prefixes[row] ?? 0).toString(16).padStart(mostDigits, '0');
      const part = join(folder, `${prefix.slice(0, digits)}.csv`);
      const pieces = waiting.get(part) ?? (parts.has(part) ? [] : [header]);
      pieces.push(record);
      waiting.set(part, pieces);
      parts.add(part);
      held += record.length;
      if (held >= mostHeld) flush();
    }
    flush();
  } finally {
    reader.close();
  }
  return [...parts].sort();
}
