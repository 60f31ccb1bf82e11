import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Emulator } from '../../emulator/emulator.ts';
import type { EmulatorClock } from '../../emulator/settings.ts';
import { runAction } from '../../src/action.ts';
import { Failure } from '../../src/errors.ts';
import type { Clock } from '../../src/io/clock.ts';
import { plain } from '../../src/report/log.ts';
import type { Result } from '../../src/report/result.ts';
import type { Runner } from '../../src/report/runner.ts';
import type { GitHubStandIn } from '../github-stand-in/github-stand-in.ts';

export interface RunOptions {
  readonly inputs: Readonly<Record<string, string>>;
  /** The text of .github/wix-cms.yml. */
  readonly config: string;
  /** Where GitHub is; without it, the run has no token. */
  readonly hub?: GitHubStandIn | undefined;
  /** Called at every request, wait and process of git, so that things can happen in between. */
  readonly onMoment?: (cancel: () => void) => void;
}

export const repositoryName = 'acme/site';

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

/**
 * Runs the action in this process: the emulator over HTTP, git with processes of its own, and waits
 * that are skipped, since the jobs waited for end meanwhile.
 */
export async function runCommand(
  { apiKey, siteId, apiUrl }: Emulator,
  time: GatedClock,
  workspace: string,
  { inputs, config, hub, onMoment }: RunOptions,
): Promise<Result> {
  const cancellation = new AbortController();
  const cancel = () => cancellation.abort(new Failure('cancelled', 'The run was cancelled.'));
  const moment = () => onMoment?.(cancel);
  const runnerTemp = join(dirname(workspace), 'temp');
  const github = join(workspace, '.github');
  for (const folder of [runnerTemp, github]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(github, 'wix-cms.yml'), config);
  const all = {
    ...{ 'api-key': apiKey, 'site-id': siteId, 'api-url': apiUrl },
    ...{ 'requests-per-minute': '10000', token: hub ? 'token' : '', ...inputs },
  };
  const variables = {
    PATH: process.env.PATH,
    HOME: runnerTemp,
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REPOSITORY: repositoryName,
    ...(hub && { GITHUB_API_URL: hub.url, GITHUB_GRAPHQL_URL: hub.graphqlUrl }),
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: runnerTemp,
    ...Object.fromEntries(
      Object.entries(all).map(([name, text]) => [`INPUT_${name.toUpperCase()}`, text]),
    ),
  };
  try {
    return await runAction(variables, {
      runner: silent,
      style: plain,
      clock: hurriedClock(time, moment),
      signal: watched(cancellation.signal, moment),
    });
  } finally {
    await time.play();
  }
}

const silent: Runner = {
  info() {},
  warning() {},
  debug() {},
  startGroup() {},
  endGroup() {},
  annotate() {},
  mask() {},
  setOutput() {},
  async addToSummary() {},
};

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

/** A signal that tells of every moment in which somebody looks at it, as before a process of git. */
export function watched(signal: AbortSignal, moment: () => void): AbortSignal {
  return Object.defineProperty(signal, 'throwIfAborted', {
    value() {
      moment();
      AbortSignal.prototype.throwIfAborted.call(signal);
    },
  });
}
