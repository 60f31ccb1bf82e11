import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isPartName } from '../io/paths.ts';
import { CsvError } from './errors.ts';

/**
 * The files in which the table of this path stands: the path itself, or the parts in the folder of
 * its name. Other files in that folder are other tables.
 *
 * @param path ends with `.csv`.
 * @throws CsvError when both stand there, since nobody could tell which of them holds; and when
 * something else than files stands there.
 */
export function tableFiles(path: string): readonly string[] {
  const parts = partsOf(path);
  if (!standsAt(path)) return parts;
  if (parts.length === 0) return [path];
  /**
   * @cause A table was split or joined, and a merge brought the old form back.
   * @remedy Delete the older of the two; `git log` shows which that is.
   */
  const message = `${path} is beside its own parts in ${partsFolder(path)}. Delete the one that is out of date.`;
  throw new CsvError('TWO_FORMS', path, 1, 0, message);
}

function partsFolder(path: string): string {
  return path.replace(/\.csv$/, '');
}

function partsOf(path: string): readonly string[] {
  const folder = partsFolder(path);
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found?.isSymbolicLink()) throw notAFile(folder, 'a symbolic link', 'Put the folder itself');
  if (!found?.isDirectory()) return [];
  return readdirSync(folder)
    .filter(isPartName)
    .sort()
    .map((name) => join(folder, name))
    .filter(standsAt);
}

/** Whether a file stands here. */
function standsAt(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  if (found.isFile()) return true;
  const kind = found.isSymbolicLink() ? 'a symbolic link' : 'not a file';
  throw notAFile(path, kind, 'Put a file');
}

function notAFile(path: string, kind: string, remedy: string): CsvError {
  return new CsvError('NOT_A_FILE', path, 1, 0, `${path} is ${kind}. ${remedy} there.`);
}

/** A name beside this path that nothing else has. */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
}

/** Puts a whole file in the place of a table, and then removes the parts that stood for it. */
export function placeWhole(whole: string, path: string): void {
  const former = partsOf(path);
  standsAt(path);
  renameSync(whole, path);
  for (const part of former) rmSync(part);
  if (former.length > 0) removeIfEmpty(partsFolder(path));
}

/**
 * Puts the parts in this folder in the place of a table, one by one, and then removes what stood
 * for it before. Returns where they stand now.
 */
export function placeParts(folder: string, path: string): readonly string[] {
  const former = partsOf(path);
  const stoodWhole = standsAt(path);
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
  if (stoodWhole) rmSync(path);
  return parts;
}

function removeIfEmpty(folder: string): void {
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
