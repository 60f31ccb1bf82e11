import { afterAll, expect, test } from '@jest/globals';
import {
  type Fault,
  type Faults,
  notAccessible,
  secondaryRateLimit,
  serverError,
} from '../github-stand-in/faults.ts';
import { errorBody } from '../github-stand-in/rest.ts';
import { type GitHubScene, type GitHubStage, gitHubScenes, playOnGitHub } from './github-scenes.ts';
import { type Matrix, publishMatrices } from './matrix.ts';
import type { StagedRun } from './stage.ts';

const missing = { status: 404, body: errorBody('Not Found', 404) };
const notFound: Fault = { rest: missing, graphql: () => missing };

/** What an operation of GitHub may meet. */
const faults: readonly { name: string; strike: (on: Faults, operation: string) => void }[] = [
  { name: '502', strike: (on, operation) => on.answer(operation, serverError) },
  {
    name: '403, rate limit',
    strike: (on, operation) => on.answer(operation, secondaryRateLimit(9)),
  },
  { name: 'reset after', strike: (on, operation) => on.loseAnswer(operation) },
  { name: 'half a body', strike: (on, operation) => on.breakAnswer(operation) },
  { name: '403, for good', strike: (on, operation) => on.answer(operation, notAccessible, 9) },
  { name: '404, for good', strike: (on, operation) => on.answer(operation, notFound, 9) },
  { name: '502, for good', strike: (on, operation) => on.answer(operation, serverError, 9) },
];

const matrices: Matrix[] = [];
afterAll(() => publishMatrices(matrices));

test('whatever happens to what is asked of GitHub, nothing is lost or doubled', async () => {
  for (const scene of await gitHubScenes()) {
    const { operations, ...expected } = await undisturbed(scene);
    const rows = [];
    for (const name of operations) {
      const outcomes = await Promise.all(
        faults.map(({ strike }) => outcomeOf(scene, name, strike, expected)),
      );
      rows.push({ name, outcomes });
    }
    matrices.push({ title: scene.name, columns: faults.map(({ name }) => name), rows });
  }
  const expected = matrices.map(({ title, columns, rows }) => {
    const row = (name: string) => columns.map((fault) => expectedOutcome(title, name, fault));
    return { title, columns, rows: rows.map(({ name }) => ({ name, outcomes: row(name) })) };
  });
  expect(matrices).toEqual(expected);
  const asked = matrices.flatMap(({ rows }) => rows.map(({ name }) => name));
  expect(asked).toEqual(expect.arrayContaining([...needed]));
}, 240_000);

/** Without these there is nothing to look at. */
const needed = ['pulls/list', 'pulls/create', 'pulls/update', 'issues/create-comment'] as const;

/** What is to come of an operation that meets a fault. */
function expectedOutcome(scene: string, operation: string, fault: string): string {
  if (!fault.endsWith('for good')) return 'ridden out';
  // Reviews are looked at so that nobody is asked twice, which GitHub would not do either.
  if (operation === 'pulls/list-reviews') return 'ridden out';
  // A plan is in the summary as well; labels and reviewers are not worth a run.
  const isExtra = /^(issues\/add-labels|pulls\/request-reviewers)$/.test(operation);
  if (scene.startsWith('plan') || isExtra) return 'warning';
  return fault.startsWith('502') ? 'api' : 'auth';
}

interface Undisturbed {
  readonly result: string;
  readonly after: string;
}

async function undisturbed(
  scene: GitHubScene,
): Promise<Undisturbed & { readonly operations: readonly string[] }> {
  await using stage = await playOnGitHub(scene);
  const before = stage.hub.operations.length;
  const { result } = await scene.run(stage);
  const operations = [...new Set(stage.hub.operations.slice(before))];
  return { result: result.status, after: stateOf(stage), operations };
}

async function outcomeOf(
  scene: GitHubScene,
  operation: string,
  strike: (on: Faults, operation: string) => void,
  expected: Undisturbed,
): Promise<string> {
  await using stage = await playOnGitHub(scene);
  strike(stage.hub.faults, operation);
  const run = await scene.run(stage);
  const outcome = judge(stage, run, expected);
  if (stage.hub.problems.length > 0) return `PROBLEM: ${stage.hub.problems.join('; ')}`;
  if (outcome.startsWith('PROBLEM')) return outcome;
  const known = `${scene.name} ${stateOf(stage)}`;
  const after = futures.get(known) ?? nextState(scene, stage);
  futures.set(known, after);
  return (await after) === expected.after ? outcome : `PROBLEM: the next run left ${await after}`;
}

/** What the next run makes of a state; states that are equal have one future. */
const futures = new Map<string, Promise<string>>();

async function nextState(scene: GitHubScene, stage: GitHubStage): Promise<string> {
  stage.hub.faults.clear();
  await scene.run(stage);
  return stateOf(stage);
}

function judge(
  stage: GitHubStage,
  { result, warnings: logged }: StagedRun,
  { result: status, after }: Undisturbed,
): string {
  const state = stateOf(stage);
  const warnings = [...logged, ...result.warnings];
  if (stage.hub.pulls.length > 1 || stage.hub.comments.length > 1) {
    return `PROBLEM: something was made twice: ${state}`;
  }
  if (result.failureReason === undefined && warnings.length === 0) {
    if (result.status !== status) return `PROBLEM: a success that is ${result.status}`;
    return state === after ? 'ridden out' : `PROBLEM: a success that left ${state}`;
  }
  const messages = [result.failureMessage ?? [], warnings].flat();
  const unclear = messages.find((message) => !/^[^\n]{30,700}\.$/.test(message));
  if (unclear !== undefined) return `PROBLEM: "${unclear}" is no sentence`;
  if (messages.length !== 1) return `PROBLEM: ${messages.length} messages: ${messages.join(' ')}`;
  return result.failureReason ?? 'warning';
}

/** What is on GitHub, the branches included; no times, numbers of jobs and commit ids. */
function stateOf({ stage, hub }: GitHubStage): string {
  const pulls = hub.pulls.map(({ number, title, body, state, labels, reviewers, draft }) => ({
    ...{ number, title, body, state, draft },
    labels: [...labels].sort(),
    reviewers,
  }));
  const comments = hub.comments.map(({ issue, author, body }) => ({ issue, author, body }));
  return JSON.stringify({ pulls, comments, both: stage.state() });
}
