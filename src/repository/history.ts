import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Commit } from './objects.ts';
import { fetchQuietly, tryRemote } from './over-network.ts';
import { askGit, type Git, remote, runGit } from './run-git.ts';

/** The commit so many generations back, along first parents. Deepens a shallow clone. */
export async function ancestorOf(
  git: Git,
  commit: string,
  generations: number,
): Promise<string | undefined> {
  const revision = `${commit}~${generations}`;
  const known = await localCommit(git, revision);
  if (known !== undefined || !isShallow(git)) return known;
  await deepen(git, generations + 1, [commit]);
  return localCommit(git, revision);
}

/** The commit where a branch left another one. Deepens a shallow clone. */
export async function mergeBase(
  git: Git,
  left: string,
  right: string,
): Promise<string | undefined> {
  return lookBack(git, [left, right], () => askGit(git, ['merge-base', left, right]));
}

export interface Fork {
  /** The commit where it left its target, if it did. */
  readonly base: string | undefined;
  /** Its own commits, newest first. */
  readonly commits: readonly Commit[];
  readonly paths: readonly string[];
  /** Whether its target has all of that, or had it, as before a revert. */
  readonly isMerged: boolean;
}

/** Compares a branch with its target. Deepens a shallow clone. */
export async function forkOf(git: Git, tip: string, target: string): Promise<Fork> {
  const base = await mergeBase(git, tip, target);
  const commits = await listCommits(git, [tip, `^${target}`]);
  if (base === undefined) return { base, commits, paths: [], isMerged: false };
  const listing = await runGit(git, ['diff-tree', '-r', '-z', '--name-only', base, tip]);
  const paths = listing.split('\0').filter((path) => path !== '');
  const isMerged = await wasEverSame(git, paths, tip, { target, base });
  return { base, commits, paths, isMerged };
}

/** Whether the target held these paths as the tip has them, at any time since the branch left it. */
async function wasEverSame(
  git: Git,
  paths: readonly string[],
  tip: string,
  { target, base }: { readonly target: string; readonly base: string },
): Promise<boolean> {
  if (paths.length === 0) return true;
  const since = await listCommits(git, [target, `^${base}`, '--', ...paths]);
  for (const commit of [target, ...since.map(({ id }) => id)]) {
    const args = ['diff-tree', '-r', '--quiet', tip, commit, '--', ...paths];
    if ((await askGit(git, args)) !== undefined) return true;
  }
  return false;
}

async function deepen(git: Git, depth: number, commits: readonly string[]): Promise<void> {
  await tryRemote(git, [...fetchQuietly, `--depth=${depth}`, remote, ...commits]);
}

/** How far a shallow clone is deepened; the last depth is everything. */
const depths = [50, 500, 5_000, 2_147_483_647] as const;

/** Looks for something in the history of commits, further and further back if the clone is shallow. */
export async function lookBack<T>(
  git: Git,
  commits: readonly string[],
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  for (const depth of [0, ...depths]) {
    if (depth > 0) await deepen(git, depth, commits);
    const found = await look();
    if (found !== undefined || !isShallow(git)) return found;
  }
  return undefined;
}

/** Whether the clone has as much of a branch's own line as the first deepening brings. */
async function isDeep(git: Git, tip: string): Promise<boolean> {
  let next: string | undefined = tip;
  for (let depth = 0; depth < depths[0] && next !== undefined; depth += 1) {
    const commit: Commit | undefined = await git.objects.commit(next);
    if (commit === undefined) return false;
    next = commit.parents[0];
  }
  return true;
}

export function isShallow({ commonDirectory }: Git): boolean {
  return existsSync(join(commonDirectory, 'shallow'));
}

export async function localCommit(git: Git, revision: string): Promise<string | undefined> {
  const args = ['rev-parse', '--quiet', '--verify', '--end-of-options', `${revision}^{commit}`];
  return askGit(git, args);
}

/**
 * The commits between two that changed these paths, oldest first, without `tip`. Of a merged branch, all
 * commits count: git has had what they held.
 * @returns `undefined` if the one does not lead to the other, as after a force push.
 */
export async function commitsBetween(
  git: Git,
  [since, tip]: readonly [since: string, tip: string],
  paths: readonly string[],
): Promise<readonly Commit[] | undefined> {
  if (since === tip) return [];
  if ((await git.objects.commit(tip))?.parents.join() === since) return [];
  if ((await mergeBase(git, since, tip)) !== since) return undefined;
  const commits = await listCommits(git, [tip, `^${since}`, '--', ...paths]);
  return [...commits].reverse().filter(({ id }) => id !== tip);
}

/**
 * The last commits of a branch's own line that changed these paths, newest first. Deepens a shallow clone
 * once, unless that has been done.
 */
export async function lastCommits(
  git: Git,
  tip: string,
  paths: readonly string[],
  count: number,
): Promise<readonly Commit[]> {
  if (isShallow(git) && !(await isDeep(git, tip))) await deepen(git, depths[0], [tip]);
  return listCommits(git, ['--first-parent', `--max-count=${count}`, tip, '--', ...paths]);
}

async function listCommits(git: Git, range: readonly string[]): Promise<readonly Commit[]> {
  const ids = (await runGit(git, ['rev-list', '--topo-order', ...range])).split('\n');
  const commits = [];
  for (const id of ids.filter((each) => each !== '')) {
    const commit = await git.objects.commit(id);
    if (commit !== undefined) commits.push(commit);
  }
  return commits;
}

/** The merge of two branches, as a tree; `undefined` if they conflict. Needs git 2.38. */
export async function mergedTree(
  git: Git,
  ours: string,
  theirs: string,
): Promise<string | undefined> {
  return (await askGit(git, ['merge-tree', '--write-tree', ours, theirs]))?.split('\n')[0];
}
