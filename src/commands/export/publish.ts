import { recordOrWarn } from '../../record/record-commit.ts';
import type { Sync } from '../../record/sync.ts';
import type { Run } from '../run.ts';
import { commitAndRecord, messageOf, type Publishing, type Scope } from './commit.ts';
import { learnedOfFiles, learnedOfOffers, learnedOfPush } from './learned.ts';
import { type Merge, type Merged, stagedOf } from './merge-contents.ts';
import { holdBack, type Publication, publication } from './publication.ts';
import { publishPullRequest } from './publish-pull-request.ts';

/**
 * Brings the merged files to a pull request, a branch or nowhere, as the input `commit` says.
 *
 * @param merge merges the site into another version of git.
 * @returns `lost-race` if the branch or the record has moved meanwhile, and nothing was done.
 */
export async function publish(
  run: Run,
  inputs: Publishing,
  sync: Sync,
  merged: Merged,
  merge: Merge,
  scope: Scope = 'site',
): Promise<Publication | 'lost-race'> {
  switch (inputs.commit) {
    case 'none': {
      const kept = holdBack(merged);
      if (run.git === undefined) return publication(kept);
      const warnings = await recordOrWarn(sync, await learnedOfFiles(sync, kept));
      return warnings === 'lost-race' ? warnings : { ...publication(kept), warnings };
    }
    case 'push':
      return publishPush(run, inputs, sync, holdBack(merged), scope);
    case 'pull-request':
      return publishPullRequest(run, inputs, sync, merged, merge, scope);
  }
}

/** Commits the merged files to the branch. */
async function publishPush(
  run: Run,
  inputs: Publishing,
  sync: Sync,
  merged: Merged,
  scope: Scope,
): Promise<Publication | 'lost-race'> {
  const result = publication(merged);
  const together = learnedOfPush(sync, merged);
  if (!result.changed) {
    const warnings = await recordOrWarn(sync, together);
    return warnings === 'lost-race' ? warnings : { ...result, warnings };
  }
  const { branch, tip } = sync;
  const commit = {
    branch,
    expected: tip,
    parents: [tip],
    onto: tip,
    files: stagedOf(merged.contents),
    message: messageOf(inputs, result.results, scope),
  };
  const before = () => learnedOfOffers(sync, merged);
  const made = await commitAndRecord(run, inputs, sync, commit, { together, before });
  return made === 'lost-race' ? made : { ...result, ...made, branch };
}
