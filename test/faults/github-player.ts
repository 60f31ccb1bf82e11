import { outcomeOf, type Undisturbed, undisturbed } from './github-cell.ts';
import { gitHubFaults } from './github-faults.ts';
import { asksOf, type GitHubScene, gitHubScenes } from './github-scenes.ts';
import { playForParent } from './player.ts';

const asks = gitHubScenes().then(asksOf);
const expected = new Map<GitHubScene, Promise<Undisturbed>>();

playForParent(async ({ row, column }) => {
  const ask = (await asks)[row];
  const fault = gitHubFaults[column];
  if (ask === undefined || fault === undefined) throw new Error('There is no such cell');
  return outcomeOf(ask, fault, await expectedOf(ask.scene));
});

/** Each scene is played undisturbed but once. */
function expectedOf(scene: GitHubScene): Promise<Undisturbed> {
  const known = expected.get(scene) ?? undisturbed(scene);
  expected.set(scene, known);
  return known;
}
