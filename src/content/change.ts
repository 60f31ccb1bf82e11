import type { Place } from '../errors.ts';
import type { Cells, Column, Versions } from './versions.ts';

/** A cell before and after; `undefined` on the side where its row does not exist. */
export interface CellChange {
  readonly column: Column;
  readonly old: string | undefined;
  readonly new: string | undefined;
}

/** What happens to one row of the target, be that git or the site. */
export interface Change {
  readonly kind: 'added' | 'changed' | 'removed';
  readonly key: string;
  /** The cells that differ; of an added or removed row, those that are not empty. */
  readonly cells: readonly CellChange[];
  /** Where the row stands in the committed file; `undefined` where it does not stand there. */
  readonly place: Place | undefined;
}

/** A cell, or a row's existence, that git and the site both changed, to different values. */
export interface Conflict {
  readonly key: string;
  /** `undefined`: one side removed the row that the other changed. */
  readonly column: Column | undefined;
  readonly base: string | undefined;
  /** `undefined`: git removed the row. */
  readonly git: string | undefined;
  /** `undefined`: the site removed the row. */
  readonly cms: string | undefined;
  readonly place: Place | undefined;
}

/** How many rows are added, changed and removed. */
export interface Counts {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

export function countsOf(changes: readonly Change[]): Counts {
  const counts = { added: 0, changed: 0, removed: 0 };
  for (const { kind } of changes) counts[kind] += 1;
  return counts;
}

/** The keys of the rows that changes remove. */
export function removedKeys(changes: readonly Change[]): readonly string[] {
  return changes.filter(({ kind }) => kind === 'removed').map(({ key }) => key);
}

/** Where a row stands in the committed file. */
export function placeOf(row: Versions): Place | undefined {
  return row.headRow === undefined ? undefined : { file: row.headRow.file, line: row.headRow.line };
}

/** A change of these cells in a row that stays; `undefined` when there are none. */
export function changeOf(row: Versions, cells: readonly CellChange[]): Change | undefined {
  if (cells.length === 0) return undefined;
  const kept = cells.map(({ column, old, new: text }) => ({
    column,
    old: detached(old),
    new: detached(text),
  }));
  return { kind: 'changed', key: row.key, cells: kept, place: placeOf(row) };
}

/**
 * A text that is not a part of another one. The cells of a row are parts of its record's text, and
 * as long as one of them is held, all of it is.
 */
function detached(text: string | undefined): string | undefined {
  return text && Buffer.from(text).toString();
}

/** The change that brings a whole row. */
export function addition(
  columns: readonly Column[],
  key: string,
  cells: Cells,
  place: Place | undefined,
): Change {
  const filled = columns.flatMap((column, i) =>
    cells[i] ? [{ column, old: undefined, new: cells[i] }] : [],
  );
  return { kind: 'added', key, cells: filled, place };
}

/** The change that takes a whole row away. */
export function removal(
  columns: readonly Column[],
  key: string,
  cells: Cells,
  place: Place | undefined,
): Change {
  const filled = columns.flatMap((column, i) =>
    cells[i] ? [{ column, old: cells[i], new: undefined }] : [],
  );
  return { kind: 'removed', key, cells: filled, place };
}
