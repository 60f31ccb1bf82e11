import { spawnSync } from 'node:child_process';
import type { Measured } from '../measure.ts';
import { scratch } from '../scratch.ts';

/** `cp` of a file. */
export async function run(file = ''): Promise<readonly Measured[]> {
  const target = scratch('copy');
  const started = performance.now();
  const { status } = spawnSync('cp', ['--reflink=never', file, target], { stdio: 'inherit' });
  const milliseconds = performance.now() - started;
  if (status !== 0) throw new Error(`cp exited with ${status}`);
  return [{ milliseconds }];
}
