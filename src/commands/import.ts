import { Failure } from '../errors.ts';
import type { ImportInputs } from '../inputs.ts';
import { sidesOf } from '../record/sides.ts';
import { isSettled, type Sync } from '../record/sync.ts';
import type { Result } from '../report/result.ts';
import type { WixClient } from '../wix/client.ts';
import { writeAll } from './import/apply.ts';
import { keepBackup } from './import/backup.ts';
import {
  type ContentPlan,
  type HeadContent,
  planContent,
  policyOf,
  rowsToRead,
  touchedRows,
} from './import/import-content.ts';
import {
  appliedResult,
  cancelledResult,
  invalidResult,
  type Situation,
  stoppedResult,
  unchangedResult,
  unrecordedResult,
} from './import/import-result.ts';
import { mergedPlans } from './import/merged-plans.ts';
import { mistypedOn } from './import/mistyped.ts';
import { type Noted, note } from './import/note.ts';
import { recordGit, recordOutcome, recordRead } from './import/record-outcome.ts';
import { tellPullRequests } from './import/tell-pull-requests.ts';
import { unwritten, verifyAll } from './import/verify.ts';
import { type MergedPlans, refusalOf, whyStop } from './import/why-stop.ts';
import { noIds, writeIdsBack } from './import/write-ids-back.ts';
import { followImports } from './read/follow-imports.ts';
import { withLastExport } from './read/last-export.ts';
import { type Heads, openHeads } from './read/open-heads.ts';
import { type ReadOptions, readContents, readShape } from './read/read-contents.ts';
import { readSync } from './read/read-sync.ts';
import { strayFiles } from './read/stray-files.ts';
import { refuseSparseCheckout } from './refuse-sparse-checkout.ts';
import { once, oneByOne, type Run, unlessCancelled } from './run.ts';
import { openRelated, unknownToSite, validate } from './validate.ts';

/** How often an import starts over that another run was faster than. */
const attempts = 3;

/** Brings git's edits to the site: ARCHITECTURE.md, "The life of one edited cell". */
export async function runImport(
  run: Run,
  inputs: ImportInputs,
  client: WixClient,
): Promise<Result> {
  if (inputs.source === 'working-tree') await refuseSparseCheckout(run);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const sync = await readSync(run, inputs, inputs.source);
    const there = { ...run, config: sync.config };
    const merged = once(() => mergedPlans(there, inputs, sync));
    const imported = await importContents(there, inputs, client, sync, merged);
    if (imported === 'lost-race') {
      run.log.info('Another run was faster, so this import starts over.');
      continue;
    }
    const { plans } = imported;
    const result = withLastExport(run, sync, imported.result);
    if (result.status !== 'unchanged') {
      await tellPullRequests(there, inputs, sync, result, plans, merged);
    }
    return result;
  }
  throw new Failure(
    'api',
    `The record moved ${attempts} times while the import read the site, so nothing was written. Run the import again when fewer runs are under way.`,
  );
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
  found: Sync,
  merged: MergedPlans,
): Promise<Imported | 'lost-race'> {
  const opened = await openUnsettled(run, inputs, found);
  const rows = await run.log.step('Looking for what git changed', () =>
    oneByOne(run, opened.heads, (head) => touchedRows(head, policyOf(inputs, head))),
  );
  const touched = opened.heads.filter((_, i) => rows[i] !== 'none');
  const related = await openRelated(run, found, touched, opened.heads);
  const agreed = found.named ?? found.record.agreed;
  const findings = [
    ...opened.findings,
    ...(await strayFiles(run, found, opened, agreed, run.environment.event.before)),
    ...(await validate(run, touched, run.config.contents, related)),
  ];
  const situation = { findings, warnings: found.warnings };
  if (findings.some(({ severity }) => severity === 'error')) {
    return { result: invalidResult(situation), plans: [] };
  }
  if (touched.length === 0) return settle(found, opened.heads, situation);
  const sync = await run.log.step('Waiting for an earlier import', () =>
    followImports(run, client, found),
  );
  const shape = await readShape(client);
  const contents = touched.map(({ content }) => content);
  const some = new Map(opened.heads.flatMap((head, i) => rowsToRead(head, rows[i])));
  const read = { ...shape, extent: 'whole', rows: some } as const;
  const site = await run.log.step('Reading the site', () =>
    readContents(run, client, contents, read),
  );
  for (const failure of site.failed.values()) throw failure;
  const plans = await run.log.step('Comparing git with the site', () =>
    oneByOne(run, site.opened, async (live) => {
      const { sides, ...head } = headOf(touched, live.content);
      const withEnds = { ...head, sides: { ...sides, endOf: sync.endOf } };
      const mistyped = await mistypedOn(run, client, live, inputs);
      return planContent(withEnds, live, policyOf(inputs, withEnds), mistyped);
    }),
  );
  const unknown = unknownToSite(plans, findings);
  const planned = { ...situation, findings: [...findings, ...unknown] };
  return carryOut(run, inputs, client, { sync, plans, read, situation: planned }, merged);
}

/** Writes what may be written of the plans, unless the whole import must stop. */
async function carryOut(
  run: Run,
  inputs: ImportInputs,
  client: WixClient,
  task: {
    readonly sync: Sync;
    readonly plans: readonly ContentPlan[];
    readonly read: ReadOptions;
    readonly situation: Situation;
  },
  merged: MergedPlans,
): Promise<Imported | 'lost-race'> {
  const { sync, plans, read, situation } = task;
  const refused = plans.filter((plan) => refusalOf(plan) !== undefined);
  const writable = plans.filter((plan) => !refused.includes(plan));
  const stop = await whyStop(run, inputs, writable, merged, sync);
  const isIdle = stop === undefined && writable.every(({ changes }) => changes.length === 0);
  if (stop !== undefined || isIdle) return leave(inputs, sync, plans, situation, stop);
  const backupDirectory = await run.log.step('Keeping a backup', () => keepBackup(run, writable));
  const noted = await run.log.step('Noting what is to be written', () =>
    note(client, sync, writable),
  );
  if (noted === 'lost-race') return noted;
  const warnings = [...situation.warnings, ...noted.warnings];
  const known = { ...situation, backupDirectory, warnings };
  const writing = { plans: writable, refused, noted, read, situation: known };
  return { result: await writePlans(run, inputs, client, writing), plans };
}

/** Writes nothing, for a reason or because there is nothing to write, and records what was read. */
async function leave(
  inputs: ImportInputs,
  sync: Sync,
  plans: readonly ContentPlan[],
  situation: Situation,
  stop: Failure | undefined,
): Promise<Imported | 'lost-race'> {
  const recorded = await recordRead(sync, plans);
  if (recorded === 'lost-race') return recorded;
  const all = { ...situation, warnings: [...situation.warnings, ...recorded] };
  const result =
    stop === undefined
      ? appliedResult(inputs, all, plans.map(unwritten))
      : stoppedResult(all, plans, stop);
  return { result, plans };
}

/** Writes what was planned, compares what arrived, and records what git and the site agree on now. */
async function writePlans(
  run: Run,
  inputs: ImportInputs,
  client: WixClient,
  task: {
    readonly plans: readonly ContentPlan[];
    readonly refused: readonly ContentPlan[];
    readonly noted: Noted;
    readonly read: ReadOptions;
    readonly situation: Situation;
  },
): Promise<Result> {
  const { plans, refused, noted, read, situation } = task;
  const applied = await run.log.step('Writing to the site', () =>
    writeAll(run, client, plans, { noted, read, canaries: inputs.verify ? 'sent' : 'omitted' }),
  );
  const written = await run.log.step('Reading back what the site holds now', () =>
    verifyAll(run, client, applied, { ...read, verify: inputs.verify }),
  );
  const verified = [...written, ...refused.map(unwritten)];
  const unrecorded = await unlessCancelled(run, undefined, () =>
    run.log.step('Recording what git and the site hold', () => recordOutcome(run, noted, verified)),
  );
  const ids = await unlessCancelled(run, noIds, () => writeIdsBack(run, inputs, verified));
  const learned = verified.flatMap((each) => each.warnings);
  const warnings = [...situation.warnings, ...learned, ...ids.warnings];
  if (unrecorded === 'moved') warnings.push(movedMeanwhile);
  const result = {
    ...appliedResult(inputs, { ...situation, warnings }, verified),
    ...ids,
    warnings,
  };
  if (run.signal.aborted) return cancelledResult(result);
  return unrecorded instanceof Failure ? unrecordedResult(result, unrecorded) : result;
}

/**
 * @cause Two runs on the same site worked at once. What this one wrote stays noted in the record.
 * @remedy Nothing; the next run compares. Give all workflows of a site one `concurrency` group.
 */
const movedMeanwhile =
  'Another run recorded the same files in the meantime, so the next import compares what this one wrote.';

/** Opens the contents of which git may hold something that the site does not. */
async function openUnsettled(run: Run, { reconcile }: ImportInputs, sync: Sync): Promise<Heads> {
  const unsettled = [];
  for (const content of run.config.contents) {
    if (reconcile === 'all' || !(await isSettled(sync, content))) unsettled.push(content);
  }
  const opened = await openHeads(run, unsettled, sync.head, (content, table) =>
    sidesOf(sync, content, table, undefined),
  );
  for (const { path } of opened.missing) {
    run.log.info(`${path} is not in git, so it is not imported.`);
  }
  return opened;
}

/** Records that git has nothing for the site, and which offers it has taken. */
async function settle(
  sync: Sync,
  heads: readonly HeadContent[],
  situation: Situation,
): Promise<Imported | 'lost-race'> {
  const recorded = await recordGit(sync, heads);
  if (recorded === 'lost-race') return recorded;
  const warnings = [...situation.warnings, ...recorded];
  return { result: unchangedResult({ ...situation, warnings }), plans: [] };
}

function headOf(heads: readonly HeadContent[], content: HeadContent['content']): HeadContent {
  const head = heads.find((each) => each.content === content);
  if (head === undefined) throw new Error(`${content.path} was read but is not touched`);
  return head;
}
