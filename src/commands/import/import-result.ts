import type { Finding } from '../../content/rules/finding.ts';
import { withoutSecret } from '../../content/values/mismatch.ts';
import type { Failure } from '../../errors.ts';
import type { ImportInputs } from '../../inputs.ts';
import { type FileResult, type Result, untouched } from '../../report/result.ts';
import { nameOf } from '../run.ts';
import { isPartlyTaken, type Outcome } from './outcome.ts';
import { conflictsInWords, fingerprintOf } from './why-stop.ts';

/** What a result has besides its files. */
export interface Situation {
  readonly findings: readonly Finding[];
  readonly warnings: readonly string[];
  readonly backupDirectory?: string;
}

/** The result of an import, from what became of each plan. */
export function importResult(
  inputs: ImportInputs,
  { findings, warnings, backupDirectory }: Situation,
  outcomes: readonly Outcome[],
): Result {
  return {
    command: 'import',
    ...outcomeOf(inputs, outcomes),
    files: outcomes.map(fileOf),
    findings,
    warnings,
    fingerprint:
      outcomes.length === 0 ? undefined : fingerprintOf(outcomes.map(({ plan }) => plan)),
    backupDirectory,
  };
}

/** The result of an import that a failure stopped, such as a conflict, a limit or a cancellation. */
export function stopped(result: Result, { reason, message, place }: Failure): Result {
  return {
    ...result,
    status: 'failed',
    failureReason: reason,
    failureMessage: message,
    failurePlace: place,
  };
}

/** The result of an import whose outcome could not be recorded, so that the next one has to compare. */
export function withoutRecord(result: Result, { reason, message }: Failure): Result {
  if (result.failureReason !== undefined) {
    return { ...result, warnings: [...result.warnings, message] };
  }
  return { ...result, status: 'partial', failureReason: reason, failureMessage: message };
}

function outcomeOf(
  inputs: ImportInputs,
  outcomes: readonly Outcome[],
): Pick<Result, 'status' | 'failureReason' | 'failureMessage'> {
  const failure = outcomes.find((each) => each.failure !== undefined)?.failure;
  if (failure !== undefined) return { status: 'failed', failureReason: failure.reason };
  if (outcomes.some(({ mismatches }) => mismatches.length > 0)) {
    return { status: 'failed', failureReason: 'verify-mismatch' };
  }
  const isPartial = outcomes.some(isPartlyTaken);
  const { toleratedRejections: tolerated } = inputs;
  if (isPartial && (tolerated === 0 || shareOfRejected(outcomes) > tolerated)) {
    return { status: 'partial', failureReason: 'partial' };
  }
  const wrote = outcomes.some(({ sent, removed }) => sent.length + removed.length > 0);
  const plans = outcomes.map(({ plan }) => plan);
  if (plans.some(({ refusal }) => refusal !== undefined)) {
    return { status: wrote ? 'partial' : 'failed', failureReason: 'config' };
  }
  if (plans.some(({ conflicts }) => conflicts.length > 0)) {
    const failureMessage = conflictsInWords(inputs, plans, 'and left alone on both sides');
    return { status: 'partial', failureReason: 'conflict', failureMessage };
  }
  if (outcomes.some(({ held }) => held.length > 0)) {
    return { status: 'partial', failureReason: 'conflict' };
  }
  if (isPartial) return { status: 'partial', failureReason: undefined };
  return { status: wrote ? 'success' : 'unchanged', failureReason: undefined };
}

function shareOfRejected(outcomes: readonly Outcome[]): number {
  const rejected = outcomes.reduce((sum, { rejections }) => sum + rejections.length, 0);
  const changes = outcomes.reduce((sum, { plan }) => sum + plan.changes.length, 0);
  return rejected / Math.max(1, changes);
}

function fileOf(outcome: Outcome): FileResult {
  const { plan, sent, removed, rejections, mismatches, losses, remarks, failure } = outcome;
  const { content, schema } = plan.head;
  const arrived = new Set<string | undefined>(removed);
  for (const { rows } of sent) for (const { key } of rows) arrived.add(key);
  for (const { key } of [...rejections, ...mismatches]) arrived.delete(key);
  return {
    ...untouched(nameOf(content), content.path),
    changes: plan.changes.filter(({ key }) => arrived.has(key)),
    drift: plan.drift,
    conflicts: [...plan.conflicts, ...outcome.held],
    rejections,
    mismatches: mismatches.map((mismatch) => withoutSecret(mismatch, plan.live.collection)),
    losses,
    remarks,
    orphans: plan.orphans,
    omittedFields: schema?.omitted.length ?? 0,
    failure: failure ?? plan.refusal,
  };
}
