import { cloneOf, commit, git } from '../repository/support.ts';
import type { Situation } from './situation.ts';

/** The branch that an export proposes from, and the inputs of one that does. */
export const branch = 'wix-cms/export';
export const propose = { command: 'export', commit: 'pull-request' };

/** Moves main to a branch, as somebody who merges it on the command line. */
export function mergeBranch({ remote }: Situation, name = branch): void {
  git(remote, 'update-ref', 'refs/heads/main', git(remote, 'rev-parse', name));
}

/** Opens a pull request with these files, and plans it on a checkout of GitHub's merge commit. */
export async function planned(
  situation: Situation,
  files: Readonly<Record<string, string | null>>,
  inputs: Readonly<Record<string, string>> = {},
) {
  const proposal = await proposed(situation, files);
  return situation.run({ command: 'plan', comment: 'false', ...inputs }, proposal);
}

/** Opens a pull request with these files, or renews it; answers where its workflow runs. */
export async function proposed(
  { remote, hub }: Situation,
  files: Readonly<Record<string, string | null>>,
) {
  const base = git(remote, 'rev-parse', 'main');
  const open = hub.pulls.find(({ state }) => state === 'open');
  // In one move, or the pull request would be closed for holding nothing new.
  const edited = cloneOf(remote);
  const head = commit(edited, files, 'Edit');
  git(edited, 'push', '--quiet', '--force', 'origin', 'HEAD:edit');
  const number = open?.number ?? (await openPull(hub.url));
  const clone = cloneOf(remote);
  git(clone, 'merge', '--quiet', '--no-ff', '-m', 'Merge', 'origin/edit');
  git(clone, 'push', '--quiet', '--force', 'origin', 'HEAD:refs/heads/pr-merge');
  const event = { pull_request: { number, base: { sha: base }, head: { sha: head } } };
  return {
    event,
    branch: 'pr-merge',
    environment: { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/1/merge' },
  };
}

/** The merge queue tries the merge of a proposal that was planned; answers where its workflow runs. */
export function queued({ remote, hub }: Situation) {
  const [base, head] = ['main', 'pr-merge'].map((name) => git(remote, 'rev-parse', name));
  const branch = `gh-readonly-queue/main/pr-${openPullOf(hub).number}-${base}`;
  const ref = `refs/heads/${branch}`;
  git(remote, 'update-ref', ref, 'refs/heads/pr-merge');
  return {
    event: { merge_group: { head_ref: ref, head_sha: head, base_sha: base } },
    branch,
    environment: { GITHUB_EVENT_NAME: 'merge_group', GITHUB_REF: ref },
  };
}

async function openPull(url: string): Promise<number> {
  const body = { title: 'Edit', head: 'edit', base: 'main' };
  const { number } = await asMaria('POST', `${url}/repos/acme/site/pulls`, body);
  return number;
}

async function asMaria(method: string, url: string, body: object): Promise<{ number: number }> {
  const answer = await fetch(url, {
    method,
    headers: { authorization: 'token token-of-maria', accept: 'application/vnd.github+json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  // The stand-in checks its answers against GitHub's own description.
  return (await answer.json()) as { number: number };
}

/** Merges the open pull request, as a person does. */
export async function mergePull(
  { hub }: Situation,
  method: 'merge' | 'squash' | 'rebase' = 'merge',
): Promise<void> {
  const { number } = openPullOf(hub);
  const url = `${hub.url}/repos/acme/site/pulls/${number}/merge`;
  await asMaria('PUT', url, { merge_method: method });
}

/** Puts a label on the open pull request. */
export async function label({ hub }: Situation, name: string): Promise<void> {
  const url = `${hub.url}/repos/acme/site/issues/${openPullOf(hub).number}/labels`;
  await asMaria('POST', url, { labels: [name] });
}

function openPullOf(hub: Situation['hub']) {
  const open = hub.pulls.find(({ state }) => state === 'open');
  if (open === undefined) throw new Error('There is no open pull request');
  return open;
}
