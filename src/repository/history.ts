import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Commit, TreeEntry } from './objects.ts';
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
  if (left === right || (await isJustAbove(git, left, right))) return right;
  return lookBack(git, [left, right], () => askGit(git, ['merge-base', left, right]));
}

/** Whether a commit is the only parent of another one. A commit names its parents in a shallow clone, too. */
async function isJustAbove(git: Git, commit: string, parent: string): Promise<boolean> {
  return (await git.objects.commit(commit))?.parents.join() === parent;
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
  // In a shallow clone, git does not see that the tip has all that its base has.
  const before = base === undefined ? [] : [`^${base}`];
  const ids = await listIds(git, ['--left-right', `${tip}...${target}`, ...before]);
  const [own, since] = ['<', '>'].map((side) =>
    ids.filter((id) => id.startsWith(side)).map((id) => id.slice(1)),
  );
  const commits = await commitsOf(git, own ?? []);
  if (base === undefined) return { base, commits, paths: [], isMerged: false };
  const changes = await git.objects.differences(base, tip);
  const isMerged = await isAmong(git, changes, [target, ...(since ?? [])]);
  return { base, commits, paths: [...changes.keys()], isMerged };
}

/** Whether one of these commits has these entries at their paths. */
async function isAmong(
  { objects }: Git,
  entries: ReadonlyMap<string, TreeEntry | undefined>,
  commits: readonly string[],
): Promise<boolean> {
  nextCommit: for (const commit of commits) {
    for (const [path, ours] of entries) {
      if ((await objects.entryAt(commit, path))?.id !== ours?.id) continue nextCommit;
    }
    return true;
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
  if (await isJustAbove(git, tip, since)) return [];
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
  return commitsOf(git, await listIds(git, range));
}

async function listIds(git: Git, range: readonly string[]): Promise<readonly string[]> {
  const ids = (await runGit(git, ['rev-list', '--topo-order', ...range])).split('\n');
  return ids.filter((each) => each !== '');
}

async function commitsOf(git: Git, ids: readonly string[]): Promise<readonly Commit[]> {
  const commits = await Promise.all(ids.map((id) => git.objects.commit(id)));
  return commits.filter((commit) => commit !== undefined);
}

/** The merge of two branches, as a tree; `undefined` if they conflict. Needs git 2.38. */
export async function mergedTree(
  git: Git,
  ours: string,
  theirs: string,
): Promise<string | undefined> {
  return (await askGit(git, ['merge-tree', '--write-tree', ours, theirs]))?.split('\n')[0];
}
