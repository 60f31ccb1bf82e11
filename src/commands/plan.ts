import type { Content } from '../config/config.ts';
import { fingerprint } from '../content/fingerprint.ts';
import { excesses, extentOf, isLimit, type Limits } from '../content/limits.ts';
import { type Finding, finding } from '../content/rules/finding.ts';
import { Failure } from '../errors.ts';
import type { PlanInputs } from '../inputs.ts';
import { filesAt, type RecordedVersions, recordedVersions } from '../record/base.ts';
import { approvedLabel } from '../report/entries.ts';
import { type FileResult, type Result, untouched } from '../report/result.ts';
import { recordedSites } from '../repository/base-ref.ts';
import type { WixClient } from '../wix/client.ts';
import {
  type ContentPlan,
  namedChanges,
  openHead,
  planContent,
  policyOf,
} from './import/import-content.ts';
import { unwritable } from './import/why-stop.ts';
import { type PlannedContent, planFile, withTitles } from './plan/plan-content.ts';
import { pullRequestBase } from './plan/pull-request-base.ts';
import { schemaEdits } from './plan/schema-edits.ts';
import { formerContent, settingsAt, settingsFindings } from './plan/settings.ts';
import { isApproved, showPlan } from './plan/show-plan.ts';
import { unknownNames } from './read/names-on-site.ts';
import { openHeads } from './read/open-heads.ts';
import { type Collections, readCollections, readContents } from './read/read-contents.ts';
import { strayFiles } from './read/stray-files.ts';
import { refuseSparseCheckout } from './refuse-sparse-checkout.ts';
import { nameOf, oneByOne, type Run } from './run.ts';
import { unknownToSite, validate } from './validate.ts';

/** Shows what the merge of a pull request would change on the site: docs/reviewing-content.md. */
export async function runPlan(
  run: Run,
  inputs: PlanInputs,
  client: WixClient | undefined,
): Promise<Result> {
  const { contents } = run.config;
  await refuseSparseCheckout(run);
  const start = await pullRequestBase(run);
  const before = start && (await filesAt(run, start));
  const former = await settingsAt(run, inputs, start);
  const record = await recordOf(run, inputs);
  const base = before ?? record.base;
  const { recorded } = record;
  const opened = await openHeads(run, contents, { head: run.workspace, base, recorded });
  const { heads, findings } = opened;
  const planned = await run.log.step('Comparing the files', () =>
    oneByOne(run, heads, (head) =>
      planFile(head, record, former.limits, formerContent(former, head.content)),
    ),
  );
  const open = (content: Content) => heads.find((head) => head.content === content);
  const touched = planned.filter(({ changes }) => changes.length > 0);
  const isAll = inputs.reconcile === 'all';
  const looked = before === undefined || inputs.failOnDrift || isAll ? planned : touched;
  const settings = settingsFindings(run, inputs.config.file, former, planned);
  const edits = schemaEdits(heads, run.workspace, before, undefined);
  const isAsked = looked.length + settings.length + edits.length > 0;
  const site =
    client && isAsked ? { client, collections: await readCollections(client) } : undefined;
  const names = site === undefined ? [] : unknownNames(run.config, site.collections);
  const live = site === undefined ? [] : await planLive(run, inputs, site, record, looked, names);
  const shown = isAll ? planned.map((plan) => overruling(plan, live, former.limits)) : planned;
  const print = fingerprint(shown.map(({ head, edits }) => namedChanges(head.content, edits)));
  const found = [
    ...names,
    ...settings,
    ...(await strayFiles(run, opened, base, start)),
    ...findings,
    ...schemaEdits(heads, run.workspace, before, site?.collections),
    ...(await validate(run, heads, contents, open)),
    ...live.flatMap(unwritableFinding),
    ...(await excessFindings(run, inputs, shown, print)),
  ];
  found.push(...unknownToSite(live, found));
  const files = shown.map((plan) => fileOf(plan, live));
  const result: Result = {
    command: 'plan',
    ...outcomeOf(inputs, files, found),
    files,
    findings: found,
    warnings: record.warnings,
    commit: undefined,
    branch: undefined,
    pullRequest: undefined,
    fingerprint: print,
    backupDirectory: undefined,
    commitPlanned: run.environment.event.pullRequest?.headSha,
  };
  return { ...result, warnings: [...record.warnings, ...(await showPlan(run, inputs, result))] };
}

const unknown: RecordedVersions = { base: undefined, recorded: undefined, warnings: [] };

/** What git and the site agree on. It is in the repository, so no key is needed to know it. */
async function recordOf(run: Run, inputs: PlanInputs): Promise<RecordedVersions> {
  if (inputs.site !== undefined) return recordedVersions(run, inputs.site.siteId, inputs.base);
  const { git } = run;
  if (git === undefined) return unknown;
  try {
    const named = inputs.siteId ?? inputs.base;
    const sites = named === undefined ? await recordedSites(git) : [];
    if (sites.length > 1) return { ...unknown, warnings: [severalSites(sites.length)] };
    const siteId = inputs.siteId ?? sites[0];
    if (siteId === undefined && inputs.base === undefined) return unknown;
    const record = await recordedVersions(run, siteId ?? '', inputs.base);
    return { ...record, warnings: [] };
  } catch (error) {
    if (!(error instanceof Failure) || error.reason !== 'api') throw error;
    /**
     * @cause `refs/wix-cms/` could not be fetched, so the pull request is compared with its target
     * alone.
     * @remedy Run the plan again; if it stays, do what the words at the end say.
     */
    const warning = `What git and the site agree on can not be read, so the plan may show edits that the site has already: ${error.message}`;
    return { ...unknown, warnings: [warning] };
  }
}

function severalSites(count: number): string {
  return (
    /**
     * @cause The plan of a pull request from a fork gets no variables, so `vars.WIX_SITE_ID` is
     * empty there.
     * @remedy Write the id itself into the workflow: it is no secret.
     */
    `${count} sites are recorded, and the input site-id is empty, so the plan compares with the ` +
    'target branch alone, and may show edits that the site has already. Write the id of the site into the workflow.'
  );
}

/** Reads the site, for what the CMS changed and what would conflict. */
async function planLive(
  run: Run,
  inputs: PlanInputs,
  { client, collections }: { readonly client: WixClient; readonly collections: Collections },
  record: RecordedVersions,
  planned: readonly PlannedContent[],
  found: readonly Finding[],
): Promise<readonly ContentPlan[]> {
  if (planned.length === 0) return [];
  const contents = planned.map(({ head }) => head.content);
  const { opened, failed } = await run.log.step('Reading the site', () =>
    readContents(run, client, contents, { collections, extent: 'whole' }),
  );
  const isFound = ({ message }: Failure) => found.some((each) => each.message === message);
  for (const failure of failed.values()) if (!isFound(failure)) throw failure;
  const plans = await oneByOne(run, opened, (live) => {
    const head = openHead(live.content, { ...record, head: run.workspace });
    return head && planContent(head, live, policyOf(inputs, live.content));
  });
  return plans.filter((plan) => plan !== undefined);
}

/**
 * What an import with `reconcile: all` would do: all that makes the site match git, whoever edited it,
 * with the fingerprint that such an import asks for.
 */
function overruling(
  plan: PlannedContent,
  live: readonly ContentPlan[],
  limits: Limits,
): PlannedContent {
  const onSite = live.find(({ head }) => head.content === plan.head.content);
  const { changes = [], sides } = onSite ?? {};
  return {
    ...plan,
    changes,
    edits: changes,
    caughtUp: [],
    pending: [],
    excesses: excesses(extentOf(sides?.base?.table.size ?? 0, changes, 'apply'), limits),
  };
}

/** A collection that no import can write to: the pull request is red before the merge. */
function unwritableFinding(plan: ContentPlan): readonly Finding[] {
  const words = unwritable(plan);
  return words === undefined
    ? []
    : [finding('not-writable', { file: plan.head.content.path }, words)];
}

/** The limits that the merge would pass: the pull request is red before the merge. */
async function excessFindings(
  run: Run,
  inputs: PlanInputs,
  planned: readonly PlannedContent[],
  print: string,
): Promise<readonly Finding[]> {
  const found = planned.flatMap(({ head, excesses }) =>
    excesses.map((excess) => ({ excess, place: { file: head.content.path } })),
  );
  if (found.length === 0) return [];
  if (await isApproved(run, inputs, print)) {
    return found.map(({ excess: { limit, message }, place }) => ({
      ...finding(
        limit,
        place,
        /**
         * @cause The plan passes a limit, and somebody has approved just these changes.
         * @remedy Nothing. The label is taken away when the changes become others.
         */
        `${message}. The label ${approvedLabel} allows it.`,
      ),
      severity: 'warning',
    }));
  }
  const remedy = `If this is meant, put the label ${approvedLabel} on the pull request, or run the import with the input approve: ${print}. Else make smaller changes.`;
  return found.map(({ excess: { limit, message }, place }) =>
    finding(limit, place, `${message}. ${remedy}`),
  );
}

function fileOf(plan: PlannedContent, live: readonly ContentPlan[]): FileResult {
  const { content, schema } = plan.head;
  const onSite = live.find(({ head }) => head.content === content);
  const isCollection = content.kind === 'collection';
  const leaving = plan.changes.filter(({ kind }) => kind === 'removed').length;
  const drift = onSite?.drift ?? [];
  const conflicts = onSite?.conflicts ?? [];
  const titles = withTitles(plan, [...drift, ...conflicts]);
  return {
    ...untouched(nameOf(content), content.path),
    deletes: isCollection ? content.deletes : 'keep',
    ...(isCollection ? { titles } : { sources: titles }),
    changes: plan.changes,
    caughtUp: plan.caughtUp,
    columns: plan.columns,
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
      'The site was edited since git and the site last agreed, which the input fail-on-drift makes a failure. Run an export to bring the edits to git.';
    return { status: 'failed', failureReason: 'verify-mismatch', failureMessage };
  }
  const changes = files.some((file) => file.changes.length > 0);
  return { status: changes ? 'success' : 'unchanged', failureReason: undefined };
}
