import { least } from './description.ts';
import type { Comment, Pull, State } from './state.ts';

/** The shapes of GitHub's answers: what is modelled, laid over the least that is described. */

const bot = { login: 'github-actions[bot]', id: 41_898_282 };

export function userAnswer(login: string) {
  return {
    ...least('simple-user'),
    login,
    id: idOf(login),
    node_id: `U_${login}`,
    type: login.endsWith('[bot]') ? 'Bot' : 'User',
    html_url: `https://github.example/${encodeURIComponent(login)}`,
  };
}

/** An account as a commit names it. */
export function signatureOf(login: string): string {
  return `${login} <${idOf(login)}+${login}@users.noreply.github.com>`;
}

export function repositoryAnswer({ owner, repo, url, defaultBranch }: State, kind = 'repository') {
  return {
    ...least(kind),
    id: 1,
    node_id: repositoryId({ owner, repo }),
    name: repo,
    full_name: `${owner}/${repo}`,
    owner: userAnswer(owner),
    default_branch: defaultBranch,
    url: `${url}/repos/${owner}/${repo}`,
    html_url: `https://github.example/${owner}/${repo}`,
  };
}

export function repositoryId({ owner, repo }: Pick<State, 'owner' | 'repo'>): string {
  return `R_${owner}_${repo}`;
}

export function pullId({ number }: Pull): string {
  return `PR_${number}`;
}

export function pullAnswer(state: State, pull: Pull, kind: 'pull-request' | 'pull-request-simple') {
  const { owner, repo, url } = state;
  const side = (branch: string, sha: string) => ({
    label: `${owner}:${branch}`,
    ref: branch,
    sha,
    repo: repositoryAnswer(state),
    user: userAnswer(owner),
  });
  return {
    ...least(kind),
    id: pull.number,
    node_id: pullId(pull),
    number: pull.number,
    url: `${url}/repos/${owner}/${repo}/pulls/${pull.number}`,
    html_url: pageOf(state, pull),
    state: pull.state,
    title: pull.title,
    body: pull.body,
    draft: pull.draft,
    user: userAnswer(pull.author),
    head: side(pull.headBranch, pull.headSha),
    base: side(pull.baseBranch, state.tips.get(pull.baseBranch) ?? ''),
    labels: pull.labels.map((name) => labelAnswer(state, name)),
    assignee: pull.assignees[0] === undefined ? null : userAnswer(pull.assignees[0]),
    assignees: pull.assignees.map(userAnswer),
    requested_reviewers: pull.reviewers.map(userAnswer),
    requested_teams: pull.teams.map((slug) => ({ ...least('team'), slug, name: slug })),
    created_at: pull.createdAt,
    updated_at: pull.createdAt,
    closed_at: pull.closedAt ?? null,
    merged_at: pull.merged ? (pull.closedAt ?? null) : null,
    merge_commit_sha: pull.mergeCommit ?? null,
    author_association: 'CONTRIBUTOR',
    ...(kind === 'pull-request'
      ? {
          merged: pull.merged,
          comments: state.comments.filter(({ issue }) => issue === pull.number).length,
        }
      : {}),
  };
}

export function labelAnswer({ url, owner, repo }: State, name: string) {
  return {
    ...least('label'),
    name,
    // GitHub says null here, which its description allows for a label but not in a pull request.
    description: '',
    color: 'ededed',
    url: `${url}/repos/${owner}/${repo}/labels/${encodeURIComponent(name)}`,
  };
}

export function issueAnswer(state: State, pull: Pull) {
  return {
    ...least('issue'),
    id: pull.number,
    number: pull.number,
    state: pull.state,
    title: pull.title,
    html_url: pageOf(state, pull),
    labels: pull.labels.map((name) => labelAnswer(state, name)),
    assignees: pull.assignees.map(userAnswer),
    user: userAnswer(pull.author),
    created_at: pull.createdAt,
    updated_at: pull.createdAt,
  };
}

export function commentAnswer({ url, owner, repo }: State, comment: Comment) {
  return {
    ...least('issue-comment'),
    id: comment.id,
    node_id: `IC_${comment.id}`,
    url: `${url}/repos/${owner}/${repo}/issues/comments/${comment.id}`,
    html_url: `https://github.example/${owner}/${repo}/pull/${comment.issue}#issuecomment-${comment.id}`,
    body: comment.body,
    user: userAnswer(comment.author),
    author_association: 'CONTRIBUTOR',
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
  };
}

export function refAnswer({ url, owner, repo }: State, ref: string, sha: string) {
  return {
    ref,
    node_id: `REF_${ref}`,
    url: `${url}/repos/${owner}/${repo}/git/${ref}`,
    object: { type: 'commit', sha, url: `${url}/repos/${owner}/${repo}/git/commits/${sha}` },
  };
}

function pageOf({ owner, repo }: State, { number }: Pull): string {
  return `https://github.example/${owner}/${repo}/pull/${number}`;
}

function idOf(login: string): number {
  if (login === bot.login) return bot.id;
  return [...login].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 1_000_000;
}
