import * as v from 'valibot';
import { Failure } from '../errors.ts';
import { askRest } from './ask.ts';
import { addAttributes } from './attributes.ts';
import type { GitHub } from './client.ts';
import { keepComment } from './comments.ts';
import { isOwnDraft, isWithoutDrafts, setDraft } from './draft.ts';
import { type PullRequest, type PullRequestContent, pullRequestShape } from './pull-request.ts';
import { moveBranch } from './refs.ts';
import { refusalOf } from './refusal.ts';

export type { PullRequest, PullRequestContent } from './pull-request.ts';

export interface Branches {
  readonly branch: string;
  readonly baseBranch: string;
}

export async function getPullRequest(github: GitHub, number: number): Promise<PullRequest> {
  const question = { to: `look at pull request #${number}`, answer: pullRequestShape };
  return askRest(github, question, (rest, repository) =>
    rest.pulls.get({ ...repository, pull_number: number }),
  );
}

/** The open pull request between two branches of the repository. */
export async function findOpenPullRequest(
  github: GitHub,
  branches: Branches,
): Promise<PullRequest | undefined> {
  const pulls = await listPullRequests(github, branches, 'open');
  return pulls.find(({ headBranch }) => headBranch === branches.branch);
}

/** Whether a branch was merged as it is, which commits do not show after a squash merge. */
export async function wasMerged(
  github: GitHub,
  branches: Branches & { readonly tip: string },
): Promise<boolean> {
  const pulls = await listPullRequests(github, branches, 'closed');
  return pulls.some(({ merged, headSha }) => merged && headSha === branches.tip);
}

function listPullRequests(
  github: GitHub,
  { branch, baseBranch: base }: Branches,
  state: 'open' | 'closed',
): Promise<readonly PullRequest[]> {
  const to = `look for the pull request of ${branch}`;
  const head = `${github.owner}:${branch}`;
  return askRest(github, { to, answer: v.array(pullRequestShape) }, (rest, repository) =>
    rest.pulls.list({ ...repository, state, head, base }),
  );
}

/** Opens the pull request between two branches, or updates the open one. */
export async function keepPullRequest(
  github: GitHub,
  { content, ...branches }: Branches & { readonly content: PullRequestContent },
): Promise<PullRequest> {
  const open = await findOpenPullRequest(github, branches);
  return open === undefined
    ? openPullRequest(github, { ...branches, content })
    : updatePullRequest(github, open, content);
}

/**
 * Opens a pull request, or takes over the one that somebody else has opened meanwhile.
 *
 * @internal
 */
export async function openPullRequest(
  github: GitHub,
  target: Branches & { readonly content: PullRequestContent },
): Promise<PullRequest> {
  const { branch, baseBranch, content } = target;
  try {
    const pull = await create(github, target);
    return await addAttributes(github, pull, content);
  } catch (error) {
    if (content.draft && isWithoutDrafts(github, error)) {
      return openPullRequest(github, { ...target, content: { ...content, draft: false } });
    }
    if (!/already exists/i.test(refusalOf(error)?.words ?? '')) throw error;
    const open = await findOpenPullRequest(github, { branch, baseBranch });
    if (open === undefined) throw error;
    return updatePullRequest(github, open, content);
  }
}

/**
 * Brings a pull request up to date. Nothing is taken from its lists, and a draft of a person stays one.
 *
 * @internal
 */
export async function updatePullRequest(
  github: GitHub,
  pull: PullRequest,
  content: PullRequestContent,
): Promise<PullRequest> {
  const { title, body } = content;
  const worded =
    pull.title === title && pull.body === body ? pull : await edit(github, pull, { title, body });
  const drafted = await bringDraft(github, worded, content);
  return addAttributes(github, drafted, content);
}

/** Closes a pull request, says why, once, and deletes its branch unless somebody has moved it meanwhile. */
export async function closePullRequest(
  github: GitHub,
  pull: PullRequest,
  { comment, deleteBranch }: { readonly comment?: string; readonly deleteBranch: boolean },
): Promise<void> {
  const { number: pullRequest } = pull;
  if (comment !== undefined) {
    await keepComment(github, { pullRequest, marker: comment, body: comment });
  }
  await edit(github, pull, { state: 'closed' });
  if (deleteBranch) await deleteBranchOf(github, pull);
}

/** A branch that is left behind does no harm. */
async function deleteBranchOf(
  github: GitHub,
  { number, headBranch: branch, headSha }: PullRequest,
): Promise<void> {
  try {
    const moved = await moveBranch(github, { branch, from: headSha, to: undefined });
    if (moved !== 'lost-race') return;
    github.log.info(`The branch ${branch} is kept, because somebody has moved it meanwhile.`);
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    github.log.warning(
      `The branch ${branch} of the closed pull request #${number} was left behind; delete it. ${error.message}`,
    );
  }
}

async function create(
  github: GitHub,
  { branch, baseBranch, content }: Branches & { readonly content: PullRequestContent },
): Promise<PullRequest> {
  const { title, body, draft } = content;
  const question = {
    to: `open a pull request from ${branch} to ${baseBranch}`,
    answer: pullRequestShape,
    find: () => findOpenPullRequest(github, { branch, baseBranch }),
  };
  return askRest(github, question, (rest, repository) =>
    rest.pulls.create({ ...repository, head: branch, base: baseBranch, title, body, draft }),
  );
}

async function edit(
  github: GitHub,
  { number }: PullRequest,
  change: { readonly title: string; readonly body: string } | { readonly state: 'closed' },
): Promise<PullRequest> {
  const question = { to: `update pull request #${number}`, answer: pullRequestShape };
  return askRest(github, question, (rest, repository) =>
    rest.pulls.update({ ...repository, pull_number: number, ...change }),
  );
}

async function bringDraft(
  github: GitHub,
  pull: PullRequest,
  { draft }: PullRequestContent,
): Promise<PullRequest> {
  if (draft === pull.draft) return pull;
  if (draft) return setDraft(github, pull, 'draft');
  return (await isOwnDraft(github, pull)) ? setDraft(github, pull, 'ready') : pull;
}
