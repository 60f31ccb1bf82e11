import { expect, test } from '@jest/globals';
import { Failure } from '../../src/errors.ts';
import type { Clock } from '../../src/io/clock.ts';
import { fakeClock } from '../wix/support.ts';
import { convergence, inputsOf, isSentence, tellsOfRows, undisturbed } from './cell.ts';
import { editedInGit } from './scenes.ts';
import { play, type Scene, type Stage, type StagedRun } from './stage.ts';
import { type WixFault, wixFaults } from './wix-faults.ts';
import { type Termination, terminations } from './wix-requests.ts';

/** How long main.ts gives a run that was cancelled, in milliseconds. */
const graceTime = 4_500;

const faults = wixFaults.filter(({ host }) => host === undefined);

const scene = await editedInGit();
const expected = await undisturbed(scene, 'import');
const converges = convergence();

test.each(terminations.map((termination) => [termination.name, termination] as const))(
  'a cancelled import, asked to %s, ends its job or says that it may still run',
  async (name, termination) => {
    const outcomes = await Promise.all(
      faults.map(async (fault) =>
        isNoFault(fault, name) ? '-' : await outcomeOf(scene, termination, fault),
      ),
    );
    expect(named(outcomes)).toEqual(named(faults.map((fault) => expectedOutcome(fault, name))));
  },
  120_000,
);

function named(outcomes: readonly string[]): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(faults.map(({ name }, i) => [name, outcomes[i]]));
}

/** Wix says so of a job that is gone, which is what was wanted. */
function isNoFault({ name }: WixFault, request: string): boolean {
  return name === '404' && request.startsWith('terminate');
}

function expectedOutcome(fault: WixFault, request: string): string {
  if (isNoFault(fault, request)) return '-';
  // A job that may not be queried for is found in the list of jobs.
  const isFoundOtherwise = request.startsWith('look for') && /^40[34]$/.test(fault.name);
  if (isFoundOtherwise) return 'ridden out';
  return /^40[34]$|for good$/.test(fault.name) ? 'warning' : 'ridden out';
}

/**
 * Plays an import that is cancelled, and a fault of what ends its job then, in the time that there
 * is on a runner:
 *
 * - `ridden out`: the job was ended;
 * - `warning`: one clear line says that it may still run, and so does the result.
 *
 * Once it is ended, the next run converges.
 */
async function outcomeOf(
  { site, ...folders }: Scene,
  { cancelledAt, match }: Termination,
  fault: WixFault,
): Promise<string> {
  await using stage = await play({ ...folders, site });
  const { emulator } = stage;
  emulator.faults.addToJob({ match: { kind: 'import' }, stuck: 'IN_PROGRESS' });
  const clock = fakeClock();
  const cancelled = cancelAt(stage, cancelledAt, clock);
  fault.strike(emulator, match(emulator));
  const run = await stage.run(inputsOf.import, {
    signal: cancelled.signal,
    clock,
  });
  const outcome = judge(stage, run, cancelled.since());
  if (outcome.startsWith('PROBLEM')) return outcome;
  emulator.faults.clear();
  await endImports(stage);
  return (await converges(stage, stage.state(), 'import', expected)) ?? outcome;
}

function cancelAt({ emulator }: Stage, { match }: Termination['cancelledAt'], clock: Clock) {
  const controller = new AbortController();
  let at = Number.NaN;
  const { where = () => true, ...request } = match(emulator);
  const look: typeof where = (body) => {
    if (where(body) && !controller.signal.aborted) {
      at = clock.now();
      controller.abort(new Failure('cancelled', 'The run was cancelled (SIGTERM).'));
    }
    return false;
  };
  emulator.faults.add({ kind: 'hang', match: { ...request, where: look } });
  return { signal: controller.signal, since: () => clock.now() - at };
}

function judge(stage: Stage, { result, warnings }: StagedRun, milliseconds: number): string {
  if (!(milliseconds < graceTime)) return `PROBLEM: it took ${milliseconds} ms`;
  if (result.failureReason !== 'cancelled') return `PROBLEM: ${JSON.stringify(result)}`;
  const failed = result.files.map(({ failure }) => failure?.message ?? '');
  const unclear = [result.failureMessage ?? '', ...failed].find((line) => !isSentence(line));
  if (unclear !== undefined) return `PROBLEM: "${unclear}" is no sentence`;
  if (!tellsOfRows(result)) return `PROBLEM: no word about rows: ${JSON.stringify(result)}`;
  const isRunning = stage.emulator.jobs().some(({ status }) => status === 'IN_PROGRESS');
  const isToldToRun = failed.some((line) => line.includes('may still write'));
  if (warnings.length === 0 && !isRunning && !isToldToRun) return 'ridden out';
  const isWarning = warnings.length === 1 && /may still run.*\.$/.test(warnings[0] ?? '');
  return isWarning && isToldToRun ? 'warning' : `PROBLEM: ${[...warnings, ...failed]}`;
}

/** A person ends what still runs. */
async function endImports({ emulator }: Stage): Promise<void> {
  const running = emulator.jobs().filter(({ status }) => status === 'IN_PROGRESS');
  for (const { id } of running) {
    await fetch(`${emulator.apiUrl}/data-mover/v1/jobs/${id}/terminate`, {
      method: 'POST',
      headers: { authorization: emulator.apiKey, 'wix-site-id': emulator.siteId },
    });
  }
}
