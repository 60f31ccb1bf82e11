import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Failure } from '../../src/errors.ts';
import { watched } from '../model/running.ts';
import { inputsOf, tellsOfRows, type Undisturbed, undisturbed } from './cell.ts';
import { edited, editedInGit, editedOnBothSides, path } from './scenes.ts';
import { play, type Scene, type Stage, type StagedRun } from './stage.ts';

const jobSteps = { uninitialized: 2, initializing: 2, inProgress: 60 };

/** How many moments are tried, evenly over all those in which a run looks whether it is cancelled. */
const tried = 24;

test('an import that is cancelled at any moment stops its job, says what it did, and can go on', async () => {
  // A row without an id, so that ids are written back as well.
  const scene = await editedInGit(edited.replace('p4,', ','));
  const outcomes = await cancelled(scene, 'import');
  expect(problemsIn(outcomes)).toEqual([]);
  expect(outcomes).toEqual(expect.arrayContaining(['nothing was written', 'rows were written']));
}, 400_000);

test('an export that is cancelled at any moment leaves whole files and can go on', async () => {
  const outcomes = await cancelled(await editedOnBothSides(), 'export');
  expect(problemsIn(outcomes)).toEqual([]);
  expect(outcomes).toContain('nothing was written');
}, 400_000);

function problemsIn(outcomes: readonly string[]): readonly string[] {
  return outcomes.filter((outcome) => outcome.startsWith('PROBLEM'));
}

async function cancelled(scene: Scene, command: 'import' | 'export'): Promise<readonly string[]> {
  const slow: Scene = { ...scene, site: { ...scene.site, jobSteps } };
  const expected = await undisturbed(scene, command);
  const settled = await settledState(scene, command);
  const all = await momentsOf(slow, command);
  const moments = Array.from({ length: tried }, (_, i) => Math.ceil(((i + 0.5) / tried) * all));
  const outcomes: string[] = [];
  for (let first = 0; first < moments.length; first += 4) {
    const some = moments.slice(first, first + 4);
    const played = some.map((moment) => outcomeAt(slow, command, moment, expected, settled));
    outcomes.push(...(await Promise.all(played)));
  }
  return outcomes;
}

/** In how many moments an undisturbed run looks whether it is cancelled. */
async function momentsOf(scene: Scene, command: 'import' | 'export'): Promise<number> {
  await using stage = await play(scene);
  let moments = 0;
  const signal = watched(new AbortController().signal, () => {
    moments += 1;
  });
  await stage.run(inputsOf[command], { signal });
  return moments;
}

async function outcomeAt(
  scene: Scene,
  command: 'import' | 'export',
  moment: number,
  expected: Undisturbed,
  settled: string,
): Promise<string> {
  await using stage = await play(scene);
  const run = await stage.run(inputsOf[command], { signal: signalAt(moment) });
  const outcome = judge(stage, run, expected);
  if (outcome.startsWith('PROBLEM')) return `${outcome} (moment ${moment})`;
  const after = await settle(stage, command);
  return after === settled ? outcome : `PROBLEM: the next runs left ${after} (moment ${moment})`;
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

function signalAt(moment: number): AbortSignal {
  const controller = new AbortController();
  let seen = 0;
  return watched(controller.signal, () => {
    seen += 1;
    if (seen !== moment) return;
    controller.abort(new Failure('cancelled', 'The run was cancelled (SIGINT).'));
  });
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
