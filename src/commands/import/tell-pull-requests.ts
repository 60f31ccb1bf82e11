import { Failure } from '../../errors.ts';
import { editComment } from '../../github/comments.ts';
import type { ImportInputs } from '../../inputs.ts';
import type { Sync } from '../../record/sync.ts';
import {
  type ImportOutcome,
  type MissedRow,
  withOutcome,
} from '../../report/pull-request/outcome.ts';
import type { FileResult, Result } from '../../report/result.ts';
import { namedChanges, type Plan } from '../compare/plan.ts';
import type { Run } from '../run.ts';
import type { MergedPlan, MergedPlans } from './merged-plans.ts';

/**
 * Says on the merged pull requests, in the comments of their plans, what became of them
 * (docs/reviewing-content.md). If that fails, only the log says so: the report of the import counts more.
 *
 * @param plans what the import set out to do; none if the files were invalid.
 */
export async function tellPullRequests(
  run: Run,
  { token }: Pick<ImportInputs, 'token'>,
  { tip }: Pick<Sync, 'tip'>,
  result: Result,
  plans: readonly Plan[],
  merged: MergedPlans,
): Promise<void> {
  if (run.signal.aborted || token === undefined) return;
  try {
    for (const plan of await merged()) {
      const isConcerned = plans.length === 0 ? plan.pull.mergeCommit === tip : meets(plan, plans);
      if (!isConcerned) continue;
      const outcome = run.redact(outcomeOf(plan, result, plans));
      const body = withOutcome(plan.comment.body, outcome, run.environment.runUrl);
      await editComment(await run.github(), plan.comment, body);
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    run.log.info(`The merged pull request does not say what became of it: ${error.message}`);
  }
}

/** Whether an import set out to write a row that a plan has shown. */
function meets(merged: MergedPlan, plans: readonly Plan[]): boolean {
  return plans.some(({ head, changes, conflicts }) => {
    const keys = keysIn(merged, namedChanges(head.content, []).name);
    return [...changes, ...conflicts].some(({ key }) => keys.has(key));
  });
}

function keysIn({ changes }: MergedPlan, name: string): ReadonlySet<string> {
  const rows = changes.flatMap((each) => (each.name === name ? each.changes : []));
  return new Set(rows.map(({ key }) => key));
}

function outcomeOf(merged: MergedPlan, result: Result, plans: readonly Plan[]): ImportOutcome {
  const [error] = result.findings.filter(({ severity }) => severity === 'error');
  const why = result.failureMessage ?? (plans.length === 0 ? error?.message : undefined);
  if (why !== undefined) return { kind: 'stopped', why };
  const rows = plans.flatMap((plan) => {
    const file = result.files.find(({ path }) => path === plan.head.content.path);
    return file === undefined ? [] : missedRows(merged, plan, file);
  });
  return rows.length === 0 ? { kind: 'applied' } : { kind: 'partly', rows };
}

function missedRows(
  merged: MergedPlan,
  { head, changes }: Plan,
  file: FileResult,
): readonly MissedRow[] {
  const keys = keysIn(merged, namedChanges(head.content, []).name);
  const arrived = new Set(file.changes.map(({ key }) => key));
  const unwritten = changes.filter(({ key }) => !arrived.has(key));
  const whyNot = file.failure?.message ?? 'it was not written';
  const both = 'it was changed in the same place both in git and in the CMS';
  const reasons = new Map<string | undefined, string>([
    ...unwritten.map(({ key }) => [key, whyNot] as const),
    ...file.conflicts.map(({ key }) => [key, both] as const),
    ...file.mismatches.map(
      ({ key, field }) => [key, `the site has another value of ${field}`] as const,
    ),
    ...file.losses.map(
      ({ key, field }) => [key, `the import lost ${field}, which it does not carry`] as const,
    ),
    ...file.rejections.map(({ key, code, words }) => [key, `${code}: ${words}`] as const),
  ]);
  return [...reasons].flatMap(([key, why]) =>
    key !== undefined && keys.has(key) ? [{ name: file.name, key, why }] : [],
  );
}
