import { afterAll, expect, test } from '@jest/globals';
import {
  badCredentials,
  type Faults,
  gateway,
  notAccessible,
  notFound,
  primaryRateLimit,
  secondaryRateLimit,
  serverError,
  trouble,
} from '../github-stand-in/faults.ts';
import { outcomeOf, undisturbed } from './github-cell.ts';
import { gitHubScenes } from './github-scenes.ts';
import { type Matrix, publishMatrices } from './matrix.ts';

/** What an operation of GitHub may meet. */
const faults: readonly { name: string; strike: (on: Faults, operation: string) => void }[] = [
  { name: '429, used up', strike: (on, operation) => on.answer(operation, primaryRateLimit(1)) },
  { name: '500', strike: (on, operation) => on.answer(operation, trouble(500)) },
  { name: '502', strike: (on, operation) => on.answer(operation, serverError) },
  { name: '502, HTML', strike: (on, operation) => on.answer(operation, gateway) },
  { name: '503', strike: (on, operation) => on.answer(operation, trouble(503)) },
  {
    name: '403, rate limit',
    strike: (on, operation) => on.answer(operation, secondaryRateLimit(9)),
  },
  { name: 'reset before', strike: (on, operation) => on.refuseConnection(operation) },
  { name: 'reset after', strike: (on, operation) => on.loseAnswer(operation) },
  { name: 'half a body', strike: (on, operation) => on.breakAnswer(operation) },
  { name: 'no body', strike: (on, operation) => on.answerNothing(operation) },
  { name: 'silence', strike: (on, operation) => on.keepSilent(operation) },
  { name: '401, for good', strike: (on, operation) => on.answer(operation, badCredentials, 9) },
  { name: '403, for good', strike: (on, operation) => on.answer(operation, notAccessible, 9) },
  { name: '404, for good', strike: (on, operation) => on.answer(operation, notFound, 9) },
  { name: '502, for good', strike: (on, operation) => on.answer(operation, serverError, 9) },
];

const scenes = await gitHubScenes();
const matrices: Matrix[] = [];
afterAll(() => publishMatrices(matrices));

test.each(scenes.map((scene) => [scene.name, scene] as const))(
  '%s: whatever happens to what is asked of GitHub, nothing is lost or doubled',
  async (title, scene) => {
    const undisturbedRun = await undisturbed(scene);
    const rows = [];
    for (const each of scene.asks) {
      const asked = typeof each === 'string' ? { operation: each } : each;
      const outcomes = await Promise.all(
        faults.map(({ name, strike }) =>
          isNoFault(asked.operation, name)
            ? '-'
            : outcomeOf(scene, { ...asked, strike }, undisturbedRun),
        ),
      );
      rows.push({ name: asked.operation, outcomes });
    }
    const columns = faults.map(({ name }) => name);
    const matrix = { title, columns, rows };
    matrices.push(matrix);
    const expected = (name: string) => columns.map((fault) => expectedOutcome(title, name, fault));
    expect(matrix).toEqual({
      ...matrix,
      rows: rows.map(({ name }) => ({ name, outcomes: expected(name) })),
    });
  },
  240_000,
);

/** What is to come of an operation that meets a fault. */
function expectedOutcome(scene: string, operation: string, fault: string): string {
  if (isNoFault(operation, fault)) return '-';
  if (!fault.endsWith('for good')) return 'ridden out';
  // Reviews are looked at so that nobody is asked twice, which GitHub would not do either.
  if (operation === 'pulls/list-reviews') return 'ridden out';
  // The branch that is looked for shows itself when it is made once more.
  if (operation === 'git/get-ref' && fault.startsWith('404')) return 'ridden out';
  // A plan is in the summary as well; what an import became, in its log.
  if (scene.startsWith('plan')) return 'warning';
  if (scene === 'import: the merged pull request') return 'log';
  return isExtra(scene, operation) ? 'warning' : fault.startsWith('502') ? 'api' : 'auth';
}

/** Labels, reviewers, assignees and the tidying up are not worth a run. */
function isExtra(scene: string, operation: string): boolean {
  if (scene === 'export: nothing is left to merge')
    return /^(repository\/id|updateRefs)$/.test(operation);
  return /^(issues\/add-.*|pulls\/request-reviewers|git\/delete-ref)$/.test(operation);
}

/** GitHub answers so of a label that is not there any more, which is what was wanted. */
function isNoFault(operation: string, fault: string): boolean {
  return operation === 'issues/remove-label' && fault.startsWith('404');
}
