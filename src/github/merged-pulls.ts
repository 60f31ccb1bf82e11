import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import type { KeptComment } from './comments.ts';

/** A pull request that was merged. */
export interface MergedPull {
  readonly number: number;
  /** The commit that its merge left on the target: of a rebase, the last one. */
  readonly mergeCommit: string;
  /** ISO 8601. */
  readonly mergedAt: string;
  /** How many commits it had. */
  readonly commits: number;
  readonly labels: readonly string[];
  /** What the token's owner wrote on it. Whoever else writes one that looks so is not believed. */
  readonly comments: readonly KeptComment[];
}

/** How many of the latest merges are looked at: imports follow them closely. */
const latest = 20;

/**
 * The pull requests that were merged last into a branch, the last one first.
 *
 * @param branch `undefined` for any.
 * @throws Failure `api` or `auth`.
 */
export async function latestMergedPulls(
  github: GitHub,
  branch: string | undefined,
): Promise<readonly MergedPull[]> {
  const { octokit, owner, repo } = github;
  const wish = {
    to: 'look at the latest merged pull requests',
    needs: 'pull-requests: read',
    whenUncertain: 'repeat',
  } as const;
  const answer = await ask(github, wish, () =>
    octokit.graphql<MergedPage>(mergedPage, { owner, repo, first: latest, branch: branch ?? null }),
  );
  const pulls = answer.repository.pullRequests.nodes.flatMap((pull) => {
    if (pull.mergeCommit === null || pull.mergedAt === null) return [];
    const comments = pull.comments.nodes.filter(({ viewerDidAuthor }) => viewerDidAuthor);
    return [
      {
        number: pull.number,
        mergeCommit: pull.mergeCommit.oid,
        mergedAt: pull.mergedAt,
        commits: pull.commits.totalCount,
        labels: (pull.labels?.nodes ?? []).map(({ name }) => name),
        comments: comments.map(({ databaseId: id, body }) => ({ id, body })),
      },
    ];
  });
  return pulls.sort((left, right) => (left.mergedAt < right.mergedAt ? 1 : -1));
}

interface MergedPage {
  readonly repository: {
    readonly pullRequests: {
      readonly nodes: readonly {
        readonly number: number;
        readonly mergeCommit: { readonly oid: string } | null;
        readonly mergedAt: string | null;
        readonly commits: { readonly totalCount: number };
        readonly labels: { readonly nodes: readonly { readonly name: string }[] } | null;
        readonly comments: {
          readonly nodes: readonly {
            readonly databaseId: number;
            readonly body: string;
            readonly viewerDidAuthor: boolean;
          }[];
        };
      }[];
    };
  };
}

const mergedPage = `query ($owner: String!, $repo: String!, $first: Int!, $branch: String) {
  repository(owner: $owner, name: $repo) {
    pullRequests(states: MERGED, baseRefName: $branch, first: $first, orderBy: { field: UPDATED_AT, direction: DESC }) {
      nodes {
        number
        mergeCommit { oid }
        mergedAt
        commits { totalCount }
        labels(first: 100) { nodes { name } }
        comments(first: 100) { nodes { databaseId body viewerDidAuthor } }
      }
    }
  }
}`;
