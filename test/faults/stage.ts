import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/emulator.ts';
import type { JsonObject } from '../../emulator/json.ts';
import { runExport } from '../../src/commands/export.ts';
import { runImport } from '../../src/commands/import.ts';
import { runPlan } from '../../src/commands/plan.ts';
import { readConfigFile } from '../../src/commands/read/read-config-file.ts';
import { runRestore } from '../../src/commands/restore.ts';
import type { Run } from '../../src/commands/run.ts';
import { readEnvironment } from '../../src/environment.ts';
import { Failure } from '../../src/errors.ts';
import { connectGitHub } from '../../src/github/client.ts';
import { type Inputs, permissionsFor, readInputs, type SiteInputs } from '../../src/inputs.ts';
import type { Clock } from '../../src/io/clock.ts';
import type { StepLog } from '../../src/io/log.ts';
import { failedResult, type Result } from '../../src/report/result.ts';
import { openRepository } from '../../src/repository/open-repository.ts';
import { createWixClient } from '../../src/wix/client.ts';
import { cloneOf, git } from '../repository/support.ts';
import { fakeClock } from '../wix/support.ts';

/** A site and a repository as they stand before a run, to be set up again and again. */
export interface Scene {
  readonly site: EmulatorOptions;
  /** What happens in the CMS before the run. */
  readonly edit: (emulator: Emulator) => void;
  /** A bare repository and a checkout of it, of which every stage gets a copy. */
  readonly remote: string;
  readonly checkout: string;
}

/** A local GitHub. */
export interface HubAccess {
  readonly url: string;
  /** How long an answer of it may take, in real milliseconds. */
  readonly timeLimit?: number;
}

/** How one run differs from a plain one. */
interface StagedOptions {
  readonly signal?: AbortSignal;
  /** By default one that skips the waiting. */
  readonly clock?: Clock;
  /** How long an answer of Wix may take, in real milliseconds; by default as long as ever. */
  readonly timeLimit?: number;
  /** The event's name and payload; a run by hand without. */
  readonly event?: { readonly name: string; readonly payload: object };
  readonly hub?: HubAccess;
  /** The address of the remote, where it is not its folder. */
  readonly origin?: string;
  /** Where git looks for the configuration of the person that it runs for. */
  readonly home?: string;
}

/** A run in this process: what it came to, and where it was. */
export interface StagedRun {
  readonly result: Result;
  /** What was logged meanwhile, for everybody to read. */
  readonly lines: readonly string[];
  /** The warnings among what was logged. */
  readonly warnings: readonly string[];
  readonly workspace: string;
  readonly runnerTemp: string;
}

/** A scene that is being played. */
export interface Stage extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly remote: string;
  readonly run: (
    inputs: Readonly<Record<string, string>>,
    options?: StagedOptions,
  ) => Promise<StagedRun>;
  /** All that a run may change on both sides, as one comparable text. */
  readonly state: () => string;
}

/** Lets git leave out in a repository what is only good for one that lasts. */
export function hurry(directory: string): void {
  for (const [name, value] of [
    ['core.fsync', 'none'],
    ['gc.auto', '0'],
    ['receive.autogc', 'false'],
    ['maintenance.auto', 'false'],
  ] as const) {
    git(directory, 'config', name, value);
  }
}

/** Sets a scene up, on hosts and in folders of its own. */
export async function play(scene: Scene): Promise<Stage> {
  const emulator = await startEmulator(scene.site);
  scene.edit(emulator);
  const folder = mkdtempSync(join(tmpdir(), 'wix-cms-stage-'));
  const remote = join(folder, 'remote.git');
  await cp(scene.remote, remote, { recursive: true, filter: isNeeded });
  let checkouts = 0;
  const checkout = async () => {
    if (tip() !== first) return cloneOf(remote, { depth: 1 });
    checkouts += 1;
    const clone = join(folder, `clone-${checkouts}`);
    await copyCheckout(scene, remote, clone);
    return clone;
  };
  const tip = () => readFileSync(join(remote, 'refs/heads/main'), 'utf8');
  const first = tip();
  return {
    emulator,
    remote,
    async run(inputs, options = {}) {
      const clone = await checkout();
      if (options.origin !== undefined) {
        git(clone, 'remote', 'set-url', 'origin', options.origin);
      }
      return runInProcess(emulator, clone, inputs, options);
    },
    state: () => stateOf(emulator, remote),
    async [Symbol.asyncDispose]() {
      await emulator.close();
      // What git started for a push that was cut off may still be writing there.
      await rm(folder, { recursive: true, force: true, maxRetries: 9, retryDelay: 50 });
    },
  };
}

/** Samples of hooks are half of the files of a repository. */
function isNeeded(path: string): boolean {
  return !path.endsWith('.sample');
}

async function copyCheckout(scene: Scene, remote: string, clone: string): Promise<void> {
  await cp(scene.checkout, clone, { recursive: true, filter: isNeeded, verbatimSymlinks: true });
  const config = join(clone, '.git/config');
  writeFileSync(config, readFileSync(config, 'utf8').replaceAll(scene.remote, remote));
}

/** What site and git hold, and the imports that run; no times and no commit ids. */
function stateOf(emulator: Emulator, remote: string): string {
  const collections = [...emulator.site.collections].map(([id, { items }]) => ({
    id,
    items: [...items.values()]
      .map(({ _createdDate, _updatedDate, ...item }) => sortedByKey(item))
      .sort((left, right) => String(left._id).localeCompare(String(right._id))),
  }));
  const refs = git(remote, 'for-each-ref', '--format=%(refname) %(tree)')
    .split('\n')
    .map((line) => (line.startsWith('refs/wix-cms/') ? recordOf(remote, line) : line));
  const noted = refs.some((line) => line.endsWith(' sent'));
  const running = emulator
    .jobs()
    .filter(({ status, name }) => isRunning(status) && name?.includes(' import '));
  const known = refs.map((line) => line.replace(/ sent$/, ''));
  return JSON.stringify({ collections, refs: known, running: running.length, noted });
}

/** A record by the trees of what is agreed and what was read, and whether it notes what was sent. */
function recordOf(remote: string, line: string): string {
  const [ref = ''] = line.split(' ');
  const entries = git(remote, 'ls-tree', '--format=%(path) %(objectname)', ref).split('\n');
  const trees = entries.filter((entry) => !entry.startsWith('sent '));
  return [ref, ...trees, ...(trees.length < entries.length ? ['sent'] : [])].join(' ');
}

function sortedByKey(item: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(item).sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}

function isRunning(status: string): boolean {
  return ['UNINITIALIZED', 'INITIALIZING', 'IN_PROGRESS'].includes(status);
}

/** Runs a command as main.ts does. */
async function runInProcess(
  emulator: Emulator,
  workspace: string,
  inputs: Readonly<Record<string, string>>,
  options: StagedOptions,
): Promise<StagedRun> {
  const runnerTemp = mkdtempSync(join(tmpdir(), 'wix-cms-staged-'));
  const read = readInputs(inputVariables(emulator, inputs, options), () => {});
  const lines: string[] = [];
  const warnings: string[] = [];
  const log: StepLog = {
    info: (line) => lines.push(line),
    debug: () => {},
    warning: (line) => warnings.push(line),
    step: (_title, work) => work(),
  };
  const around = { lines, warnings, workspace, runnerTemp };
  try {
    const run = await runOf(read, workspace, runnerTemp, log, options);
    return { result: await carryOut(run, read, options), ...around };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { result: failedResult(read.command, error), ...around };
  } finally {
    await rm(join(runnerTemp, 'run'), { recursive: true, force: true });
  }
}

function inputVariables(
  emulator: Emulator,
  inputs: Readonly<Record<string, string>>,
  { hub }: StagedOptions,
) {
  const all = {
    'api-key': emulator.apiKey,
    'site-id': emulator.siteId,
    'api-url': emulator.apiUrl,
    collections: 'products',
    commit: 'push',
    // Without a token nobody is told of anything on GitHub.
    token: hub === undefined ? '' : 'token',
    ...inputs,
  };
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
}

async function runOf(
  inputs: Inputs,
  workspace: string,
  runnerTemp: string,
  log: StepLog,
  options: StagedOptions,
): Promise<Run> {
  const { signal = new AbortController().signal, clock = fakeClock(), event, hub } = options;
  const variables = { ...process.env, HOME: options.home ?? process.env.HOME };
  const environment = readEnvironment(
    {
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: runnerTemp,
      GITHUB_REPOSITORY: 'acme/site',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_EVENT_NAME: event?.name ?? 'workflow_dispatch',
      GITHUB_EVENT_PATH: 'event.json',
    },
    () => JSON.stringify(event?.payload ?? {}),
  );
  const temp = join(runnerTemp, 'run');
  mkdirSync(temp);
  const { serverUrl } = environment;
  const repository = { directory: workspace, environment: variables, signal, clock, serverUrl };
  return {
    id: 'staged',
    config: readConfigFile(inputs, workspace),
    environment,
    workspace,
    temp,
    git: await openRepository({ ...repository, token: inputs.token }),
    github: () => {
      if (hub === undefined) throw new Error('This scene has no GitHub');
      const { url: apiUrl, ...patience } = hub;
      const { token = '' } = inputs;
      const permissions = permissionsFor(inputs);
      const access = { token, repository: 'acme/site', permissions, apiUrl, ...patience };
      return connectGitHub({ ...access, log, clock, random: () => 0.5 });
    },
    clock,
    redact: (value) => value,
    log,
    onProgress: () => {},
    signal,
  };
}

function carryOut(run: Run, inputs: Inputs, { timeLimit }: StagedOptions): Promise<Result> {
  const { clock, log, signal } = run;
  const { apiUrl, requestsPerMinute } = inputs;
  const deadline = clock.now() + inputs.timeoutMinutes * 60_000;
  const patience = timeLimit === undefined ? {} : { timeLimit, fileSilence: timeLimit };
  const limits = { ...patience, random: () => 0.5, deadline };
  const connect = ({ apiKey, siteId }: SiteInputs) =>
    createWixClient({ apiKey, siteId, apiUrl, requestsPerMinute, clock, log, signal, ...limits });
  switch (inputs.command) {
    case 'export':
      return runExport(run, inputs, connect(inputs));
    case 'import':
      return runImport(run, inputs, connect(inputs));
    case 'plan':
      return runPlan(run, inputs, inputs.site && connect(inputs.site));
    case 'restore':
      return runRestore(run, inputs, inputs.site && connect(inputs.site));
  }
}
