import { ask } from './ask.ts';
import type { GitHub } from './client.ts';

/** A comment that this action keeps on a pull request. */
export interface KeptComment {
  readonly id: number;
  readonly body: string;
}

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
  const { octokit, owner, repo } = github;
  let after: string | null = null;
  do {
    const variables = { owner, repo, number: pullRequest, after };
    const answer: CommentPage = await ask(
      github,
      {
        to: `read the comments of pull request #${pullRequest}`,
        needs: 'pull-requests: read',
        whenUncertain: 'repeat',
      },
      () => octokit.graphql<CommentPage>(commentPage, variables),
    );
    const { nodes, pageInfo } = answer.repository.pullRequest.comments;
    const own = nodes.find(
      ({ viewerDidAuthor, body }) => viewerDidAuthor && body.startsWith(marker),
    );
    if (own !== undefined) return { id: own.databaseId, body: own.body };
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return undefined;
}

/**
 * Writes the one comment that a marker names: creates it, or edits it where it differs.
 *
 * @param comment.body must start with the marker, or it is not found again.
 * @throws Failure `api` or `auth`.
 */
export async function keepComment(
  github: GitHub,
  comment: { readonly pullRequest: number; readonly marker: string; readonly body: string },
): Promise<KeptComment> {
  const { octokit, owner, repo } = github;
  const { pullRequest, body } = comment;
  const found = await findComment(github, comment);
  if (found?.body === body) return found;
  return ask(
    github,
    {
      to: `comment on pull request #${pullRequest}`,
      needs: 'pull-requests: write',
      whenUncertain: found === undefined ? () => findComment(github, comment) : 'repeat',
    },
    async () => {
      const { data } =
        found === undefined
          ? await octokit.rest.issues.createComment({
              owner,
              repo,
              issue_number: pullRequest,
              body,
            })
          : await octokit.rest.issues.updateComment({ owner, repo, comment_id: found.id, body });
      return { id: data.id, body };
    },
  );
}

/** Replaces the text of a comment. Throws a Failure `api` or `auth`. */
export async function editComment(
  github: GitHub,
  { id }: Pick<KeptComment, 'id'>,
  body: string,
): Promise<void> {
  const { octokit, owner, repo } = github;
  const wish = {
    to: 'update the comment of the plan',
    needs: 'pull-requests: write',
    whenUncertain: 'repeat',
  } as const;
  await ask(github, wish, () =>
    octokit.rest.issues.updateComment({ owner, repo, comment_id: id, body }),
  );
}

interface CommentPage {
  readonly repository: {
    readonly pullRequest: {
      readonly comments: {
        readonly nodes: readonly {
          readonly databaseId: number;
          readonly body: string;
          readonly viewerDidAuthor: boolean;
        }[];
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      };
    };
  };
}

const commentPage = `query ($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      comments(first: 100, after: $after) {
        nodes { databaseId body viewerDidAuthor }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`;
