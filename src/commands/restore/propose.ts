import { Failure } from '../../errors.ts';
import type { PullRequest } from '../../github/pull-request.ts';
import { keepPullRequest } from '../../github/pull-requests.ts';
import type { RestoreInputs } from '../../inputs.ts';
import {
  goneFieldWords,
  restoreBody,
  restoredInWords,
  restoreTitle,
} from '../../report/pull-request/restore.ts';
import type { Result } from '../../report/result.ts';
import { forkOf } from '../../repository/history.ts';
import type { PastCommit } from '../../repository/past.ts';
import { fetchCommit } from '../../repository/remote.ts';
import { commitAlone, isRestore, restoreTrailer } from '../export/commit.ts';
import { holdsJust, type StagedFiles } from '../export/staged-files.ts';
import { filesAt } from '../read/config-at.ts';
import type { GitRun, Run } from '../run.ts';
import type { RestoredContent } from './restored-content.ts';

/** What a restore proposes. */
export interface Proposal {
  readonly then: PastCommit;
  readonly contents: readonly RestoredContent[];
  readonly baseBranch: string;
  /** The commit of the base branch that the files of the past were compared with. */
  readonly tip: string;
  /** The tip of the restore's branch, if it exists. */
  readonly expected: string | undefined;
}

/** What came of it; `commit` is `undefined` if there was nothing to commit. */
export type Proposed = Pick<Result, 'commit' | 'branch' | 'pullRequest' | 'warnings'>;

/**
 * Commits the files of the past on top of the base branch, and opens or updates the pull request.
 */
export async function propose(
  run: GitRun,
  inputs: RestoreInputs,
  proposal: Proposal,
): Promise<Proposed | 'lost-race'> {
  const { contents, tip, expected } = proposal;
  const { branch } = inputs;
  const files = new Map(contents.flatMap((content) => [...content.files]));
  if (files.size === 0) return { warnings: [] };
  const isThere = expected !== undefined && (await isProposed(run, inputs, expected, tip, files));
  const message = messageOf(run, inputs, proposal);
  const target = { branch, expected, parents: [tip], onto: tip, files, message };
  const commit = isThere ? expected : await commitAlone(run, inputs, run.git, target);
  if (commit === 'lost-race') return commit;
  const pullRequest = await present(run, inputs, proposal);
  return { commit, branch, pullRequest, warnings: goneFieldWords(contents) };
}

/**
 * Whether the restore's branch changes just these files of its base already.
 *
 * @throws Failure if somebody else has committed to it.
 */
async function isProposed(
  run: GitRun,
  inputs: RestoreInputs,
  head: string,
  base: string,
  files: StagedFiles,
): Promise<boolean> {
  const { git } = run;
  await fetchCommit(git, head);
  const { commits, isMerged, paths } = await forkOf(git, head, base);
  if (!isMerged && !commits.every(isRestore)) {
    throw new Failure(
      'config',
      `The branch ${inputs.branch} has somebody else's commits, which a restore would undo. Merge or close its pull request and delete the branch, or name another one in the input branch.`,
    );
  }
  if ((await git.objects.commit(head))?.parents[0] !== base) return false;
  const branch = await filesAt(run, inputs, head);
  return branch !== undefined && holdsJust(run.config.contents, branch, paths, files);
}

async function present(
  run: Run,
  { branch, pullRequest: attributes }: RestoreInputs,
  proposal: Proposal,
): Promise<PullRequest> {
  const { serverUrl, repository } = run.environment;
  const repositoryUrl = repository && `${serverUrl}/${repository}`;
  const title = attributes.title || titleOf(run, proposal);
  const body = restoreBody(proposal.then, proposal.contents, repositoryUrl);
  const content = run.redact({ ...attributes, title, body });
  const { baseBranch } = proposal;
  return keepPullRequest(await run.github(), { branch, baseBranch, content });
}

function titleOf({ config }: Run, { then, contents }: Proposal): string {
  const isAll = config.contents.length === config.managed.length;
  const collections = contents.filter(({ kind }) => kind === 'collection');
  return restoreTitle(then, isAll ? [] : collections.map(({ name }) => name));
}

function messageOf(run: Run, { commitMessage }: RestoreInputs, proposal: Proposal) {
  const lines = restoredInWords(proposal.contents);
  const body = [...lines, '', `${restoreTrailer}: ${proposal.then.id}`];
  return { headline: commitMessage || titleOf(run, proposal), body: body.join('\n').trimStart() };
}
