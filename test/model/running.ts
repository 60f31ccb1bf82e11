import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Emulator } from '../../emulator/emulator.ts';
import type { EmulatorClock } from '../../emulator/settings.ts';
import { runExport } from '../../src/commands/export.ts';
import { runImport } from '../../src/commands/import.ts';
import type { Run } from '../../src/commands/run.ts';
import { readConfig } from '../../src/config/config.ts';
import { readEnvironment } from '../../src/environment.ts';
import { Failure } from '../../src/errors.ts';
import { readInputs } from '../../src/inputs.ts';
import { type Clock, systemClock } from '../../src/io/clock.ts';
import type { Result } from '../../src/report/result.ts';
import { openRepository } from '../../src/repository/open-repository.ts';
import type { Git } from '../../src/repository/run-git.ts';
import { createWixClient } from '../../src/wix/client.ts';

/** How a run of the action ended: with a result, or before it had one. */
export type Ending = { readonly result: Result } | { readonly failure: Failure };

export interface RunOptions {
  readonly inputs: Readonly<Record<string, string>>;
  /** The text of .github/wix-cms.yml. */
  readonly config: string;
  /** Called at every request, wait and process of git, so that things can happen in between. */
  readonly onMoment?: (cancel: () => void) => void;
}

/** The emulator's time: jobs go on when a run waits for them, and never else. */
export interface GatedClock extends EmulatorClock {
  /** Lets jobs go on until all of them have ended, or for so many steps. */
  play(steps?: number): Promise<void>;
}

export function gatedClock(): GatedClock {
  let waiting: (() => void)[] = [];
  return {
    now: () => Date.now(),
    sleep: () => new Promise((resolve) => waiting.push(resolve)),
    async play(steps = Number.POSITIVE_INFINITY) {
      for (let step = 0; step < steps && waiting.length > 0; step += 1) {
        const now = waiting;
        waiting = [];
        for (const wake of now) wake();
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

/** Where a run works; without git, in a plain folder. */
export interface Checkout {
  readonly workspace: string;
  readonly git: Git | undefined;
}

/** Opens a checkout for all the runs of a sequence. */
export async function openCheckout(workspace: string): Promise<Checkout> {
  const git = await openRepository({
    directory: workspace,
    environment: process.env,
    signal: new AbortController().signal,
    clock: systemClock,
    token: undefined,
    serverUrl: 'https://github.com',
  });
  return { workspace, git };
}

/**
 * Runs a command as `main.ts` does, in this process: the emulator over HTTP, git with processes of
 * its own, and waits that are skipped, since the jobs waited for end meanwhile.
 */
export async function runCommand(
  emulator: Emulator,
  time: GatedClock,
  { workspace, git }: Checkout,
  options: RunOptions,
): Promise<Ending> {
  const cancellation = new AbortController();
  const { signal } = cancellation;
  const cancel = () => cancellation.abort(new Failure('cancelled', 'The run was cancelled.'));
  const moment = () => options.onMoment?.(cancel);
  const runnerTemp = join(dirname(workspace), 'temp');
  mkdirSync(runnerTemp, { recursive: true });
  const temp = mkdtempSync(join(runnerTemp, 'run-'));
  const clock = hurriedClock(time, moment);
  try {
    const inputs = readInputs(variables(emulator, options.inputs), () => {});
    const environment = readEnvironment(
      { GITHUB_WORKSPACE: workspace, RUNNER_TEMP: runnerTemp, GITHUB_REF: 'refs/heads/main' },
      () => '{}',
    );
    const run: Run = {
      id: 'model',
      config: readConfig({ file: '.github/wix-cms.yml', text: options.config }, inputs),
      environment,
      workspace,
      temp,
      git: git && watched({ ...git, signal }, moment),
      github: () => Promise.reject(new Error('The model plays without GitHub.')),
      clock,
      redact: (value) => value,
      log: { info() {}, warning() {}, debug() {}, step: (_title, work) => work() },
      onProgress() {},
      signal,
    };
    if (inputs.command === 'plan' || inputs.command === 'restore') {
      throw new Error('The model plays exports and imports alone.');
    }
    const { apiKey, siteId, apiUrl, requestsPerMinute } = inputs;
    const client = createWixClient({
      ...{ apiKey, siteId, apiUrl, requestsPerMinute },
      ...{ clock, log: run.log, signal },
    });
    const result =
      inputs.command === 'export'
        ? await runExport(run, inputs, client)
        : await runImport(run, inputs, client);
    return { result };
  } catch (error) {
    if (error instanceof Failure) return { failure: error };
    throw error;
  } finally {
    rmSync(temp, { recursive: true, force: true });
    await time.play();
  }
}

/** The clock of a run: it tells of every moment, and jobs end while it waits. */
function hurriedClock(time: GatedClock, moment: () => void): Clock {
  return {
    now() {
      moment();
      return Date.now();
    },
    async sleep(_milliseconds, waiting) {
      moment();
      await time.play();
      waiting?.throwIfAborted();
    },
  };
}

function variables(emulator: Emulator, inputs: Readonly<Record<string, string>>) {
  const all = {
    'api-key': emulator.apiKey,
    'site-id': emulator.siteId,
    'api-url': emulator.apiUrl,
    'requests-per-minute': '10000',
    ...inputs,
  };
  const entries = Object.entries(all);
  return Object.fromEntries(entries.map(([name, text]) => [`INPUT_${name.toUpperCase()}`, text]));
}

/** A git that tells of every process before it starts. */
function watched(git: Git, moment: () => void): Git {
  return {
    directory: git.directory,
    environment: git.environment,
    clock: git.clock,
    get signal() {
      moment();
      return git.signal;
    },
  };
}
