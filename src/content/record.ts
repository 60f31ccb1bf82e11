import type { FileRow } from './export-plan.ts';
import { forwardRow, sameCells } from './merge.ts';
import { sameValue } from './value.ts';
import type { Cells, Column, Versions } from './versions.ts';

/** The rows of base, brought forward. */
export function* forwardRows(
  columns: readonly Column[],
  rows: Iterable<Versions>,
): Generator<FileRow> {
  for (const row of rows) {
    const forwarded = row.settled ?? fileRow(row.key, forwardRow(columns, row));
    if (forwarded !== undefined) yield forwarded;
  }
}

function fileRow(key: string, cells: Cells | null): FileRow | undefined {
  return cells === null ? undefined : { key, cells };
}

/**
 * What an earlier offer of an export, which may wait in a pull request, is to a record: over once git
 * has been offered what the site holds now, and else still there to be merged.
 */
export type Offers = 'over' | 'waiting';

/**
 * The rows of the site as they are to be recorded: with the texts of the last record where they
 * mean the same, so that JSON whose keys moved does not look like news.
 *
 * Nothing is recorded in place of an offer that may still be merged: else the merge would look like an
 * edit of git, and undo what the CMS has done since.
 */
export function* recordedRows(
  columns: readonly Column[],
  rows: Iterable<Versions>,
  offers: Offers,
): Generator<FileRow> {
  const recorded = offers === 'over' ? readRow : unlessOffered;
  for (const row of rows) {
    const kept = row.settled ?? fileRow(row.key, recorded(columns, row));
    if (kept !== undefined) yield kept;
  }
}

function readRow(columns: readonly Column[], { recorded, live = null }: Versions): Cells | null {
  return (
    live && columns.map(({ type }, i) => lasting(type, recorded?.[i] ?? undefined, live[i] ?? ''))
  );
}

function lasting(type: string, recorded: string | undefined, live: string): string {
  return recorded !== undefined && sameValue(type, recorded, live) ? recorded : live;
}

/** The row as it was read, but for what the record holds otherwise than base does. */
function unlessOffered(columns: readonly Column[], row: Versions): Cells | null {
  const { base, recorded } = row;
  const read = readRow(columns, row);
  if (recorded === undefined) return read;
  const forward = forwardRow(columns, row);
  if (recorded === null || read === null) {
    const isNews = !sameRow(columns, forward, base);
    return isNews || sameRow(columns, recorded, base) ? read : recorded;
  }
  if (base === null && forward === null) return recorded;
  return columns.map(({ type }, i) => {
    const [then, now] = [base?.[i], forward?.[i]];
    const isOffered = then === now && !sameValue(type, recorded[i] ?? '', then ?? '');
    return (isOffered ? recorded[i] : read[i]) ?? '';
  });
}

function sameRow(columns: readonly Column[], left: Cells | null, right: Cells | null): boolean {
  if (left === null || right === null) return left === right;
  return sameCells(columns, left, right);
}
