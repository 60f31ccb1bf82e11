import type { Content } from '../../config/config.ts';
import { Failure } from '../../errors.ts';
import type { FileResult, Result } from '../../report/result.ts';
import { nameOf } from '../run.ts';
import { type Merged, type MergedContent, stagedOf } from './merge-contents.ts';

/** What became of an export in git. */
export interface Publication {
  readonly changed: boolean;
  readonly results: readonly FileResult[];
  readonly failed: ReadonlyMap<Content, Failure>;
  /** What the working tree is to hold: repository paths to files, `null` for those that go. */
  readonly staged: ReadonlyMap<string, string | null>;
  readonly commit?: string;
  readonly branch?: string;
  readonly pullRequest?: Result['pullRequest'];
  /** Why the pull request of a branch that was pushed is not up to date. */
  readonly failure?: Failure;
  readonly warnings: readonly string[];
}

/** The publication of files that no commit holds yet. */
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

/** Leaves out the files that lose more rows than the limits allow: nobody would see them go. */
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
      'If the items are meant to be gone, export with commit: pull-request, or raise the limit in the configuration file.',
    { place: { file: content.path } },
  );
}
