import type { Table } from '../../csv/table.ts';
import type { Column } from '../versions.ts';
import type { Check } from './check.ts';
import { finding } from './finding.ts';
import { isCount } from './guards.ts';

/** So many rows do not trade their cells by accident. */
const leastRows = 3;

/**
 * Columns whose cells moved to other rows: `Tea, Milk, Salt` became `Milk, Salt, Tea`. Somebody sorted one
 * column of a table without the others, or all but the ids.
 */
export function shuffledColumnCheck(
  columns: readonly Column[],
  { files: [file = ''] }: Table,
): Check {
  const moves = columns.map(() => ({ rows: 0, surplus: new Map<string, number>() }));
  return {
    row({ base, head }) {
      if (base === null || head === null) return [];
      for (const [i, { rows, surplus }] of moves.entries()) {
        const [from = '', to = ''] = [base[i], head[i]];
        const move = moves[i];
        if (from === to || move === undefined) continue;
        move.rows = rows + 1;
        add(surplus, from, 1);
        add(surplus, to, -1);
      }
      return [];
    },
    *end() {
      for (const [i, { key }] of columns.entries()) {
        const { rows = 0, surplus } = moves[i] ?? {};
        if (rows < leastRows || surplus?.size !== 0 || isCount(key)) continue;
        const words = `${rows} rows traded their cells of ${key} with each other. If a column was sorted without the others, restore the file, and sort whole rows.`;
        yield finding('shuffled-column', { file, line: 1 }, words);
      }
    },
  };
}

/** Texts that came as often as they went are not kept. */
function add(surplus: Map<string, number>, text: string, count: number): void {
  const sum = (surplus.get(text) ?? 0) + count;
  if (sum === 0) surplus.delete(text);
  else surplus.set(text, sum);
}
