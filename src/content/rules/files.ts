import { folded, inList, nearest } from '../../io/did-you-mean.ts';
import { type Finding, finding } from './finding.ts';

/**
 * A file that lost all rows while their items stay. If items are deleted, the limits apply.
 *
 * @param before how many rows it had.
 */
export function emptiedFile(path: string, before: number): Finding {
  const words = `the file has lost all its ${before} rows, but their items stay on the site, because deletes is keep, and the next export brings the rows back. Restore them, or set deletes: apply.`;
  return finding('emptied-file', { file: path }, words);
}

/** A file of the content that git no longer has. */
export function missingFile(path: string): Finding {
  const words =
    'the file is gone, so nothing of it is imported and nothing is deleted on the site. Restore it, or take its entry out of the configuration.';
  return finding('missing-file', { file: path }, words);
}

/** The names of files that programs write tables to: one with another name may be a table, too. */
const tables = /\.(?:csv|tsv|tab|xlsx?|xlsm|xlsb|ods|numbers|schema\.json)(?:\.\w{1,8}|~)?$/i;

/** What people and programs add to the name of a copy. */
const copies =
  /(?:\s*\(\d+\)|[\s_-]+(?:copy|kopie|copie|copia|final|new|neu|edited|utf-?8|v?\d{1,3}))+$/i;

/**
 * Files below the directory that nothing manages: nobody would see edits in them.
 *
 * @param managed the files that are managed, or would be if they existed.
 * @param isManaged whether a path is a file of the content, a part of one, or its schema.
 * @param absent managed files that no version has had, and that only an input of the workflow names.
 * @param extent `tables`: all that look like content; `misnamed`: only those with a name like a managed
 * file.
 */
export function unmanagedFiles(
  paths: readonly string[],
  managed: readonly string[],
  isManaged: (path: string) => boolean,
  absent: ReadonlySet<string>,
  extent: 'tables' | 'misnamed',
): readonly Finding[] {
  const byName = new Map(managed.map((path) => [nameOf(path), path]));
  const told: Finding[] = [];
  const others: string[] = [];
  for (const path of paths.filter((each) => !isManaged(each) && !/(?:^|\/)\./.test(each))) {
    const isTable = tables.test(path);
    const meant = told.length < mostTold ? meantBy(path, isTable, byName) : undefined;
    const isTold = meant !== undefined || (isTable && extent === 'tables');
    if (isTold && told.length < mostTold) told.push(unmanaged(path, meant, absent));
    else others.push(path);
  }
  return extent === 'tables' && others.length > 0 ? [...told, unmanagedInAll(others)] : told;
}

/** Finds tables that a slip has put elsewhere: `products.xlsx`, or `Content/products.csv`. */
export function misplacedAmong(managed: readonly string[]): (path: string) => boolean {
  const names = new Set(managed.map(nameOf));
  const folders = new Set(managed.flatMap(foldersOf));
  return (path) =>
    tables.test(path) &&
    names.has(nameOf(path)) &&
    foldersOf(path).every((name) => folders.has(name));
}

/** The names of the folders on a path, without their case. */
export function foldersOf(path: string): readonly string[] {
  return path.split('/').slice(0, -1).map(folded);
}

/** How many files get a finding of their own. */
const mostTold = 50;

function unmanaged(file: string, meant: string | undefined, absent: ReadonlySet<string>): Finding {
  if (meant !== undefined && absent.has(meant) && nameOf(meant) !== nameOf(file)) {
    const words = `this file is not in the configuration, and git has no ${meant}, which an input of the workflow names. Correct the name in the input; or, if both are meant, run an export first.`;
    return { ...finding('unmanaged-file', { file }, words), severity: 'error' };
  }
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
  const words = `this file is not in the configuration, so edits in it have no effect.${hint} Rename it to a CSV file in the configuration, or move it elsewhere.`;
  return finding('unmanaged-file', { file }, words);
}

function unmanagedInAll(paths: readonly string[]): Finding {
  const [file = ''] = paths;
  const words = `nothing manages ${paths.length === 1 ? 'this file' : `${paths.length} files`} below the directory: ${inList(paths)}. Move what is not content elsewhere.`;
  return { ...finding('unmanaged-file', { file }, words), severity: 'remark' };
}

/** The managed file that another file means: one with its name, or a similar one, if it is a table. */
function meantBy(
  path: string,
  isTable: boolean,
  byName: ReadonlyMap<string, string>,
): string | undefined {
  // A page about a file is another matter than `products.zip`.
  const same = /\.md$/i.test(path) ? undefined : byName.get(nameOf(path));
  return same ?? (isTable ? byName.get(nearest(nameOf(path), byName.keys()) ?? '') : undefined);
}

/** A file's name without its folder, its ending, its case and the marks of a copy. */
function nameOf(path: string): string {
  const last = path.slice(path.lastIndexOf('/') + 1).trim();
  const name = last.replace(/(?:\.\w{2,8}){1,2}~?$/, '');
  const plain = name.normalize('NFC').replace(/^(?:copy of|kopie von|copie de)\s+/i, '');
  return folded(plain.replace(copies, '')) || folded(plain);
}
