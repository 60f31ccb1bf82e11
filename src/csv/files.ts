import { lstatSync, readdirSync } from 'node:fs';
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
   * @cause The export split or joined a table, and a merge brought the old form back.
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

/** Where the parts of a table are. */
export function partsFolder(path: string): string {
  return path.replace(/\.csv$/, '');
}

function partsOf(path: string, root: string): readonly string[] {
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
function isFile(path: string, root: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isFile()) return found !== undefined;
  const kind = found.isSymbolicLink() ? 'a symbolic link' : 'not a file';
  throw notAFile(nameOf(path, root), kind, 'Put a file');
}

function notAFile(file: string, kind: string, remedy: string): CsvError {
  return new CsvError('NOT_A_FILE', { file, line: 1 }, `${file} is ${kind}. ${remedy} there.`);
}
