import * as v from 'valibot';
import { askGraphQL, askRest } from './ask.ts';
import type { GitHub } from './client.ts';

/** A comment that this action keeps on a pull request. */
export interface KeptComment {
  readonly id: number;
  readonly body: string;
  /**
   * Whether the token's owner wrote all that it says. Whoever may write to the repository may edit it,
   * and what it says then approves nothing.
   */
  readonly isTrusted: boolean;
}

/** What GraphQL says of a comment, and how it is asked. */
export const commentShape = v.pipe(
  v.object({
    databaseId: v.number(),
    body: v.string(),
    viewerDidAuthor: v.boolean(),
    lastEditedAt: v.nullable(v.string()),
    author: v.nullable(v.object({ login: v.string() })),
    editor: v.nullable(v.object({ login: v.string() })),
  }),
  v.transform(({ databaseId: id, body, viewerDidAuthor: isOwn, ...comment }) => {
    const { lastEditedAt, author, editor } = comment;
    const isEdited = lastEditedAt !== null && (editor === null || editor.login !== author?.login);
    return { id, body, isOwn, isTrusted: isOwn && !isEdited };
  }),
);
export const commentFields =
  'databaseId body viewerDidAuthor lastEditedAt author { login } editor { login }';

/** Nobody writes so many comments, and a list that does not end is not to keep the run. */
const mostPages = 100;

/**
 * The first comment of a pull request that starts with a marker and was written by the token's
 * owner. Whoever else writes a comment that looks so is not believed.
 *
 * @throws Failure `api` or `auth`.
 */
export async function findComment(
  github: GitHub,
  { pullRequest, marker }: { readonly pullRequest: number; readonly marker: string },
): Promise<KeptComment | undefined> {
  const { owner, repo } = github;
  const to = `read the comments of pull request #${pullRequest}`;
  let after: string | null = null;
  for (let page = 0; page < mostPages; page += 1) {
    const variables: object = { owner, repo, number: pullRequest, after };
    const answer = await askGraphQL(github, { to, answer: pageShape }, commentPage, {
      ...variables,
    });
    const { nodes, pageInfo } = answer.repository.pullRequest.comments;
    const own = nodes.find(({ isOwn, body }) => isOwn && body.startsWith(marker));
    if (own !== undefined) return own;
    if (!pageInfo.hasNextPage || pageInfo.endCursor === null) return undefined;
    after = pageInfo.endCursor;
  }
  return undefined;
}

/**
 * Writes the one comment that a marker names: creates it, or edits it where it differs, or where
 * somebody else has edited it.
 *
 * @param comment.body must start with the marker, or it is not found again.
 * @throws Failure `api` or `auth`.
 */
export async function keepComment(
  github: GitHub,
  comment: { readonly pullRequest: number; readonly marker: string; readonly body: string },
): Promise<KeptComment> {
  const { pullRequest, body } = comment;
  const found = await findComment(github, comment);
  if (found?.body === body && found.isTrusted) return found;
  if (found !== undefined) {
    await editComment(github, found, body);
    return { ...found, body, isTrusted: true };
  }
  const question = {
    to: `comment on pull request #${pullRequest}`,
    answer: v.object({ id: v.number() }),
    find: () => findComment(github, comment),
  };
  const { id } = await askRest(github, question, (rest, repository) =>
    rest.issues.createComment({ ...repository, issue_number: pullRequest, body }),
  );
  return { id, body, isTrusted: true };
}

/** Replaces the text of a comment. Throws a Failure `api` or `auth`. */
export async function editComment(
  github: GitHub,
  { id }: Pick<KeptComment, 'id'>,
  body: string,
): Promise<void> {
  const question = { to: 'update the comment of the plan', answer: v.unknown() };
  await askRest(github, question, (rest, repository) =>
    rest.issues.updateComment({ ...repository, comment_id: id, body }),
  );
}

const pageShape = v.object({
  repository: v.object({
    pullRequest: v.object({
      comments: v.object({
        nodes: v.array(commentShape),
        pageInfo: v.object({ hasNextPage: v.boolean(), endCursor: v.nullable(v.string()) }),
      }),
    }),
  }),
});

const commentPage = `query ($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      comments(first: 100, after: $after) {
        nodes { ${commentFields} }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`;
