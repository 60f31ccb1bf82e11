import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../errors.ts';
import { keepLabels } from '../../github/labels.ts';
import {
  closePullRequest,
  findOpenPullRequest,
  openPullRequest,
  type PullRequest,
  updatePullRequest,
} from '../../github/pull-requests.ts';
import { filesAt } from '../../record/base.ts';
import { pullRequestBody } from '../../report/pull-request/export.ts';
import type { FileResult } from '../../report/result.ts';
import { bringsAnything, commitsSince, pathsSinceFork } from '../../repository/history.ts';
import { remoteTip } from '../../repository/remote.ts';
import type { Git } from '../../repository/run-git.ts';
import { isOf } from '../read/sides.ts';
import type { Run } from '../run.ts';
import { commitOnto, isOwn, messageOf, type Publishing, type Scope } from './commit.ts';
import { differing, type Merged, stagedOf } from './merge-contents.ts';
import {
  baseBranchOf,
  filesAtTip,
  type Merge,
  movedTooOften,
  type Publication,
  type Publishable,
  publication,
  pushAttempts,
} from './publication.ts';

/** What the export makes of its pull request's branch. */
interface Proposal {
  /** What the pull request brings to its target. */
  readonly merged: Merged;
  /** What the commit brings to the branch. */
  readonly results: readonly FileResult[];
  /** The commit that the export goes on top of. */
  readonly parent: string;
  readonly files: ReadonlyMap<string, string | null>;
  /** Whether the pull request's branch differs from its target at all. */
  readonly differs: boolean;
  /** Whether the branch already holds just these files. */
  readonly upToDate: boolean;
  /** Whether the branch holds commits of this action for this site alone. */
  readonly isOwn: boolean;
}

const deletesLabel = 'wix-cms: deletes';

/** Commits the merged files to the pull request's branch, and opens, updates or closes it. */
export async function publishPullRequest(
  run: Run,
  git: Git,
  inputs: Publishing,
  { merge, beforeCommit }: Publishable,
  scope: Scope,
): Promise<Publication> {
  const baseBranch = baseBranchOf(run, inputs);
  const { branch } = inputs;
  for (let attempt = 1; attempt <= pushAttempts; attempt += 1) {
    const base = await filesAtTip(
      run,
      await remoteTip(git, `refs/heads/${baseBranch}`),
      baseBranch,
    );
    const tip = await remoteTip(git, `refs/heads/${branch}`);
    const merged = await merge(base.folder);
    const result = publication(merged, base.folder, base.tip);
    const proposal = await propose(run, git, inputs, { merge, merged, base, tip, scope });
    if (!proposal.differs) {
      const { isOwn: deleteBranch } = proposal;
      const exists = tip !== undefined;
      const pullRequest = await withdraw(run, { branch, baseBranch, exists, deleteBranch });
      return { ...result, changed: pullRequest !== undefined, pullRequest };
    }
    const message = messageOf(inputs, proposal.results, scope);
    const { parent, files } = proposal;
    if (!proposal.upToDate) await beforeCommit({ head: base.folder, tip: base.tip, merged });
    const commit = proposal.upToDate
      ? tip
      : await commitOnto(run, git, inputs, { branch, parent, expected: tip, files, message });
    if (commit !== 'lost-race') {
      const presented = await tryToPresent(run, inputs, { branch, baseBranch, proposal });
      return proposal.upToDate
        ? { ...nothingNew(result), branch, ...presented }
        : { ...result, changed: true, commit, branch, ...presented };
    }
    run.log.info(`The branch ${branch} moved meanwhile; merging into its new commit.`);
  }
  throw movedTooOften(branch);
}

/** The pull request holds all that there is: this run changed nothing. */
function nothingNew(result: Publication): Publication {
  const results = result.results.map((file) => ({
    ...file,
    changes: [],
    unlisted: 0,
    orphans: 0,
  }));
  return { ...result, results, changed: false };
}

/**
 * Decides what the branch becomes. With nobody else's commits on it, it is one commit on top of its
 * target; with some, they stay and the export goes on top of them. So do ids that are written back,
 * which are not all that an export brought there.
 */
async function propose(
  run: Run,
  git: Git,
  { siteId }: Publishing,
  situation: {
    readonly merge: Merge;
    readonly merged: Merged;
    readonly base: { readonly tip: string; readonly folder: string };
    readonly tip: string | undefined;
    readonly scope: Scope;
  },
): Promise<Proposal> {
  const { merge, merged, base, tip, scope } = situation;
  const fresh = (files: Proposal['files'], upToDate = false): Proposal => {
    const change = { merged, results: resultsOf(merged), parent: base.tip, files };
    return { ...change, differs: files.size > 0, upToDate, isOwn: true };
  };
  const staged = stagedOf(merged.contents);
  if (tip === undefined) return fresh(staged);
  const folder = await filesAt(run, tip);
  if (folder === undefined) return fresh(staged);
  const commits = await commitsSince(git, tip, base.tip);
  const isAllOwn = commits.every((commit) => isOwn(commit, siteId));
  if (scope === 'site' && isAllOwn) {
    const paths = (await pathsSinceFork(git, tip, base.tip)) ?? [];
    const files = new Map([...staged, ...unread(run, merged, paths, folder)]);
    return fresh(files, areJust(files, paths, folder));
  }
  const onTop = await merge(folder);
  const additional = stagedOf(onTop.contents);
  const upToDate = additional.size === 0;
  return {
    merged,
    results: resultsOf(onTop),
    parent: tip,
    files: additional,
    differs: !upToDate || (await bringsAnything(git, tip, base.tip)),
    upToDate,
    isOwn: isAllOwn,
  };
}

/** What the branch holds of contents that could not be read now: nothing is known against it. */
function unread(
  { config }: Run,
  { contents }: Merged,
  paths: readonly string[],
  folder: string,
): ReadonlyMap<string, string | null> {
  const read = new Set(contents.map(({ live }) => live.content));
  const missing = config.contents.filter((content) => !read.has(content));
  const ofMissing = paths.filter((path) => missing.some((content) => isOf(content, path)));
  return new Map(
    ofMissing.map((path) => {
      const file = join(folder, path);
      return [path, existsSync(file) ? file : null] as const;
    }),
  );
}

/**
 * Whether the paths that a branch changed are just these files: what the CMS has taken back since must
 * not stay in the proposal, or its merge would bring it to the site.
 */
function areJust(
  files: ReadonlyMap<string, string | null>,
  paths: readonly string[],
  folder: string,
): boolean {
  const isSame = paths.length === files.size && paths.every((path) => files.has(path));
  return isSame && differing(files, folder).size === 0;
}

function resultsOf({ contents }: Merged): readonly FileResult[] {
  return contents.map(({ result }) => result);
}

/** A proposal, and the branches that it leads from and to. */
interface Presented {
  readonly branch: string;
  readonly baseBranch: string;
  readonly proposal: Proposal;
}

/** The branch was pushed by now: what GitHub refuses after that must not take the report along. */
async function tryToPresent(
  run: Run,
  inputs: Publishing,
  target: Presented,
): Promise<Pick<Publication, 'pullRequest' | 'failure'>> {
  try {
    return { pullRequest: await present(run, inputs, target), failure: undefined };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { pullRequest: undefined, failure: error };
  }
}

/** Opens the pull request, or brings the open one up to date. */
async function present(
  run: Run,
  inputs: Publishing,
  target: Presented,
): Promise<Publication['pullRequest']> {
  const github = await run.github();
  const { branch, baseBranch, proposal } = target;
  const excesses = proposal.merged.contents.flatMap(({ excesses: found }) => found);
  const { title, labels, reviewers, assignees, draft } = inputs.pullRequest;
  const content = {
    title,
    body: run.redact(pullRequestBody(resultsOf(proposal.merged), excesses)),
    labels,
    reviewers,
    assignees,
    draft: draft || excesses.length > 0,
  };
  const open = await findOpenPullRequest(github, { branch, baseBranch });
  const pull =
    open === undefined
      ? await openPullRequest(github, { branch, baseBranch, content })
      : await updatePullRequest(github, open, content);
  const wanted = excesses.length > 0 ? [deletesLabel] : [];
  await keepLabels(github, pull, { family: [deletesLabel], wanted });
  const { number, url } = pull;
  return { number, url, ...(excesses.length > 0 && { overLimits: true }) };
}

/** Closes the pull request that no longer differs from its target. */
async function withdraw(
  run: Run,
  target: {
    readonly branch: string;
    readonly baseBranch: string;
    readonly exists: boolean;
    readonly deleteBranch: boolean;
  },
): Promise<PullRequest | undefined> {
  if (!target.exists) return undefined;
  const github = await run.github();
  const open = await findOpenPullRequest(github, target);
  if (open === undefined) return undefined;
  /** @remedy Nothing: it is the comment on the pull request that the export closes. */
  const comment = 'The site and this repository agree again, so there is nothing left to merge.';
  await closePullRequest(github, open, { comment, deleteBranch: target.deleteBranch });
  return open;
}
