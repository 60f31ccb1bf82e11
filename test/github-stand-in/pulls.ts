import { pullAnswer, userAnswer } from './answers.ts';
import { least } from './description.ts';
import { notFound, type Operation, page, type RestRequest, unprocessable } from './rest.ts';
import { close, merge, nextId, now, type Pull, type State } from './state.ts';

/** The operations of pull requests. */
export const pullOperations: Readonly<Record<string, Operation>> = {
  'pulls/list': (request) => {
    const { state, query } = request;
    const wanted = query.get('state') ?? 'open';
    const head = query.get('head');
    const base = query.get('base');
    const found = state.pulls.filter(
      (pull) =>
        (wanted === 'all' || pull.state === wanted) &&
        // GitHub ignores a head without its owner.
        (head === null || !head.includes(':') || `${state.owner}:${pull.headBranch}` === head) &&
        (base === null || pull.baseBranch === base),
    );
    const path = `/repos/${state.owner}/${state.repo}/pulls`;
    const { items, headers } = page(request, path, found.toReversed());
    return { status: 200, headers, body: items.map((pull) => simple(state, pull)) };
  },
  'pulls/create': async ({ state, actor, body }) => {
    const asked = body as Creation; // the description has checked it
    const head = asked.head.replace(`${state.owner}:`, '');
    const headSha = await branchOr422(state, head, 'head');
    const baseSha = await branchOr422(state, asked.base, 'base');
    checkTexts(asked.title ?? '', asked.body);
    const same = ({ headBranch, baseBranch }: Pull) =>
      headBranch === head && baseBranch === asked.base;
    if (state.pulls.some((pull) => pull.state === 'open' && same(pull))) {
      throw custom(`A pull request already exists for ${state.owner}:${head}.`);
    }
    if (await state.bare.isAncestor(headSha, baseSha)) {
      throw custom(`No commits between ${asked.base} and ${head}`);
    }
    const draft = asked.draft ?? false;
    if (draft && !state.drafts) {
      throw custom('Draft pull requests are not supported in this repository.');
    }
    const pull: Pull = {
      number: nextId(state),
      author: actor,
      headBranch: head,
      createdAt: now(),
      headSha,
      baseBranch: asked.base,
      title: asked.title ?? '',
      body: asked.body ?? null,
      state: 'open',
      draft,
      merged: false,
      mergeCommit: undefined,
      mergedCommits: [],
      closedAt: undefined,
      labels: [],
      reviewers: [],
      teams: [],
      assignees: [],
      draftings: [],
      reviews: [],
    };
    state.pulls.push(pull);
    return { status: 201, body: pullAnswer(state, pull, 'pull-request') };
  },
  'pulls/get': (request) => full(request.state, pullOf(request)),
  'pulls/update': async (request) => {
    const { state } = request;
    const pull = pullOf(request);
    const change = request.body as Change; // the description has checked it
    checkTexts(change.title ?? pull.title, change.body ?? pull.body);
    if (change.base !== undefined) await branchOr422(state, change.base, 'base');
    pull.title = change.title ?? pull.title;
    pull.body = change.body ?? pull.body;
    pull.baseBranch = change.base ?? pull.baseBranch;
    if (change.state === 'closed' && pull.state === 'open') close(pull);
    if (change.state === 'open' && pull.state === 'closed') await reopen(state, pull);
    return full(state, pull);
  },
  'pulls/merge': async (request) => {
    const { state, actor } = request;
    const pull = pullOf(request);
    const { merge_method: method = 'merge' } = (request.body ?? {}) as { merge_method?: string };
    const commit = await mergeCommit(state, pull, method);
    const range = `${state.tips.get(pull.baseBranch)}..${pull.headSha}`;
    const commits = (await state.bare.git(['rev-list', range])).split('\n');
    merge(pull, commit, commits);
    await state.bare.git(['update-ref', `refs/heads/${pull.baseBranch}`, commit]);
    return { status: 200, body: { sha: commit, merged: true, message: `Merged by ${actor}` } };
  },
  'pulls/request-reviewers': (request) => {
    const { state } = request;
    const pull = pullOf(request);
    const asked = request.body as { reviewers?: string[]; team_reviewers?: string[] }; // as described
    const reviewers = asked.reviewers ?? [];
    const teams = asked.team_reviewers ?? [];
    if (reviewers.includes(pull.author)) {
      throw unprocessable('Review cannot be requested from pull request author.');
    }
    const known =
      reviewers.every((login) => state.collaborators.includes(login)) &&
      teams.every((slug) => state.teams.includes(slug));
    if (!known) {
      throw unprocessable(
        `Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the ${state.owner}/${state.repo} repository.`,
      );
    }
    pull.reviewers = [...new Set([...pull.reviewers, ...reviewers])];
    pull.teams = [...new Set([...pull.teams, ...teams])];
    return { status: 201, body: simple(state, pull) };
  },
  'pulls/list-reviews': (request) => {
    const pull = pullOf(request);
    const path = `/repos/${request.state.owner}/${request.state.repo}/pulls/${pull.number}/reviews`;
    const { items, headers } = page(request, path, pull.reviews);
    return { status: 200, headers, body: items.map(reviewAnswer) };
  },
  'pulls/create-review': (request) => {
    const pull = pullOf(request);
    const review = { id: nextId(request.state), user: request.actor, commit: pull.headSha };
    pull.reviews.push(review);
    pull.reviewers = pull.reviewers.filter((login) => login !== request.actor);
    pull.teams = [];
    return { status: 200, body: reviewAnswer(review) };
  },
  'repos/list-pull-requests-associated-with-commit': async (request) => {
    const { state, path } = request;
    const sha = path.commit_sha ?? '';
    const landed = await state.bare.isAncestor(sha, state.tips.get(state.defaultBranch) ?? '');
    const found: Pull[] = [];
    for (const pull of state.pulls) {
      if (await isAssociated(state, pull, { sha, landed })) found.push(pull);
    }
    return { status: 200, body: found.map((pull) => simple(state, pull)) };
  },
};

/** The pull request that a request names. */
export function pullOf({ state, path }: RestRequest): Pull {
  const number = Number(path.pull_number ?? path.issue_number);
  const pull = state.pulls.find((each) => each.number === number);
  if (pull === undefined) throw notFound();
  return pull;
}

/** Refuses what GitHub finds too long, or empty. */
export function checkTexts(title: string, body: string | null | undefined): void {
  if (title === '') throw invalid('title', 'missing_field');
  if (title.length > 256) throw custom('title is too long (maximum is 256 characters)');
  if ((body ?? '').length > 65_536) throw custom('body is too long (maximum is 65536 characters)');
}

interface Creation {
  readonly title?: string;
  readonly head: string;
  readonly base: string;
  readonly body?: string;
  readonly draft?: boolean;
}

interface Change {
  readonly title?: string;
  readonly body?: string;
  readonly base?: string;
  readonly state?: 'open' | 'closed';
}

function simple(state: State, pull: Pull) {
  return pullAnswer(state, pull, 'pull-request-simple');
}

function full(state: State, pull: Pull) {
  return { status: 200, body: pullAnswer(state, pull, 'pull-request') };
}

async function branchOr422(state: State, branch: string, field: string): Promise<string> {
  const tip = await state.bare.tip(`refs/heads/${branch}`);
  if (tip === undefined) throw invalid(field, 'invalid');
  return tip;
}

/** A pull request whose branch is gone or was moved by force stays closed. */
async function reopen(state: State, pull: Pull): Promise<void> {
  const tip = await state.bare.tip(`refs/heads/${pull.headBranch}`);
  if (pull.merged || tip !== pull.headSha) {
    throw custom('state cannot be changed. The branch was force-pushed or recreated.');
  }
  pull.state = 'open';
  pull.closedAt = undefined;
}

async function mergeCommit(state: State, pull: Pull, method: string): Promise<string> {
  const { git } = state.bare;
  const base = state.tips.get(pull.baseBranch) ?? '';
  const names = { GIT_AUTHOR_NAME: 'GitHub', GIT_AUTHOR_EMAIL: 'noreply@github.com' };
  const env = { ...names, GIT_COMMITTER_NAME: 'GitHub', GIT_COMMITTER_EMAIL: 'noreply@github.com' };
  if (method === 'rebase') return rebased(state, base, pull.headSha, env);
  const tree = await git(['merge-tree', '--write-tree', base, pull.headSha]);
  const parents = method === 'squash' ? [base] : [base, pull.headSha];
  const message = `${pull.title} (#${pull.number})`;
  const flags = parents.flatMap((parent) => ['-p', parent]);
  return git(['commit-tree', tree, ...flags, '-m', message], { env });
}

/** Copies of a branch's commits, for a base that has not moved since it was made. */
async function rebased(
  { bare: { git, isAncestor } }: State,
  base: string,
  head: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  if (!(await isAncestor(base, head))) throw custom('This stand-in rebases onto an old base only.');
  const commits = await git(['rev-list', '--reverse', `${base}..${head}`]);
  let tip = base;
  for (const commit of commits.split('\n')) {
    tip = await git(['commit-tree', `${commit}^{tree}`, '-p', tip, '-m', 'Rebased'], { env });
  }
  return tip;
}

/** A commit of the default branch belongs to what was merged, any other to what is open. */
async function isAssociated(
  state: State,
  pull: Pull,
  { sha, landed }: { readonly sha: string; readonly landed: boolean },
): Promise<boolean> {
  if (landed || pull.merged) return pull.mergeCommit === sha || pull.mergedCommits.includes(sha);
  return pull.state === 'open' && state.bare.isAncestor(sha, pull.headSha);
}

function reviewAnswer(review: Pull['reviews'][number]) {
  return {
    ...least('pull-request-review'),
    id: review.id,
    user: userAnswer(review.user),
    commit_id: review.commit,
    state: 'APPROVED',
    author_association: 'COLLABORATOR',
  };
}

function custom(message: string) {
  return unprocessable('Validation Failed', [{ resource: 'PullRequest', code: 'custom', message }]);
}

function invalid(field: string, code: string) {
  return unprocessable('Validation Failed', [{ resource: 'PullRequest', field, code }]);
}
