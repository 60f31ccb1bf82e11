import type { Measured } from '../measure.ts';
import { measureProgram } from '../program.ts';

/** A program of somebody else. */
export async function run(command = '', ...args: readonly string[]): Promise<readonly Measured[]> {
  return [measureProgram(command, args)];
}
