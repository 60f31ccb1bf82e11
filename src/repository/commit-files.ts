import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../errors.ts';
import { fileIdentity } from '../io/one-file.ts';
import { changedPaths } from './history.ts';
import { type Git, runGit } from './run-git.ts';

/** The author of the commits that workflows make, as GitHub shows it. */
const bot = {
  name: 'github-actions[bot]',
  email: '41898282+github-actions[bot]@users.noreply.github.com',
};

/**
 * Commits files on top of a parent's tree, or of nothing, without touching the working tree or its
 * index.
 *
 * @param change.files repository paths to local files; `null` removes the path.
 * @returns the commit; `undefined` if it would change nothing.
 * @throws Failure where a folder stands in the place of a file, or the reverse.
 */
export async function commitFiles(
  git: Git,
  change: {
    readonly parent: string | undefined;
    /** The commit whose tree the files are laid over; the parent, unless said otherwise. */
    readonly onto?: string;
    readonly files: ReadonlyMap<string, string | null>;
    readonly message: string;
  },
): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'wix-cms-index-'));
  try {
    const environment = { GIT_INDEX_FILE: join(folder, 'index') };
    const onto = change.onto ?? change.parent;
    await runGit(git, ['read-tree', onto ?? '--empty'], { environment });
    const input = await indexEntries(git, change.files);
    await runGit(git, ['update-index', '-z', '--add', '--remove', '--index-info'], {
      environment,
      input,
    });
    const tree = await runGit(git, ['write-tree'], { environment });
    const before = onto && (await runGit(git, ['rev-parse', `${onto}^{tree}`]));
    if (tree === before) return undefined;
    if (onto !== undefined) await refuseDisplaced(git, onto, tree, change.files);
    const parents = change.parent === undefined ? [] : ['-p', change.parent];
    return await runGit(git, ['commit-tree', '--no-gpg-sign', ...parents, tree], {
      input: change.message,
      environment: {
        GIT_AUTHOR_NAME: bot.name,
        GIT_AUTHOR_EMAIL: bot.email,
        GIT_COMMITTER_NAME: bot.name,
        GIT_COMMITTER_EMAIL: bot.email,
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Stores the files and returns the lines that enter them into an index. */
async function indexEntries(git: Git, files: ReadonlyMap<string, string | null>): Promise<string> {
  const stored = [...files].flatMap(([path, file]) => (file === null ? [] : [{ path, file }]));
  const ids = await storedIds(
    git,
    stored.map(({ file }) => file),
  );
  const none = '0'.repeat(ids[0]?.length ?? 40);
  return [
    ...[...files].filter(([, file]) => file === null).map(([path]) => `0 ${none}\t${path}\0`),
    ...stored.map(({ path }, i) => `100644 ${ids[i]}\t${path}\0`),
  ].join('');
}

/** Stores files, each once whatever its names, and returns their ids. */
async function storedIds(git: Git, files: readonly string[]): Promise<readonly string[]> {
  const identities = files.map(fileIdentity);
  const distinct = new Map(files.map((file, i) => [identities[i] ?? file, file]));
  if (distinct.size === 0) return [];
  const input = [...distinct.values()].map((file) => `${file}\n`).join('');
  const args = ['hash-object', '-w', '--no-filters', '--stdin-paths'];
  const ids = (await runGit(git, args, { input })).split('\n');
  const byIdentity = new Map([...distinct.keys()].map((identity, i) => [identity, ids[i] ?? '']));
  return identities.map((identity) => byIdentity.get(identity) ?? '');
}

/** An index takes a file in the place of a folder, and drops without a word what the folder holds. */
async function refuseDisplaced(
  git: Git,
  onto: string,
  tree: string,
  files: ReadonlyMap<string, string | null>,
): Promise<void> {
  const removed = await changedPaths(git, [onto, tree], ['--no-renames', '--diff-filter=D']);
  const displaced = removed.find((path) => files.get(path) !== null);
  if (displaced === undefined) return;
  const message = `${displaced} is in the way of a file that is to be committed. Move it elsewhere in git.`;
  throw new Failure('validation', message, { place: { file: displaced } });
}
