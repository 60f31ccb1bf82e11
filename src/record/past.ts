import { dirname } from 'node:path';
import type { Content } from '../config/config.ts';
import { type Side, sideOf } from '../content/versions.ts';
import type { Table } from '../csv/table.ts';
import { Failure } from '../errors.ts';
import { commitsBetween } from '../repository/history.ts';
import { freshFolder, type Sync } from './sync.ts';
import { idsOf, type Version, versionAt } from './version.ts';

/**
 * How the branch held a content since the record last looked, oldest first, without the tip. Example: an
 * export's pull request is merged, and reverted before any run looks. The tip holds the old value, and
 * only the commit in between shows that git had taken the new one.
 *
 * Without the history, as after a force push, the tip alone counts.
 */
export async function pastOf(sync: Sync, content: Content): Promise<readonly Side[]> {
  const { git, head, tip } = sync;
  const { seen } = sync.record;
  if (seen === undefined) return [];
  const { path } = head.placed(content);
  const commits = await commitsBetween(git, [seen, tip], [path, path.replace(/\.csv$/, '')]);
  const sides: Side[] = [];
  let last = '';
  for (const { id } of commits ?? []) {
    const version = await versionAt(git, id, {
      below: dirname(path),
      folder: freshFolder(sync, 'past'),
      placed: head.placed,
    });
    const ids = idsOf(version, content);
    if (ids === last) continue;
    last = ids;
    const table = await openIfReadable(version, content);
    if (table !== undefined) sides.push(sideOf(table));
  }
  return sides;
}

/** Opens a content of a version that nobody can mend any more. */
export async function openIfReadable(version: Version, content: Content, like?: Table) {
  try {
    return await version.open(content, like);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
