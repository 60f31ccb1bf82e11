import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure, refusedBySystem } from '../errors.ts';
import type { Clock } from '../io/clock.ts';
import { inSeconds } from '../io/waiting.ts';
import type { Objects } from './objects.ts';

export interface GitFolder {
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly environment: NodeJS.ProcessEnv;
  /** For one process, in milliseconds; default five minutes. */
  readonly timeLimit?: number;
  /** All permissions that the command needs, for messages: `"contents: write"`. */
  readonly permissions?: string;
}

export interface Git extends GitFolder {
  /** The folder with the history, which several working trees may share. */
  readonly commonDirectory: string;
  /** The branch that is checked out, if one is. */
  readonly branch: string | undefined;
  /** The URL of the remote, if there is one. */
  readonly origin: string | undefined;
  readonly objects: Objects;
}

export interface GitOutcome {
  readonly code: number;
  readonly stdout: string;
  /** On one line, without the credentials of URLs. */
  readonly stderr: string;
}

/** The remote that actions/checkout configures. */
export const remote = 'origin';

/**
 * A repository may come from anybody, so its configuration must not make git run anything: hooks, a file
 * system monitor, a pager, submodules, remote helpers. The ssh command stays: actions/checkout puts the
 * deploy key there.
 */
const safeguards = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.pager=cat',
  'protocol.ext.allow=never',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'push.gpgSign=false',
  // A check of a signature would be printed before the commit.
  'log.showSignature=false',
];

/**
 * What a run makes is pushed, and goes with the clone. It is compressed once, quickly, and pushed as it is:
 * finding what a file of 50 MB shares with its former version takes seconds.
 */
const economies = [
  'pack.compression=1',
  'pack.window=0',
  'fastimport.unpackLimit=1',
  'fetch.unpackLimit=1',
];

export const gitArguments = [...safeguards, ...economies].flatMap((setting) => ['-c', setting]);

/** Writes what git reads. `nextLine` waits for the next line that git prints, and is empty at the end. */
type Feed = (input: Writable, nextLine: () => Promise<string>) => Promise<void>;

/** Runs git, whatever its exit code. Throws a Failure if it hangs or is cancelled, or what `feed` throws. */
export async function tryGit(
  git: GitFolder,
  args: readonly string[],
  feed: Feed = async () => {},
): Promise<GitOutcome> {
  const { signal, timeLimit = 5 * 60_000 } = git;
  signal.throwIfAborted();
  const child = spawn('git', [...gitArguments, ...args], {
    ...asLeader,
    cwd: git.directory,
    env: git.environment,
  });
  const [stdout, stderr] = [child.stdout, child.stderr].map(chunksOf);
  // The words of git say more than the broken pipe.
  child.stdin.on('error', () => {});
  let fault: unknown;
  const feeding = feed(child.stdin, lineReader(child.stdout, stdout ?? []));
  feeding.catch((error: unknown) => (fault = error)).then(() => void child.stdin.end());
  const code = await exitCodeOf(child, { signal, milliseconds: timeLimit }).catch(notStarted);
  if (code === undefined) {
    signal.throwIfAborted();
    throw new Failure('api', `git ${args[0]} took more than ${inSeconds(timeLimit)}. Run again.`);
  }
  if (fault !== undefined && !isBrokenPipe(fault)) throw fault;
  const words = Buffer.concat(stderr ?? []).toString();
  const failure = code === 0 ? undefined : refusedBySystem(words.replaceAll(/^remote: .*$/gm, ''));
  if (failure !== undefined) throw failure;
  return { code, stdout: Buffer.concat(stdout ?? []).toString(), stderr: oneLine(words) };
}

const isWindows = process.platform === 'win32';

/** Starts a process as the leader of a group, so that its children can be ended with it. Windows has no such groups. */
export const asLeader = { detached: !isWindows, windowsHide: true };

/** How long a process may take to end, in milliseconds. */
const grace = 1_000;

/**
 * Waits for a process that was started `asLeader`, and ends it with its children when the time is up or
 * the signal aborts: git-remote-http would live on with the pipes of git. `undefined` if it did not end by
 * itself.
 */
async function exitCodeOf(
  child: ChildProcess,
  { signal, milliseconds }: { readonly signal: AbortSignal; readonly milliseconds: number },
): Promise<number | undefined> {
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve(code ?? 1));
  });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);
  const stopped = once(limit, 'abort').then(() => undefined);
  const code = await Promise.race([ended, stopped]);
  if (code === undefined) await endAll(child, ended);
  return code;
}

async function endAll(child: ChildProcess, ended: Promise<number>): Promise<void> {
  signalAll(child, 'SIGTERM');
  const limit = delay(grace, undefined, { ref: false });
  if ((await Promise.race([ended, limit])) !== undefined) return;
  signalAll(child, 'SIGKILL');
  for (const stream of child.stdio) stream?.destroy();
}

function signalAll(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  if (isWindows) {
    const all = ['/pid', String(child.pid), '/t', '/f'];
    spawn('taskkill', all, { stdio: 'ignore' }).on('error', () => child.kill());
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // They have ended.
  }
}

function chunksOf(stream: Readable): readonly Buffer[] {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return chunks;
}

/** Reads a stream line by line; `chunks` has what it brought so far. */
function lineReader(stream: Readable, chunks: readonly Buffer[]): () => Promise<string> {
  let taken = 0;
  return async () => {
    for (; ; await Promise.race([once(stream, 'data'), once(stream, 'close')])) {
      const lines = Buffer.concat(chunks).toString().split('\n');
      if (lines.length <= taken + 1 && !stream.closed) continue;
      taken += 1;
      return lines[taken - 1] ?? '';
    }
  };
}

/** Not every failed write is one: `feed` may also write files, to a disk that is full. On Windows, it is `EOF`. */
function isBrokenPipe(error: unknown): boolean {
  const codes: readonly unknown[] = ['EPIPE', 'ECONNRESET', 'EOF'];
  return error instanceof Error && 'code' in error && codes.includes(error.code);
}

function notStarted(error: Error): never {
  const message = `git cannot be started (${error.message}). Install git on the runner, or into the image of its container.`;
  throw new Failure('config', message, { cause: error });
}

/** What git printed, trimmed. Throws a Failure if git fails. */
export async function runGit(git: Git, args: readonly string[], feed?: Feed): Promise<string> {
  const { code, stdout, stderr } = await tryGit(git, args, feed);
  if (code === 0) return stdout.trim();
  throw gitFailure(args, stderr);
}

/** What git printed, trimmed; `undefined` if git fails. */
export async function askGit(git: GitFolder, args: readonly string[]): Promise<string | undefined> {
  const { code, stdout } = await tryGit(git, args);
  return code === 0 ? stdout.trim() : undefined;
}

export function gitFailure(args: readonly string[], stderr: string): Failure {
  const command = args.find((arg) => !arg.startsWith('-')) ?? '';
  return new Failure('api', `git ${command} failed: ${inShort(stderr) || 'it gave no reason'}.`);
}

export function inShort(words: string): string {
  return words.slice(0, 500);
}

/** The words of git on one line, without the credentials of URLs. */
function oneLine(text: string): string {
  const lines = text.split('\n').map((line) => line.replace(/^(fatal|error|remote|hint): ?/i, ''));
  const words = lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('; ');
  return words.replaceAll(/\/\/[^/@\s]+@/g, '//');
}

/** Whether git gets a variable: no inputs or secrets, and nothing that points git elsewhere. */
function isForGit(name: string): boolean {
  if (name.startsWith('GIT_')) return /^GIT_(CONFIG_(COUNT|KEY_|VALUE_)|SSL_|TRACE)/.test(name);
  return !/^(INPUT|ACTIONS)_|(KEY|TOKEN|SECRET|PASSWORD|PASSPHRASE|CREDENTIALS?)$/i.test(name);
}

/**
 * The environment of git: that of the runner, without secrets and what would point git elsewhere.
 * @param directory the only folder whose repository is opened, whoever owns it, since the job's container
 * may run as another user.
 * @param credentials settings that let git in.
 */
export function gitEnvironment(
  directory: string,
  inherited: NodeJS.ProcessEnv,
  credentials: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const kept = Object.entries(inherited).filter(([name]) => isForGit(name));
  const environment: NodeJS.ProcessEnv = Object.fromEntries(kept);
  // Git may know it by either name; git for Windows wants slashes.
  const names = new Set(
    [directory, realpathSync(directory)].map((name) => name.replaceAll('\\', '/')),
  );
  const safe = [...names].map((name) => ['safe.directory', name] as const);
  let count = Number(environment.GIT_CONFIG_COUNT ?? 0);
  for (const [key, value] of [...Object.entries(credentials), ...safe]) {
    environment[`GIT_CONFIG_KEY_${count}`] = key;
    environment[`GIT_CONFIG_VALUE_${count}`] = value;
    count += 1;
  }
  return {
    ...environment,
    GIT_CONFIG_COUNT: String(count),
    GIT_CEILING_DIRECTORIES: dirname(realpathSync(directory)),
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    // A path of the configuration is no pattern.
    GIT_LITERAL_PATHSPECS: '1',
    // refs/replace must not put another object in the place of one.
    GIT_NO_REPLACE_OBJECTS: '1',
    LC_ALL: 'C',
  };
}
