import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
  /** How long nobody reads what is printed, in milliseconds. */
  readonly readsAfter?: number;
  /** Called with the process, to signal it. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
}

const bundle = join(import.meta.dirname, '../../dist/index.js');

/** Runs the bundled action as the runner does: `INPUT_*` variables and `GITHUB_*` files. */
export async function runAction(options: ActionOptions): Promise<ActionRun> {
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
  const started = Date.now();
  const child = spawn(process.execPath, [bundle], {
    cwd: options.workspace,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: temp,
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'workflow_dispatch',
      GITHUB_EVENT_PATH: file('event.json', JSON.stringify(options.event ?? {})),
      GITHUB_OUTPUT: outputs,
      GITHUB_REPOSITORY: 'acme/site',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_REF_NAME: 'main',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_RUN_ID: '1',
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_WORKSPACE: options.workspace,
      RUNNER_TEMP: runnerTemp,
      ...inputVariables(options.inputs),
      ...options.environment,
    },
  });
  options.onStart?.((signal) => child.kill(signal));
  let log = '';
  const { readsAfter } = options;
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
    milliseconds: Date.now() - started,
    log,
    outputs: parseOutputs(readFileSync(outputs, 'utf8')),
    summary: readFileSync(summary, 'utf8'),
    annotations: log.split('\n').filter((line) => /^::(error|warning|notice)/.test(line)),
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
