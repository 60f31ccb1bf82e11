import type { EndOf } from '../content/versions.ts';
import { Failure } from '../errors.ts';
import type { ImportInputs } from '../inputs.ts';
import type { Learned } from '../record/content-record.ts';
import { gitAlone, recordOrWarn } from '../record/record-commit.ts';
import type { Sync } from '../record/sync.ts';
import type { Result } from '../report/result.ts';
import type { WixClient } from '../wix/client.ts';
import type { Plan } from './compare/plan.ts';
import { planOnSite } from './compare/plan-on-site.ts';
import { unknownToSite } from './compare/validate.ts';
import { keepBackup } from './import/backup.ts';
import { findEdits } from './import/edits.ts';
import { giveBackEmptied } from './import/give-back.ts';
import { importResult, type Situation, stopped, withoutRecord } from './import/import-result.ts';
import { type MergedPlans, mergedPlans } from './import/merged-plans.ts';
import { learnedOnSite, note } from './import/note.ts';
import { untouched } from './import/outcome.ts';
import { inWaves } from './import/passes.ts';
import { recordOutcome } from './import/record-outcome.ts';
import { tellPullRequests } from './import/tell-pull-requests.ts';
import { verifyAll } from './import/verify.ts';
import { whyStop } from './import/why-stop.ts';
import { writeAll } from './import/write-all.ts';
import { writeIdsBack } from './import/write-ids-back.ts';
import { followImports } from './read/follow-imports.ts';
import type { HeadContent } from './read/head-content.ts';
import { withLastRuns } from './read/last-runs.ts';
import { type ReadOptions, readShape } from './read/read-contents.ts';
import { readSync } from './read/read-sync.ts';
import { refuseSparseCheckout } from './read/refuse-sparse-checkout.ts';
import { once, oneByOne, type Run } from './run.ts';

/** How often an import is tried if other runs move the record. */
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
    const result = withLastRuns(run, sync, imported.result);
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

/** The result of an import, and its plans. */
interface Imported {
  readonly result: Result;
  readonly plans: readonly Plan[];
}

async function importContents(
  run: Run,
  inputs: ImportInputs,
  client: WixClient,
  found: Sync,
  merged: MergedPlans,
): Promise<Imported | 'lost-race'> {
  const edits = await findEdits(run, inputs, found);
  const { findings, touched } = edits;
  const situation = { findings, warnings: found.warnings };
  if (findings.some(({ severity }) => severity === 'error')) {
    const result = importResult(inputs, situation, []);
    return { result: { ...result, status: 'failed', failureReason: 'validation' }, plans: [] };
  }
  if (touched.length === 0) {
    const learned = await oneByOne(run, edits.heads, ({ content, sides }) =>
      gitAlone(found, content, sides),
    );
    return writeNothing(inputs, found, situation, learned, []);
  }
  const sync = await run.log.step('Waiting for an earlier import', () =>
    followImports(run, client, found),
  );
  const read = { ...(await readShape(client)), extent: 'whole', rows: edits.rows } as const;
  const plans = await planAll(run, inputs, client, sync, touched, read);
  const unknown = unknownToSite(plans, findings);
  const planned = { ...situation, findings: [...findings, ...unknown] };
  const stop = await whyStop(run, inputs, plans, merged, sync);
  const isIdle = plans.every(({ changes, refusal }) => refusal || changes.length === 0);
  if (stop !== undefined || isIdle) {
    const learned = plans.map((plan) => learnedOnSite(sync, plan));
    return writeNothing(inputs, sync, planned, learned, plans, stop);
  }
  return carryOut(run, inputs, client, sync, plans, read, planned);
}

/** Reads the site, and compares it with git, once references are back that an earlier import emptied. */
async function planAll(
  run: Run,
  inputs: ImportInputs,
  client: WixClient,
  sync: Sync,
  heads: readonly HeadContent[],
  read: ReadOptions,
): Promise<readonly Plan[]> {
  const { endOf } = sync;
  const known = heads.map((head) => ({ ...head, sides: { ...head.sides, endOf } }));
  const plans = await planOnSite(run, client, known, inputs, read);
  if (!(await giveBackEmptied(client, plans))) return plans;
  const back: EndOf = (job, key, fate) => (fate === 'risked' ? 'unsent' : endOf?.(job, key, fate));
  return planAll(run, inputs, client, { ...sync, endOf: back }, heads, read);
}

/** Records what was learned, and writes nothing to the site. */
async function writeNothing(
  inputs: ImportInputs,
  sync: Sync,
  situation: Situation,
  learned: readonly Learned[],
  plans: readonly Plan[],
  stop?: Failure,
): Promise<Imported | 'lost-race'> {
  const recorded = await recordOrWarn(sync, learned);
  if (recorded === 'lost-race') return recorded;
  const warnings = [...situation.warnings, ...recorded];
  const result = importResult(inputs, { ...situation, warnings }, plans.map(untouched));
  return { result: stop === undefined ? result : stopped(result, stop), plans };
}

/** Writes what was planned, compares what arrived, and records what git and the site agree on now. */
async function carryOut(
  run: Run,
  inputs: ImportInputs,
  client: WixClient,
  sync: Sync,
  plans: readonly Plan[],
  read: ReadOptions,
  situation: Situation,
): Promise<Imported | 'lost-race'> {
  const { verify } = inputs;
  const writable = plans.filter(({ refusal }) => refusal === undefined);
  const refused = plans.filter(({ refusal }) => refusal !== undefined);
  const waves = inWaves(writable);
  const backupDirectory = await run.log.step('Keeping a backup', () => keepBackup(run, writable));
  const noted = await run.log.step('Noting what the import will write', () =>
    note(client, sync, waves.flat()),
  );
  if (noted === 'lost-race') return noted;
  const written = await run.log.step('Writing to the site', () =>
    writeAll(run, client, waves, { noted, read, verify }),
  );
  const verified = await run.log.step('Reading the site back', () =>
    verifyAll(run, client, written, { ...read, verify }),
  );
  const outcomes = [...verified, ...refused.map(untouched)];
  const unrecorded = await run.log.step('Recording what git and the site have', () =>
    recordOutcome(run, noted, outcomes),
  );
  const ids = await writeIdsBack(run, inputs, outcomes);
  const warnings = [
    ...situation.warnings,
    ...noted.warnings,
    ...outcomes.flatMap((each) => each.warnings),
    ...ids.warnings,
    ...(typeof unrecorded === 'string' ? [unrecorded] : []),
  ];
  const known = { ...situation, warnings, backupDirectory };
  const result = { ...importResult(inputs, known, outcomes), ...ids, warnings };
  if (run.signal.aborted) return { result: stopped(result, cancelled()), plans };
  return {
    result: unrecorded instanceof Failure ? withoutRecord(result, unrecorded) : result,
    plans,
  };
}

function cancelled(): Failure {
  return new Failure(
    'cancelled',
    'The import was cancelled after it began to write. The report lists the rows that arrived; run it again to write the rest, and to compare.',
  );
}
