import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as action from '../../src/action.ts';
import { Failure } from '../../src/errors.ts';
import type { Clock } from '../../src/io/clock.ts';
import { styleOf } from '../../src/report/log.ts';
import { fakeClock } from '../wix/support.ts';
import { recordingRunner } from './recording-runner.ts';

/** What a run of the action showed to the runner. */
export interface ActionRun {
  readonly exitCode: number;
  readonly milliseconds: number;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The annotations in the log, as the workflow commands that make them. */
  readonly annotations: readonly string[];
}

export interface ActionOptions {
  /** The checked-out repository. */
  readonly workspace: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** The event's payload. */
  readonly event?: object;
  /** Called with what cancels the run, or signals its process. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
  /** By default one that skips the waiting. */
  readonly clock?: Clock;
  /** Runs `dist/` in a process of its own, not the sources in this one. */
  readonly bundled?: true;
  /** How long nobody reads what such a process prints, in milliseconds. */
  readonly readsAfter?: number;
}

/** Runs the action as the runner does: `INPUT_*` variables and `GITHUB_*` files. */
export async function runAction(options: ActionOptions): Promise<ActionRun> {
  const started = performance.now();
  const run = await (options.bundled ? runBundle : runHere)(stepOf(options), options);
  return {
    ...run,
    milliseconds: performance.now() - started,
    annotations: run.log.split('\n').filter((line) => /^::(error|warning|notice)/.test(line)),
  };
}

/** The variables that a runner gives to a step, and the files that they name. */
function stepOf({ workspace, inputs, environment, event = {} }: ActionOptions) {
  const temp = mkdtempSync(join(tmpdir(), 'wix-cms-runner-'));
  const file = (name: string, text = '') => {
    const path = join(temp, name);
    writeFileSync(path, text);
    return path;
  };
  const runnerTemp = join(temp, 'temp');
  mkdirSync(runnerTemp);
  const outputs = file('outputs');
  const summary = file('summary');
  const variables = {
    PATH: process.env.PATH,
    HOME: temp,
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_EVENT_PATH: file('event.json', JSON.stringify(event)),
    GITHUB_OUTPUT: outputs,
    GITHUB_REPOSITORY: 'acme/site',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REF_NAME: 'main',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '1',
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: runnerTemp,
    ...inputVariables(inputs),
    ...environment,
  };
  return { variables, outputs, summary };
}

type Step = ReturnType<typeof stepOf>;
type Ran = Omit<ActionRun, 'milliseconds' | 'annotations'>;

async function runHere(
  { variables }: Step,
  { onStart, clock = fakeClock() }: ActionOptions,
): Promise<Ran> {
  const { runner, told } = recordingRunner(variables);
  const cancellation = new AbortController();
  onStart?.((signal) =>
    cancellation.abort(new Failure('cancelled', `The run was cancelled (${signal}).`)),
  );
  const { failureReason } = await action.runAction(variables, {
    runner,
    style: styleOf(variables, false),
    clock,
    signal: cancellation.signal,
  });
  return { exitCode: failureReason === undefined ? 0 : 1, ...told() };
}

const bundle = join(import.meta.dirname, '../../dist/index.js');

async function runBundle(
  { variables: env, outputs, summary }: Step,
  { workspace: cwd, readsAfter, onStart }: ActionOptions,
): Promise<Ran> {
  const child = spawn(process.execPath, [bundle], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  onStart?.((signal) => child.kill(signal));
  let log = '';
  if (readsAfter !== undefined) await new Promise((resolve) => setTimeout(resolve, readsAfter));
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve(code ?? -1));
  });
  return {
    exitCode,
    log,
    outputs: parseOutputs(readFileSync(outputs, 'utf8')),
    summary: readFileSync(summary, 'utf8'),
  };
}

function inputVariables(inputs: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(inputs);
  return Object.fromEntries(entries.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
}

/** Reads the runner's file of outputs: `name<<delimiter`, the value's lines, the delimiter. */
function parseOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const pattern = /^(.+?)<<(.+)\n([\s\S]*?)\n?\2$/gm;
  for (const [, name = '', , value = ''] of text.matchAll(pattern)) outputs[name] = value;
  return outputs;
}
