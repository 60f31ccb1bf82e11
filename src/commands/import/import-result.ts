import type { Conflict } from '../../content/change.ts';
import type { Finding } from '../../content/rules/finding.ts';
import { withoutSecret } from '../../content/values/mismatch.ts';
import type { Failure } from '../../errors.ts';
import type { ImportInputs } from '../../inputs.ts';
import { type FileResult, type Result, untouched } from '../../report/result.ts';
import { nameOf } from '../run.ts';
import { type HeldRow, isPartlyTaken } from './apply.ts';
import type { ContentPlan } from './import-content.ts';
import { unwritten, type VerifiedContent } from './verify.ts';
import { conflictsInWords, fingerprintOf, refusalOf } from './why-stop.ts';

/** What is known of a run before it decides whether to write. */
export interface Situation {
  readonly findings: readonly Finding[];
  readonly warnings: readonly string[];
  readonly backupDirectory?: string;
}

/** The result of an import that had nothing to do. */
export function unchangedResult(situation: Situation): Result {
  return { ...resultOf(situation, [], []), status: 'unchanged', failureReason: undefined };
}

/** The result of an import that found errors in what git holds. */
export function invalidResult(situation: Situation): Result {
  return { ...resultOf(situation, [], []), status: 'failed', failureReason: 'validation' };
}

/** The result of an import that wrote nothing, because of conflicts or limits. */
export function stoppedResult(
  situation: Situation,
  plans: readonly ContentPlan[],
  stop: Failure,
): Result {
  const files = plans.map((plan) => appliedFile(unwritten(plan)));
  return {
    ...resultOf(situation, plans, files),
    status: 'failed',
    failureReason: stop.reason,
    failureMessage: stop.message,
    failurePlace: stop.place,
  };
}

/** The result of an import that wrote. */
export function appliedResult(
  inputs: ImportInputs,
  situation: Situation,
  verified: readonly VerifiedContent[],
): Result {
  const plans = verified.map(({ plan }) => plan);
  const files = verified.map(appliedFile);
  return { ...resultOf(situation, plans, files), ...outcomeOf(inputs, verified) };
}

/** The result of an import that was cancelled after it began to write. */
export function cancelledResult(result: Result): Result {
  const failureMessage =
    'The import was cancelled after it began to write. The report lists the rows that arrived; run it again to write the rest, and to compare.';
  return { ...result, status: 'failed', failureReason: 'cancelled', failureMessage };
}

/** The result of an import whose outcome could not be recorded: the next one has to compare. */
export function unrecordedResult(result: Result, { reason, message }: Failure): Result {
  if (result.failureReason !== undefined) {
    return { ...result, warnings: [...result.warnings, message] };
  }
  return { ...result, status: 'partial', failureReason: reason, failureMessage: message };
}

function outcomeOf(
  inputs: ImportInputs,
  verified: readonly VerifiedContent[],
): Pick<Result, 'status' | 'failureReason' | 'failureMessage'> {
  const failure = verified.find((each) => each.failure !== undefined)?.failure;
  if (failure !== undefined) return { status: 'failed', failureReason: failure.reason };
  if (verified.some(({ mismatches }) => mismatches.length > 0)) {
    return { status: 'failed', failureReason: 'verify-mismatch' };
  }
  const isPartial = verified.some(isPartlyTaken);
  const { toleratedRejections: tolerated } = inputs;
  if (isPartial && (tolerated === 0 || shareOfRejected(verified) > tolerated)) {
    return { status: 'partial', failureReason: 'partial' };
  }
  const wrote = verified.some(({ sent, references, removed }) =>
    [sent, references, removed].some((list) => list.length > 0),
  );
  const plans = verified.map(({ plan }) => plan);
  if (plans.some((plan) => refusalOf(plan) !== undefined)) {
    return { status: wrote ? 'partial' : 'failed', failureReason: 'config' };
  }
  if (plans.some(({ conflicts }) => conflicts.length > 0)) {
    const failureMessage = conflictsInWords(plans, 'and left alone on both sides');
    return { status: 'partial', failureReason: 'conflict', failureMessage };
  }
  if (verified.some(({ held }) => held.length > 0)) {
    return { status: 'partial', failureReason: 'conflict' };
  }
  if (isPartial) return { status: 'partial', failureReason: undefined };
  return { status: wrote ? 'success' : 'unchanged', failureReason: undefined };
}

function shareOfRejected(verified: readonly VerifiedContent[]): number {
  const rejected = verified.reduce((sum, { rejections }) => sum + rejections.length, 0);
  const changes = verified.reduce((sum, { plan }) => sum + plan.changes.length, 0);
  return rejected / Math.max(1, changes);
}

function appliedFile(verified: VerifiedContent): FileResult {
  const { plan, sent, references, removed, rejections } = verified;
  const { mismatches, losses, remarks, failure } = verified;
  const arrived = new Set([
    ...[...sent, ...references].flatMap(({ rows }) => rows.map(({ key }) => key)),
    ...removed,
  ]);
  for (const { key } of [...rejections, ...mismatches]) if (key !== undefined) arrived.delete(key);
  return {
    ...fileOf(plan),
    changes: plan.changes.filter(({ key }) => arrived.has(key)),
    conflicts: [...plan.conflicts, ...verified.held.map(heldConflict)],
    rejections,
    mismatches: mismatches.map((mismatch) => withoutSecret(mismatch, plan.live.collection)),
    losses,
    remarks,
    failure: failure ?? refusalOf(plan),
  };
}

/** A row that somebody edited in the CMS while the import ran: it is left alone on both sides. */
function heldConflict({ key, place }: HeldRow): Conflict {
  return { key, column: undefined, base: undefined, git: 'changed', cms: 'changed', place };
}

function fileOf(plan: ContentPlan): FileResult {
  const { content } = plan.head;
  return {
    ...untouched(nameOf(content), content.path),
    changes: plan.changes,
    drift: plan.drift,
    conflicts: plan.conflicts,
    orphans: plan.orphans,
    omittedFields: plan.head.schema?.omitted.length ?? 0,
  };
}

function resultOf(
  { findings, warnings, backupDirectory }: Situation,
  plans: readonly ContentPlan[],
  files: readonly FileResult[],
): Omit<Result, 'status' | 'failureReason'> {
  return {
    command: 'import',
    files,
    findings,
    warnings,
    commit: undefined,
    branch: undefined,
    pullRequest: undefined,
    fingerprint: plans.length === 0 ? undefined : fingerprintOf(plans),
    backupDirectory,
  };
}
