/**
 * What each question that a command asks of GitHub may meet: one fault for each way in which a run can
 * come out of it. How faults of a transport are ridden out is shown at the client, in `test/github/`.
 */
import { expect, test } from '@jest/globals';
import { outcomeOf, undisturbed } from './github-cell.ts';
import { gitHubFaults } from './github-faults.ts';
import { asksOf, type GitHubAsk, gitHubScenes } from './github-scenes.ts';

test.each((await gitHubScenes()).map((scene) => [scene.name, scene] as const))(
  '%s: whatever happens to what is asked of GitHub, nothing is lost or doubled',
  async (_title, scene) => {
    const expected = await undisturbed(scene);
    for (const ask of asksOf([scene])) {
      const faults = gitHubFaults.filter(({ name }) => !isNoFault(ask, name));
      const outcomes = await Promise.all(faults.map((fault) => outcomeOf(ask, fault, expected)));
      const named = (all: readonly string[]) =>
        faults.map(({ name }, i) => `${ask.operation}, ${name}: ${all[i]}`);
      expect(named(outcomes)).toEqual(named(faults.map(({ name }) => expectedOutcome(ask, name))));
    }
  },
  600_000,
);

/** What is to come of an operation that meets a fault. */
function expectedOutcome(ask: GitHubAsk, fault: string): string {
  const { scene, operation } = ask;
  if (!fault.endsWith('for good')) return 'ridden out';
  // Reviews are looked at so that nobody is asked twice, which GitHub would not do either.
  if (operation === 'pulls/list-reviews') return 'ridden out';
  // The export starts over, and its next commit has an answer.
  if (operation === 'git/get-ref' && fault.startsWith('404')) return 'log';
  // A plan is in the summary as well; what an import became, in its log.
  if (scene.name.startsWith('plan')) return 'warning';
  if (scene.name === 'import: the merged pull request') return 'log';
  return isExtra(ask) ? 'warning' : fault.startsWith('502') ? 'api' : 'auth';
}

/** Labels, reviewers, assignees and the tidying up are not worth a run. */
function isExtra({ scene, operation }: GitHubAsk): boolean {
  if (scene.name === 'export: nothing is left to merge')
    return /^(repository\/id|updateRefs)$/.test(operation);
  return /^(issues\/add-.*|pulls\/request-reviewers|git\/delete-ref)$/.test(operation);
}

/** GitHub answers so of a label that is not there any more, which is what was wanted. */
function isNoFault({ operation }: GitHubAsk, fault: string): boolean {
  return operation === 'issues/remove-label' && fault.startsWith('404');
}
