import type { Content } from '../config/config.ts';
import { fingerprint } from '../content/fingerprint.ts';
import type { PlanInputs } from '../inputs.ts';
import { type FileResult, type Result, untouched } from '../report/result.ts';
import type { WixClient } from '../wix/client.ts';
import { type RecordedVersions, recordedVersions } from './base.ts';
import { failureOf } from './failures.ts';
import {
  type ContentPlan,
  openHead,
  planContent,
  policyOf,
  validateHead,
} from './import-content.ts';
import { excessFindings, type PlannedContent, planFile, sourcesOf } from './plan-content.ts';
import { pullRequestBase } from './pull-request-base.ts';
import { readCollections, readContents } from './read-contents.ts';
import { nameOf, type Run } from './run.ts';
import { showPlan } from './show-plan.ts';

const unknown: RecordedVersions = { base: undefined, recorded: undefined, warnings: [] };

/** Shows what the merge of a pull request would change on the site: product.md, "plan". */
export async function runPlan(
  run: Run,
  inputs: PlanInputs,
  client: WixClient | undefined,
): Promise<Result> {
  const { site } = inputs;
  const before = await pullRequestBase(run);
  const record = site ? await recordedVersions(run, site.siteId, inputs.base) : unknown;
  const planned = planFiles(run, before ?? record.base, record);
  const findings = planned.flatMap((plan) => [...validateHead(plan.head), ...excessFindings(plan)]);
  const touched = planned.filter(({ changes }) => changes.length > 0);
  const looked = touched.length > 0 ? touched : planned;
  const live = client === undefined ? [] : await planLive(run, inputs, client, record, looked);
  const files = planned.map((plan) => fileOf(plan, live));
  const hasDrift = files.some(({ drift }) => drift.length > 0);
  const result: Result = {
    command: 'plan',
    ...outcomeOf(inputs, files, findings, hasDrift),
    files,
    findings,
    warnings: record.warnings,
    commit: undefined,
    branch: undefined,
    pullRequest: undefined,
    fingerprint: fingerprint(
      planned.map(({ head, changes }) => ({ name: contentName(head.content), changes })),
    ),
    backupDirectory: undefined,
    commitPlanned: run.environment.event.pullRequest?.headSha,
  };
  return { ...result, warnings: [...record.warnings, ...(await showPlan(run, inputs, result))] };
}

function planFiles(
  run: Run,
  before: string | undefined,
  record: RecordedVersions,
): readonly PlannedContent[] {
  const folders = { head: run.workspace, before };
  return run.config.contents.flatMap((content) => {
    try {
      return planFile(content, folders, record, run.config.limits) ?? [];
    } catch (error) {
      throw failureOf(error, nameOf(content));
    }
  });
}

/** Reads the site, for what the CMS changed and what would conflict. */
async function planLive(
  run: Run,
  inputs: PlanInputs,
  client: WixClient,
  record: RecordedVersions,
  planned: readonly PlannedContent[],
): Promise<readonly ContentPlan[]> {
  const deadline = run.clock.now() + inputs.timeoutMinutes * 60_000;
  const collections = await readCollections(client);
  const contents = planned.map(({ head }) => head.content);
  const read = { collections, extent: 'whole', deadline } as const;
  const { opened, failed } = await readContents(run, client, contents, read);
  for (const failure of failed.values()) throw failure;
  return opened.flatMap((live) => {
    const head = openHead(live.content, { ...record, head: run.workspace });
    if (head === undefined) return [];
    return planContent(head, live, policyOf(inputs, live.content), run.config.limits);
  });
}

function contentName(content: Content): string {
  return content.kind === 'collection' ? content.id : content.path;
}

function fileOf(plan: PlannedContent, live: readonly ContentPlan[]): FileResult {
  const { content, schema } = plan.head;
  const onSite = live.find(({ head }) => head.content === content);
  const sources = sourcesOf(plan);
  return {
    ...untouched(nameOf(content), content.path),
    deletes: content.kind === 'collection' ? content.deletes : 'keep',
    ...(sources === undefined ? {} : { sources }),
    changes: plan.changes,
    columnsAdded: plan.columns.added,
    columnsDropped: plan.columns.dropped,
    pending: plan.pending,
    drift: onSite?.drift ?? [],
    conflicts: onSite?.conflicts ?? [],
    orphans: onSite?.orphans ?? 0,
    omittedFields: schema?.omitted.length ?? 0,
  };
}

function outcomeOf(
  inputs: PlanInputs,
  files: readonly FileResult[],
  findings: Result['findings'],
  hasDrift: boolean,
): Pick<Result, 'status' | 'failureReason'> {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    const isLimit = errors.every(({ rule }) => limitRules.has(rule));
    return { status: 'failed', failureReason: isLimit ? 'limit' : 'validation' };
  }
  if (files.some(({ conflicts }) => conflicts.length > 0)) {
    return { status: 'failed', failureReason: 'conflict' };
  }
  if (hasDrift && inputs.failOnDrift) return { status: 'failed', failureReason: 'verify-mismatch' };
  const changes = hasDrift || files.some((file) => file.changes.length > 0);
  return { status: changes ? 'success' : 'unchanged', failureReason: undefined };
}

const limitRules: ReadonlySet<string> = new Set(['max-deletes', 'max-changes', 'allow-empty']);
