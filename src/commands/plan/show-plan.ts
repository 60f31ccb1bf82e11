import { Failure } from '../../errors.ts';
import { keepLabels, removeLabel } from '../../github/attributes.ts';
import type { GitHub } from '../../github/client.ts';
import { findComment, keepComment } from '../../github/comments.ts';
import { getPullRequest } from '../../github/pull-requests.ts';
import type { PlanInputs } from '../../inputs.ts';
import { comment, fingerprintIn, planMarker } from '../../report/comment.ts';
import { approvedLabel, labelOf, planLabels } from '../../report/entries.ts';
import type { Result } from '../../report/result.ts';
import type { Run } from '../run.ts';

/** Whether the pull request has the label that lifts the limits, and its comment shows these very changes. */
export async function isApproved(run: Run, inputs: PlanInputs, print: string): Promise<boolean> {
  const number = run.environment.event.pullRequest?.number;
  if (number === undefined || !inputs.comment || inputs.token === undefined) return false;
  try {
    const github = await run.github();
    const { labels } = await getPullRequest(github, number);
    const shown = await shownFingerprint(github, number, markerOf(inputs));
    return labels.includes(approvedLabel) && shown === print;
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    return false;
  }
}

/**
 * Keeps the plan's comment and label on its pull request up to date.
 *
 * @returns warnings: the approval was for other changes, or the token may not comment, as from a fork.
 */
export async function showPlan(
  run: Run,
  inputs: PlanInputs,
  result: Result,
): Promise<readonly string[]> {
  const { name, pullRequest } = run.environment.event;
  // In a merge queue, the comment goes on showing what was reviewed.
  if (pullRequest === undefined || name === 'merge_group' || !inputs.comment) return [];
  const { number } = pullRequest;
  try {
    const github = await run.github();
    const pull = await getPullRequest(github, number);
    const marker = markerOf(inputs);
    const shown = await shownFingerprint(github, number, marker);
    const isOutdated = pull.labels.includes(approvedLabel) && shown !== result.fingerprint;
    // Remove it before the comment shows the new changes: the label would approve them.
    if (isOutdated) await removeLabel(github, pull, approvedLabel);
    const warnings = isOutdated ? [outdated] : [];
    const shownResult = { ...result, warnings: [...result.warnings, ...warnings] };
    await keepPlanComment(run, github, number, marker, shownResult);
    await keepLabels(github, pull, { family: planLabels, wanted: [labelOf(result)] });
    return warnings;
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    /**
     * @cause The token may not comment. On a pull request from a fork, it never may.
     * @remedy Give the job `pull-requests: write`. If it is a fork, read the job
     * summary.
     */
    return [`The plan is only in the job summary: ${error.message}`];
  }
}

const outdated = `The label ${approvedLabel} was removed, because the changes are no longer those that it approved. Review them, and set it again.`;

function markerOf({ config, siteId }: PlanInputs): string {
  return planMarker(config.file, siteId);
}

async function shownFingerprint(
  github: GitHub,
  pullRequest: number,
  marker: string,
): Promise<string | undefined> {
  const found = await findComment(github, { pullRequest, marker });
  return found?.isTrusted ? fingerprintIn(found.body, marker) : undefined;
}

/** A pull request without changes gets no comment, unless it had one. */
async function keepPlanComment(
  run: Run,
  github: GitHub,
  pullRequest: number,
  marker: string,
  result: Result,
): Promise<void> {
  const isQuiet = result.status === 'unchanged' && result.findings.length === 0;
  if (isQuiet && (await findComment(github, { pullRequest, marker })) === undefined) return;
  const { runUrl: summaryUrl } = run.environment;
  const options = { marker, ...(summaryUrl === undefined ? {} : { summaryUrl }) };
  await keepComment(github, { pullRequest, marker, body: comment(run.redact(result), options) });
}
