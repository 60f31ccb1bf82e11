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

/** The names of files that programs write tables to. */
const tables = /\.(?:csv|tsv|tab|xlsx?|xlsm|xlsb|ods|numbers|schema\.json)(?:\.\w{1,8}|~)?$/i;

/** What people and programs add to the name of a copy. */
const copies =
  /(?:\s*\(\d+\)|[\s_-]+(?:copy|kopie|copie|copia|final|new|neu|edited|utf-?8|v?\d{1,3}))+$/i;

/**
 * Files below the directory that nothing manages: nobody would see edits in them.
 *
 * @param managed the files that are managed, or would be if they existed.
 * @param isManaged whether a path is a file of the content, a part of one, or its schema.
 * @param extent `tables`: all that look like content; `misnamed`: only those with a name like a managed
 * file.
 */
export function unmanagedFiles(
  paths: readonly string[],
  managed: readonly string[],
  isManaged: (path: string) => boolean,
  extent: 'tables' | 'misnamed',
): readonly Finding[] {
  const byName = new Map(managed.map((path) => [nameOf(path), path]));
  const strays = paths.filter((path) => !isManaged(path) && !/(?:^|\/)\./.test(path));
  const told = new Map<string, string | undefined>();
  for (const path of strays.filter((each) => tables.test(each))) {
    if (told.size === mostTold) break;
    const meant = meantBy(path, byName);
    if (meant !== undefined || extent === 'tables') told.set(path, meant);
  }
  const others = strays.filter((path) => !told.has(path));
  return [
    ...Array.from(told, ([path, meant]) => unmanaged(path, meant)),
    ...(extent === 'tables' ? unmanagedInAll(others) : []),
  ];
}

/** How many files get a finding of their own. */
const mostTold = 50;

function unmanaged(file: string, meant: string | undefined): Finding {
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
  const words = `this file is not in the configuration, so edits in it have no effect.${hint} Rename it to a CSV file in the configuration, or move it elsewhere.`;
  return finding('unmanaged-file', { file }, words);
}

function unmanagedInAll(paths: readonly string[]): readonly Finding[] {
  const [file] = paths;
  if (file === undefined) return [];
  const words = `nothing manages ${paths.length === 1 ? 'this file' : `${paths.length} files`} below the directory: ${inList(paths)}. Move what is not content elsewhere.`;
  return [{ ...finding('unmanaged-file', { file }, words), severity: 'remark' }];
}

/** The managed file that a path probably means. */
function meantBy(path: string, byName: ReadonlyMap<string, string>): string | undefined {
  const name = nameOf(path);
  return byName.get(name) ?? byName.get(nearest(name, byName.keys()) ?? '');
}

/** A file's name without its folder, its ending, its case and the marks of a copy. */
function nameOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/(?:\.\w{2,8}){1,2}~?$/, '');
  const plain = name.normalize('NFC').replace(/^(?:copy of|kopie von|copie de)\s+/i, '');
  return folded(plain.replace(copies, '')) || folded(plain);
}
