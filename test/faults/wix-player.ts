import { convergence, outcomeOf, type Undisturbed } from './cell.ts';
import { type Cell, playForParent } from './player.ts';
import { editedInCms, sceneAt } from './scenes.ts';
import { wixFaults } from './wix-faults.ts';
import { type Command, requestKinds } from './wix-requests.ts';

/** Where the scene of a command was set up, and how it goes undisturbed. */
export interface PreparedScene {
  readonly remote: string;
  readonly checkout: string;
  readonly expected: Undisturbed;
}

/** A cell that is to be played: a kind of request and a fault. */
export interface WixCell extends Cell {
  readonly scene: PreparedScene;
}

const converges = convergence();

playForParent(async ({ row, column, scene }: WixCell) => {
  const request = requestKinds[row];
  const fault = wixFaults[column];
  if (request === undefined || fault === undefined) throw new Error('There is no such cell');
  return outcomeOf(set[request.command](scene), request, fault, scene.expected, converges);
});

const set: Readonly<Record<Command, typeof sceneAt>> = {
  export: editedInCms,
  plan: editedInCms,
  import: sceneAt,
};
