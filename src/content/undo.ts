import { joinRows } from '../csv/join.ts';
import type { Place } from '../errors.ts';
import { placeOf } from './change.ts';
import { sameRow } from './merge.ts';
import { sameValue } from './values/value.ts';
import { type Cells, type Column, readerOf, type Side, type Sides } from './versions.ts';

/** An earlier change of a file, with the rows before and after it. */
export interface EarlierChange {
  /** What people call it: `#42`, or a short commit id. */
  readonly name: string;
  readonly before: Side;
  /** `undefined` if it removed the file. */
  readonly after: Side | undefined;
}

/** What a pull request takes back of an earlier change. */
export interface Undo {
  readonly change: string;
  /** How many cells the change edited. */
  readonly cells: number;
  /** The cells, removed rows and added rows that go back to what they were before it. */
  readonly back: { readonly cells: number; readonly rows: number; readonly added: number };
  /** How many cells and rows stay as the change made them. */
  readonly left: number;
  /** How many were edited since, and stay as they are now. */
  readonly kept: number;
  /** Those that were edited since and go back all the same: somebody may miss these edits. */
  readonly laterEdits: readonly LaterEdit[];
}

/** What a pull request takes back of all earlier changes. */
export interface Undone {
  readonly undos: readonly Undo[];
  /** Whether a cell, or without a field a row, goes back to what it was before one of them. */
  readonly goesBack: (key: string, field?: string) => boolean;
}

interface LaterEdit {
  readonly key: string;
  /** `undefined`: the row as a whole. */
  readonly field: string | undefined;
  /** Where the row is in the pull request. */
  readonly place: Place | undefined;
  /** The last change that edited it. */
  readonly by: string;
}

/**
 * The earlier changes that a pull request takes back: most of the change goes back, or most of the pull
 * request goes back. A field that is switched on and off is no undo.
 *
 * @param history newest first.
 * @param edits how many cells and rows the pull request changes.
 */
export function undone(
  columns: readonly Column[],
  sides: Pick<Sides, 'recorded' | 'head'>,
  history: readonly EarlierChange[],
  edits: number,
): Undone {
  const own = columns.filter(({ owner }) => owner !== 'site');
  const seen: Seen = { lastBy: new Map(), isBack: new Set() };
  const found = history.map((change) => undoOf(own, sides, change, seen));
  const isMostlyUndo = 2 * seen.isBack.size >= edits;
  const undos = found.filter(({ back: { cells, rows, added }, laterEdits, left }) => {
    const count = cells + rows + added + laterEdits.length;
    return count > 0 && (isMostlyUndo || count > left);
  });
  const goesBack = (key: string, field?: string) =>
    undos.length > 0 && seen.isBack.has(nameOf(key, field));
  return { undos, goesBack };
}

/** A cell; without a field, a row. */
function nameOf(key: string, field?: string): string {
  return JSON.stringify([key, field]);
}

/** What the newer changes did to cells and rows. */
interface Seen {
  /** The last change that edited it. */
  readonly lastBy: Map<string, string>;
  /** What goes back to before one of them: of several, the newest counts. */
  readonly isBack: Set<string>;
}

function undoOf(
  columns: readonly Column[],
  { recorded: base, head }: Pick<Sides, 'recorded' | 'head'>,
  { name, before, after }: EarlierChange,
  { lastBy, isBack }: Seen,
): Undo {
  const count = { cells: 0, rows: 0, added: 0 };
  const back = { ...count };
  const stays = { left: 0, kept: 0 };
  const laterEdits: LaterEdit[] = [];
  for (const { key, field, place, kind, fate } of fatesOf(columns, [before, after, base, head])) {
    if (fate === undefined) continue;
    count[kind] += 1;
    if (fate === 'left' || fate === 'kept') {
      stays[fate] += 1;
      continue;
    }
    const own = nameOf(key, field);
    const ids = [own, nameOf(key)];
    if (fate !== 'other' && !isBack.has(own)) {
      const [by = 'a later change'] = ids.flatMap((id) => lastBy.get(id) ?? []);
      if (fate === 'over') laterEdits.push({ key, field, place, by });
      else back[kind] += 1;
      isBack.add(own);
    }
    for (const id of ids) lastBy.set(id, lastBy.get(id) ?? name);
  }
  return { change: name, cells: count.cells, back, ...stays, laterEdits };
}

/**
 * What becomes of a value that an earlier change has made:
 *
 * | the pull request | base still has what the change made | it was edited since |
 * | --- | --- | --- |
 * | leaves it | left | kept |
 * | brings back what was before the change | back | over |
 */
type Fate = 'left' | 'kept' | 'back' | 'over' | 'other';

type Four<T> = readonly [was: T, made: T, now: T, next: T];

/** `undefined`: the change has not made it. */
function fateOf<T>(
  [was, made, now, next]: Four<T>,
  same: (one: T, other: T) => boolean,
): Fate | undefined {
  if (same(was, made)) return undefined;
  if (same(next, now)) return same(now, made) ? 'left' : 'kept';
  if (!same(next, was)) return 'other';
  return same(now, made) ? 'back' : 'over';
}

/** What became of all rows and cells, in the order of keys. */
function* fatesOf(columns: readonly Column[], sides: Four<Side | undefined>) {
  const readers = sides.map((side) => side && readerOf(columns, side));
  // The join sees no difference to a missing table.
  const extent = sides.includes(undefined) ? 'all' : 'different';
  const tables = sides.map((side) => side?.table);
  for (const { key, row } of joinRows(tables, extent)) {
    const place = placeOf({ headRow: row(3) });
    const [was = null, made = null, now = null, next = null] = readers.map((read, i) =>
      read?.(row(i)),
    );
    for (const each of fatesIn(columns, [was, made, now, next])) yield { key, place, ...each };
  }
}

/** Cell by cell, or the row as a whole, without a field, if one of the versions lacks it. */
function* fatesIn(columns: readonly Column[], [was, made, now, next]: Four<Cells | null>) {
  if (was === null || made === null || now === null || next === null) {
    // A row that comes back counts as back, even if it was corrected.
    const back = made === null && now === null && next !== null ? was : next;
    const kind = made === null ? 'rows' : was === null ? 'added' : 'cells';
    const same = (one: Cells | null, other: Cells | null) => sameRow(columns, one, other);
    yield { kind, field: undefined, fate: fateOf([was, made, now, back], same) } as const;
    return;
  }
  for (const [i, { key: field, type }] of columns.entries()) {
    const same = (one: Cells, other: Cells) => sameValue(type, one[i] ?? '', other[i] ?? '');
    yield { kind: 'cells', field, fate: fateOf([was, made, now, next], same) } as const;
  }
}
