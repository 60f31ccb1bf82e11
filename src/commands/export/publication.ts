import type { Content } from '../../config/config.ts';
import type { Table } from '../../csv/table.ts';
import { Failure } from '../../errors.ts';
import { filesAt } from '../../record/base.ts';
import type { FileResult, Result } from '../../report/result.ts';
import { nameOf, type Run } from '../run.ts';
import type { Publishing } from './commit.ts';
import type { LiveContent } from './export-content.ts';
import { type Merged, type MergedContent, stagedOf } from './merge-contents.ts';

/** Merges the site into the files of a folder that mirrors the repository. */
export type Merge = (head: string) => Promise<Merged>;

/** How contents come into git. */
export interface Publishable {
  readonly merge: Merge;
  /**
   * Called before a commit is made, with what it goes on top of. What this throws keeps the commit from
   * being made.
   */
  readonly beforeCommit: (target: CommitTarget) => Promise<void>;
}

/** What a commit goes on top of: git's files there, and what they were merged into. */
interface CommitTarget {
  readonly head: string;
  readonly tip: string;
  readonly merged: Merged;
}

/** A content as the site holds it, and its file as the run has opened it. */
export type AgreedContent = LiveContent & { readonly like: Table | undefined };

/** What became of an export in git. */
export interface Publication {
  readonly changed: boolean;
  readonly results: readonly FileResult[];
  readonly failed: ReadonlyMap<Content, Failure>;
  /** What the working tree is to hold: repository paths to files, `null` for those that go. */
  readonly staged: ReadonlyMap<string, string | null>;
  /** The contents whose base can be brought forward, and the folder with git's files for that. */
  readonly agreed: readonly AgreedContent[];
  readonly head: string;
  /** The commit of the branch that those files are the content of; `undefined` if of none yet. */
  readonly tip: string | undefined;
  readonly commit: string | undefined;
  readonly branch: string | undefined;
  readonly pullRequest: Result['pullRequest'];
  /** Why the pull request of a branch that was pushed is not up to date; `undefined` if it is. */
  readonly failure: Failure | undefined;
}

/** How often a push that lost a race is repeated. */
export const pushAttempts = 5;

/** The failure of a push that lost that many races. */
export function movedTooOften(branch: string): Failure {
  return new Failure(
    'api',
    `The branch ${branch} moved ${pushAttempts} times while the export was pushed. Run the export again when fewer pushes are under way.`,
  );
}

/** The merged contents, as base is brought forward for them. */
export function agreedOn({ contents }: Pick<Merged, 'contents'>): readonly AgreedContent[] {
  return contents.map(({ live, head: like }) => ({ ...live, like }));
}

/** The publication of files that no commit holds yet. */
export function publication(
  { contents, failed }: Pick<Merged, 'contents' | 'failed'>,
  head: string,
  tip?: string,
): Publication {
  const staged = stagedOf(contents);
  return {
    changed: staged.size > 0,
    results: contents.map(({ result }) => result),
    failed,
    staged,
    agreed: agreedOn({ contents }),
    head,
    tip,
    commit: undefined,
    branch: undefined,
    pullRequest: undefined,
    failure: undefined,
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

/** The branch that an export goes to or targets. */
export function baseBranchOf(run: Run, inputs: Pick<Publishing, 'baseBranch'>): string {
  const branch = inputs.baseBranch ?? run.environment.branch;
  if (branch !== undefined) return branch;
  throw new Failure(
    'config',
    'The checkout is not on a branch, so the run does not know where to go. Name the branch in the input base-branch.',
  );
}

/** The content's files at the tip of a branch. */
export async function filesAtTip(run: Run, tip: string | undefined, branch: string) {
  const folder = tip === undefined ? undefined : await filesAt(run, tip);
  if (tip !== undefined && folder !== undefined) return { tip, folder };
  throw new Failure(
    'config',
    `The remote has no branch "${branch}". Name an existing branch in the input base-branch, or push it first.`,
  );
}
