import type { Sync } from '../../record/sync.ts';
import { mergeBase } from '../../repository/history.ts';
import { fetchCommit } from '../../repository/remote.ts';
import type { Run } from '../run.ts';

/**
 * The commit that a pull request started from; `undefined` if the run is not on a pull request. On
 * GitHub's merge commit, that is the target; on the pull request's own branch, the commit where it left
 * its target.
 */
export async function pullRequestBase(
  run: Run,
  { git, tip }: Pick<Sync, 'git' | 'tip'>,
): Promise<string | undefined> {
  const { pullRequest } = run.environment.event;
  if (pullRequest === undefined) return undefined;
  const head = await git.objects.commit(tip);
  const [target, source] = head?.parents ?? [];
  if (source === pullRequest.headSha && target !== undefined) return fetchCommit(git, target);
  const base = await fetchCommit(git, pullRequest.baseSha);
  if (head === undefined || base === undefined) return undefined;
  return (await mergeBase(git, head.id, base)) ?? base;
}
