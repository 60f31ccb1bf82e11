import { Failure } from '../../errors.ts';
import { filesAt } from '../../record/base.ts';
import { headCommit } from '../../repository/history.ts';
import type { Git } from '../../repository/run-git.ts';
import type { Run } from '../run.ts';
import type { Publishing, Scope } from './commit.ts';
import { holdBack, type Publication, type Publishable, publication } from './publication.ts';
import { publishPullRequest } from './publish-pull-request.ts';
import { publishPush } from './publish-push.ts';

/** Brings the merged files where the input `commit` says: a pull request, a branch or nowhere. */
export async function publish(
  run: Run,
  inputs: Publishing,
  publishable: Publishable,
  scope: Scope = 'site',
): Promise<Publication> {
  switch (inputs.commit) {
    case 'none':
      return publication(holdBack(await publishable.merge(run.workspace)), await committed(run));
    case 'push':
      return publishPush(run, gitOf(run), inputs, publishable, scope);
    case 'pull-request':
      return publishPullRequest(run, gitOf(run), inputs, publishable, scope);
  }
}

/** The files as git holds them: what stands in the working tree alone is agreed by nobody. */
async function committed(run: Run): Promise<string> {
  const head = run.git && (await headCommit(run.git));
  return (head && (await filesAt(run, head))) ?? run.workspace;
}

function gitOf({ git }: Run): Git {
  if (git !== undefined) return git;
  throw new Failure(
    'config',
    'The workspace is not a git repository. Run actions/checkout before this step, or set the input commit to none.',
  );
}
