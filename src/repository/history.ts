import { Failure } from '../errors.ts';
import { tryRemote } from './over-network.ts';
import { type Git, remote, runGit, tryGit } from './run-git.ts';

/** The checked-out commit; `undefined` in a repository without any. */
export async function headCommit(git: Git): Promise<string | undefined> {
  return localCommit(git, 'HEAD');
}

/** The parents of the checked-out commit, also where a shallow clone does not have them. */
export async function headParents(git: Git): Promise<readonly string[]> {
  const { code, stdout } = await tryGit(git, ['cat-file', 'commit', 'HEAD']);
  if (code !== 0) return [];
  const [header = ''] = stdout.toString('utf8').split('\n\n');
  return [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, parent = '']) => parent);
}

/** The commit so many generations before another, along first parents; deepens a shallow clone. */
export async function ancestorOf(
  git: Git,
  commit: string,
  generations: number,
): Promise<string | undefined> {
  const revision = `${commit}~${generations}`;
  const known = await localCommit(git, revision);
  if (known !== undefined || !(await isShallow(git))) return known;
  await deepen(git, generations + 1, [commit]);
  return localCommit(git, revision);
}

/** The commit where a branch left another one; deepens a shallow clone to find it. */
export async function mergeBase(
  git: Git,
  left: string,
  right: string,
): Promise<string | undefined> {
  for (const depth of [0, ...depths]) {
    if (depth > 0) await deepen(git, depth, [left, right]);
    const { code, stdout } = await tryGit(git, ['merge-base', left, right]);
    if (code === 0) return stdout.toString('utf8').trim();
    if (!(await isShallow(git))) break;
  }
  return undefined;
}

/**
 * Whether the merge of a branch would change anything: not where all the files that it touched are
 * on its target as it left them, as after a squash merge.
 */
export async function bringsAnything(git: Git, tip: string, target: string): Promise<boolean> {
  const paths = await pathsSinceFork(git, tip, target);
  if (paths === undefined) return true;
  if (paths.length === 0) return false;
  const args = ['diff-tree', '--quiet', tip, target, '--', ...paths];
  return (await tryGit(git, args)).code !== 0;
}

/** The paths that a branch changed since it left its target; `undefined` where it never did. */
export async function pathsSinceFork(
  git: Git,
  tip: string,
  target: string,
): Promise<readonly string[] | undefined> {
  const fork = await mergeBase(git, tip, target);
  return fork === undefined ? undefined : changedPaths(git, [fork, tip]);
}

/** The paths in which two commits or trees differ, all of them or those that the options are for. */
export async function changedPaths(
  git: Git,
  [before, after]: readonly [before: string, after: string],
  options: readonly string[] = [],
): Promise<readonly string[]> {
  const args = ['diff-tree', '-r', '-z', '--name-only', ...options, before, after];
  const listing = await runGit(git, args);
  return listing.split('\0').filter((path) => path !== '');
}

async function deepen(git: Git, depth: number, commits: readonly string[]): Promise<void> {
  await tryRemote(git, [
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-write-fetch-head',
    `--depth=${depth}`,
    remote,
    ...commits,
  ]);
}

/** More than any history has: what git takes for all of it. */
const everything = 2_147_483_647;

/**
 * Looks for something in the history before a commit, further and further back where the clone is
 * shallow.
 */
export async function lookBack<T>(
  git: Git,
  commit: string,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  for (const depth of [0, ...depths, everything]) {
    if (depth > 0) await deepen(git, depth, [commit]);
    const found = await look();
    if (found !== undefined || !(await isShallow(git))) return found;
  }
  return undefined;
}

/** Whether the clone lacks some of the history. */
export async function isShallow(git: Git): Promise<boolean> {
  return (await runGit(git, ['rev-parse', '--is-shallow-repository'])) === 'true';
}

/** The commit that a revision names, if the clone has it. */
export async function localCommit(git: Git, revision: string): Promise<string | undefined> {
  const args = ['rev-parse', '--quiet', '--verify', '--end-of-options', `${revision}^{commit}`];
  const { code, stdout } = await tryGit(git, args);
  return code === 0 ? stdout.toString('utf8').trim() : undefined;
}

/** A commit, as far as its origin is concerned. */
export interface Commit {
  /** The address of whoever made the commit. */
  readonly committer: string;
  readonly trailers: ReadonlyMap<string, string>;
}

/** How far history is deepened to find where two branches meet. */
const depths = [50, 500, 5_000];

/** The commits that are on `tip` and not on `base`, newest first. Deepens a shallow clone for that. */
export async function commitsSince(
  git: Git,
  tip: string,
  base: string,
): Promise<readonly Commit[]> {
  await mergeBase(git, tip, base);
  return readCommits(git, [tip, `^${base}`]);
}

/** One commit, as far as its origin is concerned. */
export async function readCommit(git: Git, commit: string): Promise<Commit> {
  const [found] = await readCommits(git, ['--max-count=1', commit]);
  if (found !== undefined) return found;
  throw new Failure('api', `git does not show the commit ${commit}. Run again.`);
}

async function readCommits(git: Git, range: readonly string[]): Promise<readonly Commit[]> {
  const format = '%ce%x1f%(trailers:unfold,only)%x1e';
  const text = await runGit(git, ['log', `--format=${format}`, ...range, '--']);
  return text
    .split('\x1e')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(commitFrom);
}

function commitFrom(entry: string): Commit {
  const [committer = '', lines = ''] = entry.split('\x1f');
  const trailers = lines.split('\n').flatMap((line) => {
    const at = line.indexOf(': ');
    return at === -1 ? [] : [[line.slice(0, at), line.slice(at + 2).trim()] as const];
  });
  return { committer, trailers: new Map(trailers) };
}
