import type { Content } from '../../config/config.ts';
import {
  emptiedFile,
  foldersOf,
  misplacedAmong,
  missingFile,
  unmanagedFiles,
} from '../../content/rules/files.ts';
import { type Finding, withSeverities } from '../../content/rules/finding.ts';
import { folded } from '../../io/did-you-mean.ts';
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
  const isNamedAlone = (content: Content) =>
    !gone.includes(content) && run.config.placeOf(content) === undefined;
  const absent = new Set(missing.filter(isNamedAlone).map(({ path }) => path));
  const emptied = heads.filter(({ content, table }) => {
    const keeps = content.kind === 'collection' && content.deletes === 'keep';
    return keeps && table.size + table.keyless.length === 0;
  });
  return [
    ...(await unmanagedIn(run, sync, start, absent)),
    ...gone.flatMap(({ path, rules }) => [...withSeverities([missingFile(path)], rules)]),
    ...emptied.flatMap(({ content: { path, rules }, sides }) => {
      const before = sides.recorded?.table.size ?? 0;
      return before > 0 ? [...withSeverities([emptiedFile(path, before)], rules)] : [];
    }),
  ];
}

/**
 * Files below the directory that nothing manages, and those that a slip has put elsewhere. Without a
 * configuration file, other workflows may manage them.
 */
async function unmanagedIn(
  { git }: Run,
  { config, tip }: Sync,
  start: string | undefined,
  absent: ReadonlySet<string>,
): Promise<readonly Finding[]> {
  if (git === undefined) return [];
  const { managed, placeOf, directory } = config;
  const paths = managed.map(({ path }) => path);
  const folders = new Set(paths.flatMap(foldersOf));
  const isMisplaced = misplacedAmong(paths);
  const filesIn = async (commit: string) => {
    const top = await git.objects.top(commit);
    const near = top.filter(
      ({ path }) => folders.has(folded(path)) && !`${directory}/`.startsWith(`${path}/`),
    );
    const others = await Promise.all(near.map(({ path }) => git.objects.entries(commit, path)));
    return [
      ...(await git.objects.entries(commit, directory)),
      ...[...top, ...others.flat()].filter(({ path }) => isMisplaced(path)),
    ];
  };
  const then = start === undefined ? [] : await filesIn(start);
  const before = new Map(then.map(({ path, id }) => [path, id]));
  const news = (await filesIn(tip)).filter(
    ({ path, id, kind }) => kind === 'file' && before.get(path) !== id,
  );
  const ownerOf = ownersAmong(managed);
  const isWhole = managed.some((content) => placeOf(content) !== undefined);
  return unmanagedFiles(
    news.map(({ path }) => path),
    paths,
    (path) => ownerOf(path) !== undefined,
    absent,
    isWhole ? 'tables' : 'misnamed',
  );
}
