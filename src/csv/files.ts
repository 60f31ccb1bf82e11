import { lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isPartName } from '../io/paths.ts';
import { CsvError } from './errors.ts';

/**
 * The file of a table, or the parts in the folder of the same name. Other files there are other tables.
 * @param root the folder that messages leave out of paths.
 * @throws CsvError if both are there, since nobody can tell which counts, and for anything but a file.
 */
export function tableFiles(path: string, root = ''): readonly string[] {
  const parts = partsOf(path, root);
  if (!isFile(path, root)) return parts;
  if (parts.length === 0) return [path];
  const file = nameOf(path, root);
  /**
   * @cause A table was split or joined, and a merge brought the old form back.
   * @remedy Delete the older of the two; `git log` shows which that is.
   */
  const message = `${file} is beside its own parts in ${partsFolder(file)}. Delete the one that is out of date.`;
  throw new CsvError('TWO_FORMS', { file, line: 1 }, message);
}

/** A file as messages name it. */
export function nameOf(file: string, root: string): string {
  const isInside = root !== '' && file.startsWith(`${root}/`);
  return isInside ? file.slice(root.length + 1) : file;
}

function partsFolder(path: string): string {
  return path.replace(/\.csv$/, '');
}

function partsOf(path: string, root = ''): readonly string[] {
  const folder = partsFolder(path);
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found?.isSymbolicLink()) {
    throw notAFile(nameOf(folder, root), 'a symbolic link', 'Put the folder itself');
  }
  if (!found?.isDirectory()) return [];
  return readdirSync(folder)
    .filter(isPartName)
    .sort()
    .map((name) => join(folder, name))
    .filter((part) => isFile(part, root));
}

/** Whether a file is here; throws if something else is. */
function isFile(path: string, root = ''): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isFile()) return found !== undefined;
  const kind = found.isSymbolicLink() ? 'a symbolic link' : 'not a file';
  throw notAFile(nameOf(path, root), kind, 'Put a file');
}

function notAFile(file: string, kind: string, remedy: string): CsvError {
  return new CsvError('NOT_A_FILE', { file, line: 1 }, `${file} is ${kind}. ${remedy} there.`);
}

/** Makes a whole file the table of this path, and then removes its former parts. */
export function placeWhole(whole: string, path: string): void {
  const former = partsOf(path);
  isFile(path);
  renameSync(whole, path);
  for (const part of former) rmSync(part);
  const folder = partsFolder(path);
  if (former.length > 0 && readdirSync(folder).length === 0) rmdirSync(folder);
}

/** Makes the parts in this folder the table of this path, removes its former files, and returns the new ones. */
export function placeParts(folder: string, path: string): readonly string[] {
  const former = partsOf(path);
  const wasWhole = isFile(path);
  const target = partsFolder(path);
  if (lstatSync(target, { throwIfNoEntry: false })?.isFile()) {
    throw notAFile(target, 'a file, but the parts of a table go there', 'Put a folder');
  }
  mkdirSync(target, { recursive: true });
  const names = readdirSync(folder).sort();
  const parts = names.map((name) => join(target, name));
  for (const name of names) renameSync(join(folder, name), join(target, name));
  const kept = new Set(parts);
  for (const part of former) if (!kept.has(part)) rmSync(part);
  if (wasWhole) rmSync(path);
  return parts;
}
