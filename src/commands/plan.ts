import type { Content } from '../config/config.ts';
import { fingerprint } from '../content/fingerprint.ts';
import { excesses, extentOf, isLimit, type Limits } from '../content/limits.ts';
import { type Finding, finding } from '../content/rules/finding.ts';
import type { Undo } from '../content/undo.ts';
import { type Sides, sideOf } from '../content/versions.ts';
import type { Failure } from '../errors.ts';
import type { PlanInputs } from '../inputs.ts';
import { sidesOf } from '../record/sides.ts';
import type { Version } from '../record/version.ts';
import { approvedLabel } from '../report/entries.ts';
import { type FileResult, type Result, untouched } from '../report/result.ts';
import type { WixClient } from '../wix/client.ts';
import { type ContentPlan, namedChanges, planContent } from './compare/content-plan.ts';
import { mistypedOn } from './compare/mistyped.ts';
import { unknownToSite, validate } from './compare/validate.ts';
import {
  type PlannedContent,
  planFile,
  referencedTitles,
  sendable,
  withTitles,
} from './plan/plan-content.ts';
import { type PlanSync, pullRequestBase, readPlanSync } from './plan/plan-sync.ts';
import { schemaEdits } from './plan/schema-edits.ts';
import {
  type FormerSettings,
  formerContent,
  settingsAt,
  settingsFindings,
  withFormerRules,
} from './plan/settings.ts';
import { isApproved, showPlan } from './plan/show-plan.ts';
import { undoneBy } from './plan/undone.ts';
import { followImports } from './read/follow-imports.ts';
import { withLastExport } from './read/last-export.ts';
import { unknownNames } from './read/names-on-site.ts';
import { type Heads, openHeads } from './read/open-heads.ts';
import { readContents, readShape, type SiteShape } from './read/read-contents.ts';
import { refuseSparseCheckout } from './read/refuse-sparse-checkout.ts';
import { strayFiles } from './read/stray-files.ts';
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
  const start = await pullRequestBase(proposed, found);
  const before = start === undefined ? undefined : await found.at(start);
  const former = await settingsAt(proposed, inputs, found.git, start);
  const run = { ...proposed, config: withFormerRules(proposed.config, former) };
  const sync = { ...found, config: run.config };
  const { contents } = run.config;
  const compared = await compareFiles(run, sync, before, former);
  const { heads, planned } = compared;
  const open = (content: Content) => heads.find((head) => head.content === content);
  const touched = planned.filter(({ changes }) => changes.length > 0);
  const isAll = inputs.reconcile === 'all';
  const looked = before === undefined || inputs.failOnDrift || isAll ? planned : touched;
  const settings = settingsFindings(proposed, inputs.config.file, former, planned);
  const edits = await schemaEdits(heads, sync.head, before, undefined);
  const isAsked = looked.length + settings.length + edits.length > 0;
  const site =
    client && sync.isForSite && isAsked ? { client, shape: await readShape(client) } : undefined;
  const names = site === undefined ? [] : unknownNames(run.config, site.shape.collections);
  const live = site === undefined ? [] : await planLive(run, inputs, site, sync, looked, names);
  const shown = planned.map((plan) => {
    const onSite = live.find(({ head }) => head.content === plan.head.content);
    return (isAll ? overruling : sendable)(plan, onSite, former.limits);
  });
  const undone = await undoneBy(run, sync, planned, before);
  const print = fingerprint(shown.map(({ head, edits }) => namedChanges(head.content, edits)));
  const findings = [
    ...names,
    ...settings,
    ...(await strayFiles(run, sync, compared, before ?? sync.record.agreed, start)),
    ...compared.findings,
    ...(await schemaEdits(heads, sync.head, before, site?.shape.collections)),
    ...(await validate(run, heads, contents, open, undone)),
    ...live.flatMap(unwritableFinding),
    ...(await excessFindings(run, inputs, shown, print)),
  ];
  findings.push(...unknownToSite(live, findings));
  const files = shown.map((plan) => fileOf(plan, shown, live, undone.get(plan.head)?.undos));
  const result = withLastExport(run, sync, {
    command: 'plan',
    ...outcomeOf(inputs, files, findings),
    files,
    findings,
    warnings: sync.warnings,
    fingerprint: print,
    commitPlanned: run.environment.event.pullRequest?.headSha,
  });
  return { ...result, warnings: [...result.warnings, ...(await showPlan(run, inputs, result))] };
}

/** The files of a pull request, compared with those that it started from. */
async function compareFiles(
  run: Run,
  sync: PlanSync,
  before: Version | undefined,
  former: FormerSettings,
): Promise<Heads & { readonly planned: readonly PlannedContent[] }> {
  const agreed = new Map<Content, Sides>();
  const opened = await openHeads(run, run.config.contents, sync.head, async (content, table) => {
    const known = await sidesOf(sync, content, table, undefined);
    agreed.set(content, known);
    if (before === undefined) return known;
    const base = await before.open(content, table);
    return { ...known, recorded: base && sideOf(base), past: [], sent: [] };
  });
  const planned = await run.log.step('Comparing the files', () =>
    oneByOne(run, opened.heads, (head) => {
      const known = agreed.get(head.content) ?? head.sides;
      return planFile(head, known, former.limits, formerContent(former, head.content));
    }),
  );
  return { ...opened, planned };
}

/**
 * Reads the site, for drift and conflicts. In a pull request, only the rows that it changes can conflict,
 * however far it is behind.
 */
async function planLive(
  run: Run,
  inputs: PlanInputs,
  { client, shape }: { readonly client: WixClient; readonly shape: SiteShape },
  found: PlanSync,
  planned: readonly PlannedContent[],
  names: readonly Finding[],
): Promise<readonly ContentPlan[]> {
  if (planned.length === 0) return [];
  const sync = await followImports(run, client, found);
  const contents = planned.map(({ head }) => head.content);
  const { opened, failed } = await run.log.step('Reading the site', () =>
    readContents(run, client, contents, { ...shape, extent: 'whole' }),
  );
  const isFound = ({ message }: Failure) => names.some((each) => each.message === message);
  for (const failure of failed.values()) if (!isFound(failure)) throw failure;
  const isProposed = run.environment.event.pullRequest !== undefined && inputs.reconcile !== 'all';
  return oneByOne(run, opened, async (live) => {
    const plan = planned.find(({ head }) => head.content === live.content);
    if (plan === undefined) throw new Error('A content was read unasked');
    const before = isProposed ? { before: plan.head.sides.recorded } : {};
    const head = { ...plan.head, sides: { ...plan.agreed, ...before, endOf: sync.endOf } };
    const mistyped = await mistypedOn(client, live, inputs);
    const onSite = planContent(head, live, inputs, mistyped);
    const own = new Set(plan.edits.map(({ key }) => key));
    const conflicts = onSite.conflicts.filter(({ key }) => !isProposed || own.has(key));
    return { ...onSite, conflicts };
  });
}

/**
 * What an import with `reconcile: all` would change, whoever edited it, with the fingerprint that it asks
 * for.
 */
function overruling(
  plan: PlannedContent,
  onSite: ContentPlan | undefined,
  limits: Limits,
): PlannedContent {
  const { changes = [], sides } = onSite?.refusal === undefined ? (onSite ?? {}) : {};
  return {
    ...plan,
    changes,
    edits: changes,
    caughtUp: [],
    pending: [],
    excesses: excesses(extentOf(sides?.recorded?.table.size ?? 0, changes, 'apply'), limits),
  };
}

/** The finding for a collection that no import can write to. */
function unwritableFinding({ head, refusal }: ContentPlan): readonly Finding[] {
  return refusal === undefined
    ? []
    : [finding('not-writable', refusal.place ?? { file: head.content.path }, refusal.message)];
}

/** The limits that the merge would pass. The label on the pull request makes them warnings. */
async function excessFindings(
  run: Run,
  inputs: PlanInputs,
  planned: readonly PlannedContent[],
  print: string,
): Promise<readonly Finding[]> {
  const found = planned.flatMap(({ head, excesses }) =>
    excesses.map((excess) => ({ ...excess, place: { file: head.content.path } })),
  );
  const isAllowed = found.length > 0 && (await isApproved(run, inputs, print));
  const remedy = `If you mean it, put the label ${approvedLabel} on the pull request, or run the import with the input approve: ${print}. Otherwise, make smaller changes.`;
  return found.map(({ limit, message, place }) => {
    if (!isAllowed) return finding(limit, place, `${message}. ${remedy}`);
    /**
     * @cause The plan passes a limit, and somebody has approved just these changes.
     * @remedy Nothing. If the changes differ later, the plan removes the label.
     */
    const words = `${message}. The label ${approvedLabel} allows it.`;
    return { ...finding(limit, place, words), severity: 'warning' };
  });
}

function fileOf(
  plan: PlannedContent,
  all: readonly PlannedContent[],
  live: readonly ContentPlan[],
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
