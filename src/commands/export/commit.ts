import { commitThroughApi } from '../../github/signed-commit.ts';
import type { CommitInputs } from '../../inputs.ts';
import { changesInWords } from '../../report/pull-request/export.ts';
import type { FileResult } from '../../report/result.ts';
import { commitFiles } from '../../repository/commit-files.ts';
import type { Commit } from '../../repository/history.ts';
import { pushCommit } from '../../repository/remote.ts';
import type { Git } from '../../repository/run-git.ts';
import type { Run } from '../run.ts';

/** What decides how files come into git. */
export type Publishing = CommitInputs & { readonly siteId: string };

/** Whether all of the site's files are published, or those alone in which new rows got their ids. */
export type Scope = 'site' | 'ids';

/** Marks the commits of this action, so that everybody else's are recognised and kept. */
const trailer = 'Wix-Site';

/** Names the commit whose files a restore brings back. */
export const restoreTrailer = 'Wix-Restore';

/** Addresses that commits of this action are committed by: its own, and GitHub's when it signs. */
const committers: ReadonlySet<string> = new Set([
  '41898282+github-actions[bot]@users.noreply.github.com',
  'noreply@github.com',
]);

export interface Message {
  readonly headline: string;
  readonly body: string;
}

/** The commit message of an export: what changed, in the words of the content. */
export function messageOf(
  inputs: Publishing,
  results: readonly FileResult[],
  scope: Scope,
): Message {
  const lines = changesInWords(results);
  // The ids that an import writes back are on the site already: no import needs to run for them.
  const skip = inputs.commit === 'push' && scope === 'ids' ? ' [skip ci]' : '';
  return {
    headline: `${inputs.commitMessage}${skip}`,
    body: `${lines.join('\n')}\n\n${trailer}: ${inputs.siteId}`,
  };
}

/** Whether a commit was made by this action to bring older files back. */
export function isRestore({ trailers, committer }: Commit): boolean {
  return trailers.has(restoreTrailer) && committers.has(committer);
}

/** Whether a commit was made by this action for this site, and nobody touched it since. */
export function isOwn({ trailers, committer }: Commit, siteId: string): boolean {
  return trailers.get(trailer) === siteId && committers.has(committer);
}

/**
 * Commits files onto a parent and moves the branch there, once and only from where it was seen.
 *
 * @param target.expected the branch's tip as it was seen; `undefined` if it did not exist.
 */
export async function commitOnto(
  run: Run,
  git: Git,
  inputs: Pick<Publishing, 'signCommits'>,
  target: {
    readonly branch: string;
    readonly parent: string;
    readonly expected: string | undefined;
    readonly files: ReadonlyMap<string, string | null>;
    readonly message: Message;
  },
): Promise<string | 'lost-race'> {
  const { branch, parent, expected, files } = target;
  const message = run.redact(target.message);
  if (inputs.signCommits) {
    const github = await run.github();
    const signed = await commitThroughApi(github, { branch, parent, expected, files, message });
    return signed === 'lost-race' ? signed : signed.sha;
  }
  const text = `${message.headline}\n\n${message.body}\n`;
  const commit = await commitFiles(git, { parent, files, message: text });
  const pushed = await pushCommit(git, {
    commit: commit ?? parent,
    ref: `refs/heads/${branch}`,
    expected,
  });
  return pushed === 'lost-race' ? pushed : (commit ?? parent);
}
