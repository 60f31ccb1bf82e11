import { Failure } from '../errors.ts';
import type { GitHub } from '../github/client.ts';
import { findComment, keepComment } from '../github/comments.ts';
import { keepLabels } from '../github/labels.ts';
import { getPullRequest } from '../github/pull-requests.ts';
import type { PlanInputs } from '../inputs.ts';
import { comment, planMarker } from '../report/comment.ts';
import { labelOf, planLabels } from '../report/danger.ts';
import type { Result } from '../report/result.ts';
import type { Run } from './run.ts';

/**
 * Keeps the plan's comment and label on its pull request up to date.
 *
 * @returns a line for whoever reads the run where the token may not do that: the pull request of a
 * fork has one that may only read. The job summary says the same.
 */
export async function showPlan(
  run: Run,
  inputs: PlanInputs,
  result: Result,
): Promise<readonly string[]> {
  const number = run.environment.event.pullRequest?.number;
  if (number === undefined || !inputs.comment) return [];
  try {
    const github = await run.github();
    await keepPlanComment(run, github, number, inputs, result);
    const pull = await getPullRequest(github, number);
    await keepLabels(github, pull, { family: planLabels, wanted: [labelOf(result)] });
    return [];
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    return [`The plan is in the job summary alone: ${error.message}`];
  }
}

/** A pull request that never changed content needs no comment that says so. */
async function keepPlanComment(
  run: Run,
  github: GitHub,
  pullRequest: number,
  inputs: PlanInputs,
  result: Result,
): Promise<void> {
  const marker = planMarker(inputs.config.file, inputs.siteId);
  const isQuiet = result.status === 'unchanged' && result.findings.length === 0;
  if (isQuiet && (await findComment(github, { pullRequest, marker })) === undefined) return;
  const { runUrl: summaryUrl } = run.environment;
  const options = { marker, ...(summaryUrl === undefined ? {} : { summaryUrl }) };
  await keepComment(github, { pullRequest, marker, body: comment(result, options) });
}
