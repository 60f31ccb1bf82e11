import { copyFileSync, lstatSync, mkdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Failure } from '../errors.ts';
import { isSafePath, temporaryName } from '../io/paths.ts';

/** The absolute path of a repository path. Throws a Failure for one that may lead out of the repository. */
export function resolveInside(root: string, path: string): string {
  if (!isSafePath(path)) {
    const message = `The path "${path}" is not one that a file in the repository may have. Name a plain relative path.`;
    throw new Failure('config', message);
  }
  const segments = path.split('/');
  for (let depth = 1; depth <= segments.length; depth += 1) {
    const part = segments.slice(0, depth).join('/');
    const found = lstatSync(resolve(root, part), { throwIfNoEntry: false });
    if (found === undefined) break;
    const isFolder = part === path || found.isDirectory();
    if (isFolder && !found.isSymbolicLink()) continue;
    const message = found.isSymbolicLink()
      ? `${part} is a symbolic link, which may lead out of the repository. Put a plain file or folder there.`
      : `${part} is not a folder, so nothing can be at ${path}. Move it elsewhere, or name another path.`;
    throw new Failure('config', message, { place: { file: part } });
  }
  return resolve(root, path);
}

/** The absolute path where a file is or may be put. Throws a Failure if something is in the way. */
export function placeOfFile(root: string, path: string): string {
  const place = resolveInside(root, path);
  if (lstatSync(place, { throwIfNoEntry: false })?.isFile() ?? true) return place;
  const message = `${path} is not a file, so no file can stand there. Move it elsewhere.`;
  throw new Failure('validation', message, { place: { file: path } });
}

/** Copies staged files into the working tree, each whole; `null` removes one. */
export function placeFiles(root: string, staged: ReadonlyMap<string, string | null>): void {
  for (const [path, file] of staged) {
    if (file !== null) placeFile(placeOfFile(root, path), file);
  }
  for (const [path, file] of staged) {
    if (file === null) removeFile(root, path);
  }
}

function placeFile(target: string, file: string): void {
  mkdirSync(dirname(target), { recursive: true });
  const temporary = temporaryName(target);
  try {
    copyFileSync(file, temporary);
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function removeFile(root: string, path: string): void {
  const target = placeOfFile(root, path);
  rmSync(target, { force: true });
  try {
    rmdirSync(dirname(target));
  } catch {
    // The folder is not empty, or gone.
  }
}
