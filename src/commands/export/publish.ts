import { recordOrWarn } from '../../record/record-commit.ts';
import type { Sync } from '../../record/sync.ts';
import type { Run } from '../run.ts';
import { commitAndRecord, messageOf, type Publishing } from './commit.ts';
import { learnedOfOffers, learnedOfPush } from './learned.ts';
import { type Merged, stagedOf } from './merge-contents.ts';
import { holdBack, type Publication, uncommitted } from './publication.ts';
import { publishPullRequest } from './publish-pull-request.ts';

/**
 * Brings the merged files to a pull request, a branch or nowhere, as the input `commit` says.
 *
 * @returns `lost-race` if the branch or the record has moved meanwhile, and nothing was done.
 */
export async function publish(
  run: Run,
  inputs: Publishing,
  sync: Sync,
  merged: Merged,
): Promise<Publication | 'lost-race'> {
  switch (inputs.commit) {
    case 'none': {
      const kept = holdBack(run, merged);
      if (run.git === undefined) return uncommitted(kept);
      const warnings = await recordOrWarn(sync, await learnedOfOffers(sync, kept));
      return warnings === 'lost-race' ? warnings : { ...uncommitted(kept), warnings };
    }
    case 'push':
      return publishPush(run, inputs, sync, holdBack(run, merged));
    case 'pull-request':
      return publishPullRequest(run, inputs, sync, merged);
  }
}

/** Commits the merged files to the branch. */
async function publishPush(
  run: Run,
  inputs: Publishing,
  sync: Sync,
  merged: Merged,
): Promise<Publication | 'lost-race'> {
  const result = uncommitted(merged);
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
    files: stagedOf(merged),
    message: messageOf(inputs, result.results),
  };
  const before = () => learnedOfOffers(sync, merged);
  const made = await commitAndRecord(run, inputs, sync, commit, { together, before });
  return made === 'lost-race' ? made : { ...result, ...made, branch };
}
