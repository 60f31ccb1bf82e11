import type { Place } from '../../errors.ts';
import { placeOf } from '../change.ts';
import type { Cells, Column } from '../versions.ts';
import type { Check } from './check.ts';
import { type Finding, finding, quoted } from './finding.ts';

/** A row that only one side has, with a hash of each of its cells; 0 where it is empty. */
interface LoneRow {
  readonly key: string;
  readonly hashes: Int32Array;
  readonly place: Place | undefined;
}

/**
 * Rows that are as before, or mostly so, but for their id. The site would get a second item, and
 * every reference and URL would go on pointing to the first.
 *
 * Only the longest cells of a row that is gone are looked up, since those tell it from others; so the
 * cost grows with the rows, not with their pairs.
 */
export function reKeyedCheck(columns: readonly Column[]): Check {
  const id = columns.findIndex(({ key }) => key === '_id');
  const added: LoneRow[] = [];
  const byCell = new Map<number, LoneRow[]>();
  return {
    row(row) {
      const { key, base, head } = row;
      if (head === null && base !== null) {
        const gone = { key, hashes: hashesOf(base, id), place: undefined };
        for (const at of longestCells(base, id)) file(byCell, gone, at);
      } else if (head !== null && base === null) {
        added.push({ key, hashes: hashesOf(head, id), place: placeOf(row) });
      }
      return [];
    },
    *end() {
      const taken = new Set<LoneRow>();
      for (const row of byCell.size === 0 ? [] : added) {
        const old = mostAlike(row, byCell, taken);
        if (old === undefined) continue;
        taken.add(old);
        yield reKeyed(row, old);
      }
    },
  };
}

/** So many cells of a row that is gone are looked up. */
const lookedUp = 4;

/** A cell that more of them share tells none of them from the others. */
const mostSharing = 8;

function longestCells(cells: Cells, id: number): readonly number[] {
  const filled = [...cells.keys()].filter((at) => at !== id && cells[at] !== '');
  const length = (at: number) => cells[at]?.length ?? 0;
  return filled.sort((left, right) => length(right) - length(left)).slice(0, lookedUp);
}

function file(byCell: Map<number, LoneRow[]>, row: LoneRow, at: number): void {
  const hash = placed(row.hashes[at] ?? 0, at);
  const rows = byCell.get(hash) ?? [];
  if (rows.length <= mostSharing) byCell.set(hash, [...rows, row]);
}

/** The row that is gone whose cells are mostly those of a new row. */
function mostAlike(
  { hashes }: LoneRow,
  byCell: ReadonlyMap<number, readonly LoneRow[]>,
  taken: ReadonlySet<LoneRow>,
): LoneRow | undefined {
  const candidates = [...hashes].flatMap((hash, at) => {
    const rows = hash === 0 ? [] : (byCell.get(placed(hash, at)) ?? []);
    return rows.length > mostSharing ? [] : rows.filter((row) => !taken.has(row));
  });
  let best: { readonly row: LoneRow; readonly same: number } | undefined;
  for (const row of new Set(candidates)) {
    const { same, filled } = alike(row.hashes, hashes);
    const isMost = 2 * same > filled && (same > 1 || filled === 1);
    if (isMost && same > (best?.same ?? 0)) best = { row, same };
  }
  return best?.row;
}

/** How many cells are filled in one of two rows, and how many are the same. */
function alike(left: Int32Array, right: Int32Array) {
  let [same, filled] = [0, 0];
  for (const [at, hash] of left.entries()) {
    const other = right[at] ?? 0;
    if (hash === 0 && other === 0) continue;
    filled += 1;
    if (hash === other) same += 1;
  }
  return { same, filled };
}

function reKeyed({ key, hashes, place = { file: '' } }: LoneRow, old: LoneRow): Finding {
  const { same, filled } = alike(hashes, old.hashes);
  const [rule, what] =
    same === filled
      ? (['re-keyed', 'the row'] as const)
      : (['possibly-re-keyed', `in ${same} of ${filled} cells the row`] as const);
  /**
   * @cause A tool that exports without ids has made new ones. The site would get
   * second items.
   */
  const words = `this is ${what} ${quoted(old.key)} under the new id ${quoted(key)}: references and URLs would go on pointing to the old one. Restore the id; to replace the item, remove its row first, and add the new one in another pull request.`;
  return { ...finding(rule, place, words), moved: { from: old.key, to: key } };
}

function hashesOf(cells: Cells, id: number): Int32Array {
  return Int32Array.from(cells, (cell, at) => (at === id || cell === '' ? 0 : hashOf(cell)));
}

/** A hash of a text that is not 0 (FNV-1a). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash === 0 ? 1 : hash;
}

function placed(hash: number, at: number): number {
  return Math.imul(hash ^ at, 0x01000193);
}
