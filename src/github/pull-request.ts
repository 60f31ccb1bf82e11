/** A pull request as it was last seen. */
export interface PullRequest {
  readonly number: number;
  /** What GraphQL calls it. */
  readonly nodeId: string;
  /** Its page. */
  readonly url: string;
  readonly state: 'open' | 'closed';
  readonly draft: boolean;
  readonly title: string;
  readonly body: string;
  readonly headBranch: string;
  readonly headSha: string;
  readonly baseBranch: string;
  readonly labels: readonly string[];
  /** Users, and teams as `org/team`, whose review is waited for. */
  readonly reviewers: readonly string[];
  readonly assignees: readonly string[];
}

/** What a pull request is to say and whom it is for, all as given. */
export interface PullRequestContent {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  /** Users, and teams as `org/team`. */
  readonly reviewers: readonly string[];
  readonly assignees: readonly string[];
  readonly draft: boolean;
}

/** The fields read of REST's `pull-request` and `pull-request-simple`. */
export interface PullRequestAnswer {
  readonly number: number;
  readonly node_id: string;
  readonly html_url: string;
  readonly state: string;
  readonly draft?: boolean;
  readonly title: string;
  readonly body: string | null;
  readonly head: { readonly ref: string; readonly sha: string };
  readonly base: {
    readonly ref: string;
    readonly repo: { readonly owner: { readonly login: string } };
  };
  readonly labels: readonly { readonly name?: string | null }[];
  readonly assignees?: readonly { readonly login: string }[] | null;
  readonly requested_reviewers?: readonly { readonly login: string }[] | null;
  readonly requested_teams?: readonly { readonly slug: string }[] | null;
}

/** Reads a pull request out of REST's answer. */
export function pullRequestOf(answer: PullRequestAnswer): PullRequest {
  const organization = answer.base.repo.owner.login;
  const users = (answer.requested_reviewers ?? []).map(({ login }) => login);
  const teams = (answer.requested_teams ?? []).map(({ slug }) => `${organization}/${slug}`);
  return {
    number: answer.number,
    nodeId: answer.node_id,
    url: answer.html_url,
    state: answer.state === 'open' ? 'open' : 'closed',
    draft: answer.draft ?? false,
    title: answer.title,
    body: answer.body ?? '',
    headBranch: answer.head.ref,
    headSha: answer.head.sha,
    baseBranch: answer.base.ref,
    labels: answer.labels.map(({ name }) => name ?? ''),
    reviewers: [...users, ...teams],
    assignees: (answer.assignees ?? []).map(({ login }) => login),
  };
}
