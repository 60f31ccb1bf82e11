import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, isOf } from '../commands/read/sides.ts';
import type { Run } from '../commands/run.ts';
import { Failure } from '../errors.ts';
import { type RecordedBase, readBase } from '../repository/base-ref.ts';
import { fetchCommit } from '../repository/remote.ts';
import { extractFiles } from '../repository/snapshot.ts';

/** The versions that the changes of git and of the site are told by. */
export interface RecordedVersions {
  /** Folders that mirror the repository; `undefined` where that version is not known. */
  readonly base: string | undefined;
  readonly recorded: string | undefined;
  /** What an import set out to write, and did not see arrive. */
  readonly sent?: string | undefined;
  /** The latest commit of git that base was brought forward with, where that is known. */
  readonly compared?: string | undefined;
  /** What was read of the base ref, if it was read. */
  readonly read?: { readonly record: RecordedBase | undefined } | undefined;
  /** Whether the folder of base stands in for a record that there is not. */
  readonly isStandIn?: boolean;
  readonly warnings: readonly string[];
}

/**
 * Finds base: the record under `refs/wix-cms/<site id>`, or the ref that the input `base` names, or
 * what stands in for it: the commit before the push, or the pull request's base commit.
 */
export async function recordedVersions(
  run: Run,
  siteId: string,
  namedBase: string | undefined,
): Promise<RecordedVersions> {
  const { git } = run;
  if (git === undefined) return { base: undefined, recorded: undefined, warnings: [] };
  if (namedBase !== undefined) {
    const base = await filesAt(run, namedBase);
    if (base !== undefined) return { base, recorded: undefined, warnings: [] };
    throw new Failure(
      'config',
      /** @cause A short commit id is found only if the clone has the commit. */
      `The input base names "${namedBase}", which the repository does not have. Name a branch, a tag or a full commit id.`,
    );
  }
  const record = await readBase(git, siteId, mkdtempSync(join(run.temp, 'record-')));
  if (record !== undefined) {
    const { base, live, sent, compared } = record;
    return { base, recorded: live, sent, compared, read: { record }, warnings: [] };
  }
  return { ...(await standIn(run)), read: { record } };
}

async function standIn(run: Run): Promise<RecordedVersions> {
  const { before, pullRequest } = run.environment.event;
  const commit = before ?? pullRequest?.baseSha;
  const base = commit === undefined ? undefined : await filesAt(run, commit);
  if (base === undefined || !holdsContent(run, base)) {
    return { base: undefined, recorded: undefined, warnings: [] };
  }
  const warning =
    /**
     * @cause The first run, or a token that may not write `refs/wix-cms/`.
     * @remedy Run an export with `contents: write`.
     */
    `There is no record yet of what git and the site agree on, so the commit ${commit?.slice(0, 7)} stands in for it: ` +
    'edits that were merged before it and never imported go unnoticed. An export keeps the record; it needs the permission contents: write.';
  return { base, recorded: undefined, isStandIn: true, warnings: [warning] };
}

function holdsContent({ config }: Run, folder: string): boolean {
  return config.contents.some((content) => filesOf(folder, content).length > 0);
}

/** The content's files at a commit, in a fresh folder; `undefined` if the remote lacks the commit. */
export async function filesAt(run: Run, revision: string): Promise<string | undefined> {
  if (run.git === undefined) return undefined;
  const commit = await fetchCommit(run.git, revision);
  if (commit === undefined) return undefined;
  const folder = mkdtempSync(join(run.temp, 'files-'));
  const { contents, directory } = run.config;
  const isWanted = (path: string) => contents.some((content) => isOf(content, path));
  await extractFiles(run.git, commit, [directory], folder, isWanted);
  return folder;
}
