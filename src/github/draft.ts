import * as v from 'valibot';
import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import { account, type PullRequest } from './pull-request.ts';
import { refusalOf } from './refusal.ts';

/** Makes a pull request a draft, or ready for review, which only GraphQL can. Warns if the repository has no drafts. */
export async function setDraft(
  github: GitHub,
  pull: PullRequest,
  to: 'draft' | 'ready',
): Promise<PullRequest> {
  const mutation = to === 'draft' ? convertToDraft : markReady;
  const words = to === 'draft' ? 'a draft' : 'ready for review';
  const question = { to: `make pull request #${pull.number} ${words}`, answer: v.unknown() };
  try {
    await ask(github, question, mutation, { input: { pullRequestId: pull.nodeId } });
    return { ...pull, draft: to === 'draft' };
  } catch (error) {
    if (!isWithoutDrafts(github, error)) throw error;
    return pull;
  }
}

/** Whether the repository has no draft pull requests; then warns of it. */
export function isWithoutDrafts({ owner, repo, log }: GitHub, error: unknown): boolean {
  if (!/draft pull requests are not supported/i.test(refusalOf(error)?.words ?? '')) return false;
  log.warning(
    /**
     * @cause Some GitHub plans have no drafts in private repositories.
     * @remedy Check the deletes before you merge. If you do not need drafts, set `pull-request-draft:
     * false`.
     */
    `${owner}/${repo} has no draft pull requests, so the pull request is ready for review.`,
  );
  return true;
}

/** Whether the token's owner made it a draft. */
export async function isOwnDraft(github: GitHub, pull: PullRequest): Promise<boolean> {
  const to = `read who made pull request #${pull.number} a draft`;
  const { viewer, node } = await ask(github, { to, answer: historyShape }, draftHistory, {
    id: pull.nodeId,
  });
  const [conversion] = node.timelineItems.nodes;
  if (conversion === undefined) return node.viewerDidAuthor;
  return conversion.actor !== null && accountOf(conversion.actor.login) === accountOf(viewer.login);
}

const historyShape = v.object({
  viewer: account,
  node: v.object({
    viewerDidAuthor: v.boolean(),
    timelineItems: v.object({ nodes: v.array(v.object({ actor: v.nullable(account) })) }),
  }),
});

const draftHistory = `query ($id: ID!) {
  viewer { login }
  node(id: $id) {
    ... on PullRequest {
      viewerDidAuthor
      timelineItems(last: 1, itemTypes: [CONVERT_TO_DRAFT_EVENT]) {
        nodes { ... on ConvertToDraftEvent { actor { login } } }
      }
    }
  }
}`;

const convertToDraft = `mutation ($input: ConvertPullRequestToDraftInput!) {
  convertPullRequestToDraft(input: $input) { clientMutationId }
}`;

const markReady = `mutation ($input: MarkPullRequestReadyForReviewInput!) {
  markPullRequestReadyForReview(input: $input) { clientMutationId }
}`;

/** An app is `name[bot]` as a viewer and `name` as an actor. */
function accountOf(login: string): string {
  return login.toLowerCase().replace(/\[bot\]$/, '');
}
