import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { CellToPlay, PlayedCell } from './player.ts';

const player = join(import.meta.dirname, 'player.ts');

/** How many processes play, and how many cells each of them plays at once. */
const processes = 2;
const atOnce = 3;

/** Plays cells in processes of their own; each answer comes when its cell was played. */
export function playCells(cells: readonly CellToPlay[]): {
  readonly outcome: (kind: number, fault: number) => Promise<string>;
  readonly close: () => void;
} {
  const tell = new Map<string, (outcome: string) => void>();
  const told = new Map<string, Promise<string>>();
  for (const { kind, fault } of cells) {
    const cell = `${kind} ${fault}`;
    told.set(cell, new Promise((resolve) => tell.set(cell, resolve)));
  }
  const queue = [...cells];
  const children = Array.from({ length: processes }, () => {
    const child = fork(player, { execArgv: [], serialization: 'json' });
    const next = () => {
      const cell = queue.shift();
      if (cell !== undefined) child.send(cell);
    };
    child.on('message', ({ kind, fault, outcome }: PlayedCell) => {
      tell.get(`${kind} ${fault}`)?.(outcome);
      next();
    });
    child.on('exit', (code) => {
      for (const each of tell.values()) each(`PROBLEM: the player ended with ${code}`);
    });
    for (let i = 0; i < atOnce; i += 1) next();
    return child;
  });
  return {
    outcome: async (kind, fault) => told.get(`${kind} ${fault}`) ?? '-',
    close: () => {
      for (const child of children) child.kill();
    },
  };
}
