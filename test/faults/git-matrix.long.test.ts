import { expect, test } from '@jest/globals';
import { inputsOf, isSentence } from './cell.ts';
import {
  type GitFault,
  type GitRequest,
  gitRequests,
  type Struck,
  startGitHost,
} from './git-host.ts';
import { editedOnBothSides } from './scenes.ts';
import { play, type Stage, type StagedRun } from './stage.ts';

/** What a request of git may meet, and how many times in a row. */
const faults: readonly {
  readonly name: string;
  readonly fault: GitFault;
  readonly times: number;
}[] = [
  { name: '502', fault: 502, times: 1 },
  { name: 'reset after', fault: 'reset after', times: 1 },
  { name: 'half a body', fault: 'half a body', times: 1 },
  { name: '403, for good', fault: 403, times: Number.POSITIVE_INFINITY },
  { name: 'reset after, for good', fault: 'reset after', times: Number.POSITIVE_INFINITY },
];

const scene = await editedOnBothSides();
const futures = new Map<string, Promise<string>>();
const undisturbed = await exported();

/** An export over HTTP that meets a fault, and what the next one makes of that, which meets none. */
async function exported(struck?: Struck) {
  await using stage = await play(scene);
  await using host = await startGitHost(stage.remote);
  const before = stage.state();
  if (struck !== undefined) host.strike(struck);
  const run = await stage.run(inputsOf.export, { origin: host.url });
  host.strike(undefined);
  const after = stage.state();
  const asked = new Set(host.asked);
  return { run, before, after, asked, settled: await settledState(stage, after) };
}

/** What the next export makes of a state; states that are equal have one future. */
async function settledState(stage: Stage, state: string): Promise<string> {
  const future = futures.get(state) ?? stage.run(inputsOf.export).then(() => stage.state());
  futures.set(state, future);
  return future;
}

test('an export asks all that git may ask of a host', () => {
  expect([...undisturbed.asked].sort()).toEqual([...gitRequests].sort());
});

test.each(gitRequests)(
  '%s: whatever happens to what git asks, nothing is lost or doubled',
  async (request) => {
    const runs = faults.map(({ fault, times }) => exported({ request, fault, times }));
    const outcomes = (await Promise.all(runs)).map(outcomeOf);
    const expected = faults.map(({ name }) => [name, expectedOutcome(request, name)]);
    expect(faults.map(({ name }, i) => [name, outcomes[i]])).toEqual(expected);
  },
  240_000,
);

/**
 * How an export went: `ridden out`, `warning`, or a failure-reason and how much was written, each in
 * one clear line. Whatever else happens is a problem. In each case the next export converges.
 */
function outcomeOf({ run, before, after, settled }: Awaited<ReturnType<typeof exported>>): string {
  if (settled !== undisturbed.settled) return `PROBLEM: the next run left ${settled}`;
  const [message, ...more] = messagesOf(run);
  if (more.length > 0) return `PROBLEM: ${[message, ...more].join(' ')}`;
  if (message !== undefined && !isSentence(message)) return `PROBLEM: "${message}" is no sentence`;
  const { status, failureReason } = run.result;
  if (failureReason !== undefined) {
    return `${failureReason}, ${after === before ? 'nothing' : 'something'} written`;
  }
  if (status !== undisturbed.run.result.status) return `PROBLEM: a success that is ${status}`;
  if (message !== undefined) return 'warning';
  return after === undisturbed.after ? 'ridden out' : `PROBLEM: a success that left ${after}`;
}

function messagesOf({ result, warnings }: StagedRun): readonly string[] {
  const ofFiles = result.files.flatMap(({ failure }) => failure?.message ?? []);
  return [result.failureMessage ?? [], ofFiles, result.warnings, warnings].flat();
}

/** What is to come of a request that meets a fault. */
function expectedOutcome(request: GitRequest, fault: string): string {
  if (!fault.endsWith('for good')) return 'ridden out';
  // A push that is there was made, whether or not anybody said so.
  if (request === 'write: push' && fault.startsWith('reset after')) return 'ridden out';
  const isPermission = request.startsWith('write') && fault.startsWith('403');
  return `${isPermission ? 'auth' : 'api'}, nothing written`;
}
