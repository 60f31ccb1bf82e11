import * as v from 'valibot';

export type PullRequest = Readonly<v.InferOutput<typeof pullRequestShape>>;

export interface PullRequestContent {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  /** Users, and teams as `org/team`. */
  readonly reviewers: readonly string[];
  readonly assignees: readonly string[];
  readonly draft: boolean;
}

export const account = v.object({ login: v.string() });
export const accounts = v.nullish(v.array(account), []);

export const pullRequestShape = v.pipe(
  v.object({
    number: v.number(),
    node_id: v.string(),
    html_url: v.string(),
    merged_at: v.nullish(v.string()),
    draft: v.optional(v.boolean(), false),
    title: v.string(),
    body: v.nullish(v.string(), ''),
    head: v.object({ ref: v.string(), sha: v.string() }),
    base: v.object({ repo: v.object({ owner: account }) }),
    labels: v.array(v.object({ name: v.nullish(v.string(), '') })),
    assignees: accounts,
    requested_reviewers: accounts,
    requested_teams: v.nullish(v.array(v.object({ slug: v.string() })), []),
  }),
  v.transform(({ number, draft, title, body, head, base, ...answer }) => ({
    ...{ number, draft, title, body },
    /** The id in GraphQL. */
    nodeId: answer.node_id,
    url: answer.html_url,
    merged: typeof answer.merged_at === 'string',
    headBranch: head.ref,
    headSha: head.sha,
    labels: answer.labels.map(({ name }) => name),
    assignees: answer.assignees.map(({ login }) => login),
    /** Users, and teams as `org/team`, who have not reviewed it yet. */
    reviewers: [
      ...answer.requested_reviewers.map(({ login }) => login),
      ...answer.requested_teams.map(({ slug }) => `${base.repo.owner.login}/${slug}`),
    ],
  })),
);
