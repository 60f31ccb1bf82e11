import { remoteTip } from '../../repository/remote.ts';
import type { Git } from '../../repository/run-git.ts';
import type { Run } from '../run.ts';
import { commitOnto, messageOf, type Publishing, type Scope } from './commit.ts';
import { stagedOf } from './merge-contents.ts';
import {
  baseBranchOf,
  filesAtTip,
  holdBack,
  movedTooOften,
  type Publication,
  type Publishable,
  publication,
  pushAttempts,
} from './publication.ts';

/**
 * Commits the merged files onto the branch and pushes. A push that loses a race starts again from
 * the branch as it is then: the site is merged into the winner's files.
 */
export async function publishPush(
  run: Run,
  git: Git,
  inputs: Publishing,
  { merge, beforeCommit }: Publishable,
  scope: Scope,
): Promise<Publication> {
  const branch = baseBranchOf(run, inputs);
  for (let attempt = 1; attempt <= pushAttempts; attempt += 1) {
    const { tip, folder } = await filesAtTip(
      run,
      await remoteTip(git, `refs/heads/${branch}`),
      branch,
    );
    const merged = holdBack(await merge(folder));
    const result = publication(merged, merged.staging, tip);
    if (!result.changed) return { ...result, head: folder };
    await beforeCommit({ head: folder, tip, merged });
    const commit = await commitOnto(run, git, inputs, {
      branch,
      parent: tip,
      expected: tip,
      files: stagedOf(merged.contents),
      message: messageOf(inputs, result.results, scope),
    });
    if (commit !== 'lost-race') return { ...result, tip: commit, commit, branch };
    run.log.info(`The branch ${branch} moved meanwhile; merging into its new commit.`);
  }
  throw movedTooOften(branch);
}
