import type { KeyedRow } from '../csv/writer.ts';
import type { Place } from '../errors.ts';
import type { DeltaRow } from './delta.ts';

/** A row that Wix rejected, in its words. */
export interface Rejection {
  /** `undefined` if the log does not say which row. */
  readonly key: string | undefined;
  readonly place: Place | undefined;
  readonly code: string;
  readonly words: string;
  /** What the vendor's log named: an item id or the number of a row. */
  readonly source: string;
}

/** An entry of a job's log about a row that failed (wix-api.md 1.11). */
export interface RejectedEntry {
  readonly source: string;
  readonly code: string;
  readonly description: string;
}

/**
 * Finds the rows that a job's log names, by item id or row number. Nobody knows whether numbers start at 0
 * or 1, or count the header (wix-api.md 9.8): the count fits with which all of them are missing rows, or,
 * without a read-back, 1.
 *
 * @param rows the rows of the delta file, in its order.
 * @param missing the keys of rows that are not on the site as they were sent.
 */
export function locateRejections(
  entries: readonly RejectedEntry[],
  rows: readonly DeltaRow[],
  missing: ReadonlySet<string> | undefined,
): readonly Rejection[] {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const numbers = entries.filter(({ source }) => !byKey.has(source)).map(rowNumber);
  const first = firstNumber(numbers, rows, missing);
  return entries.map((entry) => {
    const { source, code, description } = entry;
    const row = byKey.get(source) ?? rows[rowNumber(entry) - first];
    return { key: row?.key, place: row?.place, code, words: description, source };
  });
}

function rowNumber({ source }: RejectedEntry): number {
  return /^\d{1,9}$/.test(source) ? Number(source) : Number.NaN;
}

/** The number of a delta file's first row in the vendor's counting. */
function firstNumber(
  numbers: readonly number[],
  rows: readonly KeyedRow[],
  missing: ReadonlySet<string> | undefined,
): number {
  const fits = (first: number) =>
    numbers.every((number) => {
      const row = rows[number - first];
      return row !== undefined && (missing?.has(row.key) ?? true);
    });
  return [1, 0, 2].find(fits) ?? 1;
}
