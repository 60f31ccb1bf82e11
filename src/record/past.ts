import { dirname } from 'node:path';
import type { Content } from '../config/config.ts';
import { typedColumns } from '../content/columns.ts';
import { transitColumns, transitsFrom } from '../content/transit.ts';
import { type Side, type Sides, sideOf, versionsByKey } from '../content/versions.ts';
import { commitsBetween, mergeBase } from '../repository/history.ts';
import { fetchCommits } from '../repository/remote.ts';
import { stemOf } from './content-files.ts';
import { freshFolder, type Sync } from './sync.ts';
import { idsOf, ifReadable, versionAt } from './version.ts';

/**
 * How the branch held a content since the record last looked, oldest first, without the tip. Example: an
 * export's pull request is merged, and reverted before any run looks. The tip holds the old value, and
 * only the commit in between shows that git had taken the new one.
 *
 * Without the history, as after a force push, the tip alone counts.
 */
export async function pastOf(sync: Sync, content: Content): Promise<readonly Side[]> {
  const { tip, record } = sync;
  if (record.seen === undefined) return [];
  return sidesAt(sync, content, await commitsOf(sync, content, [record.seen, tip]));
}

/**
 * How the branch that exports propose from held a content, in its own commits. GitHub keeps it after a merge,
 * and it shows what was corrected there. Read only if git has edited a row that was offered.
 */
export async function proposalOf(
  sync: Sync,
  content: Content,
  sides: Sides,
): Promise<readonly Side[]> {
  const { tip, proposal } = sync;
  if (proposal === undefined || sides.recorded === undefined) return [];
  if (!hasEditedOffer(sides)) return [];
  const isLacking = (await fetchCommits(sync.git, [proposal])).length > 0;
  const base = isLacking ? undefined : await mergeBase(sync.git, proposal, tip);
  if (base === undefined) return [];
  const before = await commitsOf(sync, content, [base, proposal]);
  return sidesAt(sync, content, [...before, proposal]);
}

/** Whether an offered row has, or had, a value in git that was neither agreed nor offered. */
function hasEditedOffer({ head, recorded, past = [], offered = [] }: Sides): boolean {
  const columns = typedColumns(transitColumns(offered[0] ?? []));
  const keys = [...transitsFrom(offered, columns).keys()];
  return [...past, head].some((git) => {
    const read = versionsByKey(columns, { head: git, recorded, offered });
    return keys.map(read).some((row) => row.head?.some((text, i) => text !== row.base?.[i]));
  });
}

/** The commits between two that changed a content, oldest first, without the last. */
async function commitsOf(
  { git, head }: Sync,
  content: Content,
  range: readonly [since: string, tip: string],
): Promise<readonly string[]> {
  const there = head.placed(content);
  const commits = await commitsBetween(git, range, [there.path, stemOf(there)]);
  return (commits ?? []).map(({ id }) => id);
}

/** The content in these commits, without those that leave it as it was. */
async function sidesAt(
  sync: Sync,
  content: Content,
  commits: readonly string[],
): Promise<readonly Side[]> {
  const { git, head } = sync;
  const sides: Side[] = [];
  let last = '';
  for (const commit of commits) {
    const version = await versionAt(git, commit, {
      below: dirname(head.placed(content).path),
      folder: freshFolder(sync, 'past'),
      placed: head.placed,
    });
    const ids = idsOf(version, content);
    if (ids === last) continue;
    last = ids;
    const table = await ifReadable(version.open(content));
    if (table !== undefined) sides.push(sideOf(table));
  }
  return sides;
}
