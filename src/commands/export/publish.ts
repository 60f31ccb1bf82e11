import type { Sync } from '../../record/sync.ts';
import type { Run } from '../run.ts';
import { commitAndRecord, messageOf, type Publishing } from './commit.ts';
import { learnedOfOffers, learnedOfPush } from './learned.ts';
import type { Merged } from './merge-contents.ts';
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
      const together = await learnedOfOffers(sync, kept);
      const made = await commitAndRecord(run, inputs, sync, undefined, { together });
      return made === 'lost-race' ? made : { ...uncommitted(kept), ...made };
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
  const { branch, tip } = sync;
  const result = uncommitted(merged);
  const { staged: files, results, changed } = result;
  const message = messageOf(inputs, results);
  const commit = { branch, expected: tip, parents: [tip], onto: tip, files, message };
  const made = await commitAndRecord(run, inputs, sync, changed ? commit : undefined, {
    together: learnedOfPush(sync, merged),
    before: () => learnedOfOffers(sync, merged),
  });
  return made === 'lost-race' ? made : { ...result, ...made, ...(changed && { branch }) };
}
