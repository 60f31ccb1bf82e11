import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Content } from '../../config/config.ts';
import { textNamedBy } from '../../content/identity.ts';
import type { Table } from '../../csv/table.ts';
import type { Failure } from '../../errors.ts';
import type { ExportInputs } from '../../inputs.ts';
import { splitLimits } from '../../record/content-record.ts';
import type { Sync } from '../../record/sync.ts';
import type { FileResult } from '../../report/result.ts';
import { placeOfFile } from '../../repository/working-tree.ts';
import type { LiveContent } from '../read/read-contents.ts';
import { failureOf, oneByOne, type Run } from '../run.ts';
import { exportContent, type MergedContent } from './export-content.ts';
import type { StagedFiles } from './staged-files.ts';

/** The site, merged into the files of one version of the repository. */
export interface Merged {
  readonly contents: readonly MergedContent[];
  readonly failed: ReadonlyMap<Content, Failure>;
  /** A folder with all merged files, at their repository paths. */
  readonly staging: string;
  /** Merges the same contents into another version. */
  readonly into: (sync: Sync) => Promise<Merged>;
}

/** When a file is split if GitHub signs the commit: its API takes less at once than git does. */
export const signedSplitLimits = { rows: 50_000, bytes: 30_000_000 };

/** Merges contents of the site into the files of one version of the repository, and stages them. */
export async function mergeContents(
  run: Run,
  inputs: Pick<ExportInputs, 'onConflict' | 'signCommits'>,
  opened: readonly LiveContent[],
  sync: Sync,
): Promise<Merged> {
  const staging = mkdtempSync(join(run.temp, 'staged-'));
  const { onConflict, signCommits } = inputs;
  const policy = { onConflict, split: signCommits ? signedSplitLimits : splitLimits };
  const isAwaited = await itemsAwaited(sync, opened);
  const contents: MergedContent[] = [];
  const failed = new Map<Content, Failure>();
  await oneByOne(run, opened, async (live) => {
    const { content } = live;
    try {
      const awaited = content.kind === 'localization' ? { isAwaited } : {};
      const merged = await exportContent(live, sync, staging, { ...policy, ...awaited });
      // A file that cannot be in the checkout is not published either.
      for (const path of merged.staged.keys()) placeOfFile(run.workspace, path);
      contents.push(merged);
    } catch (error) {
      failed.set(content, failureOf(error, content));
    }
  });
  const into = (other: Sync) => mergeContents(run, inputs, opened, other);
  return { contents, failed, staging, into };
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
  const tables: { readonly git: Table; readonly site: Table | undefined }[] = [];
  for (const content of config.managed.filter(({ kind }) => kind === 'collection')) {
    const git = await head.open(content);
    const site = opened.find((each) => each.content === content)?.live.table;
    if (git !== undefined) tables.push({ git, site });
  }
  return (key) => {
    const [item = ''] = textNamedBy(key) ?? [];
    return tables.some(({ git, site }) => git.has(item) && site?.has(item) !== true);
  };
}

export function stagedOf({ contents }: Merged): StagedFiles {
  return new Map(contents.flatMap(({ staged }) => [...staged]));
}

export function resultsOf({ contents }: Merged): readonly FileResult[] {
  return contents.map(({ result }) => result);
}
