import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Content } from '../../config/config.ts';
import type { Run } from '../run.ts';

/**
 * Keeps the site's files as they were before the first write, under the paths they have in git.
 *
 * @returns the folder, which outlives the run: a later step may upload it.
 */
export function keepBackup(run: Run, downloads: ReadonlyMap<Content, string>): string {
  const folder = join(run.environment.runnerTemp, `wix-cms-backup-${run.id}`);
  for (const [content, file] of downloads) {
    const target = join(folder, content.path);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(file, target);
  }
  return folder;
}
