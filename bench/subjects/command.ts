import { spawnSync } from 'node:child_process';
import type { Measured } from '../measure.ts';

/** A program of somebody else. `git diff` exits with 1 where files differ. */
export async function run(command = '', ...args: readonly string[]): Promise<readonly Measured[]> {
  const started = performance.now();
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const milliseconds = performance.now() - started;
  if (error !== undefined) throw error;
  if (status !== 0 && status !== 1) throw new Error(`${command} exited with ${status}`);
  return [{ milliseconds }];
}
