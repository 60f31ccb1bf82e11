import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeCommits, type NewFile } from '../../src/repository/commit-files.ts';
import type { Git } from '../../src/repository/run-git.ts';

export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), 'wix-cms-git-'));
}

/** Leaves out what git does for a repository that lasts, and no repository of a test needs. */
const hasty = ['core.fsync=none', 'gc.auto=0', 'maintenance.auto=false', 'receive.autogc=false'];
const hastily = hasty.flatMap((setting) => ['-c', setting]);

/** Runs git as somebody who works on the repository. */
export function git(directory: string, ...args: readonly string[]): string {
  const person = [
    '-c',
    'user.name=Ada',
    '-c',
    'user.email=ada@example.com',
    '-c',
    'commit.gpgsign=false',
  ];
  return execFileSync('git', [...person, ...hastily, ...args], {
    cwd: directory,
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();
}

/** The remotes that were made so far, by their files: most tests begin with a copy of one. */
const made = new Map<string, string>();

/** A bare repository that answers as GitHub does: any commit may be fetched by its id. */
export function makeRemote(
  files: Readonly<Record<string, string>> = { 'README.md': 'A site.\n' },
): string {
  const remote = join(freshFolder(), 'remote.git');
  const as = JSON.stringify(files);
  const like = made.get(as);
  if (like !== undefined) cpSync(like, remote, { recursive: true });
  else {
    beginRemote(remote, files);
    const kept = join(freshFolder(), 'kept.git');
    cpSync(remote, kept, { recursive: true });
    made.set(as, kept);
  }
  return remote;
}

function beginRemote(remote: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(join(remote, 'hooks'), { recursive: true });
  git(remote, 'init', '--quiet', '--bare', '--template=', '--initial-branch=main');
  const settings = [...hasty, 'uploadpack.allowAnySHA1InWant=true'].map((setting) => {
    const [, section, name, value] = /^(.+)\.(.+)=(.+)$/.exec(setting) ?? [];
    return `[${section}]\n\t${name} = ${value}\n`;
  });
  appendFileSync(join(remote, 'config'), settings.join(''));
  importCommit(remote, 'main', files, 'Begin');
}

/** A checkout of a remote's branch; shallow as actions/checkout makes it, unless said otherwise. */
export function cloneOf(remote: string, options: { depth?: number; branch?: string } = {}): string {
  const clone = join(freshFolder(), 'clone');
  const depth = options.depth === undefined ? [] : [`--depth=${options.depth}`];
  const branch = options.branch === undefined ? [] : ['--branch', options.branch];
  const how = ['--quiet', '--template=', ...hastily, ...depth, ...branch];
  git(tmpdir(), 'clone', ...how, `file://${remote}`, clone);
  return clone;
}

/** Writes files, `null` removing one, and commits them. */
export function commit(
  directory: string,
  files: Readonly<Record<string, string | null>>,
  message: string,
): string {
  for (const [path, text] of Object.entries(files)) {
    if (text === null) {
      git(directory, 'rm', '--quiet', '-r', '--', path);
      continue;
    }
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  git(directory, 'add', '--all');
  git(directory, 'commit', '--quiet', '--message', message);
  return git(directory, 'rev-parse', 'HEAD');
}

/** Commits to a branch of the remote, as somebody else would; answers the commit. */
export function pushElsewhere(
  remote: string,
  files: Readonly<Record<string, string | null>>,
  branch = 'main',
): string {
  return importCommit(remote, branch, files, 'Edit', `from refs/heads/${branch}^0\n`);
}

/** Makes a commit right in a bare repository: one process, where a clone and a push are a dozen. */
function importCommit(
  remote: string,
  branch: string,
  files: Readonly<Record<string, string | null>>,
  message: string,
  from = '',
): string {
  const changes = Object.entries(files).map(([path, text]) =>
    text === null ? `D ${path}\n` : `M 100644 inline ${path}\n${dataOf(text)}`,
  );
  const who = 'committer Ada <ada@example.com> now\n';
  const begin = `commit refs/heads/${branch}\nmark :1\n${who}${dataOf(message)}${from}`;
  return execFileSync(
    'git',
    ['-c', 'fastimport.unpackLimit=1', 'fast-import', '--quiet', '--date-format=now'],
    { cwd: remote, encoding: 'utf8', input: `${begin}${changes.join('')}get-mark :1\n` },
  ).trim();
}

function dataOf(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/** A file of a branch or commit in a remote; `undefined` where there is none. */
export function show(remote: string, revision: string, path: string): string | undefined {
  try {
    return `${execFileSync('git', ['show', `${revision}:${path}`], { cwd: remote, encoding: 'utf8', stdio: 'pipe' })}`;
  } catch {
    return undefined;
  }
}

/** Local files to commit, from texts. */
export function staged(
  texts: Readonly<Record<string, string | null>>,
): ReadonlyMap<string, NewFile> {
  const folder = freshFolder();
  return new Map(
    Object.entries(texts).map(([path, text], i) => {
      if (text === null) return [path, null];
      const file = join(folder, String(i));
      writeFileSync(file, text);
      return [path, { file }];
    }),
  );
}

/** Commits files on top of a commit. */
export async function commitOnto(
  opened: Git,
  parent: string,
  texts: Readonly<Record<string, string | null>>,
  message = 'x',
): Promise<string> {
  const commit = { parents: [parent], onto: parent, files: staged(texts), message };
  const [made = ''] = await makeCommits(opened, [commit]);
  return made;
}
