import type { Content } from '../../config/config.ts';
import { diffRows } from '../../content/diff.ts';
import { fingerprint, type NamedChanges } from '../../content/fingerprint.ts';
import { sideOf, versionsOf } from '../../content/versions.ts';
import type { KeptComment } from '../../github/comments.ts';
import { latestMergedPulls, type MergedPull } from '../../github/merged-pulls.ts';
import type { ImportInputs } from '../../inputs.ts';
import { headSide } from '../../record/content-files.ts';
import { sidesOf } from '../../record/sides.ts';
import type { Sync } from '../../record/sync.ts';
import { fingerprintIn, planMarker } from '../../report/comment.ts';
import { approvedLabel } from '../../report/entries.ts';
import { outcomeIn } from '../../report/pull-request/outcome.ts';
import { ancestorOf } from '../../repository/history.ts';
import { openHeads } from '../read/open-heads.ts';
import { oneByOne, type Run } from '../run.ts';
import { type HeadContent, importable, namedChanges } from './import-content.ts';
import { deletedOnceFree, pendingChanges, setsFree } from './pending.ts';

/** A plan that its pull request has shown before it was merged. */
export interface MergedPlan {
  readonly pull: MergedPull;
  readonly comment: KeptComment;
  readonly fingerprint: string;
  /** Whether a person lifted the limits for it. */
  readonly isApproved: boolean;
  /** What it has shown. */
  readonly changes: readonly NamedChanges[];
}

/** Gives the plans of the latest merged pull requests; asks GitHub when that is first needed. */
export type MergedPlans = () => Promise<readonly MergedPlan[]>;

/**
 * The plans of the pull requests that were merged last and are not on the site yet, as far as
 * anybody knows: an import brings all there is, so of those before one that was applied, only the
 * ones that were left behind in part are of interest.
 *
 * A comment holds the fingerprint of its plan alone. What was shown is found by comparing the commits
 * of the merge again, and believed where it has that fingerprint.
 */
export async function mergedPlans(
  run: Run,
  { config, siteId }: ImportInputs,
  sync: Sync,
): Promise<readonly MergedPlan[]> {
  const markers = [planMarker(config.file, siteId), planMarker(config.file)];
  const plans: MergedPlan[] = [];
  let isAfterApplied = false;
  for (const pull of await latestMergedPulls(await run.github(), sync.branch)) {
    const shown = planComment(pull, markers);
    if (shown === undefined) continue;
    const outcome = outcomeIn(shown.comment.body);
    const isDone = outcome === 'applied' || (isAfterApplied && outcome === undefined);
    isAfterApplied ||= outcome === 'applied';
    if (isDone) continue;
    // A merge commit or a squash is one commit after what it changed; a rebase has all of the pull request's.
    const generations = [1, pull.commits];
    const changes = await changesWith(run, sync, shown.fingerprint, pull.mergeCommit, generations);
    if (changes?.some((each) => each.changes.length > 0)) {
      plans.push({ pull, ...shown, isApproved: pull.labels.includes(approvedLabel), changes });
    }
  }
  return plans;
}

function planComment(
  pull: MergedPull,
  markers: readonly string[],
): Pick<MergedPlan, 'comment' | 'fingerprint'> | undefined {
  for (const comment of pull.comments) {
    const prints = markers.map((marker) => fingerprintIn(comment.body, marker));
    const print = prints.find((each) => each !== undefined);
    if (print !== undefined) return { comment, fingerprint: print };
  }
  return undefined;
}

/**
 * What a commit changed since one of its ancestors, if these changes have a fingerprint.
 *
 * @param generations how far back the ancestors are that are tried.
 */
export async function changesWith(
  run: Run,
  sync: Sync,
  print: string,
  commit: string,
  generations: readonly number[],
): Promise<readonly NamedChanges[] | undefined> {
  const head = await sync.at(commit);
  if (head === undefined) return undefined;
  for (const generation of new Set(generations)) {
    const before = await ancestorOf(sync.git, commit, generation);
    if (before === undefined) return undefined;
    const base = await sync.at(before);
    const { heads } = await openHeads(run, run.config.contents, head, async (content, table) => {
      const recorded = await base?.open(content, table);
      return { head: headSide(table, content), recorded: recorded && sideOf(recorded) };
    });
    const changes = await oneByOne(run, heads, (each) =>
      changesOf(sync, each, base?.placed(each.content)),
    );
    if (fingerprint(changes) === print) return changes;
  }
  return undefined;
}

/** What is new in a content since its base, and what goes since its configuration is another one. */
async function changesOf(
  sync: Sync,
  head: HeadContent,
  before: Content | undefined,
): Promise<NamedChanges> {
  const { content, table, allColumns: columns, sides } = head;
  const different = diffRows(columns, versionsOf(columns, sides, 'different'));
  const edits = [...different].flatMap((change) => importable(head, change) ?? []);
  if (!setsFree(before, content)) return namedChanges(content, edits);
  const pending = pendingChanges(head, await sidesOf(sync, content, table, undefined));
  return namedChanges(content, [...edits, ...deletedOnceFree(head, pending)]);
}
