import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runExport } from './commands/export.ts';
import { runImport } from './commands/import.ts';
import { runPlan } from './commands/plan.ts';
import { readConfigFile } from './commands/read/read-config-file.ts';
import { once, type Run } from './commands/run.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { Failure } from './errors.ts';
import { connectGitHub } from './github/client.ts';
import { type Inputs, namedCommand, readInputs, type SiteInputs } from './inputs.ts';
import { systemClock } from './io/clock.ts';
import { createLog, type RunLog, styleOf } from './report/log.ts';
import type { JobProgress } from './report/progress.ts';
import { defectLine, publish, stackLines } from './report/publish.ts';
import { failedResult, type Result } from './report/result.ts';
import { runnerOf } from './report/runner.ts';
import { createSecrets, type Redact } from './report/secrets.ts';
import { openRepository } from './repository/open-repository.ts';
import { createWixClient } from './wix/client.ts';
import { endOf, type Job } from './wix/job.ts';

/** How long a run that is cancelled may take to clean up, in milliseconds. */
const graceTime = 4_500;

// Windows would take a git.exe that lies in the checkout for git: libuv looks in the working directory
// first, unless this is set in its own process (libuv, src/win/process.c, `search_path`).
process.env.NoDefaultCurrentDirectoryInExePath = '1';

// Where the space of young objects may grow, what was read lies in it by the tens of megabytes, long
// after anybody has looked at it.
setFlagsFromString('--semi-space-growth-factor=1');

const cancellation = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => cancel(signal));

process.exitCode = await main();
// A pipe takes what was printed in its own time, and the last lines are what failed.
await new Promise((printed) => process.stdout.write('', printed));
// Connections that are kept alive must not keep the step alive.
process.exit();

function cancel(signal: string): void {
  cancellation.abort(new Failure('cancelled', `The run was cancelled (${signal}).`));
  setTimeout(() => process.exit(1), graceTime).unref();
}

async function main(): Promise<number> {
  const { env } = process;
  const runner = runnerOf(env);
  const { add, redact } = createSecrets();
  const style = styleOf(env, process.stdout.isTTY);
  const log = createLog(runner, redact, systemClock, style);
  const mask = (secret: string) => {
    runner.mask(secret);
    add(secret);
  };
  const command = namedCommand(env);
  let result: Result;
  try {
    const inputs = readInputs(env, mask);
    const environment = readEnvironment(env, (path) => readFileSync(path, 'utf8'));
    result = await carryOut(inputs, environment, log, redact);
  } catch (error) {
    if (env.RUNNER_DEBUG === '1') for (const line of stackLines(error)) log.debug(line);
    result = failedResult(command, asFailure(error));
  }
  await publish(result, { runner, style, redact, tempDir: env.RUNNER_TEMP ?? tmpdir() });
  return result.failureReason === undefined ? 0 : 1;
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure('api', defectLine(error, process.env.GITHUB_ACTION_REPOSITORY));
}

async function carryOut(
  inputs: Inputs,
  environment: Environment,
  log: RunLog,
  redact: Redact,
): Promise<Result> {
  const { signal } = cancellation;
  const { token = '' } = inputs;
  const { repository = '' } = environment;
  const config = readConfigFile(inputs, environment.workspace);
  const clock = systemClock;
  const git = await openRepository({
    directory: environment.workspace,
    environment: process.env,
    signal,
    clock,
    token: inputs.token,
    serverUrl: environment.serverUrl,
  });
  const temp = mkdtempSync(join(environment.runnerTemp, 'wix-cms-run-'));
  const run: Run = {
    id: randomUUID().slice(0, 8),
    config,
    environment,
    workspace: git?.directory ?? environment.workspace,
    temp,
    git,
    github: once(() => connectGitHub({ token, repository, log, signal })),
    clock,
    log,
    redact,
    onProgress: (jobs) => {
      log.progress(jobs.map(progressOf));
    },
    signal,
  };
  try {
    return await runCommand(run, inputs);
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

async function runCommand(run: Run, inputs: Inputs): Promise<Result> {
  const { apiUrl, requestsPerMinute } = inputs;
  const { clock, log, signal } = run;
  const deadline = clock.now() + inputs.timeoutMinutes * 60_000;
  const connect = ({ apiKey, siteId }: SiteInputs) =>
    createWixClient({ apiKey, siteId, apiUrl, requestsPerMinute, clock, log, signal, deadline });
  switch (inputs.command) {
    case 'export':
      return runExport(run, inputs, connect(inputs));
    case 'import':
      return runImport(run, inputs, connect(inputs));
    case 'plan':
      return runPlan(run, inputs, inputs.site && connect(inputs.site));
  }
}

function progressOf(job: Job): JobProgress {
  const { id, name, status, progress } = job;
  const isOver = endOf(job) !== undefined;
  return { id, name: subjectOf(name), status, isOver, items: progress.successful };
}

/** What a job of this action does, from its name: what stands before the unique part. */
function subjectOf(name: string): string {
  const subject = name.replace(/^wix-cms-sync /, '').replace(/ [0-9a-f-]{36}$/, '');
  return subject.replace(/^export /, 'reading ').replace(/^import /, 'writing ');
}
