import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Failure } from '../../src/errors.ts';
import { inputsOf, tellsOfRows, type Undisturbed, undisturbed } from './cell.ts';
import { edited, editedInGit, editedOnBothSides, path } from './scenes.ts';
import { play, type Scene, type Stage, type StagedRun } from './stage.ts';

const jobSteps = { uninitialized: 2, initializing: 2, inProgress: 60 };

/** A run is cancelled so many milliseconds after its `nth` request to Wix. */
interface Moment {
  readonly nth: number;
  readonly later: number;
}

function moments(requests: number, laters: readonly number[]): readonly Moment[] {
  const nths = Array.from({ length: requests }, (_, i) => i + 1);
  return nths.flatMap((nth) => laters.map((later) => ({ nth, later })));
}

test('an import that is cancelled at any moment stops its job, says what it did, and can go on', async () => {
  // A row without an id, so that ids are written back as well.
  const scene = await editedInGit(edited.replace('p4,', ','));
  // With some amid the git that follows the last request.
  const late = [100, 150, 200, 250, 300, 400].map((later) => ({ nth: 16, later }));
  const outcomes = await cancelled(scene, 'import', [...moments(20, [0, 20]), ...late]);
  expect(problemsIn(outcomes)).toEqual([]);
  expect(outcomes).toEqual(expect.arrayContaining(['nothing was written', 'rows were written']));
}, 400_000);

test('an export that is cancelled at any moment leaves whole files and can go on', async () => {
  const scene = await editedOnBothSides();
  const outcomes = await cancelled(scene, 'export', moments(7, [0, 30, 90]));
  expect(problemsIn(outcomes)).toEqual([]);
  expect(outcomes).toContain('nothing was written');
}, 400_000);

function problemsIn(outcomes: readonly string[]): readonly string[] {
  return outcomes.filter((outcome) => outcome.startsWith('PROBLEM'));
}

async function cancelled(
  scene: Scene,
  command: 'import' | 'export',
  when: readonly Moment[],
): Promise<readonly string[]> {
  const slow: Scene = { ...scene, site: { ...scene.site, jobSteps } };
  const expected = await undisturbed(scene, command);
  const settled = await settledState(scene, command);
  const outcomes: string[] = [];
  for (let first = 0; first < when.length; first += 4) {
    const some = when.slice(first, first + 4);
    const played = some.map((moment) => outcomeAt(slow, command, moment, expected, settled));
    outcomes.push(...(await Promise.all(played)));
  }
  return outcomes;
}

async function outcomeAt(
  scene: Scene,
  command: 'import' | 'export',
  moment: Moment,
  expected: Undisturbed,
  settled: string,
): Promise<string> {
  await using stage = await play(scene);
  const run = await stage.run(inputsOf[command], { signal: signalAt(stage, moment) });
  const outcome = judge(stage, run, expected);
  const at = `at request ${moment.nth} and ${moment.later} ms`;
  if (outcome.startsWith('PROBLEM')) return `${outcome} (${at})`;
  stage.emulator.faults.clear();
  const after = await settle(stage, command);
  return after === settled ? outcome : `PROBLEM: the next runs left ${after} (${at})`;
}

/** What becomes of a scene that nothing disturbs. */
async function settledState(scene: Scene, command: 'import' | 'export'): Promise<string> {
  await using stage = await play(scene);
  return await settle(stage, command);
}

/** Runs again, and then exports: that brings the ids which a cancelled import did not write back. */
async function settle(stage: Stage, command: 'import' | 'export'): Promise<string> {
  await stage.run(inputsOf[command]);
  await stage.run(inputsOf.export);
  return stage.state();
}

function signalAt({ emulator }: Stage, { nth, later }: Moment): AbortSignal {
  const controller = new AbortController();
  const cancel = () =>
    controller.abort(new Failure('cancelled', 'The run was cancelled (SIGINT).'));
  let seen = 0;
  const where = () => {
    seen += 1;
    if (seen === nth && later === 0) cancel();
    if (seen === nth && later > 0) setTimeout(cancel, later);
    return false;
  };
  emulator.faults.add({ kind: 'hang', match: { where, times: 'always' } });
  return controller.signal;
}

function judge(stage: Stage, { result, workspace }: StagedRun, expected: Undisturbed): string {
  const state = stage.state();
  const { running } = JSON.parse(state);
  if (running !== 0) return `PROBLEM: ${running} import jobs still run`;
  const odd = oddFileIn(workspace);
  if (odd !== undefined) return `PROBLEM: ${odd}`;
  if (result.failureReason === undefined) {
    return state === expected.after ? 'it was too late' : `PROBLEM: a success that left ${state}`;
  }
  if (result.failureReason !== 'cancelled') return `PROBLEM: ${JSON.stringify(result)}`;
  if (rowsOf(state) === rowsOf(expected.before)) return 'nothing was written';
  return tellsOfRows(result)
    ? 'rows were written'
    : `PROBLEM: rows were written in secret: ${state}`;
}

function rowsOf(state: string): string {
  return state.slice(0, state.indexOf('"refs"'));
}

/** A file of the working tree that is not whole. */
function oddFileIn(workspace: string): string | undefined {
  const names = readdirSync(join(workspace, 'content/collections'));
  const left = names.find((name) => !/^products\.(csv|schema\.json)$/.test(name));
  if (left !== undefined) return `${left} was left`;
  const text = readFileSync(join(workspace, path), 'utf8');
  return text.startsWith('_id,') && text.endsWith('\n') ? undefined : `a torn file: ${text}`;
}
