import { furtherLines, isSentence } from './cell.ts';
import type { GitHubFault } from './github-faults.ts';
import {
  type GitHubAsk,
  type GitHubScene,
  type GitHubStage,
  playOnGitHub,
} from './github-scenes.ts';
import type { StagedRun } from './stage.ts';

/** How a scene goes that nothing disturbs. */
export interface Undisturbed {
  readonly result: string;
  readonly after: State;
  /** What is logged. */
  readonly lines: readonly string[];
}

/** What is on GitHub, and on the two sides; no times, numbers of jobs and commit ids. */
interface State {
  readonly pulls: string;
  readonly comments: string;
  readonly sides: string;
}

/** Plays a scene without a fault. */
export async function undisturbed(scene: GitHubScene): Promise<Undisturbed> {
  await using stage = await playOnGitHub(scene);
  const { result, lines } = await scene.run(stage);
  return { result: result.status, after: stateOf(stage), lines };
}

/**
 * Plays a scene in which an operation meets a fault, and says how it went:
 *
 * - `ridden out`: the same result, and the same on GitHub and on both sides;
 * - `warning`: the content arrived, and one clear line says what else did not;
 * - `log`: the same, of what is only worth a line in the log;
 * - `api`, or another failure-reason: one clear error.
 *
 * Whatever else happens is a problem, and told at length. In each case the next run converges.
 */
export async function outcomeOf(
  { scene, operation, provoke }: GitHubAsk,
  { strike }: GitHubFault,
  expected: Undisturbed,
): Promise<string> {
  await using stage = await playOnGitHub(scene);
  const before = stage.hub.operations.length;
  provoke?.(stage.hub);
  strike(stage.hub.faults, operation);
  const run = await scene.run(stage);
  if (!stage.hub.operations.slice(before).includes(operation)) {
    return 'PROBLEM: the fault met no request';
  }
  if (stage.hub.problems.length > 0) return `PROBLEM: ${stage.hub.problems.join('; ')}`;
  const outcome = judge(stage, run, expected);
  if (outcome.startsWith('PROBLEM')) return outcome;
  const next = withoutBranches(await nextState(scene, stage), leftIn(run.warnings));
  // What became of an import is told once: the next one has nothing to do, and nothing to tell.
  const isSame = sameBut(outcome === 'log' ? ['comments'] : [], next, expected.after);
  return isSame ? outcome : `PROBLEM: the next run left ${JSON.stringify(next)}`;
}

/** What the next run makes of a state; states that are equal have one future. */
async function nextState(scene: GitHubScene, stage: GitHubStage): Promise<State> {
  const known = `${scene.name} ${JSON.stringify(stateOf(stage))}`;
  const future = futures.get(known) ?? runAgain(scene, stage);
  futures.set(known, future);
  return future;
}

const futures = new Map<string, Promise<State>>();

async function runAgain(scene: GitHubScene, stage: GitHubStage): Promise<State> {
  stage.hub.faults.clear();
  await scene.run(stage);
  return stateOf(stage);
}

function judge(stage: GitHubStage, run: StagedRun, expected: Undisturbed): string {
  const { result } = run;
  const state = stateOf(stage);
  if (stage.hub.pulls.length > 1 || stage.hub.comments.length > 1) {
    return `PROBLEM: something was made twice: ${JSON.stringify(state)}`;
  }
  const warnings = [...run.warnings, ...result.warnings];
  const lines = furtherLines(run.lines, expected);
  const messages = [result.failureMessage ?? [], warnings, lines].flat();
  const unclear = messages.find((message) => !isSentence(message));
  if (unclear !== undefined) return `PROBLEM: "${unclear}" is no sentence`;
  if (messages.length > 1) return `PROBLEM: ${messages.length} messages: ${messages.join(' ')}`;
  if (result.failureReason !== undefined) return result.failureReason;
  if (result.status !== expected.result) return `PROBLEM: a success that is ${result.status}`;
  if (warnings.length > 0) return 'warning';
  const isSame = sameBut(lines.length > 0 ? ['comments'] : [], state, expected.after);
  if (!isSame) return `PROBLEM: a success that left ${JSON.stringify(state)}`;
  return lines.length > 0 ? 'log' : 'ridden out';
}

function sameBut(parts: readonly (keyof State)[], left: State, right: State): boolean {
  const looked = (['pulls', 'comments', 'sides'] as const).filter((part) => !parts.includes(part));
  return looked.every((part) => left[part] === right[part]);
}

/** The branches that somebody was asked to delete. */
function leftIn(warnings: readonly string[]): readonly string[] {
  return warnings.flatMap(
    (line) => /branch (\S+) .*was left behind; delete it/.exec(line)?.[1] ?? [],
  );
}

function withoutBranches(state: State, branches: readonly string[]): State {
  let { sides } = state;
  for (const branch of branches) {
    sides = sides.replace(new RegExp(`"refs/heads/${branch} [0-9a-f]+",?`), '');
  }
  return { ...state, sides };
}

function stateOf({ stage, hub }: GitHubStage): State {
  const pulls = hub.pulls.map(
    ({ number, title, body, state, labels, reviewers, draft, ...more }) => ({
      ...{ number, title, body, state, draft, reviewers },
      labels: [...labels].sort(),
      assignees: more.assignees,
    }),
  );
  const comments = hub.comments.map(({ issue, author, body }) => {
    return { issue, author, body: body.replace(/last export [\w ]+ earlier/, 'last export') };
  });
  return {
    pulls: JSON.stringify(pulls),
    comments: JSON.stringify(comments),
    sides: stage.state(),
  };
}
