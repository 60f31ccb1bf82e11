import { Failure } from '../errors.ts';
import type { ImportInputs } from '../inputs.ts';
import { fetchCommit, headCommit, mergeBase } from '../repository/git.ts';
import type { RecordedVersions } from './base.ts';
import type { Run } from './run.ts';

/**
 * Refuses to import a commit that an imported one comes after. A workflow run that is run again
 * checks out the commit it was made for, and to the comparison with base, what was merged and
 * imported since would look like edits that take it all back.
 */
export async function refuseOlderCommit(
  run: Run,
  { base, reconcile }: Pick<ImportInputs, 'base' | 'reconcile'>,
  { imported }: RecordedVersions,
): Promise<void> {
  const { git } = run;
  if (git === undefined || imported === undefined) return;
  if (reconcile === 'all' || base !== undefined) return;
  const head = await headCommit(git);
  if (head === undefined || head === imported) return;
  if ((await fetchCommit(git, imported)) === undefined) return;
  if ((await mergeBase(git, head, imported)) !== head) return;
  throw new Failure(
    'conflict',
    `This run is on the commit ${head.slice(0, 7)}, but ${imported.slice(0, 7)}, which comes after it, was imported already, so nothing was written. ` +
      'Run the latest run again instead. To bring the older content back, revert in git, or set the input reconcile to all.',
  );
}
