import { sideOf } from '../../content/versions.ts';
import { Failure } from '../../errors.ts';
import { keepLabels } from '../../github/attributes.ts';
import type { PullRequest } from '../../github/pull-request.ts';
import {
  closePullRequest,
  findOpenPullRequest,
  keepPullRequest,
  wasMerged,
} from '../../github/pull-requests.ts';
import type { Learned } from '../../record/content-record.ts';
import type { Sync } from '../../record/sync.ts';
import { noRecord } from '../../record/sync-record.ts';
import { haveSameFiles, type Version } from '../../record/version.ts';
import { pullRequestBody } from '../../report/pull-request/export.ts';
import { type Fork, forkOf, mergedTree } from '../../repository/history.ts';
import type { Run } from '../run.ts';
import { type BranchCommit, commitAndRecord, isOwn, messageOf, type Publishing } from './commit.ts';
import { exportContent } from './export-content.ts';
import { learnedOfOffers } from './learned.ts';
import { type Merged, resultsOf, signedSplitLimits, stagedOf } from './merge-contents.ts';
import { excessesOf, type Publication, uncommitted } from './publication.ts';
import { holdsJust, type StagedFiles } from './staged-files.ts';

/** What becomes of the pull request's branch. */
interface Proposal {
  /** The commit to make; `undefined` if the branch is right as it is. */
  readonly commit: BranchCommit | undefined;
  /** Whether the branch then differs from its target. */
  readonly differs: boolean;
  readonly offers: readonly Learned[];
  /** Where people have committed to the branch: the site merged into that. */
  readonly there?: Merged;
}

const deletesLabel = 'wix-cms: deletes';

/** Commits the merged files to the pull request's branch, and opens, updates or closes it. */
export async function publishPullRequest(
  run: Run,
  inputs: Publishing,
  sync: Sync,
  merged: Merged,
): Promise<Publication | 'lost-race'> {
  const { branch } = inputs;
  if (branch === sync.branch) throw sameBranch(branch);
  const proposal = await propose(run, inputs, sync, merged);
  const { commit, offers: together, differs, there } = proposal;
  const proposed = there === undefined ? merged : withTrouble(merged, there, inputs);
  const result = uncommitted(proposed);
  const made = await commitAndRecord(run, inputs, sync, commit, { together });
  if (made === 'lost-race') return made;
  if (differs) {
    const presented = await present(run, inputs, sync, proposed);
    const news = commit === undefined ? nothingNew(result) : { ...result, changed: true };
    return { ...news, ...made, branch, ...presented };
  }
  const pullRequest = await withdraw(run, branch, sync);
  return { ...result, changed: pullRequest !== undefined, pullRequest, ...made };
}

function sameBranch(branch: string): Failure {
  const message = `The inputs branch and base-branch both name ${branch}: a pull request needs a branch of its own. Name another one in the input branch, or set commit to push.`;
  return new Failure('config', message);
}

/** The pull request has everything already: this run changed nothing. */
function nothingNew(result: Publication): Publication {
  const nothing = { changes: [], unlisted: 0, orphans: 0 };
  const results = result.results.map((file) => ({ ...file, ...nothing }));
  return { ...result, results, changed: false };
}

/**
 * Decides what becomes of the branch. Usually it is made anew: one commit on top of its target as that is
 * now. If people have committed to it and that was not merged, their commits stay, the target is merged
 * into them, and the export goes on top.
 */
async function propose(
  run: Run,
  inputs: Publishing,
  sync: Sync,
  merged: Merged,
): Promise<Proposal> {
  const { branch, siteId } = inputs;
  const { git, tip: onto, proposal: tip } = sync;
  const offers = await learnedOfOffers(sync, merged);
  const message = messageOf(inputs, resultsOf(merged));
  const anew = (files: StagedFiles): Proposal => {
    const commit = { branch, expected: tip, parents: [onto], onto, files, message };
    const differs = files.size > 0;
    return { commit: differs ? commit : undefined, differs, offers };
  };
  const files = stagedOf(merged);
  const proposed = tip && (await sync.at(tip));
  if (!tip || !proposed) return anew(files);
  const fork = await forkOf(git, tip, onto);
  const isAllOwn = fork.commits.every((commit) => isOwn(commit, siteId));
  const branches = { branch, baseBranch: sync.branch, tip };
  const isMerged = fork.isMerged || (await wasMerged(await run.github(), branches));
  if (isMerged) return anew(files);
  if (!isAllOwn) return onTop(inputs, sync, merged, tip, fork, offers);
  const all = new Map([...files, ...(await unreadContents(sync, merged, proposed, fork))]);
  const isThere = await holdsJust(sync.config.managed, proposed, fork.paths, all);
  return isThere ? { ...anew(all), commit: undefined } : anew(all);
}

/** A commit on top of those that people made. */
async function onTop(
  inputs: Publishing,
  sync: Sync,
  merged: Merged,
  tip: string,
  fork: Fork,
  offers: readonly Learned[],
): Promise<Proposal> {
  const isUpToDate = fork.base === sync.tip;
  const onto = isUpToDate ? tip : await mergedTree(sync.git, tip, sync.tip);
  const head = onto && (await sync.at(onto));
  if (!onto || !head) throw conflicting(inputs.branch, sync.branch);
  const changed = await merged.into({ ...sync, head });
  const files = stagedOf(changed);
  const isThere = isUpToDate && files.size === 0;
  const parents = isUpToDate ? [tip] : [tip, sync.tip];
  const message = messageOf(inputs, resultsOf(changed));
  const commit = { branch: inputs.branch, expected: tip, parents, onto, files, message };
  return {
    commit: isThere ? undefined : commit,
    differs: true,
    there: changed,
    offers: withOffers(offers, await learnedOfOffers({ ...sync, head }, changed)),
  };
}

/** What people have changed on the branch: files that cannot be read there, and conflicts. */
function withTrouble(merged: Merged, there: Merged, inputs: Publishing): Merged {
  const failed = [...there.failed].map(
    ([content, why]) => [content, onBranch(why, inputs)] as const,
  );
  const contents = merged.contents.flatMap((each) => {
    const on = there.contents.find(({ live }) => live.content === each.live.content);
    return on ? [{ ...each, result: { ...each.result, conflicts: on.result.conflicts } }] : [];
  });
  return { ...merged, contents, failed: new Map([...merged.failed, ...failed]) };
}

function onBranch({ reason, message }: Failure, { branch }: Publishing): Failure {
  /** @clause of the failure on the branch. */
  const words = `On the branch ${branch}, ${message}`;
  return new Failure(reason, words);
}

/** The offers of both merges, since neither target nor branch has these values. */
function withOffers(offers: readonly Learned[], more: readonly Learned[]): readonly Learned[] {
  return offers.map((each) => {
    const other = more.find(({ content }) => content === each.content);
    const hasSame = other?.columns.every(({ key }, i) => key === each.columns[i]?.key);
    return other === undefined || !hasSame
      ? each
      : { ...each, offers: new Map([...other.offers, ...each.offers]) };
  });
}

function conflicting(branch: string, target: string): Failure {
  const message = `The branch ${branch} has somebody's commits, which conflict with ${target}, so nothing was committed. Resolve the conflicts on its pull request, or close it and delete the branch.`;
  return new Failure('conflict', message);
}

/**
 * What the branch proposes for contents that this run did not read: it stays, unless the target has
 * changed it since.
 */
async function unreadContents(
  sync: Sync,
  { contents, staging }: Merged,
  branch: Version,
  fork: Fork,
): Promise<StagedFiles> {
  const read = new Set(contents.map(({ live }) => live.content));
  const waiting = sync.config.managed.filter(
    (content) => !read.has(content) && !haveSameFiles(content, branch, sync.head),
  );
  const base = waiting.length > 0 && fork.base ? await sync.at(fork.base) : undefined;
  const files = new Map<string, string | null>();
  for (const content of waiting) {
    const table = await branch.open(content);
    if (table === undefined) continue;
    const schema = await branch.schema(content);
    const proposed = { content, live: sideOf(table), collection: undefined, schema };
    const record = { ...noRecord, agreed: base };
    const { staged } = await exportContent(proposed, { ...sync, record }, staging, gitWins);
    for (const [path, file] of staged) files.set(path, file);
  }
  return files;
}

const gitWins = { onConflict: 'git', split: signedSplitLimits } as const;

/** Opens or updates the pull request. If GitHub refuses that, the branch is pushed and the report still appears. */
async function present(
  run: Run,
  { branch, pullRequest: attributes }: Publishing,
  { branch: baseBranch }: Sync,
  merged: Merged,
): Promise<Pick<Publication, 'pullRequest' | 'failure'>> {
  const { limits } = run.config;
  const excesses = merged.contents.flatMap((content) => excessesOf(content, limits));
  const overLimits = excesses.length > 0;
  const body = run.redact(pullRequestBody(resultsOf(merged), excesses));
  const content = { ...attributes, body, draft: attributes.draft || overLimits };
  try {
    const github = await run.github();
    const pull = await keepPullRequest(github, { branch, baseBranch, content });
    const wanted = overLimits ? [deletesLabel] : [];
    await keepLabels(github, pull, { family: [deletesLabel], wanted });
    const { number, url } = pull;
    return { pullRequest: { number, url, ...(overLimits && { overLimits }) } };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { failure: error };
  }
}

/** Closes the pull request, which no longer differs from its target, and deletes its branch. */
async function withdraw(
  run: Run,
  branch: string,
  { proposal, branch: baseBranch }: Sync,
): Promise<PullRequest | undefined> {
  if (proposal === undefined) return undefined;
  const github = await run.github();
  const open = await findOpenPullRequest(github, { branch, baseBranch });
  // If somebody has committed to it meanwhile, the next export looks again.
  if (open?.headSha !== proposal) return undefined;
  const comment = 'The site and this repository agree again, so there is nothing left to merge.';
  await closePullRequest(github, open, comment);
  return open;
}
