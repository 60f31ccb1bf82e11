import { convergence, outcomeOf, type Undisturbed } from './cell.ts';
import { editedInCms, sceneAt } from './scenes.ts';
import { wixFaults } from './wix-faults.ts';
import { type Command, requestKinds } from './wix-requests.ts';

/** Where the scene of a command was set up, and how it goes undisturbed. */
export interface PreparedScene {
  readonly remote: string;
  readonly checkout: string;
  readonly expected: Undisturbed;
}

/** A cell of the matrix that is to be played, by the numbers of its row and column. */
export interface CellToPlay {
  readonly kind: number;
  readonly fault: number;
  readonly scene: PreparedScene;
}

export interface PlayedCell {
  readonly kind: number;
  readonly fault: number;
  readonly outcome: string;
}

/**
 * Plays cells in a process of its own: git is started some fifty times for each, and a process
 * starts others the faster the smaller it is.
 */
const converges = convergence();

process.on('message', (cell: CellToPlay) => {
  playCell(cell).then(
    (outcome) => answer(cell, outcome),
    (error: unknown) => answer(cell, `PROBLEM: ${error instanceof Error ? error.stack : error}`),
  );
});

async function playCell({ kind, fault, scene }: CellToPlay): Promise<string> {
  const request = requestKinds[kind];
  const misfortune = wixFaults[fault];
  if (request === undefined || misfortune === undefined) throw new Error('There is no such cell');
  return outcomeOf(set[request.command](scene), request, misfortune, scene.expected, converges);
}

const set: Readonly<Record<Command, typeof sceneAt>> = {
  export: editedInCms,
  plan: editedInCms,
  import: sceneAt,
};

function answer({ kind, fault }: CellToPlay, outcome: string): void {
  const played: PlayedCell = { kind, fault, outcome };
  process.send?.(played);
}
