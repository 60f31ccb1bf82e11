import { recordOrWarn } from '../../record/record-commit.ts';
import type { Sync } from '../../record/sync.ts';
import type { Run } from '../run.ts';
import type { Publishing, Scope } from './commit.ts';
import { learnedOfFiles } from './learned.ts';
import type { Merge, Merged } from './merge-contents.ts';
import { holdBack, type Publication, publication } from './publication.ts';
import { publishPullRequest } from './publish-pull-request.ts';
import { publishPush } from './publish-push.ts';

/**
 * Brings the merged files where the input `commit` says: a pull request, a branch or nowhere.
 *
 * @param merge merges the site into git as another branch has it.
 * @returns `lost-race` where somebody moved a branch or the record meanwhile, and nothing was done.
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
