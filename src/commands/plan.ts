import type { Content } from '../config/config.ts';
import { fingerprint } from '../content/fingerprint.ts';
import { isLimit } from '../content/limits.ts';
import type { Finding } from '../content/rules/finding.ts';
import type { Undo } from '../content/undo.ts';
import { type Sides, sideOf } from '../content/versions.ts';
import type { PlanInputs } from '../inputs.ts';
import { sidesOf } from '../record/sides.ts';
import { type FileResult, type Result, untouched } from '../report/result.ts';
import type { WixClient } from '../wix/client.ts';
import { namedChanges, type Plan } from './compare/plan.ts';
import { undoneBy } from './compare/undone.ts';
import { type FilePlan, planFile, referencedTitles, withTitles } from './plan/file-plan.ts';
import { excessFindings, findingsOf } from './plan/findings.ts';
import { asOnSite, lookAtSite, notAsked } from './plan/on-site.ts';
import { type PlanSync, readPlanSync } from './plan/plan-sync.ts';
import { schemaEdits } from './plan/schema-edits.ts';
import { settingsFindings } from './plan/settings.ts';
import { showPlan } from './plan/show-plan.ts';
import { formerContent, type Start, startOf, withFormerRules } from './plan/start.ts';
import { withLastRuns } from './read/last-runs.ts';
import { type Heads, openHeads } from './read/open-heads.ts';
import { refuseSparseCheckout } from './read/refuse-sparse-checkout.ts';
import { nameOf, oneByOne, type Run } from './run.ts';

/**
 * Shows what the merge of a pull request would change on the site: docs/reviewing-content.md.
 *
 * @param commit the commit to plan.
 */
export async function runPlan(
  proposed: Run,
  inputs: PlanInputs,
  client: WixClient | undefined,
  commit = 'HEAD',
): Promise<Result> {
  if (inputs.source === 'working-tree') await refuseSparseCheckout(proposed);
  const found = await readPlanSync(proposed, inputs, commit);
  const start = await startOf(proposed, inputs, found);
  const run = { ...proposed, config: withFormerRules(proposed.config, start) };
  const sync = { ...found, config: run.config };
  const compared = await compareFiles(run, sync, start);
  const { heads, planned } = compared;
  const settings = settingsFindings(proposed, inputs.config.file, start.config, planned);
  const edits = await schemaEdits(heads, sync.head, start.files, undefined);
  const asked = toLookAt(inputs, start, planned);
  const isAsked = sync.isForSite && asked.length + settings.length + edits.length > 0;
  const onSite = client && isAsked ? await lookAtSite(run, inputs, client, sync, asked) : notAsked;
  const shown = asOnSite(planned, onSite, inputs, start.limits);
  const undone = await undoneBy(run, sync, planned, { files: start.files, side: 'recorded' });
  const print = fingerprint(shown.map(({ head, edits }) => namedChanges(head.content, edits)));
  const findings = [
    ...settings,
    ...(await findingsOf(run, sync, start, compared, onSite, undone)),
    ...(await excessFindings(run, inputs, shown, print)),
  ];
  const files = shown.map((plan) =>
    fileOf(plan, shown, onSite.plans, undone.get(plan.head)?.undos),
  );
  const result = withLastRuns(run, sync, {
    command: 'plan',
    ...outcomeOf(inputs, files, findings),
    files,
    findings,
    warnings: sync.warnings,
    fingerprint: print,
    commitPlanned: run.environment.event.pullRequest?.head.sha,
  });
  return { ...result, warnings: [...result.warnings, ...(await showPlan(run, inputs, result))] };
}

/** The files of a pull request, compared with those that it started from. */
async function compareFiles(
  run: Run,
  sync: PlanSync,
  start: Start,
): Promise<Heads & { readonly planned: readonly FilePlan[] }> {
  const agreed = new Map<Content, Sides>();
  const opened = await openHeads(run, run.config.contents, sync.head, async (content, table) => {
    const known = await sidesOf(sync, content, table, undefined);
    agreed.set(content, known);
    if (start.files === undefined) return known;
    const base = await start.files.open(content, table);
    return { ...known, recorded: base && sideOf(base), past: [], sent: [] };
  });
  const planned = await run.log.step('Comparing the files', () =>
    oneByOne(run, opened.heads, (head) => {
      const known = agreed.get(head.content) ?? head.sides;
      return planFile(head, known, start.limits, formerContent(start, head.content));
    }),
  );
  return { ...opened, planned };
}

/** The contents whose items a plan reads. */
function toLookAt(
  { failOnDrift, reconcile }: PlanInputs,
  start: Start,
  planned: readonly FilePlan[],
): readonly FilePlan[] {
  const isWhole = start.files === undefined || failOnDrift || reconcile === 'all';
  return isWhole ? planned : planned.filter(({ changes }) => changes.length > 0);
}

function fileOf(
  plan: FilePlan,
  all: readonly FilePlan[],
  live: readonly Plan[],
  undoes: readonly Undo[] = [],
): FileResult {
  const { content, schema } = plan.head;
  const onSite = live.find(({ head }) => head.content === content);
  const isCollection = content.kind === 'collection';
  const leaving = plan.changes.filter(({ kind }) => kind === 'removed').length;
  const drift = onSite?.drift ?? [];
  const conflicts = onSite?.conflicts ?? [];
  const titles = withTitles(plan, [...plan.changes, ...drift, ...conflicts]);
  return {
    ...untouched(nameOf(content), content.path),
    deletes: content.deletes,
    ...(isCollection ? { titles } : { sources: titles }),
    references: referencedTitles(plan, all, drift),
    changes: plan.changes,
    caughtUp: plan.caughtUp,
    columns: plan.columns,
    undoes,
    pending: plan.pending,
    drift,
    conflicts,
    orphans: Math.max(0, (onSite?.orphans ?? 0) - leaving),
    omittedFields: schema?.omitted.length ?? 0,
  };
}

function outcomeOf(
  inputs: PlanInputs,
  files: readonly FileResult[],
  findings: readonly Finding[],
): Pick<Result, 'status' | 'failureReason' | 'failureMessage'> {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    const areLimits = errors.every(({ rule }) => isLimit(rule));
    return { status: 'failed', failureReason: areLimits ? 'limit' : 'validation' };
  }
  if (files.some(({ conflicts }) => conflicts.length > 0)) {
    return { status: 'failed', failureReason: 'conflict' };
  }
  if (inputs.failOnDrift && files.some(({ drift }) => drift.length > 0)) {
    const failureMessage =
      'The site was edited since git and the site last agreed, and the input fail-on-drift is true. Run an export to bring the edits to git.';
    return { status: 'failed', failureReason: 'verify-mismatch', failureMessage };
  }
  const changes = files.some((file) => file.changes.length > 0);
  return { status: changes ? 'success' : 'unchanged', failureReason: undefined };
}
