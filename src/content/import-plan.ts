import type { Place } from '../errors.ts';
import type { Change, Conflict } from './change.ts';
import { changeOf, decideCells, placeOf, wholeChange, wholeConflict } from './change.ts';
import { agreedNow, beforeEmptied, mergeRow, type RowChangedBy, takenAway } from './merge.ts';
import type { Departure } from './transit.ts';
import { sameValue } from './values/value.ts';
import type { Cells, Column, Versions } from './versions.ts';

/** A row to be written to the site: git's cells, laid over the item as the site holds it now. */
export interface Write {
  readonly key: string;
  /** Git's cells by field key; all of them if the row is new to the site. */
  readonly cells: ReadonlyMap<string, string>;
  /** All cells of the item on the site; `undefined` if it has none. */
  readonly now: Cells | undefined;
  readonly place: Place | undefined;
}

/** What an import makes of one row of the site. */
export interface ImportedRow {
  readonly write?: Write;
  /** What the record notes before the row is written or removed. */
  readonly departure?: Departure;
  /** What the import changes on the site. */
  readonly change?: Change | undefined;
  /** What only the CMS changed: the next export brings it to git. */
  readonly drift?: Change | undefined;
  /** Whether git removed the row and the item stays on the site. */
  readonly orphan?: boolean;
  readonly conflicts?: readonly Conflict[];
}

export interface ImportPolicy {
  /** Who wins a cell that both changed. `hold` and `fail`: nobody; its row stays as it is on both sides. */
  readonly onConflict: 'hold' | 'fail' | 'git' | 'cms';
  /** `changes`: write what git changed since base. `all`: make the site match git. */
  readonly reconcile: 'changes' | 'all';
  readonly deletes: 'keep' | 'apply';
  readonly writePolicy: 'overwrite' | 'skip-existing' | 'truncate-before';
}

/** Merges git into the site: writes what git changed, keeps what the CMS changed, and reports conflicts. */
export function* mergeIntoCms(
  columns: readonly Column[],
  rows: Iterable<Versions>,
  policy: ImportPolicy,
): Generator<ImportedRow> {
  for (const row of rows) {
    const away = takenAway(columns, row);
    if (away !== undefined) {
      yield bringBack(columns, { ...row, live: away }, away, policy);
      continue;
    }
    const imported = importRow(columns, row, row.base, policy);
    yield policy.writePolicy === 'truncate-before' ? refilled(columns, row, imported) : imported;
  }
}

/**
 * An import that empties the collection writes every item that is to stay, also those that only the site
 * has. All of them are noted with all their cells: if the job empties the collection and then fails, the
 * next import brings them back.
 */
function refilled(columns: readonly Column[], row: Versions, imported: ImportedRow): ImportedRow {
  const { head, live } = row;
  // The job cannot take away what the site lacks.
  if (!live) return imported;
  if (imported.write === undefined && imported.change?.kind === 'removed') return imported;
  const write = imported.write ?? writeOf(row, new Map());
  const [cells, kept] = [new Map<string, string>(), new Map<string, string>()];
  for (const [i, { key, type }] of columns.entries()) {
    const [written, ours, theirs] = [write.cells.get(key), head?.[i], live[i] ?? ''];
    const isGits = written !== undefined || (ours !== undefined && sameValue(type, ours, theirs));
    (isGits ? cells : kept).set(key, written ?? theirs);
  }
  const departure: Departure =
    head === null ? { fate: 'kept', cells: kept } : { fate: 'refilled', cells, kept };
  return { ...imported, write, departure };
}

/** Brings back a row that an import took away, merged with git as if the site still had it. */
function bringBack(
  columns: readonly Column[],
  row: Versions,
  away: Cells,
  policy: ImportPolicy,
): ImportedRow {
  const imported = importRow(columns, row, agreedNow(columns, row), policy);
  const { write, departure } = refilled(columns, row, imported);
  if (write === undefined || departure === undefined) return {};
  const texts = columns.map(({ key }, i) => write.cells.get(key) ?? away[i] ?? '');
  const cells = cellsByKey(columns, texts);
  const change = wholeChange('added', columns, row, texts);
  return { ...imported, write: { ...write, cells }, departure, change };
}

function importRow(
  columns: readonly Column[],
  row: Versions,
  base: Cells | null,
  policy: ImportPolicy,
): ImportedRow {
  const live = beforeEmptied(columns, row) ?? null;
  const merge = mergeRow(columns, base, row.head, live, row.isUnclear);
  switch (merge.kind) {
    case 'agreed':
      return {};
    case 'differs': {
      if (policy.writePolicy === 'skip-existing') return {};
      const decided = decideCells(row, merge.cells, (by) => winnerOf(by, policy));
      const { git, cms, conflicts } = decided;
      // Written in part, the row would be a third version, which nobody has seen.
      if (conflicts.length > 0) return { conflicts };
      const drift = changeOf(row, cms);
      if (git.length === 0) return { drift };
      const cells = new Map(
        git.map(({ column, new: text = '' }) => [column.key, sentText(column, text)]),
      );
      const departure = { fate: 'written', cells } as const;
      return { write: writeOf(row, cells), departure, change: changeOf(row, git), drift };
    }
    case 'only-git':
      return missingItem(columns, row, merge, policy);
    case 'only-cms':
      return extraItem(columns, row, merge, policy);
  }
}

/** A row whose item the site lacks: git added it, or the CMS removed it. */
function missingItem(
  columns: readonly Column[],
  row: Versions,
  { head, changedBy }: { readonly head: Cells; readonly changedBy: RowChangedBy },
  policy: ImportPolicy,
): ImportedRow {
  switch (winnerOf(changedBy, policy)) {
    case 'git': {
      const cells = cellsByKey(columns, head);
      return {
        write: { key: row.key, cells, now: undefined, place: placeOf(row) },
        departure: { fate: 'written', cells },
        change: wholeChange('added', columns, row, head),
      };
    }
    case 'cms':
      return { drift: wholeChange('removed', columns, row, head) };
    case 'nobody':
      return { conflicts: [wholeConflict(row, 'git', changedBy)] };
  }
}

/** An item that git lacks: the CMS added it, or git removed its row. */
function extraItem(
  columns: readonly Column[],
  row: Versions,
  { live, changedBy }: { readonly live: Cells; readonly changedBy: RowChangedBy },
  policy: ImportPolicy,
): ImportedRow {
  const winner = policy.deletes === 'keep' ? 'cms' : winnerOf(changedBy, policy);
  switch (winner) {
    case 'git': {
      const change = wholeChange('removed', columns, row, live);
      return { change, departure: { fate: 'removed', cells: new Map() } };
    }
    case 'cms':
      // Of an unclear row, nobody knows whether it left git.
      return changedBy === 'cms' || changedBy === 'unclear'
        ? { drift: wholeChange('added', columns, row, live) }
        : { orphan: true };
    case 'nobody':
      return { conflicts: [wholeConflict(row, 'cms', changedBy)] };
  }
}

function cellsByKey(columns: readonly Column[], texts: Cells): ReadonlyMap<string, string> {
  return new Map(columns.map((column, i) => [column.key, sentText(column, texts[i] ?? '')]));
}

/** A text as the site reads it. Spreadsheets write `TRUE`, which Wix may store as a text (wix-api.md 3.6). */
function sentText({ type }: Column, text: string): string {
  return type === 'BOOLEAN' ? text.toLowerCase() : text;
}

function writeOf(row: Versions, cells: ReadonlyMap<string, string>): Write {
  return { key: row.key, cells, now: row.liveRow?.cells, place: placeOf(row) };
}

function winnerOf(changedBy: RowChangedBy, policy: ImportPolicy): 'git' | 'cms' | 'nobody' {
  if (policy.reconcile === 'all') return 'git';
  if (changedBy === 'unclear') return 'nobody';
  if (changedBy !== 'both') return changedBy;
  return policy.onConflict === 'git' || policy.onConflict === 'cms' ? policy.onConflict : 'nobody';
}
