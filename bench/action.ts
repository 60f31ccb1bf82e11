/** Runs the bundled action and says what it took. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ActionOptions, runAction } from '../test/end-to-end/action.ts';
import type { Measured } from './measure.ts';
import { scratch } from './scratch.ts';

/** @throws Error with the log, when the action does not succeed. */
export async function measureAction(of: string, options: ActionOptions): Promise<Measured> {
  const peakFile = scratch('peak');
  const environment = {
    ...options.environment,
    BENCH_PEAK_FILE: peakFile,
    NODE_OPTIONS: `--import=${join(import.meta.dirname, 'peak.js')}`,
  };
  const run = await runAction({ ...options, environment, bundled: true });
  if (run.exitCode !== 0) throw new Error(`The action failed:\n${run.log}`);
  return { of, milliseconds: run.milliseconds, peak: Number(readFileSync(peakFile, 'utf8')) };
}
