import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freshFolder } from '../repository/support.ts';

/**
 * A real remote and a real checkout that are cheap to use: the files of git that are plain texts
 * (refs, HEAD) are read and written as such, and the checkout borrows the remote's objects, so that
 * only what the action itself does costs processes.
 */
export interface Repository {
  readonly remote: string;
  /** The tip of main on the remote. */
  tip(): string;
  /** The files at a commit; those that nobody asked for before are read once. */
  filesAt(commit: string): Files;
  /** Merges a new version of some files into main, as a pull request would. */
  merge(files: Files): string;
  /** Commits files to a branch, on top of the first parent; moves the branch there. */
  commit(branch: string, parents: readonly string[], files: Files): string;
  /** Runs git in the remote; gives what it prints. */
  git(...args: readonly string[]): string;
  /** Puts a workspace on a commit, as actions/checkout would; gives its folder. */
  checkOut(commit: string, workspace?: 'first' | 'second'): string;
  /** What a ref of the remote points to. */
  ref(name: string): string | undefined;
  deleteRef(name: string): void;
  /** Makes the remote refuse pushes to refs of this beginning, until it is called again. */
  refuse(refs: string | undefined): void;
}

/** Texts by their repository paths. */
export type Files = Readonly<Record<string, string>>;

/** Copies a repository as it is: much quicker than to make another one. */
export function copyOf(template: Repository, paths: readonly string[]): Repository {
  const folder = freshFolder();
  cpSync(template.remote, join(folder, 'remote.git'), { recursive: true });
  return openIn(folder, paths);
}

/** A repository whose main holds these files. */
export function makeRepository(files: Files, paths: readonly string[]): Repository {
  const folder = freshFolder();
  const remote = join(folder, 'remote.git');
  execFileSync('git', [
    'init',
    '--quiet',
    '--bare',
    '--initial-branch=main',
    '--template=',
    remote,
  ]);
  const settings = '[receive]\n\tautogc = false\n[gc]\n\tauto = 0\n[core]\n\tfsync = none\n';
  writeFileSync(join(remote, 'config'), `${readFileSync(join(remote, 'config'))}${settings}`);
  const repository = openIn(folder, paths);
  repository.merge(files);
  return repository;
}

/** Removes a repository from the disk. */
export function discard({ remote }: Repository): void {
  rmSync(dirname(remote), { recursive: true, force: true });
}

function openIn(folder: string, paths: readonly string[]): Repository {
  const remote = join(folder, 'remote.git');
  const known = new Map<string, Files>();
  const ref = (name: string) => textOf(join(remote, name))?.trim();
  const tip = () => {
    const commit = ref('refs/heads/main');
    if (commit === undefined) throw new Error('The remote has lost its main.');
    return commit;
  };
  const filesAt = (commit: string) => {
    const files = known.get(commit) ?? readCommit(remote, commit, paths);
    known.set(commit, files);
    return files;
  };
  const commit = (branch: string, parents: readonly string[], files: Files) => {
    importCommit(remote, branch, parents, files);
    const made = ref(`refs/heads/${branch}`) ?? '';
    const [parent] = parents;
    known.set(made, { ...(parent === undefined ? {} : filesAt(parent)), ...files });
    return made;
  };
  return {
    remote,
    tip,
    filesAt,
    ref,
    merge: (files) => commit('main', [ref('refs/heads/main') ?? []].flat(), files),
    commit,
    git: (...args) => execFileSync('git', args, { cwd: remote, encoding: 'utf8' }).trim(),
    checkOut(commit, name = 'first') {
      const workspace = join(folder, name, 'workspace');
      if (!existsSync(workspace)) makeWorkspace(workspace, remote);
      writeFileSync(join(workspace, '.git/refs/heads/main'), `${commit}\n`);
      const files = filesAt(commit);
      for (const path of paths) {
        const target = join(workspace, path);
        const text = files[path];
        if (text === undefined) rmSync(target, { force: true });
        else {
          mkdirSync(dirname(target), { recursive: true });
          writeFileSync(target, text);
        }
      }
      return workspace;
    },
    deleteRef: (name) => rmSync(join(remote, name), { force: true }),
    refuse(refs) {
      const hook = join(remote, 'hooks/update');
      rmSync(hook, { force: true });
      if (refs === undefined) return;
      mkdirSync(dirname(hook), { recursive: true });
      const script = `#!/bin/sh\ncase "$1" in ${refs}*) echo refused >&2; exit 1;; esac\n`;
      writeFileSync(hook, script, { mode: 0o755 });
    },
  };
}

function makeWorkspace(workspace: string, remote: string): void {
  const dot = join(workspace, '.git');
  for (const folder of ['refs/heads', 'objects/info']) {
    mkdirSync(join(dot, folder), { recursive: true });
  }
  writeFileSync(join(dot, 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(dot, 'objects/info/alternates'), `${join(remote, 'objects')}\n`);
  const settings = '[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tfsync = none\n';
  writeFileSync(join(dot, 'config'), `${settings}[remote "origin"]\n\turl = ${remote}\n`);
}

/** One process makes the blobs, the tree and the commit, and moves the branch. */
function importCommit(
  remote: string,
  branch: string,
  parents: readonly string[],
  files: Files,
): void {
  const changes = Object.entries(files).map(
    ([path, text]) => `M 100644 inline ${path}\n${counted(text)}`,
  );
  const input = [
    `commit refs/heads/${branch}\ncommitter Ada <ada@example.com> 1700000000 +0000\n`,
    counted('Edit\n'),
    ...parents.map((parent, i) => `${i === 0 ? 'from' : 'merge'} ${parent}\n`),
    ...changes,
  ].join('');
  execFileSync('git', ['fast-import', '--quiet'], { cwd: remote, input });
}

function counted(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

function readCommit(remote: string, commit: string, paths: readonly string[]): Files {
  const input = paths.map((path) => `${commit}:${path}\n`).join('');
  const output = execFileSync('git', ['cat-file', '--batch'], { cwd: remote, input });
  const files: Record<string, string> = {};
  let at = 0;
  for (const path of paths) {
    const end = output.indexOf('\n', at);
    const [, kind, size] = output.toString('utf8', at, end).split(' ');
    at = end + 1;
    if (kind !== 'blob') continue;
    files[path] = output.toString('utf8', at, at + Number(size));
    at += Number(size) + 1;
  }
  return files;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
