import type { Content } from '../../config/config.ts';
import { Failure } from '../../errors.ts';
import type { FileResult, Result } from '../../report/result.ts';
import { nameOf } from '../run.ts';
import { type Merged, type MergedContent, stagedOf } from './merge-contents.ts';

/** What an export brought to git. */
export interface Publication {
  readonly changed: boolean;
  readonly results: readonly FileResult[];
  readonly failed: ReadonlyMap<Content, Failure>;
  /** The files for the working tree, by repository path; `null` removes a file. */
  readonly staged: ReadonlyMap<string, string | null>;
  readonly commit?: string;
  readonly branch?: string;
  readonly pullRequest?: Result['pullRequest'];
  /** Why the pull request is not up to date, though its branch was pushed. */
  readonly failure?: Failure;
  readonly warnings: readonly string[];
}

/** The publication before any commit. */
export function publication({ contents, failed }: Merged): Publication {
  const staged = stagedOf(contents);
  return {
    changed: staged.size > 0,
    results: contents.map(({ result }) => result),
    failed,
    staged,
    warnings: [],
  };
}

/** Leaves out files that lose more rows than the limits allow: without a pull request, nobody would see it. */
export function holdBack(merged: Merged): Merged {
  const failed = new Map(merged.failed);
  const contents = merged.contents.filter((each) => {
    if (each.excesses.length > 0) failed.set(each.live.content, excessFailure(each));
    return each.excesses.length === 0;
  });
  return { ...merged, contents, failed };
}

function excessFailure({ live: { content }, excesses }: MergedContent): Failure {
  const words = excesses.map(({ message }) => message).join('; ');
  return new Failure(
    'limit',
    `${nameOf(content)}: ${words}. The file was left as it was. ` +
      'If the items were deleted on purpose, export with commit: pull-request, or raise the limit in the configuration file.',
    { place: { file: content.path } },
  );
}
