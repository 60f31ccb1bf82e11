import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { gitHubFaults } from './github-faults.ts';
import { asksOf, type GitHubAsk, gitHubScenes } from './github-scenes.ts';
import { type Matrix, publishMatrices } from './matrix.ts';
import { playCells } from './players.ts';

const scenes = await gitHubScenes();
const asks = asksOf(scenes);
const columns = gitHubFaults.map(({ name }) => name);
const matrices: Matrix[] = [];
let played: ReturnType<typeof playCells> | undefined;

beforeAll(() => {
  const cells = asks.flatMap((ask, row) =>
    columns.flatMap((fault, column) => (isNoFault(ask, fault) ? [] : [{ row, column }])),
  );
  played = playCells('github-player.ts', cells);
});

afterAll(() => {
  played?.close();
  publishMatrices(matrices);
});

test.each(scenes.map(({ name }) => name))(
  '%s: whatever happens to what is asked of GitHub, nothing is lost or doubled',
  async (title) => {
    const rows = await Promise.all(
      asks.flatMap(async (ask, row) => (ask.scene.name === title ? [await rowOf(ask, row)] : [])),
    );
    const matrix = { title, columns, rows: rows.flat() };
    matrices.push(matrix);
    const expected = asks
      .filter(({ scene }) => scene.name === title)
      .map((ask) => ({
        name: ask.operation,
        outcomes: columns.map((fault) => expectedOutcome(ask, fault)),
      }));
    expect(matrix).toEqual({ title, columns, rows: expected });
  },
  600_000,
);

async function rowOf({ operation }: GitHubAsk, row: number): Promise<Matrix['rows'][number]> {
  const outcomes = columns.map((_fault, column) => played?.outcome(row, column) ?? '');
  return { name: operation, outcomes: await Promise.all(outcomes) };
}

/** What is to come of an operation that meets a fault. */
function expectedOutcome(ask: GitHubAsk, fault: string): string {
  const { scene, operation } = ask;
  if (isNoFault(ask, fault)) return '-';
  if (!fault.endsWith('for good')) return 'ridden out';
  // Reviews are looked at so that nobody is asked twice, which GitHub would not do either.
  if (operation === 'pulls/list-reviews') return 'ridden out';
  // The branch that is looked for shows itself when it is made once more.
  if (operation === 'git/get-ref' && fault.startsWith('404')) return 'ridden out';
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
