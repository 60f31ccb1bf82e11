import * as v from 'valibot';

/** A pull request as it was last seen. */
export interface PullRequest {
  readonly number: number;
  /** The id in GraphQL. */
  readonly nodeId: string;
  readonly url: string;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly draft: boolean;
  readonly title: string;
  readonly body: string;
  readonly headBranch: string;
  readonly headSha: string;
  readonly baseBranch: string;
  readonly labels: readonly string[];
  /** Users, and teams as `org/team`, who have not reviewed it yet. */
  readonly reviewers: readonly string[];
  readonly assignees: readonly string[];
}

export interface PullRequestContent {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  /** Users, and teams as `org/team`. */
  readonly reviewers: readonly string[];
  readonly assignees: readonly string[];
  readonly draft: boolean;
}

const accountShape = v.object({ login: v.string() });

/** A pull request in REST's answers. */
export const pullRequestShape = v.pipe(
  v.object({
    number: v.number(),
    node_id: v.string(),
    html_url: v.string(),
    state: v.string(),
    merged_at: v.nullish(v.string()),
    draft: v.optional(v.boolean(), false),
    title: v.string(),
    body: v.nullish(v.string()),
    head: v.object({ ref: v.string(), sha: v.string() }),
    base: v.object({ ref: v.string(), repo: v.object({ owner: accountShape }) }),
    labels: v.array(v.object({ name: v.nullish(v.string()) })),
    assignees: v.nullish(v.array(accountShape)),
    requested_reviewers: v.nullish(v.array(accountShape)),
    requested_teams: v.nullish(v.array(v.object({ slug: v.string() }))),
  }),
  v.transform((answer): PullRequest => {
    const organization = answer.base.repo.owner.login;
    const users = (answer.requested_reviewers ?? []).map(({ login }) => login);
    const teams = (answer.requested_teams ?? []).map(({ slug }) => `${organization}/${slug}`);
    return {
      number: answer.number,
      nodeId: answer.node_id,
      url: answer.html_url,
      state: answer.state === 'open' ? 'open' : 'closed',
      merged: typeof answer.merged_at === 'string',
      draft: answer.draft,
      title: answer.title,
      body: answer.body ?? '',
      headBranch: answer.head.ref,
      headSha: answer.head.sha,
      baseBranch: answer.base.ref,
      labels: answer.labels.map(({ name }) => name ?? ''),
      reviewers: [...users, ...teams],
      assignees: (answer.assignees ?? []).map(({ login }) => login),
    };
  }),
);
