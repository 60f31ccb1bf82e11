import type { Content } from '../config/config.ts';
import type { Finding } from '../content/rules/finding.ts';
import { Failure } from '../errors.ts';
import type { ImportInputs } from '../inputs.ts';
import { type RecordedVersions, recordedVersions } from '../record/base.ts';
import {
  bringBaseForward,
  type Forwarded,
  nothingRecorded,
  type Record,
  unrecorded,
} from '../record/record-base.ts';
import { recordSent } from '../record/record-sent.ts';
import type { Result } from '../report/result.ts';
import { headCommit } from '../repository/history.ts';
import type { WixClient } from '../wix/client.ts';
import type { LiveContent } from './export/export-content.ts';
import { followEarlierImports, isPartlyTaken, writeAll } from './import/apply.ts';
import { keepBackup } from './import/backup.ts';
import {
  type ContentPlan,
  type HeadContent,
  isSettled,
  isTouched,
  isTruncating,
  openHead,
  planContent,
  policyOf,
  reachOf,
} from './import/import-content.ts';
import {
  appliedResult,
  cancelledResult,
  invalidResult,
  type Situation,
  stoppedResult,
  unchangedResult,
} from './import/import-result.ts';
import { mergedPlans } from './import/merged-plans.ts';
import { refuseOlderCommit } from './import/refuse-older-commit.ts';
import { tellPullRequests } from './import/tell-pull-requests.ts';
import { type VerifiedContent, verifyAll } from './import/verify.ts';
import { type MergedPlans, whyStop } from './import/why-stop.ts';
import { noIds, writeIdsBack } from './import/write-ids-back.ts';
import { type Heads, openHeads } from './read/open-heads.ts';
import { type ReadOptions, readCollections, readContents } from './read/read-contents.ts';
import { strayFiles } from './read/stray-files.ts';
import { refuseSparseCheckout } from './refuse-sparse-checkout.ts';
import { once, oneByOne, type Run, unlessCancelled } from './run.ts';
import { unknownToSite, validate } from './validate.ts';

/** Brings git's edits to the site: ARCHITECTURE.md, "The life of one edited cell". */
export async function runImport(
  run: Run,
  inputs: ImportInputs,
  client: WixClient,
): Promise<Result> {
  const merged = once(() => mergedPlans(run, inputs));
  const { result, plans } = await importContents(run, inputs, client, merged);
  if (result.status !== 'unchanged') await tellPullRequests(run, inputs, result, plans, merged);
  return result;
}

/** An import's result, and what it set out to do. */
interface Imported {
  readonly result: Result;
  readonly plans: readonly ContentPlan[];
}

async function importContents(
  run: Run,
  inputs: ImportInputs,
  client: WixClient,
  merged: MergedPlans,
): Promise<Imported> {
  await refuseSparseCheckout(run);
  const versions = await recordedVersions(run, inputs.siteId, inputs.base);
  const opened = await openUnsettled(run, inputs, versions);
  const { heads } = opened;
  const areTouched = await run.log.step('Looking for what git changed', () =>
    oneByOne(run, heads, (head) => isTouched(head, policyOf(inputs, head.content))),
  );
  const touched = heads.filter((_, i) => areTouched[i]);
  const others = heads.filter((head) => !touched.includes(head)).map(withoutLive);
  const findings = [
    ...opened.findings,
    ...(await strayFiles(run, opened, versions.base, run.environment.event.before)),
    ...(await validateTouched(run, touched, heads, versions)),
  ];
  const situation = { findings, warnings: versions.warnings };
  if (findings.some(({ severity }) => severity === 'error')) {
    return { result: invalidResult(situation), plans: [] };
  }
  await refuseOlderCommit(run, inputs, versions);
  if (touched.length === 0) {
    const recorded = await record(run, inputs, versions, others);
    const warnings = [...versions.warnings, ...unrecorded(recorded)];
    const settled = { findings, warnings };
    return { result: unchangedResult(settled), plans: [] };
  }
  const task = { touched, others, situation, versions, merged };
  return importTouched(run, inputs, client, task);
}

/** Merges the contents that git touched into the site as it is now, and writes what follows. */
async function importTouched(
  run: Run,
  inputs: ImportInputs,
  client: WixClient,
  task: {
    readonly touched: readonly HeadContent[];
    /** What git may hold that the site has got already. */
    readonly others: readonly Forwarded[];
    readonly situation: Situation;
    readonly versions: RecordedVersions;
    readonly merged: MergedPlans;
  },
): Promise<Imported> {
  const { touched, others, situation, versions, merged } = task;
  await run.log.step('Waiting for an earlier run', () => followEarlierImports(run, client));
  const collections = await readCollections(client);
  const read = { collections, extent: 'whole' } as const;
  const contents = touched.map(({ content }) => content);
  const site = await run.log.step('Reading the site', () =>
    readContents(run, client, contents, read),
  );
  for (const failure of site.failed.values()) throw failure;
  const backupDirectory = keepBackup(run, site.downloads);

  const plans = await run.log.step('Comparing git with the site', () =>
    oneByOne(run, site.opened, (live) => {
      const head = headOf(touched, live.content);
      return planContent(head, live, policyOf(inputs, head.content));
    }),
  );
  const findings = [...situation.findings, ...unknownToSite(plans, situation.findings)];
  const planned = { ...situation, findings, backupDirectory };
  const stop = await whyStop(run, inputs, plans, merged);
  if (stop !== undefined) {
    const read = plans.map((plan) => forwarded(plan, plan.live, true));
    const recorded = await record(run, inputs, versions, [...others, ...read]);
    const warnings = [...versions.warnings, ...unrecorded(recorded)];
    const stopped = { ...planned, warnings };
    return { result: stoppedResult(stopped, plans, stop), plans };
  }
  const recorded = await noted(run, inputs, plans, versions);
  if (recorded instanceof Failure)
    return { result: stoppedResult(planned, plans, recorded), plans };
  const writing = { plans, others, planned, versions: recorded, read };
  const result = await writePlans(run, inputs, client, writing);
  return { result, plans };
}

/** Notes what is about to be written, or says why it can not. */
async function noted(
  run: Run,
  inputs: ImportInputs,
  plans: readonly ContentPlan[],
  versions: RecordedVersions,
): Promise<RecordedVersions | Failure> {
  try {
    return await withNote(run, inputs, plans, versions);
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    return error;
  }
}

/** Writes what was planned, compares what arrived, and records what git and the site agree on now. */
async function writePlans(
  run: Run,
  inputs: ImportInputs,
  client: WixClient,
  task: {
    readonly plans: readonly ContentPlan[];
    readonly others: readonly Forwarded[];
    readonly planned: Situation;
    readonly versions: RecordedVersions;
    readonly read: ReadOptions;
  },
): Promise<Result> {
  const { plans, others, planned, versions, read } = task;
  const applied = await run.log.step('Writing to the site', () =>
    writeAll(run, client, plans, inputs.verify ? 'sent' : 'omitted'),
  );
  const verified = await run.log.step('Reading back what the site holds now', () =>
    verifyAll(run, client, applied, { ...read, verify: inputs.verify }),
  );
  const afterwards = verified
    .filter(isTelling)
    .map((each) => forwarded(each.plan, each.after, isDone(each)));
  const recorded = await unlessCancelled(run, nothingRecorded, () =>
    record(run, inputs, versions, [...others, ...afterwards]),
  );
  const ids = await unlessCancelled(run, noIds, () =>
    writeIdsBack(run, inputs, recorded.versions ?? versions, verified),
  );
  const all = [
    ...[versions, ...verified].flatMap(({ warnings }) => warnings),
    ...unrecorded(recorded),
    ...ids.warnings,
  ];
  const result = {
    ...appliedResult(inputs, { ...planned, warnings: all }, verified),
    ...ids,
    warnings: all,
  };
  return run.signal.aborted ? cancelledResult(result) : result;
}

/** Opens the contents of which git may hold something that the site does not. */
async function openUnsettled(
  run: Run,
  { reconcile }: ImportInputs,
  versions: RecordedVersions,
): Promise<Heads> {
  const folders = { ...versions, head: run.workspace };
  const contents = run.config.contents.filter(
    (content) => reconcile === 'all' || !isSettled(content, folders),
  );
  const opened = await openHeads(run, contents, folders);
  for (const { path } of opened.missing) {
    run.log.info(`${path} is not in git, so it is not imported.`);
  }
  return opened;
}

/** Validates what git changed; what it refers to may be in files that nobody touched. */
function validateTouched(
  run: Run,
  touched: readonly HeadContent[],
  heads: readonly HeadContent[],
  versions: RecordedVersions,
): Promise<readonly Finding[]> {
  const opened = new Map<Content, HeadContent | undefined>(
    heads.map((head) => [head.content, head]),
  );
  const open = (content: Content) => {
    if (!opened.has(content)) {
      opened.set(content, openHead(content, { ...versions, head: run.workspace }));
    }
    return opened.get(content);
  };
  return validate(run, touched, run.config.contents, open);
}

function headOf(heads: readonly HeadContent[], content: HeadContent['content']): HeadContent {
  const head = heads.find((each) => each.content === content);
  if (head === undefined) throw new Error(`${content.path} was read but is not touched`);
  return head;
}

/** Notes what is about to be written, in place of an older note, from which base comes forward first. */
async function withNote(
  run: Run,
  inputs: ImportInputs,
  plans: readonly ContentPlan[],
  versions: RecordedVersions,
): Promise<RecordedVersions> {
  if (run.git === undefined) return versions;
  const { siteId } = inputs;
  const noted = plans.filter(({ sides }) => sides.sent !== undefined);
  if (noted.length === 0) return recordSent(run, run.git, siteId, plans, versions);
  const settled = noted.map((plan) => forwarded(plan, plan.live, true));
  await record(run, inputs, versions, settled);
  const anew = await recordedVersions(run, siteId, undefined);
  return recordSent(run, run.git, siteId, plans, { ...anew, warnings: versions.warnings });
}

async function record(
  run: Run,
  { siteId }: ImportInputs,
  versions: RecordedVersions,
  contents: readonly Forwarded[],
): Promise<Record> {
  const known = { ...versions, compared: run.git && (await headCommit(run.git)) };
  return bringBaseForward(run, siteId, run.workspace, contents, known);
}

/** A content that was not read: what git holds now may still agree with the last record. */
function withoutLive({ content, schema, table: like }: HeadContent): Forwarded {
  const live = undefined;
  return { content, schema, live, reach: 'all', offers: 'waiting', like, hasSettled: false };
}

function forwarded({ head }: ContentPlan, live: LiveContent, hasSettled: boolean): Forwarded {
  const reach = reachOf(live.content);
  return { ...live, reach, offers: 'waiting', like: head.table, hasSettled };
}

/** Whether the site was asked for nothing, or has done all of it before the eyes of this run. */
function isDone(verified: VerifiedContent): boolean {
  const { asked, wasReadBack, failure, mismatches } = verified;
  if (!asked) return true;
  const isWhole = failure === undefined && mismatches.length === 0 && !isPartlyTaken(verified);
  return wasReadBack && isWhole;
}

/** A collection that was emptied, and not filled again as it was meant, tells nothing of its past. */
function isTelling(verified: VerifiedContent): boolean {
  return isDone(verified) || !isTruncating(verified.plan.head.content);
}
