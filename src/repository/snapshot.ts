import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../errors.ts';
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
 * repository: byte for byte, without filters or line-end conversion.
 *
 * @param paths files or folders, relative to the repository.
 */
export async function extractFiles(
  git: Git,
  commit: string,
  paths: readonly string[],
  into: string,
): Promise<void> {
  const files = await treeFiles(git, commit, paths);
  for (const { path } of files) mkdirSync(dirname(resolveInside(into, path)), { recursive: true });
  const writer = batchWriter(files, into);
  try {
    await tryGit(git, ['cat-file', '--batch'], {
      input: files.map(({ blob }) => `${blob}\n`).join(''),
      onOutput: writer.take,
    });
  } finally {
    writer.close();
  }
  if (!writer.isComplete()) {
    throw new Failure(
      'api',
      `git cat-file did not give all the files of ${commit.slice(0, 7)}. Run again.`,
    );
  }
}

/** The paths of all the CSV and schema files of a commit, below these paths. */
export async function filesIn(
  git: Git,
  commit: string,
  paths: readonly string[],
): Promise<readonly string[]> {
  return (await treeFiles(git, commit, paths)).map(({ path }) => path);
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
): Promise<readonly TreeFile[]> {
  const args = ['ls-tree', '-r', '-z', '-l', '--full-tree', commit, '--', ...paths];
  const listing = await runGit(git, args);
  return listing.split('\0').flatMap((line) => {
    const [, mode, type, blob = '', size = '', path = ''] =
      /^(\d+) (\w+) ([0-9a-f]+) +(\d+|-)\t([\s\S]+)$/.exec(line) ?? [];
    if (type !== 'blob' || !/\.(csv|schema\.json)$/.test(path)) return [];
    if (mode === '100644' || mode === '100755') return [{ path, blob, size: Number(size) }];
    const message = `${path} is a symbolic link in git. Commit the file itself.`;
    throw new Failure('validation', message, { place: { file: path } });
  });
}

/** A stretch of git's output: a file's bytes, or what stands around them. */
interface Stretch {
  readonly path: string | undefined;
  readonly length: number;
}

/**
 * Cuts the output of `git cat-file --batch` into files, as it comes. The sizes are known, so it is
 * known where each file begins: behind `<blob> blob <size>` and a line feed, with one more at its
 * end.
 */
function batchWriter(files: readonly TreeFile[], into: string) {
  const stretches: readonly Stretch[] = files.flatMap(({ path, blob, size }) => [
    { path: undefined, length: `${blob} blob ${size}\n`.length },
    { path, length: size },
    { path: undefined, length: 1 },
  ]);
  let current = 0;
  let done = 0;
  let descriptor: number | undefined;
  const begin = () => {
    const path = stretches[current]?.path;
    if (path !== undefined) descriptor = openSync(resolveInside(into, path), 'wx');
  };
  const close = () => {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  };
  const end = () => {
    close();
    current += 1;
    done = 0;
  };
  const take = (chunk: Buffer) => {
    let at = 0;
    for (let stretch = stretches[current]; stretch !== undefined; stretch = stretches[current]) {
      if (done === 0 && descriptor === undefined) begin();
      const length = Math.min(stretch.length - done, chunk.length - at);
      if (descriptor !== undefined) writeSync(descriptor, chunk, at, length);
      done += length;
      at += length;
      if (done < stretch.length) return;
      end();
    }
  };
  return { take, isComplete: () => current === stretches.length, close };
}
