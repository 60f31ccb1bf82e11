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
import { deletedFromNowOn, pendingChanges, startsDeleting } from '../compare/pending.ts';
import { importable, namedChanges } from '../compare/plan.ts';
import type { HeadContent } from '../read/head-content.ts';
import { openHeads } from '../read/open-heads.ts';
import { oneByOne, type Run } from '../run.ts';

/** A plan that a pull request showed before it was merged. */
export interface MergedPlan {
  readonly pull: MergedPull;
  readonly comment: KeptComment;
  readonly fingerprint: string;
  /** Whether a person has put the label on it that lifts the limits. */
  readonly isApproved: boolean;
  /** The changes that it showed. */
  readonly changes: readonly NamedChanges[];
}

/** Gives the plans of the latest merged pull requests; asks GitHub when they are first needed. */
export type MergedPlans = () => Promise<readonly MergedPlan[]>;

/**
 * The plans of the latest merged pull requests that are not known to be on the site. An import applies all
 * of git, so before a pull request that was applied, only those matter that were applied in part.
 *
 * A comment has only the fingerprint of its plan. The changes are found by comparing the commits of the
 * merge again, and count if they have that fingerprint.
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
    // A merge commit or a squash is one commit; a rebase is all the commits of the pull request.
    const generations = [1, pull.commits];
    const changes = await changesWith(run, sync, shown.fingerprint, pull.mergeCommit, generations);
    if (changes?.some((each) => each.changes.length > 0)) {
      plans.push({ pull, ...shown, isApproved: pull.labels.includes(approvedLabel), changes });
    }
  }
  return plans;
}

function planComment({ comments }: MergedPull, markers: readonly string[]) {
  const [shown] = comments.flatMap((comment) => {
    const prints = markers.flatMap((marker) => fingerprintIn(comment.body, marker) ?? []);
    return prints.slice(0, 1).map((print) => ({ comment, fingerprint: print }));
  });
  return shown;
}

/**
 * What changed between a commit and one of its ancestors, if that has this fingerprint.
 *
 * @param generations which ancestors to try: 1 is the commit before.
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

/** What changed in a content, and what its new configuration deletes. */
async function changesOf(
  sync: Sync,
  head: HeadContent,
  before: Content | undefined,
): Promise<NamedChanges> {
  const { content, table, allColumns: columns, sides } = head;
  const different = diffRows(columns, versionsOf(columns, sides, 'different'));
  const edits = [...different].flatMap((change) => importable(head, change) ?? []);
  if (!startsDeleting(before, content)) return namedChanges(content, edits);
  const pending = pendingChanges(head, await sidesOf(sync, content, table, undefined));
  return namedChanges(content, [...edits, ...deletedFromNowOn(head, pending)]);
}
