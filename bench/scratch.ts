import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A path in a folder that goes with the process. */
export function scratch(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'wix-cms-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return join(folder, name);
}
