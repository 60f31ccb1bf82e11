import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One move of a reference, by whomever; `undefined` where it was not there. */
export interface RefMove {
  readonly ref: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** The git repository behind the stand-in. */
export interface BareRepository {
  /** Runs git in it and returns what it prints, trimmed. */
  git(args: readonly string[], options?: GitOptions): Promise<string>;
  /** The commit of a reference, or `undefined`. */
  tip(ref: string): Promise<string | undefined>;
  isCommit(sha: string): Promise<boolean>;
  isAncestor(sha: string, of: string): Promise<boolean>;
  /** Every move since the start, pushes from elsewhere included. */
  moves(): readonly RefMove[];
  /** The references as they were at the start. */
  readonly initial: ReadonlyMap<string, string>;
}

interface GitOptions {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

/** How git writes "no commit". */
export const nothing = '0'.repeat(40);

/** Opens a bare repository and starts to log every move of its references, by a hook. */
export async function openBareRepository(directory: string): Promise<BareRepository> {
  const log = join(directory, 'github-stand-in-ref-log');
  const hook = join(directory, 'hooks/reference-transaction');
  mkdirSync(join(directory, 'hooks'), { recursive: true });
  writeFileSync(log, '');
  writeFileSync(hook, `#!/bin/sh\n[ "$1" = committed ] && cat >> '${log}'\nexit 0\n`);
  chmodSync(hook, 0o755);
  const git = (args: readonly string[], options: GitOptions = {}) => run(directory, args, options);
  const quietly = (args: readonly string[]) =>
    git(args).then(
      (text) => text,
      () => undefined,
    );
  const listed = await git(['for-each-ref', '--format=%(refname) %(objectname)']);
  const initial = new Map(listed.split('\n').filter(Boolean).map(pair));
  return {
    git,
    initial,
    tip: (ref) => quietly(['rev-parse', '--verify', '--quiet', `${ref}^{}`]),
    isCommit: async (sha) => (await quietly(['cat-file', '-t', sha])) === 'commit',
    isAncestor: async (sha, of) =>
      (await quietly(['merge-base', '--is-ancestor', sha, of])) !== undefined,
    moves: () => movesIn(readFileSync(log, 'utf8'), initial),
  };
}

/**
 * Commits files as GitHub does: for the token's owner, by GitHub, with its signature.
 *
 * @returns the commit's id; no reference is moved.
 */
export async function signedCommit(
  { git }: BareRepository,
  commit: {
    readonly parent: string;
    readonly author: string;
    readonly message: string;
    readonly additions: readonly { readonly path: string; readonly contents: string }[];
    readonly deletions: readonly { readonly path: string }[];
  },
): Promise<string> {
  const index = join(tmpdir(), `github-stand-in-${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    await git(['read-tree', commit.parent], { env });
    const lines = commit.deletions.map(({ path }) => `0 ${nothing}\t${path}`);
    for (const { path, contents } of commit.additions) {
      const input = Buffer.from(contents, 'base64');
      const blob = await git(['hash-object', '-w', '--stdin'], { input });
      lines.push(`100644 ${blob}\t${path}`);
    }
    const input = lines.map((line) => `${line}\0`).join('');
    await git(['update-index', '-z', '--index-info'], { env, input });
    const tree = await git(['write-tree'], { env });
    const time = `${Math.floor(Date.now() / 1000)} +0000`;
    const object = [
      `tree ${tree}`,
      `parent ${commit.parent}`,
      `author ${commit.author} ${time}`,
      `committer GitHub <noreply@github.com> ${time}`,
      'gpgsig -----BEGIN PGP SIGNATURE-----',
      ' the stand-in',
      ' -----END PGP SIGNATURE-----',
      '',
      commit.message,
    ].join('\n');
    return await git(['hash-object', '-t', 'commit', '-w', '--stdin'], { input: object });
  } finally {
    if (existsSync(index)) rmSync(index);
  }
}

/** The hook's lines hold no trustworthy old value, so it is carried along. */
function movesIn(log: string, initial: ReadonlyMap<string, string>): RefMove[] {
  const now = new Map(initial);
  const moves: RefMove[] = [];
  for (const line of log.split('\n')) {
    const [, value = '', ref = ''] = line.split(' ');
    if (!ref.startsWith('refs/')) continue;
    const from = now.get(ref);
    const to = value === nothing ? undefined : value;
    if (from === to) continue;
    moves.push({ ref, from, to });
    if (to === undefined) now.delete(ref);
    else now.set(ref, to);
  }
  return moves;
}

function pair(line: string): [string, string] {
  const [name = '', value = ''] = line.split(' ');
  return [name, value];
}

function run(directory: string, args: readonly string[], options: GitOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      [...args],
      {
        cwd: directory,
        maxBuffer: 1 << 28,
        env: { ...process.env, GIT_DIR: directory, GIT_CONFIG_NOSYSTEM: '1', ...options.env },
      },
      (error, stdout) => (error === null ? resolve(stdout.trim()) : reject(error)),
    );
    // A git that reads no input may be gone before its end is written.
    child.stdin?.on('error', () => {}).end(options.input ?? '');
  });
}
