import * as v from 'valibot';
import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import { account } from './pull-request.ts';

export type KeptComment = Readonly<Omit<v.InferOutput<typeof commentShape>, 'isOwn'>>;

export const commentShape = v.pipe(
  v.object({
    databaseId: v.number(),
    body: v.string(),
    viewerDidAuthor: v.boolean(),
    lastEditedAt: v.nullable(v.string()),
    author: v.nullable(account),
    editor: v.nullable(account),
  }),
  v.transform(({ databaseId: id, body, viewerDidAuthor: isOwn, ...comment }) => {
    const { lastEditedAt, author, editor } = comment;
    const isEdited = lastEditedAt !== null && (editor === null || editor.login !== author?.login);
    // What others have edited approves nothing.
    return { id, body, isOwn, isTrusted: isOwn && !isEdited };
  }),
);
export const commentFields =
  'databaseId body viewerDidAuthor lastEditedAt author { login } editor { login }';

/** A list that does not end must not keep the run. */
const mostPages = 100;

/** The first comment that starts with a marker, if the token's owner wrote it: nobody else's is believed. */
export async function findComment(
  github: GitHub,
  { pullRequest, marker }: { readonly pullRequest: number; readonly marker: string },
): Promise<KeptComment | undefined> {
  const { owner, repo } = github;
  const to = `read the comments of pull request #${pullRequest}`;
  const question = { to, answer: pageShape };
  const variables = { owner, repo, number: pullRequest, after: null as string | null };
  for (let page = 0; page < mostPages; page += 1) {
    const { nodes, pageInfo } = await ask(github, question, commentPage, variables);
    const own = nodes.find(({ isOwn, body }) => isOwn && body.startsWith(marker));
    if (own !== undefined) return own;
    if (!pageInfo.hasNextPage || pageInfo.endCursor === null) return undefined;
    variables.after = pageInfo.endCursor;
  }
  return undefined;
}

/** Writes the one comment that starts with a marker, if it differs or somebody else has edited it. */
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
  const { id } = await ask(github, question, `POST /issues/${pullRequest}/comments`, { body });
  return { id, body, isTrusted: true };
}

export async function editComment(
  github: GitHub,
  { id }: Pick<KeptComment, 'id'>,
  body: string,
): Promise<void> {
  const question = { to: 'update the comment of the plan', answer: v.unknown() };
  await ask(github, question, `PATCH /issues/comments/${id}`, { body });
}

const comments = v.object({
  nodes: v.array(commentShape),
  pageInfo: v.object({ hasNextPage: v.boolean(), endCursor: v.nullable(v.string()) }),
});

const pageShape = v.pipe(
  v.object({ repository: v.object({ pullRequest: v.object({ comments }) }) }),
  v.transform(({ repository }) => repository.pullRequest.comments),
);

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
