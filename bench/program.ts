/** Programs of somebody else: how long they take, and how much memory. */
import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Measured } from './measure.ts';
import { scratch } from './scratch.ts';

/** Node does not say how much memory a child had. GNU's `time` does; others than GNU have no `--format`. */
const gnuTime = '/usr/bin/time';

/**
 * Runs a program that may not be installed.
 *
 * @throws Error when it fails. `git diff` exits with 1 where files differ.
 */
export function measureProgram(
  command: string,
  args: readonly string[],
  options: SpawnSyncOptions = {},
): Measured {
  if (!answers(command)) return { missing: true };
  const report = scratch('peak');
  const isWatched = answers(gnuTime);
  const watch = [gnuTime, '--quiet', '--format=%M', `--output=${report}`];
  const [program = '', ...rest] = [...(isWatched ? watch : []), command, ...args];
  const started = performance.now();
  const { status } = spawnSync(program, rest, {
    stdio: ['ignore', 'ignore', 'inherit'],
    ...options,
  });
  const milliseconds = performance.now() - started;
  if (status !== 0 && status !== 1) throw new Error(`${command} exited with ${status}`);
  return { milliseconds, ...(isWatched && { peak: Number(readFileSync(report, 'utf8')) * 1024 }) };
}

function answers(command: string): boolean {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
}
