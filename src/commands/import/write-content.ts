import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import type { Content } from '../../config/config.ts';
import { type DeltaRow, deltaColumns, deltaRow, typedLine } from '../../content/delta.ts';
import { displayNameOf, doubledName } from '../../content/download.ts';
import type { Write } from '../../content/import-plan.ts';
import type { RejectedEntry } from '../../content/rejections.ts';
import { asFailure, Failure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import { Refusal } from '../../wix/failures.ts';
import { uploadFile } from '../../wix/files.ts';
import type { StoredItems } from '../../wix/items.ts';
import {
  type EndedJob,
  explainEnd,
  readRejections,
  submitJob,
  terminateJob,
} from '../../wix/jobs.ts';
import type { Job, JobRequest } from '../../wix/wire.ts';
import { isTruncating } from '../compare/plan.ts';
import { nameOf, type Run } from '../run.ts';
import { giveBackReferences } from './give-back.ts';
import { changedMeanwhile } from './look-again.ts';
import type { Noted } from './note.ts';
import type { Outcome } from './outcome.ts';

/** Rows that were sent to the site, and those that it rejected. */
export interface SentRows {
  readonly columns: readonly string[];
  readonly rows: readonly DeltaRow[];
  readonly rejected: readonly RejectedEntry[];
  /** How their job ended; `undefined` for multi-references, which need no job. */
  readonly end?: EndedJob;
}

/** How the rows of a collection are sent. */
export interface FileFormat {
  /** What the headers of a CSV file are. */
  readonly headers: 'key' | 'display-name';
  readonly format: 'csv' | 'jsonl';
}

/** How the rows of a content are sent: as configured, unless the site needs something else. */
export function fileFormatOf({ plan, learned }: Outcome): FileFormat {
  const { content } = plan.head;
  if (content.kind === 'localization') return { headers: 'key', format: 'csv' };
  const headers = content.importHeaders === 'display-name' ? 'display-name' : 'key';
  return { headers, format: content.uploadFormat, ...learned };
}

/** Work on a content, which yields each job that it has submitted, and goes on when that has ended. */
export type Writing<Result = Outcome> = AsyncGenerator<Job, Result, EndedJob>;

/** The most rows that one file may carry (wix-api.md 3.2). */
const rowsPerJob = 50_000;

/**
 * Sends rows of one content to the site, in one job after the other. Rows that somebody has edited in the
 * CMS since they were read are held back.
 *
 * @param read items that were read a moment ago, so that they need not be looked at once more.
 * @returns how far it came, and the failure that ended it.
 */
export async function* writeContent(
  run: Run,
  client: WixClient,
  noted: Noted,
  outcome: Outcome,
  writes: readonly Write[],
  read: StoredItems = new Map(),
): Writing {
  const { plan } = outcome;
  const { content } = plan.head;
  let now = outcome;
  try {
    const { now: looked, ready } = await holdEdited(client, outcome, writes, read);
    now = looked;
    const { live, collection } = plan.live;
    const columns = collection ? deltaColumns(collection, live, ready) : [...live.positions.keys()];
    const rows = ready.map((write) => deltaRow(columns, live, write));
    // A second job that empties the collection first would undo the first one.
    const size = isTruncating(content) ? rows.length : rowsPerJob;
    for (let first = 0; first < rows.length; first += size) {
      const part = rows.slice(first, first + size);
      const source = await upload(run, client, outcome, columns, part);
      const name = `${noted.jobs.get(content) ?? ''} ${randomUUID().slice(0, 8)}`;
      await noted.confirm();
      const unasked = now;
      now = { ...now, asked: true, mayStillWrite: true };
      const request = { name, source, destination: destinationOf(content) };
      const job = await submit(client, request);
      if (job instanceof Refusal) return { ...unasked, failure: job };
      const end = yield* ending(client, job);
      now = { ...now, mayStillWrite: false };
      if (end.kind === 'failed' || end.kind === 'vanished') {
        throw new Failure('job-failed', `${nameOf(content)}: ${explainEnd(end)}`);
      }
      const { rejected, failure } = await rejectionsIn(client, end);
      now = { ...now, sent: [...now.sent, { columns, rows: part, rejected, end }] };
      if (outcome.givesBack) await giveBackReferences(client, plan, ready);
      if (failure !== undefined) return { ...now, failure };
    }
    return now;
  } catch (error) {
    return { ...now, failure: asFailure(error) };
  }
}

/** Holds back the rows that somebody has edited in the CMS; all rows if the collection is emptied first. */
async function holdEdited(
  client: WixClient,
  outcome: Outcome,
  writes: readonly Write[],
  read: StoredItems,
): Promise<{ readonly now: Outcome; readonly ready: readonly Write[] }> {
  const { content } = outcome.plan.head;
  // Rows that this run has sent look edited, too.
  const own = new Set(outcome.sent.flatMap(({ rows }) => rows.map(({ key }) => key)));
  const others = writes.filter(({ key }) => !own.has(key));
  const edited = await changedMeanwhile(client, outcome.plan, others, read);
  const places = new Map(writes.map(({ key, place }) => [key, place]));
  const held = [...edited].map((key) => {
    const whole = { column: undefined, base: undefined, git: 'changed', cms: 'changed' };
    return { key, ...whole, place: places.get(key) };
  });
  const now = { ...outcome, held: [...outcome.held, ...held] };
  if (edited.size === 0 || !isTruncating(content)) {
    return { now, ready: writes.filter(({ key }) => !edited.has(key)) };
  }
  const warning = `${nameOf(content)}: somebody edited it in the CMS while the import ran, so it was not emptied, and nothing was written. Run the import again.`;
  return { now: { ...now, warnings: [...now.warnings, warning] }, ready: [] };
}

async function upload(
  run: Run,
  client: WixClient,
  outcome: Outcome,
  columns: readonly string[],
  rows: readonly DeltaRow[],
): Promise<JobRequest['source']> {
  const { collection } = outcome.plan.live;
  const { headers, format } = fileFormatOf(outcome);
  const isNamed = headers === 'display-name' && collection !== undefined;
  const header = isNamed ? columns.map((key) => displayNameOf(collection, key)) : columns;
  const doubled = isNamed ? doubledName(collection, columns) : undefined;
  if (doubled !== undefined) {
    const words = `${nameOf(outcome.plan.head.content)}: two fields have the display name "${doubled}", so a file with display names cannot tell them apart. Set upload-format: jsonl, or give one of them another name in the CMS.`;
    throw new Failure('config', words);
  }
  const types = new Map(collection?.fields.map(({ key, type }) => [key, type]));
  const path = join(run.temp, `delta.${format}`);
  writeFileSync(
    path,
    format === 'jsonl'
      ? rows.map((row) => `${typedLine(columns, row, types)}\n`).join('')
      : // Quotes a lone carriage return too: the vendor's reader may take it for the end of a line.
        stringify([header, ...rows.map(({ cells }) => cells)], { quoted_match: /\r/ }),
  );
  const fileId = await uploadFile(client, path, `wix-cms-sync.${format}`);
  return { file: { fileId, format: format === 'jsonl' ? 'JSONL' : 'CSV' } };
}

function destinationOf(content: Content): JobRequest['destination'] {
  if (content.kind === 'localization') return { localization: { languages: content.languages } };
  const policies = {
    overwrite: 'OVERWRITE',
    'skip-existing': 'SKIP_EXISTING',
    'truncate-before': 'TRUNCATE_BEFORE',
  } as const;
  const writePolicy = policies[content.writePolicy];
  return { wixDataCollection: { collectionId: content.id, writePolicy } };
}

/** Submits an import; returns the refusal if Wix did not take it. */
async function submit(client: WixClient, request: JobRequest): Promise<Job | Refusal> {
  try {
    return await submitJob(client, request);
  } catch (error) {
    if (error instanceof Refusal) return error;
    if (!(error instanceof Failure) || !client.signal.aborted) throw error;
    throw cutShort(request.name, error, await terminateJob(client, request));
  }
}

/** Waits for the end of an import, or terminates it if the run is cancelled. */
async function* ending(client: WixClient, job: Job): Writing<EndedJob> {
  try {
    return yield job;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (client.signal.aborted) throw cutShort(job.id, error, await terminateJob(client, job));
    if (error.reason === 'timeout') throw error;
    const words = `${error.message} The import job ${job.id} was submitted before and may still write: the next import waits for it and compares.`;
    throw new Failure(error.reason, words);
  }
}

/** A job that is terminated may have written some rows, even if its submission was cut off. */
function cutShort(job: string, { reason, message }: Failure, isOver: boolean): Failure {
  const words = isOver
    ? `${message} The import job ${job} was terminated, and some of its rows may have been written: the next import compares.`
    : `${message} The import job ${job} could not be terminated and may still write: the next import waits for it and compares.`;
  return new Failure(reason, words);
}

/** The rejections of a job, those included that only its counter shows; why its log cannot be read. */
async function rejectionsIn(client: WixClient, { kind, job }: EndedJob) {
  const isQuiet = kind === 'completed' && job.rejected === 0 && job.logged === 0;
  const read = isQuiet ? [] : await readRejections(client, job.id).catch(asFailure);
  const [named, failure] = read instanceof Failure ? [[], read] : [read];
  /**
   * @cause Wix rejected a row without saying which.
   * @remedy Correct the rows that the import reports as missing, and run again.
   */
  const description = 'Wix counted a rejected row that its log does not name.';
  const unnamed = { source: '', code: '', description };
  const missing = Math.max(0, job.rejected - named.length);
  return { rejected: [...named, ...Array<RejectedEntry>(missing).fill(unnamed)], failure };
}
