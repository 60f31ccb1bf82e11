import type { Measured } from '../measure.ts';
import { measureProgram } from '../program.ts';
import { scratch } from '../scratch.ts';

/** `cp` of a file. */
export async function run(file = ''): Promise<readonly Measured[]> {
  return [measureProgram('cp', ['--reflink=never', file, scratch('copy')])];
}
