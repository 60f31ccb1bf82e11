import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Measured } from '../measure.ts';
import { measureProgram } from '../program.ts';

const dist = join(import.meta.dirname, '../../dist/index.js');

/** How long it takes from a cold start to the first line: of Node itself, or of a plan by `dist/`. */
export async function run(what = ''): Promise<readonly Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), 'wix-cms-bench-'));
  const args = what === 'node' ? ['-e', '0'] : [dist];
  const measured: Measured[] = [];
  for (let i = 0; i < 5; i += 1)
    measured.push({ milliseconds: await untilFirstLine(args, folder) });
  // Apart from the times, which are too short for another program in between.
  const { peak } = measureProgram(process.execPath, args, surroundings(folder));
  return peak === undefined ? measured : [...measured, { peak }];
}

function surroundings(folder: string) {
  const env = {
    PATH: process.env.PATH,
    INPUT_COMMAND: 'plan',
    INPUT_COLLECTIONS: 'products',
    GITHUB_WORKSPACE: folder,
    RUNNER_TEMP: folder,
  };
  return { cwd: folder, env };
}

async function untilFirstLine(args: readonly string[], folder: string): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    ...surroundings(folder),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const first = new Promise((resolve) => child.stdout.once('data', resolve).once('close', resolve));
  await first;
  const milliseconds = performance.now() - started;
  await new Promise((resolve) =>
    child.exitCode === null ? child.once('close', resolve) : resolve(0),
  );
  return milliseconds;
}
