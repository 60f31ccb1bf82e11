import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Measured } from '../measure.ts';

const dist = join(import.meta.dirname, '../../dist');

/** How large everything in `dist/` is together. */
export async function run(): Promise<readonly Measured[]> {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' });
  const sizes = files.map((file) => statSync(join(dist, file))).filter((found) => found.isFile());
  return [{ size: sizes.reduce((sum, { size }) => sum + size, 0) }];
}
