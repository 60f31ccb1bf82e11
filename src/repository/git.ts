import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../errors.ts';
import { type Git, gitEnvironment, gitFailure, runGit, tryGit } from './run-git.ts';

export type { Git } from './run-git.ts';

const remote = 'origin';

/**
 * Opens the repository that a folder lies in.
 *
 * @param options.token is used for the remote only where the checkout left no credentials.
 * @returns `undefined` outside a repository.
 */
export async function openRepository(options: {
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly token: string | undefined;
  readonly serverUrl: string;
}): Promise<Git | undefined> {
  const { directory, environment, signal, token, serverUrl } = options;
  const plain = { directory, signal, environment: gitEnvironment('*', environment, {}) };
  const top = await tryGit(plain, ['rev-parse', '--show-toplevel']);
  if (top.code !== 0) return undefined;
  const header = `http.${serverUrl}/.extraheader`;
  const configured = await tryGit(plain, ['config', '--get-all', header]);
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  const credentials: Readonly<Record<string, string>> =
    configured.code === 0 || token === undefined
      ? {}
      : { [header]: `AUTHORIZATION: basic ${basic}` };
  const root = top.stdout.toString('utf8').trim();
  return { directory: root, signal, environment: gitEnvironment('*', environment, credentials) };
}

/** The checked-out commit; `undefined` in a repository without any. */
export async function headCommit(git: Git): Promise<string | undefined> {
  return localCommit(git, 'HEAD');
}

/** What a ref of the remote points to now; `undefined` if it does not exist. */
export async function remoteTip(git: Git, ref: string): Promise<string | undefined> {
  const lines = await runGit(git, ['ls-remote', '--end-of-options', remote, ref]);
  const line = lines.split('\n').find((each) => each.endsWith(`\t${ref}`));
  return line?.split('\t')[0];
}

/** The refs of the remote that fit a pattern, such as `refs/heads/*`. */
export async function remoteRefs(git: Git, pattern: string): Promise<readonly string[]> {
  const lines = await runGit(git, ['ls-remote', '--end-of-options', remote, pattern]);
  return lines.split('\n').flatMap((line) => line.split('\t')[1] ?? []);
}

/**
 * Makes a commit available, with as little as that takes.
 *
 * @param revision a full commit id, or a branch, tag or ref of the remote.
 * @returns the commit's id; `undefined` if neither the clone nor the remote has it.
 */
export async function fetchCommit(git: Git, revision: string): Promise<string | undefined> {
  if (revision.startsWith('-')) return undefined;
  if (isCommitId(revision) && (await hasCommit(git, revision))) return revision;
  const fetched = await tryGit(git, [
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-write-fetch-head',
    ...((await isShallow(git)) ? ['--depth=1'] : []),
    '--end-of-options',
    remote,
    revision,
  ]);
  if (fetched.code !== 0) return localCommit(git, revision);
  if (isCommitId(revision)) return revision;
  return (await remoteCommit(git, revision)) ?? localCommit(git, revision);
}

function isCommitId(revision: string): boolean {
  return /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(revision);
}

async function hasCommit(git: Git, commit: string): Promise<boolean> {
  return (await tryGit(git, ['cat-file', '-e', `${commit}^{tree}`])).code === 0;
}

async function isShallow(git: Git): Promise<boolean> {
  return (await runGit(git, ['rev-parse', '--is-shallow-repository'])) === 'true';
}

async function remoteCommit(git: Git, revision: string): Promise<string | undefined> {
  for (const ref of [
    revision,
    `refs/heads/${revision}`,
    `refs/tags/${revision}^{}`,
    `refs/tags/${revision}`,
  ]) {
    const tip = await remoteTip(git, ref);
    if (tip !== undefined) return tip;
  }
  return undefined;
}

async function localCommit(git: Git, revision: string): Promise<string | undefined> {
  const args = ['rev-parse', '--quiet', '--verify', '--end-of-options', `${revision}^{commit}`];
  const { code, stdout } = await tryGit(git, args);
  return code === 0 ? stdout.toString('utf8').trim() : undefined;
}

/** The author of the commits that workflows make, as GitHub shows it. */
const bot = {
  name: 'github-actions[bot]',
  email: '41898282+github-actions[bot]@users.noreply.github.com',
};

/**
 * Commits files on top of a parent's tree, or of nothing, without touching the working tree or its
 * index.
 *
 * @param change.files repository paths to local files; `null` removes the path.
 * @returns the commit; `undefined` if it would change nothing.
 */
export async function commitFiles(
  git: Git,
  change: {
    readonly parent: string | undefined;
    /** The commit whose tree the files are laid over; the parent, unless said otherwise. */
    readonly onto?: string;
    readonly files: ReadonlyMap<string, string | null>;
    readonly message: string;
  },
): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'wix-cms-index-'));
  try {
    const environment = { GIT_INDEX_FILE: join(folder, 'index') };
    const onto = change.onto ?? change.parent;
    await runGit(git, ['read-tree', onto ?? '--empty'], { environment });
    const input = await indexEntries(git, change.files);
    await runGit(git, ['update-index', '-z', '--add', '--remove', '--index-info'], {
      environment,
      input,
    });
    const tree = await runGit(git, ['write-tree'], { environment });
    const before = onto && (await runGit(git, ['rev-parse', `${onto}^{tree}`]));
    if (tree === before) return undefined;
    const parents = change.parent === undefined ? [] : ['-p', change.parent];
    return await runGit(git, ['commit-tree', '--no-gpg-sign', ...parents, tree], {
      input: change.message,
      environment: {
        GIT_AUTHOR_NAME: bot.name,
        GIT_AUTHOR_EMAIL: bot.email,
        GIT_COMMITTER_NAME: bot.name,
        GIT_COMMITTER_EMAIL: bot.email,
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Stores the files and returns the lines that enter them into an index. */
async function indexEntries(git: Git, files: ReadonlyMap<string, string | null>): Promise<string> {
  const stored = [...files].flatMap(([path, file]) => (file === null ? [] : [{ path, file }]));
  const input = stored.map(({ file }) => `${file}\n`).join('');
  const args = ['hash-object', '-w', '--no-filters', '--stdin-paths'];
  const ids = stored.length === 0 ? [] : (await runGit(git, args, { input })).split('\n');
  const none = '0'.repeat(ids[0]?.length ?? 40);
  return [
    ...[...files].filter(([, file]) => file === null).map(([path]) => `0 ${none}\t${path}\0`),
    ...stored.map(({ path }, i) => `100644 ${ids[i]}\t${path}\0`),
  ].join('');
}

/**
 * Moves a ref of the remote to a commit, if it still is where it was seen.
 *
 * @param push.expected what the ref pointed to; `undefined` if it did not exist.
 * @throws Failure for anything but a lost race: a protected branch, a missing permission.
 */
export async function pushCommit(
  git: Git,
  push: { readonly commit: string; readonly ref: string; readonly expected: string | undefined },
): Promise<'pushed' | 'lost-race'> {
  const { commit, ref, expected } = push;
  const args = [
    'push',
    '--quiet',
    '--porcelain',
    '--no-verify',
    '--no-recurse-submodules',
    `--force-with-lease=${ref}:${expected ?? ''}`,
    remote,
    `${commit}:${ref}`,
  ];
  const { code, stdout, stderr } = await tryGit(git, args);
  if (code === 0) return 'pushed';
  const verdict = stdout.toString('utf8');
  if (
    /stale info|fetch first|non-fast-forward|cannot lock ref|incorrect old value/i.test(
      `${verdict} ${stderr}`,
    )
  ) {
    return 'lost-race';
  }
  throw refusal(ref, verdict, stderr, args);
}

function refusal(ref: string, verdict: string, stderr: string, args: readonly string[]): Failure {
  const branch = ref.replace(/^refs\/heads\//, '');
  const reason = /\[(?:remote )?rejected\] \((.+)\)/.exec(verdict)?.[1];
  if (/protected branch|GH006|GH013|rule violations|hook declined/i.test(`${reason} ${stderr}`)) {
    const remedy =
      branch === ref
        ? "Exempt this ref from the repository's rules, or let the workflow's token pass them."
        : "Let the workflow's token pass the branch's rules, or use commit: pull-request.";
    return new Failure('api', `The push to ${branch} was refused (${reason ?? stderr}). ${remedy}`);
  }
  if (/40[13]|denied|authentication|could not read Username/i.test(stderr)) {
    return new Failure(
      'auth',
      `The push to ${branch} was not permitted (${stderr}). Give the job the permission contents: write, and let actions/checkout keep its credentials.`,
    );
  }
  return gitFailure(args, reason ?? stderr);
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

async function deepen(git: Git, depth: number, commits: readonly string[]): Promise<void> {
  await tryGit(git, [
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-write-fetch-head',
    `--depth=${depth}`,
    remote,
    ...commits,
  ]);
}

/** A commit, as far as its origin is concerned. */
export interface Commit {
  readonly sha: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly committer: { readonly name: string; readonly email: string };
  readonly trailers: ReadonlyMap<string, string>;
}

/** Whether two commits that are here hold the same files below a path. */
export async function sameFiles(
  git: Git,
  left: string,
  right: string,
  path: string,
): Promise<boolean> {
  return (await tryGit(git, ['diff-tree', '--quiet', left, right, '--', path])).code === 0;
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
  const format = '%H%x1f%an%x1f%ae%x1f%cn%x1f%ce%x1f%(trailers:unfold,only)%x1e';
  const text = await runGit(git, ['log', `--format=${format}`, ...range, '--']);
  return text
    .split('\x1e')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(commitFrom);
}

function commitFrom(entry: string): Commit {
  const [sha = '', author = '', authorEmail = '', committer = '', committerEmail = '', lines = ''] =
    entry.split('\x1f');
  const trailers = lines.split('\n').flatMap((line) => {
    const at = line.indexOf(': ');
    return at === -1 ? [] : [[line.slice(0, at), line.slice(at + 2).trim()] as const];
  });
  return {
    sha,
    author: { name: author, email: authorEmail },
    committer: { name: committer, email: committerEmail },
    trailers: new Map(trailers),
  };
}
