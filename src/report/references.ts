import type { CellChange } from '../content/change.ts';
import { idsIn } from '../content/rules/references.ts';
import type { FileResult } from './result.ts';
import { counted, inALine } from './text.ts';

/**
 * A cell that refers to items, as people call these: `− Blue mug and 3 others` became `+ Red mug and 3
 * others`. Of a cell that was empty, or is now, all of them.
 */
export function withNames({ references }: FileResult, cell: CellChange): CellChange {
  const { column, old, new: next } = cell;
  const titles = references?.get(column.key);
  if (titles === undefined) return cell;
  const [before, after] = [idsIn(column.type, old ?? ''), idsIn(column.type, next ?? '')];
  const nameOf = namesOf(titles, [...before, ...after]);
  const shown = (
    text: string | undefined,
    ids: readonly string[],
    others: readonly string[],
    sign: string,
  ) => {
    if (ids.length === 0) return text;
    if (others.length === 0) return inALine(ids.map(nameOf));
    const known = new Set(others);
    const own = ids.filter((id) => !known.has(id)).map((id) => `${sign} ${nameOf(id)}`);
    const stay = ids.length - own.length;
    return inALine(stay === 0 ? own : [...own, counted(stay, 'other')]);
  };
  return {
    // The names are no JSON.
    column: { ...column, type: 'TEXT' },
    old: shown(old, before, after, '−'),
    new: shown(next, after, before, '+'),
  };
}

/** Names items by their titles, and by their ids where those are not known or do not tell them apart. */
function namesOf(
  titles: ReadonlyMap<string, string>,
  ids: readonly string[],
): (id: string) => string {
  const bearers = new Map<string, string>();
  const shared = new Set<string>();
  for (const id of ids) {
    const title = titles.get(id) ?? id;
    if ((bearers.get(title) ?? id) !== id) shared.add(title);
    bearers.set(title, id);
  }
  return (id) => {
    const title = titles.get(id) ?? id;
    return shared.has(title) ? `${title} (${id})` : title;
  };
}
