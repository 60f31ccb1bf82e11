import { closeSync, fstatSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../errors.ts';
import { nameAgain } from '../io/one-file.ts';
import { type Git, runGit, tryGit } from './run-git.ts';
import { resolveInside } from './working-tree.ts';

/** A file of a commit's tree. */
interface TreeFile {
  readonly path: string;
  readonly blob: string;
  readonly size: number;
}

/**
 * Writes the CSV and schema files of a commit, below these paths, into a folder that mirrors the
 * repository: byte for byte, without filters or line-end conversion. Those that are the same become
 * one file of several names.
 *
 * @param paths files or folders, relative to the repository.
 * @param isWanted tells of a path below them whether its file is wanted; the others may be anything.
 */
export async function extractFiles(
  git: Git,
  commit: string,
  paths: readonly string[],
  into: string,
  isWanted: (path: string) => boolean = () => true,
): Promise<void> {
  const all = await treeFiles(git, commit, paths, isWanted);
  for (const { path } of all) mkdirSync(dirname(resolveInside(into, path)), { recursive: true });
  const first = new Map([...all].reverse().map((file) => [file.blob, file]));
  const files = all.filter((file) => first.get(file.blob) === file);
  // By way of a file: what comes through a pipe stays in memory until the next collection.
  const path = `${into}.batch`;
  const batch = openSync(path, 'wx+');
  try {
    const input = files.map(({ blob }) => `${blob}\n`).join('');
    await tryGit(git, ['cat-file', '--batch'], { input, output: batch });
    const expected = files.reduce(
      (sum, { blob, size }) => sum + headerOf(blob, size).length + size + 1,
      0,
    );
    if (fstatSync(batch).size !== expected) throw damaged(commit);
    cut(batch, files, into);
  } finally {
    closeSync(batch);
    rmSync(path);
  }
  for (const file of all) {
    const same = first.get(file.blob) ?? file;
    if (same !== file) nameAgain(resolveInside(into, same.path), resolveInside(into, file.path));
  }
}

function damaged(commit: string): Failure {
  const name = commit.slice(0, 7);
  return new Failure('api', `git cat-file did not give all the files of ${name}. Run again.`);
}

/** The paths of the wanted CSV and schema files of a commit, below these paths. */
export async function filesIn(
  git: Git,
  commit: string,
  paths: readonly string[],
  isWanted: (path: string) => boolean,
): Promise<readonly string[]> {
  return (await treeFiles(git, commit, paths, isWanted)).map(({ path }) => path);
}

/** The text of a file of a commit that is here; `undefined` where the commit has no such file. */
export async function textAt(git: Git, commit: string, path: string): Promise<string | undefined> {
  const { code, stdout } = await tryGit(git, ['cat-file', 'blob', `${commit}:${path}`]);
  return code === 0 ? stdout.toString('utf8') : undefined;
}

/** All the files of a commit below a folder, with their blobs; none where the commit is not here. */
export async function blobsBelow(
  git: Git,
  commit: string,
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  const args = ['ls-tree', '-r', '-z', '--full-tree', commit, '--', folder];
  const { code, stdout } = await tryGit(git, args);
  if (code !== 0) return new Map();
  const files = [...stdout.toString('utf8').matchAll(/\d+ blob ([0-9a-f]+)\t([^\0]+)/g)];
  return new Map(files.map(([, blob = '', path = '']) => [path, blob]));
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

async function treeFiles(
  git: Git,
  commit: string,
  paths: readonly string[],
  isWanted: (path: string) => boolean,
): Promise<readonly TreeFile[]> {
  const args = ['ls-tree', '-r', '-z', '-l', '--full-tree', commit, '--', ...paths];
  const listing = await runGit(git, args);
  return listing.split('\0').flatMap((line) => {
    const [, mode, type, blob = '', size = '', path = ''] =
      /^(\d+) (\w+) ([0-9a-f]+) +(\d+|-)\t([\s\S]+)$/.exec(line) ?? [];
    if (type !== 'blob' || !/\.(csv|schema\.json)$/.test(path) || !isWanted(path)) return [];
    if (mode === '100644' || mode === '100755') return [{ path, blob, size: Number(size) }];
    const message = `${path} is a symbolic link in git. Commit the file itself.`;
    throw new Failure('validation', message, { place: { file: path } });
  });
}

/**
 * Cuts the output of `git cat-file --batch` into files. Each stands behind `<blob> blob <size>` and a
 * line feed, with one more at its end.
 *
 * @param batch the open file that holds the output.
 */
function cut(batch: number, files: readonly TreeFile[], into: string): void {
  const buffer = Buffer.allocUnsafeSlow(chunkSize);
  let at = 0;
  for (const { path, blob, size } of files) {
    at += headerOf(blob, size).length;
    const target = openSync(resolveInside(into, path), 'wx');
    try {
      copyBytes(batch, at, size, target, buffer);
    } finally {
      closeSync(target);
    }
    at += size + 1;
  }
}

const chunkSize = 1 << 20;

function headerOf(blob: string, size: number): string {
  return `${blob} blob ${size}\n`;
}

function copyBytes(from: number, start: number, size: number, to: number, buffer: Buffer): void {
  for (let done = 0; done < size; ) {
    const length = Math.min(buffer.length, size - done);
    const read = readSync(from, buffer, 0, length, start + done);
    for (let written = 0; written < read; ) {
      written += writeSync(to, buffer, written, read - written);
    }
    done += read;
  }
}
