import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Cell, PlayedCell } from './player.ts';

/** How many processes play, and how many cells each of them plays at once. */
const processes = 2;
const atOnce = 3;

/**
 * Plays cells in processes of their own; each answer comes when its cell was played.
 *
 * @param player the module of this folder that plays them; it has to call `playForParent`.
 */
export function playCells(
  player: 'github-player.ts' | 'wix-player.ts',
  cells: readonly Cell[],
): {
  /** How a cell went; `-` of one that is not played. */
  readonly outcome: (row: number, column: number) => Promise<string>;
  readonly close: () => void;
} {
  const tell = new Map<string, (outcome: string) => void>();
  const told = new Map<string, Promise<string>>();
  for (const { row, column } of cells) {
    const cell = `${row} ${column}`;
    told.set(cell, new Promise((resolve) => tell.set(cell, resolve)));
  }
  const queue = [...cells];
  const children = Array.from({ length: processes }, () => {
    const child = fork(join(import.meta.dirname, player), { execArgv: [], serialization: 'json' });
    const next = () => {
      const cell = queue.shift();
      if (cell !== undefined) child.send(cell);
    };
    child.on('message', ({ row, column, outcome }: PlayedCell) => {
      tell.get(`${row} ${column}`)?.(outcome);
      next();
    });
    child.on('exit', (code) => {
      for (const each of tell.values()) each(`PROBLEM: the player ended with ${code}`);
    });
    for (let i = 0; i < atOnce; i += 1) next();
    return child;
  });
  return {
    outcome: async (row, column) => told.get(`${row} ${column}`) ?? '-',
    close: () => {
      for (const child of children) child.kill();
    },
  };
}
