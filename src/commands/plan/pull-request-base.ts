import { headCommit, headParents, mergeBase } from '../../repository/history.ts';
import { fetchCommit } from '../../repository/remote.ts';
import type { Run } from '../run.ts';

/**
 * The commit that a pull request started from; `undefined` where the run is not on a pull request.
 *
 * On the merge commit that GitHub makes for a pull request, that is what it is merged into; on the
 * pull request's own branch, the commit where it left its target.
 */
export async function pullRequestBase(run: Run): Promise<string | undefined> {
  const { git } = run;
  const { pullRequest } = run.environment.event;
  if (git === undefined || pullRequest === undefined) return undefined;
  const [target, source] = await headParents(git);
  const isMerge = source === pullRequest.headSha && target !== undefined;
  if (isMerge) return fetchCommit(git, target);
  const head = await headCommit(git);
  const base = await fetchCommit(git, pullRequest.baseSha);
  if (head === undefined || base === undefined) return undefined;
  return (await mergeBase(git, head, base)) ?? base;
}
