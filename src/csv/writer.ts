import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { dealOut } from './deal-out.ts';
import { placeParts, placeWhole, temporaryName } from './files.ts';
import { cellsOf, formatRecord, isCanonical, type RecordPlace } from './format.ts';
import { StoredRow, StoredRows } from './stored-rows.ts';
import { TableOutput } from './table-output.ts';

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

/**
 * Writes a table as a canonical file: UTF-8, LF, each file whole or not at all.
 *
 * A table beyond the limits is split into parts: a row goes to the part that is named by the first
 * hexadecimal digits of the SHA-256 of its key, as few digits as keep every part within the limits.
 * So a part depends on its own rows alone, and an edit touches one of them.
 *
 * @param path of the single file; the parts stand in the folder of its name.
 * @param rows in the order of their keys. Rows of a table that are handed on as they are, are
 * written without being decoded.
 * @returns the files written.
 * @throws CsvError for a row that is not UTF-8 and where no file may be put.
 */
export function writeTable(
  path: string,
  columns: readonly string[],
  rows: Iterable<KeyedRow>,
  limits: SplitLimits,
): readonly string[] {
  mkdirSync(dirname(path), { recursive: true });
  const whole = temporaryName(path);
  const parts = temporaryName(path);
  try {
    const extent = writeWhole(whole, columns, rows);
    if (extent.keys.length <= limits.rows && extent.bytes <= limits.bytes) {
      placeWhole(whole, path);
      return [path];
    }
    const prefixes = Uint16Array.from(extent.keys, prefixOf);
    mkdirSync(parts);
    dealOut(whole, parts, prefixes, digitsFor(extent, prefixes, limits));
    return placeParts(parts, path);
  } finally {
    rmSync(whole, { force: true });
    rmSync(parts, { recursive: true, force: true });
  }
}

/** What a table that was written whole holds. */
interface Extent {
  readonly header: number;
  readonly bytes: number;
  /** Each row's key, and how long its record is. */
  readonly keys: readonly string[];
  readonly lengths: readonly number[];
}

function writeWhole(file: string, columns: readonly string[], rows: Iterable<KeyedRow>): Extent {
  const output = new TableOutput(file, formatRecord(columns));
  try {
    const keys: string[] = [];
    const lengths: number[] = [];
    const { header } = output;
    let bytes = header;
    for (const row of rows instanceof StoredRows ? rows.passing() : rows) {
      const length = add(output, row, columns.length);
      keys.push(row.key);
      lengths.push(length);
      bytes += length;
    }
    output.end();
    return { header, bytes, keys, lengths };
  } finally {
    output.close();
  }
}

/** Adds a row, and returns how many bytes it takes. */
function add(output: TableOutput, row: KeyedRow, width: number): number {
  if (!(row instanceof StoredRow)) {
    refuseOtherWidth(row.key, row.cells.length, width);
    return output.write(formatRecord(row.cells));
  }
  refuseOtherWidth(row.key, row.store.cellCount, width);
  return row.canonical ? output.take(row) : output.write(canonicalRecord(row.glance(), row));
}

function canonicalRecord(bytes: Buffer, place: RecordPlace): string | Buffer {
  return isCanonical(bytes) ? bytes : formatRecord(cellsOf(bytes, place));
}

function refuseOtherWidth(key: string, found: number, expected: number): void {
  if (found === expected) return;
  throw new Error(`The row ${key} has ${found} cells to write into ${expected} columns`);
}

/** The most digits that name a part: with 65,536 parts, a row too large stays too large. */
const mostDigits = 4;

/** The digits of which the first name a row's part, as one number. */
function prefixOf(key: string): number {
  return createHash('sha256').update(key).digest().readUInt16BE(0);
}

/** With how many digits every part is within the limits. */
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
