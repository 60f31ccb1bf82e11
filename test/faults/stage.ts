import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/emulator.ts';
import type { JsonObject } from '../../emulator/json.ts';
import { runAction, type Variables } from '../../src/action.ts';
import type { Clock } from '../../src/io/clock.ts';
import { plain, runLog } from '../../src/report/log.ts';
import type { Result } from '../../src/report/result.ts';
import type { Runner } from '../../src/report/runner.ts';
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

/** How one run differs from a plain one. */
interface StagedOptions {
  readonly signal?: AbortSignal;
  /** By default one that skips the waiting. */
  readonly clock?: Clock;
  /** The event's name and payload; a run by hand without. */
  readonly event?: { readonly name: string; readonly payload: object };
  /** A local GitHub. */
  readonly hub?: { readonly url: string };
  /** The address of the remote, where it is not its folder. */
  readonly origin?: string;
  /** Where git looks for the configuration of the person that it runs for. */
  readonly home?: string;
}

/** A run in this process: what it came to, and where it was. */
export interface StagedRun {
  readonly result: Result;
  /** What was logged meanwhile, for everybody to read, but for how long it took. */
  readonly lines: readonly string[];
  /** The warnings among what was logged. */
  readonly warnings: readonly string[];
  readonly workspace: string;
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
      return runStaged(emulator, clone, inputs, options);
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
    .filter((line) => !line.includes('.exports '))
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

async function runStaged(
  emulator: Emulator,
  workspace: string,
  inputs: Readonly<Record<string, string>>,
  options: StagedOptions,
): Promise<StagedRun> {
  const { signal = new AbortController().signal, clock = fakeClock() } = options;
  const runnerTemp = mkdtempSync(join(tmpdir(), 'wix-cms-staged-'));
  const lines: string[] = [];
  const warnings: string[] = [];
  const runner: Runner = {
    info: (line) => void lines.push(line),
    warning: (line) => void warnings.push(line),
    debug() {},
    startGroup() {},
    endGroup() {},
    annotate() {},
    mask() {},
    setOutput() {},
    async addToSummary() {},
  };
  const result = await runAction(variablesOf(emulator, workspace, runnerTemp, inputs, options), {
    ...{ runner, style: plain, clock, signal, random: () => 0.5 },
  });
  const closing = runLog(result);
  const isOfContent = (line: string) => !isOfTime(line) && line !== closing;
  return { result, lines: lines.filter(isOfContent), warnings, workspace };
}

/** How long jobs and steps took. */
function isOfTime(line: string): boolean {
  return /\d (s|min)$/.test(line);
}

function variablesOf(
  { apiKey, siteId, apiUrl }: Emulator,
  workspace: string,
  runnerTemp: string,
  inputs: Readonly<Record<string, string>>,
  { hub, event, home = runnerTemp }: StagedOptions,
): Variables {
  const payload = join(runnerTemp, 'event.json');
  writeFileSync(payload, JSON.stringify(event?.payload ?? {}));
  const all = {
    ...{ 'api-key': apiKey, 'site-id': siteId, 'api-url': apiUrl },
    ...{ collections: 'products', commit: 'push' },
    // Without a token nobody is told of anything on GitHub.
    token: hub === undefined ? '' : 'token',
    ...inputs,
  };
  const entries = Object.entries(all);
  return {
    PATH: process.env.PATH,
    HOME: home,
    GITHUB_API_URL: hub?.url,
    GITHUB_EVENT_NAME: event?.name ?? 'workflow_dispatch',
    GITHUB_EVENT_PATH: payload,
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REPOSITORY: 'acme/site',
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: runnerTemp,
    ...Object.fromEntries(entries.map(([name, text]) => [`INPUT_${name.toUpperCase()}`, text])),
  };
}
