import type { Content } from '../../config/config.ts';
import type { Change } from '../../content/change.ts';
import { diffRows } from '../../content/diff.ts';
import { type Sides, versionsOf } from '../../content/versions.ts';
import type { HeadContent } from '../read/head-content.ts';
import { importable } from './plan.ts';

/**
 * What was pending before a change: git had it, and the site did not.
 *
 * @param head a content whose base is what git had.
 * @param agreed the same content beside what git and the site agree on.
 */
export function pendingChanges(head: HeadContent, agreed: Sides): readonly Change[] {
  const {
    allColumns: columns,
    sides: { recorded: before },
  } = head;
  if (before === undefined || agreed.recorded === undefined) return [];
  const sides = { ...agreed, head: before, live: undefined };
  const changes = diffRows(columns, versionsOf(columns, sides, 'different'));
  return [...changes].flatMap((change) => importable(head, change) ?? []);
}

/** Whether the setting `deletes` changes from `keep` to `apply`. */
export function startsDeleting(before: Content | undefined, now: Content): boolean {
  return before?.deletes === 'keep' && now.deletes === 'apply';
}

/** The rows whose kept items are then deleted: git removed them earlier, and does not have them again. */
export function deletedFromNowOn(
  { table }: HeadContent,
  pending: readonly Change[],
): readonly Change[] {
  return pending.filter(({ kind, key }) => kind === 'removed' && !table.has(key));
}
