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
import type { FileResult } from '../../report/result.ts';
import { placeOfFile } from '../../repository/working-tree.ts';
import { failureOf } from '../failures.ts';
import { openContent } from '../read/sides.ts';
import { nameOf, oneByOne, type Run, signedSplitLimits, splitLimits } from '../run.ts';
import { exportContent, type LiveContent, type Versioned } from './export-content.ts';

/** One content, merged into its files. */
export interface MergedContent {
  readonly live: LiveContent;
  /** The file before the export; `undefined` where git had none. */
  readonly head: Table | undefined;
  readonly result: FileResult;
  /** Repository paths to staged files, `null` for those that go: only what differs from head. */
  readonly staged: ReadonlyMap<string, string | null>;
  /** The limits that the export would pass in this file. */
  readonly excesses: readonly Excess[];
}

/** What an export makes of the files in one version of the repository. */
export interface Merged {
  readonly contents: readonly MergedContent[];
  readonly failed: ReadonlyMap<LiveContent['content'], Failure>;
  /** The folder with all the merged files, mirroring the repository. */
  readonly staging: string;
}

/** Merges the site into the files of one version of the repository, and stages what they become. */
export async function mergeContents(
  run: Run,
  inputs: Pick<ExportInputs, 'onConflict' | 'signCommits'>,
  opened: readonly LiveContent[],
  folders: Versioned,
  reach: Reach = 'all',
): Promise<Merged> {
  const staging = mkdtempSync(join(run.temp, 'staged-'));
  const split = inputs.signCommits ? signedSplitLimits : splitLimits;
  const isAwaited = itemsAwaited(run, opened, folders.head);
  const contents: MergedContent[] = [];
  const failed = new Map<LiveContent['content'], Failure>();
  await oneByOne(run, opened, (live) => {
    try {
      const { staged, result, head } = exportContent(live, folders, staging, {
        onConflict: inputs.onConflict,
        split,
        reach,
        ...(live.content.kind === 'localization' && { isAwaited }),
      });
      // What can not stand in the checkout must not be published either.
      for (const path of staged.keys()) placeOfFile(run.workspace, path);
      const removed = result.changes.filter(({ kind }) => kind === 'removed');
      contents.push({
        live,
        head,
        result,
        staged: differing(staged, folders.head),
        excesses: excesses(extentOf(head?.size ?? 0, removed, 'apply'), run.config.limits),
      });
    } catch (error) {
      failed.set(live.content, failureOf(error, nameOf(live.content)));
    }
  });
  return { contents, failed, staging };
}

/**
 * Whether a translation waits for its item: a file in git has it, and the site does not, as between a
 * merge that brings an item back and its import.
 */
function itemsAwaited(
  { config }: Run,
  opened: readonly LiveContent[],
  head: string,
): (key: string) => boolean {
  const tables = new Map<Content, Table | undefined>();
  const tableOf = (content: Content) => {
    if (!tables.has(content)) tables.set(content, openContent(head, content));
    return tables.get(content);
  };
  return (key) => {
    const [item = ''] = textNamedBy(key) ?? [];
    const holder = config.contents.find(
      (content) => content.kind === 'collection' && tableOf(content)?.has(item),
    );
    if (holder === undefined) return false;
    const live = opened.find(({ content }) => content === holder);
    return live?.live.table.has(item) !== true;
  };
}

/** The staged files that are not already what stands in a folder that mirrors the repository. */
export function differing(
  staged: ReadonlyMap<string, string | null>,
  folder: string,
): ReadonlyMap<string, string | null> {
  const differs = ([path, file]: readonly [string, string | null]) => {
    const there = join(folder, path);
    return file === null ? existsSync(there) : !sameBytes(file, there);
  };
  return new Map([...staged].filter(differs));
}

/** All the files of these contents that differ from head. */
export function stagedOf(contents: readonly MergedContent[]): ReadonlyMap<string, string | null> {
  return new Map(contents.flatMap(({ staged }) => [...staged]));
}
