import * as v from 'valibot';
import { Failure } from '../errors.ts';
import { ask } from './ask.ts';
import { addAttributes } from './attributes.ts';
import type { GitHub } from './client.ts';
import { keepComment } from './comments.ts';
import { isOwnDraft, isWithoutDrafts, setDraft } from './draft.ts';
import { type PullRequest, type PullRequestContent, pullRequestShape } from './pull-request.ts';
import { moveBranch } from './refs.ts';
import { refusalOf } from './refusal.ts';

export interface Branches {
  readonly branch: string;
  readonly baseBranch: string;
}

export async function getPullRequest(github: GitHub, number: number): Promise<PullRequest> {
  const question = { to: `look at pull request #${number}`, answer: pullRequestShape };
  return ask(github, question, `GET /pulls/${number}`);
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
  const wanted = { state, head: `${github.owner}:${branch}`, base };
  return ask(github, { to, answer: v.array(pullRequestShape) }, 'GET /pulls', wanted);
}

type Wanted = Branches & { readonly content: PullRequestContent };

/** Opens the pull request between two branches, or updates the open one. */
export async function keepPullRequest(github: GitHub, wanted: Wanted): Promise<PullRequest> {
  const open = await findOpenPullRequest(github, wanted);
  return open === undefined
    ? openPullRequest(github, wanted)
    : updatePullRequest(github, open, wanted.content);
}

/**
 * Opens a pull request, or takes over the one that somebody else has opened meanwhile.
 *
 * @internal
 */
export async function openPullRequest(github: GitHub, wanted: Wanted): Promise<PullRequest> {
  const { branch: head, baseBranch: base, content } = wanted;
  const { title, body, draft } = content;
  const find = () => findOpenPullRequest(github, wanted);
  const question = {
    to: `open a pull request from ${head} to ${base}`,
    answer: pullRequestShape,
    find,
  };
  try {
    const pull = await ask(github, question, 'POST /pulls', { head, base, title, body, draft });
    await addAttributes(github, pull, content);
    return pull;
  } catch (error) {
    if (draft && isWithoutDrafts(github, error)) {
      return openPullRequest(github, { ...wanted, content: { ...content, draft: false } });
    }
    const open = /already exists/i.test(refusalOf(error)?.words ?? '') && (await find());
    if (!open) throw error;
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
  const { title, body, draft } = content;
  const isSame = pull.title === title && pull.body === body;
  const worded = isSame ? pull : await edit(github, pull, { title, body });
  const isRight = draft === worded.draft || (!draft && !(await isOwnDraft(github, worded)));
  const drafted = isRight ? worded : await setDraft(github, worded, draft ? 'draft' : 'ready');
  await addAttributes(github, drafted, content);
  return drafted;
}

/** Closes a pull request, says why, once, and deletes its branch unless somebody has moved it meanwhile. */
export async function closePullRequest(
  github: GitHub,
  pull: PullRequest,
  comment: string,
): Promise<void> {
  await keepComment(github, { pullRequest: pull.number, marker: comment, body: comment });
  await edit(github, pull, { state: 'closed' });
  await deleteBranchOf(github, pull);
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

async function edit(
  github: GitHub,
  { number }: PullRequest,
  change: { readonly title: string; readonly body: string } | { readonly state: 'closed' },
): Promise<PullRequest> {
  const question = { to: `update pull request #${number}`, answer: pullRequestShape };
  return ask(github, question, `PATCH /pulls/${number}`, change);
}
