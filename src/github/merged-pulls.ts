import * as v from 'valibot';
import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import { commentFields, commentShape } from './comments.ts';

export type MergedPull = Readonly<v.InferOutput<typeof pullShape>>;

/** Imports follow merges closely, so the latest are enough. */
const latest = 20;

/** The pull requests that were merged into a branch last, the latest first. */
export async function latestMergedPulls(
  github: GitHub,
  branch: string,
): Promise<readonly MergedPull[]> {
  const { owner, repo } = github;
  const question = { to: 'look at the latest merged pull requests', answer: pageShape };
  const variables = { owner, repo, branch };
  const { repository } = await ask(github, question, mergedPage, variables);
  const pulls = repository.pullRequests.nodes.filter(({ mergeCommit }) => mergeCommit !== '');
  return pulls.sort((left, right) => (left.mergedAt < right.mergedAt ? 1 : -1));
}

const pullShape = v.pipe(
  v.object({
    mergeCommit: v.nullable(v.object({ oid: v.string() })),
    mergedAt: v.nullable(v.string(), ''),
    commits: v.object({ totalCount: v.number() }),
    labels: v.nullish(v.object({ nodes: v.array(v.object({ name: v.string() })) })),
    comments: v.object({ nodes: v.array(commentShape) }),
  }),
  v.transform(({ mergeCommit, mergedAt, commits, labels, comments }) => ({
    /** The commit of the merge on the target: of a rebase, the last one. */
    mergeCommit: mergeCommit?.oid ?? '',
    mergedAt,
    commits: commits.totalCount,
    labels: labels?.nodes.map(({ name }) => name) ?? [],
    /** Those that are trusted. */
    comments: comments.nodes.filter(({ isTrusted }) => isTrusted),
  })),
);

const pageShape = v.object({
  repository: v.object({ pullRequests: v.object({ nodes: v.array(pullShape) }) }),
});

const mergedPage = `query ($owner: String!, $repo: String!, $branch: String!) {
  repository(owner: $owner, name: $repo) {
    pullRequests(states: MERGED, baseRefName: $branch, first: ${latest}, orderBy: { field: UPDATED_AT, direction: DESC }) {
      nodes {
        mergeCommit { oid }
        mergedAt
        commits { totalCount }
        labels(first: 100) { nodes { name } }
        comments(first: 100) { nodes { ${commentFields} } }
      }
    }
  }
}`;
