import type { CellChange } from '../content/change.ts';
import { idsIn } from '../content/rules/references.ts';
import type { FileResult } from './result.ts';
import { counted, inALine } from './text.ts';

/**
 * A cell that refers to items, with their titles: `− Blue mug and 3 others` became `+ Red mug and 3
 * others`. If the cell was empty, or is now, all its items are named.
 */
export function withNames(
  references: NonNullable<FileResult['references']>,
  cell: CellChange,
): CellChange {
  const { column, old, new: next } = cell;
  const titles = references.get(column.key);
  if (titles === undefined) return cell;
  const [before, after] = [idsIn(column.type, old ?? ''), idsIn(column.type, next ?? '')];
  const nameOf = namesOf(titles, [...before, ...after]);
  const shown = (ids: readonly string[], others: readonly string[], sign: string) => {
    if (others.length === 0) return inALine(ids.map(nameOf));
    const known = new Set(others);
    const own = ids.filter((id) => !known.has(id)).map((id) => `${sign} ${nameOf(id)}`);
    const stay = ids.length - own.length;
    return inALine(stay === 0 ? own : [...own, counted(stay, 'other')]);
  };
  return {
    // The names are no JSON.
    column: { ...column, type: 'TEXT' },
    old: before.length === 0 ? old : shown(before, after, '−'),
    new: after.length === 0 ? next : shown(after, before, '+'),
  };
}

/** Names items by their titles; by title and id where two of them have one title. */
function namesOf(
  titles: ReadonlyMap<string, string>,
  ids: readonly string[],
): (id: string) => string {
  const titleOf = (id: string) => titles.get(id) ?? id;
  const lastOf = new Map(ids.map((id) => [titleOf(id), id]));
  const shared = new Set(ids.map(titleOf).filter((title, i) => lastOf.get(title) !== ids[i]));
  return (id) => (shared.has(titleOf(id)) ? `${titleOf(id)} (${id})` : titleOf(id));
}
