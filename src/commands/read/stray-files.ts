import { basename } from 'node:path/posix';
import { emptiedFile, missingFile, unmanagedFiles } from '../../content/rules/files.ts';
import { type Finding, withSeverities } from '../../content/rules/finding.ts';
import { ownersAmong } from '../../record/content-files.ts';
import type { Sync } from '../../record/sync.ts';
import type { Version } from '../../record/version.ts';
import type { Run } from '../run.ts';
import type { Heads } from './open-heads.ts';

/**
 * Files whose edits nobody would see: files below the directory that nothing manages, files of a content
 * that are gone, and files without rows whose items stay.
 *
 * @param start the commit before the run's changes: files that it had already are left out.
 */
export async function strayFiles(
  run: Run,
  sync: Sync,
  { heads, missing }: Heads,
  base: Version | undefined,
  start: string | undefined,
): Promise<readonly Finding[]> {
  const gone = missing.filter((content) => (base?.files(content) ?? []).length > 0);
  const emptied = heads.filter(({ content, table }) => {
    const keeps = content.kind === 'collection' && content.deletes === 'keep';
    return keeps && table.size + table.keyless.length === 0;
  });
  return [
    ...(await unmanagedIn(run, sync, start)),
    ...gone.flatMap(({ path, rules }) => [...withSeverities([missingFile(path)], rules)]),
    ...emptied.flatMap(({ content: { path, rules }, sides }) => {
      const before = sides.recorded?.table.size ?? 0;
      return before > 0 ? [...withSeverities([emptiedFile(path, before)], rules)] : [];
    }),
  ];
}

/**
 * Files below the directory that nothing manages. Without a configuration file, other workflows may manage
 * them.
 */
async function unmanagedIn(
  { git }: Run,
  { config, tip }: Sync,
  start: string | undefined,
): Promise<readonly Finding[]> {
  if (git === undefined) return [];
  const { managed, placeOf, directory } = config;
  // A file that is uploaded on github.com often lands at the top.
  const names = new Set(managed.map(({ path }) => basename(path)));
  const filesIn = async (commit: string) => [
    ...(await git.objects.entries(commit, directory)),
    ...(await git.objects.top(commit)).filter(({ path }) => names.has(path)),
  ];
  const then = start === undefined ? [] : await filesIn(start);
  const before = new Map(then.map(({ path, id }) => [path, id]));
  const news = (await filesIn(tip)).filter(
    ({ path, id, kind }) => kind === 'file' && before.get(path) !== id,
  );
  const ownerOf = ownersAmong(managed);
  const isWhole = managed.some((content) => placeOf(content) !== undefined);
  return unmanagedFiles(
    news.map(({ path }) => path),
    managed.map(({ path }) => path),
    (path) => ownerOf(path) !== undefined,
    isWhole ? 'tables' : 'misnamed',
  );
}
