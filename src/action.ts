import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { runExport } from './commands/export.ts';
import { runImport } from './commands/import.ts';
import { runPlan } from './commands/plan.ts';
import { readConfigFile } from './commands/read/read-config-file.ts';
import { runRestore } from './commands/restore.ts';
import { once, type Run } from './commands/run.ts';
import {
  type Environment,
  foreignCheckout,
  readEnvironment,
  unmergedContent,
} from './environment.ts';
import { asFailure, Failure } from './errors.ts';
import { connectGitHub } from './github/client.ts';
import {
  type Inputs,
  namedCommand,
  permissionsFor,
  readInputs,
  type SiteInputs,
} from './inputs.ts';
import type { Clock } from './io/clock.ts';
import type { StepLog } from './io/log.ts';
import { createLog, type Style } from './report/log.ts';
import { progressLines } from './report/progress.ts';
import { defectLine, publish } from './report/publish.ts';
import { failedResult, type Result } from './report/result.ts';
import type { Runner } from './report/runner.ts';
import { createSecrets, type Redact } from './report/secrets.ts';
import { openRepository } from './repository/open-repository.ts';
import type { Git } from './repository/run-git.ts';
import { createWixClient } from './wix/client.ts';

/** The variables that the runner sets, `INPUT_*` and `GITHUB_*` among them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What a run needs besides its variables. */
export interface Io {
  /** Takes the log, the annotations, the outputs and the summary. */
  readonly runner: Runner;
  readonly style: Style;
  readonly clock: Clock;
  /** Aborts with a `Failure` when the run is cancelled. */
  readonly signal: AbortSignal;
  /** From 0 up to 1; default `Math.random`. */
  readonly random?: () => number;
  /** Milliseconds that an answer of Wix or GitHub may take; default as long as each of them needs. */
  readonly timeLimit?: number;
}

/**
 * Runs the whole action: reads its inputs, carries out the command, and gives the result to the runner. It
 * knows nothing about its process but what it is given; only libraries read the settings of a proxy from
 * the process's own variables.
 *
 * @returns the result, whatever went wrong. The step has to fail if it has a `failureReason`.
 */
export async function runAction(variables: Variables, io: Io): Promise<Result> {
  const { runner, style, clock } = io;
  const { add, redact } = createSecrets();
  const log = createLog(runner, redact, clock, style);
  const mask = (secret: string) => {
    runner.mask(secret);
    add(secret);
  };
  const command = namedCommand(variables);
  const work = async () => {
    const unmerged = unmergedContent(command, variables);
    if (unmerged !== undefined) throw new Failure('config', unmerged);
    return carryOut(readInputs(variables, mask), variables, { ...io, log }, redact);
  };
  const result = await work().catch((error: unknown) => {
    const debugged = variables.RUNNER_DEBUG === '1' ? inspect(error).split('\n') : [];
    for (const line of debugged) log.debug(line);
    return failedResult(command, failureOf(error, variables.GITHUB_ACTION_REPOSITORY));
  });
  await publish(result, { runner, style, redact, tempDir: variables.RUNNER_TEMP ?? tmpdir() });
  return result;
}

function failureOf(error: unknown, repository: string | undefined): Failure {
  try {
    return asFailure(error);
  } catch {
    return new Failure('api', defectLine(error, repository));
  }
}

/** What both connections need, to Wix and to GitHub. */
type Means = Pick<Io, 'clock' | 'signal' | 'random' | 'timeLimit'> & { readonly log: StepLog };

async function carryOut(
  inputs: Inputs,
  variables: Variables,
  means: Means,
  redact: Redact,
): Promise<Result> {
  const { clock, signal, log } = means;
  const stated = readEnvironment(variables, (path) => readFileSync(path, 'utf8'));
  const { repository = '', apiUrl, serverUrl } = stated;
  const { token } = inputs;
  const permissions = permissionsFor(inputs);
  const access = { token: token ?? '', repository, permissions, apiUrl };
  const config = readConfigFile(inputs, stated.workspace);
  const place = { directory: stated.workspace, environment: variables, serverUrl };
  const git = await openRepository({ ...place, signal, clock, token, permissions });
  const environment = git === undefined ? stated : onCheckedOut(stated, git, inputs);
  const temp = mkdtempSync(join(environment.runnerTemp, 'wix-cms-run-'));
  const progress = progressLines(clock);
  const run: Run = {
    config,
    environment,
    workspace: git?.directory ?? stated.workspace,
    temp,
    git,
    github: once(() => connectGitHub({ ...means, ...access })),
    clock,
    log,
    redact,
    onProgress(jobs) {
      for (const line of progress(jobs)) log.info(line);
    },
    signal,
  };
  try {
    return await runCommand(run, inputs, means);
  } finally {
    git?.objects.close();
    rmSync(temp, { recursive: true, force: true });
  }
}

/** The environment with the branch that is checked out. */
function onCheckedOut(stated: Environment, git: Git, inputs: Inputs): Environment {
  const baseBranch = inputs.command === 'plan' ? undefined : inputs.baseBranch;
  const foreign = foreignCheckout(stated, git, baseBranch);
  if (foreign !== undefined) throw new Failure('config', foreign);
  return { ...stated, branch: git.branch ?? stated.branch };
}

function runCommand(run: Run, inputs: Inputs, means: Means): Promise<Result> {
  const { apiUrl, requestsPerMinute } = inputs;
  const deadline = run.clock.now() + inputs.timeoutMinutes * 60_000;
  const settings = { ...means, fileSilence: means.timeLimit, apiUrl, requestsPerMinute, deadline };
  const connect = (site: SiteInputs) => createWixClient({ ...settings, ...site });
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
