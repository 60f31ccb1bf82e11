import type { Row } from '../../csv/table.ts';
import type { Cells, Column, Versions } from '../versions.ts';
import { type Check, findingsOf } from './check.ts';
import { type Finding, finding, quoted } from './finding.ts';

/** A removed or a new row, with a hash of each of its cells; 0 if the cell is empty. */
interface LoneRow {
  readonly key: string;
  readonly hashes: Int32Array;
  readonly headRow: Row | undefined;
}

/**
 * New rows that are the same, or mostly the same, as a removed row with another id. The site would get
 * a second item, and every reference and URL would go on pointing to the first.
 *
 * Removed rows are looked up by their longest cells alone, which tell them apart, so the cost grows with
 * the rows, not with their pairs.
 *
 * @param goesBack whether a row is again what it was before: then its id is the one that references have.
 */
export function reKeyedCheck(
  columns: readonly Column[],
  goesBack: (key: string) => boolean = () => false,
): Check {
  const id = columns.findIndex(({ key }) => key === '_id');
  const added: LoneRow[] = [];
  const byCell = new Map<string, LoneRow[]>();
  return {
    row({ key, base, head, headRow }) {
      if (head === null && base !== null) {
        const gone = { key, hashes: hashesOf(base, id), headRow };
        for (const at of longestCells(base, id)) {
          const cell = `${at} ${gone.hashes[at]}`;
          const rows = byCell.get(cell) ?? [];
          if (rows.length <= mostSharing) byCell.set(cell, [...rows, gone]);
        }
      } else if (head !== null && base === null && !goesBack(key)) {
        added.push({ key, hashes: hashesOf(head, id), headRow });
      }
      return [];
    },
    *end() {
      const taken = new Set<LoneRow>();
      for (const row of byCell.size === 0 ? [] : added) {
        const old = mostAlike(row, byCell, taken);
        if (old === undefined) continue;
        taken.add(old.row);
        yield reKeyed(row, old);
      }
    },
  };
}

/** The keys that removed rows had which git now has under others. */
export function formerKeys(
  columns: readonly Column[],
  rows: Iterable<Versions>,
): ReadonlySet<string> {
  const found = findingsOf([reKeyedCheck(columns)], rows);
  return new Set(Array.from(found, ({ moved }) => moved?.from ?? ''));
}

/** How many cells of a removed row are looked up. */
const lookedUp = 4;

/** A cell that more removed rows share tells none of them from the others. */
const mostSharing = 8;

function longestCells(cells: Cells, id: number): readonly number[] {
  const filled = [...cells.keys()].filter((at) => at !== id && cells[at] !== '');
  const length = (at: number) => cells[at]?.length ?? 0;
  return filled.sort((left, right) => length(right) - length(left)).slice(0, lookedUp);
}

/** The removed row whose cells are mostly those of a new row, and how many cells are filled and the same. */
function mostAlike(
  { hashes }: LoneRow,
  byCell: ReadonlyMap<string, readonly LoneRow[]>,
  taken: ReadonlySet<LoneRow>,
) {
  const candidates = [...hashes].flatMap((hash, at) => {
    const rows = hash === 0 ? [] : (byCell.get(`${at} ${hash}`) ?? []);
    return rows.length > mostSharing ? [] : rows.filter((row) => !taken.has(row));
  });
  const found = [...new Set(candidates)]
    .map((row) => {
      const pairs = Array.from(row.hashes, (hash, at) => [hash, hashes[at] ?? 0] as const);
      const filled = pairs.filter(([old, now]) => old !== 0 || now !== 0);
      return {
        row,
        same: filled.filter(([old, now]) => old === now).length,
        filled: filled.length,
      };
    })
    .filter(({ same, filled }) => 2 * same > filled && (same > 1 || filled === 1));
  return found.sort((left, right) => right.same - left.same)[0];
}

function reKeyed(
  { key, headRow }: LoneRow,
  { row, same, filled }: NonNullable<ReturnType<typeof mostAlike>>,
): Finding {
  const [rule, what] =
    same === filled
      ? (['re-keyed', 'the row'] as const)
      : (['possibly-re-keyed', `in ${same} of ${filled} cells the row`] as const);
  /**
   * @cause Somebody changed the id, or a tool that exports no ids made new ones. The site would get a second
   * item.
   */
  const words = `this is ${what} ${quoted(row.key)} under the new id ${quoted(key)}: references and URLs would still point to the old one. Restore the id; to replace the item, remove its row first, and add the new one in another pull request.`;
  return { ...finding(rule, headRow ?? { file: '' }, words), moved: { from: row.key, to: key } };
}

function hashesOf(cells: Cells, id: number): Int32Array {
  return Int32Array.from(cells, (cell, at) => (at === id || cell === '' ? 0 : hashOf(cell)));
}

/** A hash of a text (FNV-1a), never 0. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash === 0 ? 1 : hash;
}
