import { existsSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Content } from '../../config/config.ts';
import { textNamedBy } from '../../content/identity.ts';
import { type Excess, excesses, extentOf } from '../../content/limits.ts';
import type { Reach } from '../../content/versions.ts';
import { sameBytes } from '../../csv/same-bytes.ts';
import type { Table } from '../../csv/table.ts';
import type { Failure } from '../../errors.ts';
import type { ExportInputs } from '../../inputs.ts';
import { isOf } from '../../record/content-files.ts';
import { splitLimits } from '../../record/content-record.ts';
import type { Sync } from '../../record/sync.ts';
import type { Version } from '../../record/version.ts';
import { placeOfFile } from '../../repository/working-tree.ts';
import { failureOf } from '../read/failures.ts';
import type { LiveContent } from '../read/read-contents.ts';
import { nameOf, oneByOne, type Run, signedSplitLimits } from '../run.ts';
import { type ExportedContent, exportContent } from './export-content.ts';

/** One content, merged into its files: staged is only what differs from head. */
export interface MergedContent extends ExportedContent {
  readonly live: LiveContent;
  /** The limits that the export would pass in this file. */
  readonly excesses: readonly Excess[];
}

/** The merged files of one version of the repository. */
export interface Merged {
  readonly contents: readonly MergedContent[];
  readonly failed: ReadonlyMap<LiveContent['content'], Failure>;
  /** A folder with all merged files, at their repository paths. */
  readonly staging: string;
}

/** Merges the site into another version of git. */
export type Merge = (sync: Sync) => Promise<Merged>;

/** Merges the site into the files of one version of the repository, and stages them. */
export async function mergeContents(
  run: Run,
  inputs: Pick<ExportInputs, 'onConflict' | 'signCommits'>,
  opened: readonly LiveContent[],
  sync: Sync,
  reach: Reach = 'all',
): Promise<Merged> {
  const staging = mkdtempSync(join(run.temp, 'staged-'));
  const split = inputs.signCommits ? signedSplitLimits : splitLimits;
  const isAwaited = await itemsAwaited(sync, opened);
  const contents: MergedContent[] = [];
  const failed = new Map<LiveContent['content'], Failure>();
  await oneByOne(run, opened, async (live) => {
    try {
      const { staged, ...merged } = await exportContent(live, sync, staging, {
        onConflict: inputs.onConflict,
        split,
        reach,
        ...(live.content.kind === 'localization' && { isAwaited }),
      });
      // A file that cannot be in the checkout is not published either.
      for (const path of staged.keys()) placeOfFile(run.workspace, path);
      const removed = merged.result.changes.filter(({ kind }) => kind === 'removed');
      contents.push({
        live,
        ...merged,
        staged: differing(staged, sync.head, live.content),
        excesses: excesses(extentOf(merged.head?.size ?? 0, removed, 'apply'), run.config.limits),
      });
    } catch (error) {
      failed.set(live.content, failureOf(error, nameOf(live.content)));
    }
  });
  return { contents, failed, staging };
}

/**
 * Whether a translation waits for its item: git has the item and the site does not, as before an import
 * that brings it back.
 */
async function itemsAwaited(
  { config, head }: Sync,
  opened: readonly LiveContent[],
): Promise<(key: string) => boolean> {
  if (opened.every(({ content }) => content.kind === 'collection')) return () => false;
  const tables = new Map<Content, Table>();
  for (const content of config.managed.filter(({ kind }) => kind === 'collection')) {
    const table = await head.open(content);
    if (table !== undefined) tables.set(content, table);
  }
  return (key) => {
    const [item = ''] = textNamedBy(key) ?? [];
    const [holder] = [...tables].find(([, table]) => table.has(item)) ?? [];
    if (holder === undefined) return false;
    const live = opened.find(({ content }) => content === holder);
    return live?.live.table.has(item) !== true;
  };
}

/** The staged files that differ from those of a version. */
export function differing(
  staged: ReadonlyMap<string, string | null>,
  head: Version,
  content: Content,
): ReadonlyMap<string, string | null> {
  const there = new Set(head.files(content).map(({ path }) => path));
  const differs = ([path, file]: readonly [string, string | null]) => {
    if (file === null) return there.has(path);
    return !sameBytes(file, join(head.folder, path));
  };
  return new Map([...staged].filter(differs));
}

/**
 * Whether a branch changes just these files: a value that the CMS has taken back must not stay in a
 * proposal.
 *
 * @param paths that the branch changes.
 */
export async function holdsJust(
  contents: readonly Content[],
  branch: Version,
  paths: readonly string[],
  files: ReadonlyMap<string, string | null>,
): Promise<boolean> {
  if (paths.length !== files.size || !paths.every((path) => files.has(path))) return false;
  for (const content of contents) {
    if (!paths.some((path) => isOf(content, path))) continue;
    await branch.open(content);
    await branch.schema(content);
  }
  return [...files].every(([path, file]) => {
    const there = join(branch.folder, path);
    return file === null ? !existsSync(there) : sameBytes(file, there);
  });
}

/** All staged files of these contents. */
export function stagedOf(contents: readonly MergedContent[]): ReadonlyMap<string, string | null> {
  return new Map(contents.flatMap(({ staged }) => [...staged]));
}
