import type { Content } from '../../config/config.ts';
import { type Excess, excesses, type Limits } from '../../content/limits.ts';
import { Failure } from '../../errors.ts';
import type { FileResult, Result } from '../../report/result.ts';
import { nameOf, type Run } from '../run.ts';
import type { MergedContent } from './export-content.ts';
import { type Merged, resultsOf, stagedOf } from './merge-contents.ts';
import type { StagedFiles } from './staged-files.ts';

/** What an export brought to git. */
export interface Publication
  extends Pick<Result, 'commit' | 'branch' | 'pullRequest' | 'warnings'> {
  readonly changed: boolean;
  readonly results: readonly FileResult[];
  readonly failed: ReadonlyMap<Content, Failure>;
  readonly staged: StagedFiles;
  /** Why the pull request is not up to date, though its branch was pushed. */
  readonly failure?: Failure;
}

/** The publication as it is before any commit. */
export function uncommitted(merged: Merged): Publication {
  const staged = stagedOf(merged);
  return {
    changed: staged.size > 0,
    results: resultsOf(merged),
    failed: merged.failed,
    staged,
    warnings: [],
  };
}

/** Leaves out files that lose more rows than the limits allow: without a pull request, nobody would see it. */
export function holdBack({ config }: Run, merged: Merged): Merged {
  const failed = new Map(merged.failed);
  const contents = merged.contents.filter((each) => {
    const passed = excessesOf(each, config.limits);
    if (passed.length > 0) failed.set(each.live.content, excessFailure(each, passed));
    return passed.length === 0;
  });
  return { ...merged, contents, failed };
}

/** The limits that the export passes in a file; it may change as many rows as the site has changed. */
export function excessesOf({ head, result }: MergedContent, limits: Limits): readonly Excess[] {
  const changes = result.changes.filter(({ kind }) => kind === 'removed');
  return excesses({ rows: head?.size ?? 0, changes, deletes: 'apply' }, limits);
}

function excessFailure({ live: { content } }: MergedContent, passed: readonly Excess[]): Failure {
  const words = passed.map(({ message }) => message).join('; ');
  return new Failure(
    'limit',
    `${nameOf(content)}: ${words}. The file was left as it was. ` +
      'If the items were deleted on purpose, export with commit: pull-request, or raise the limit in the configuration file.',
    { place: { file: content.path } },
  );
}
