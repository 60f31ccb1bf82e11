import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import type { Content } from '../../config/config.ts';
import { type DeltaRow, deltaColumns, deltaRow, typedLine } from '../../content/delta.ts';
import { displayNameOf } from '../../content/download.ts';
import type { RejectedEntry } from '../../content/rejections.ts';
import { Failure, type Place } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import { Refusal } from '../../wix/failures.ts';
import { uploadFile } from '../../wix/files.ts';
import { type EndedJob, explainEnd } from '../../wix/job.ts';
import { followJobs, readRejections } from '../../wix/jobs.ts';
import { submitJob } from '../../wix/submit.ts';
import { terminateJob, terminateNamed } from '../../wix/terminate.ts';
import type { Job, JobRequest } from '../../wix/wire.ts';
import { nameOf, type Run } from '../run.ts';
import { type ContentPlan, isTruncating } from './import-content.ts';

/** A row of a delta file, and where it stands in git. */
export type SentRow = DeltaRow & { readonly place: Place | undefined };

/** Rows that the site was sent, and what the vendor said of them. */
export interface SentRows {
  readonly columns: readonly string[];
  readonly rows: readonly SentRow[];
  readonly rejected: readonly RejectedEntry[];
}

/** One job's worth of rows. */
export interface SentFile extends SentRows {
  readonly end: EndedJob;
}

/** How the rows of a collection are sent. */
export interface Manner {
  /** What the headers of a CSV file are made of. */
  readonly headers: 'key' | 'display-name';
  readonly format: 'csv' | 'jsonl';
  /** What becomes of the multi-references of an item when its row is written. */
  readonly references: 'kept' | 'given-back';
}

/** How a content is configured to be sent. */
export function mannerOf(content: Content): Manner {
  if (content.kind === 'localization') return { headers: 'key', format: 'csv', references: 'kept' };
  const headers = content.importHeaders === 'display-name' ? 'display-name' : 'key';
  return { headers, format: content.uploadFormat, references: 'kept' };
}

/** Whether the site took some of the rows only. */
export function isPartial({ end, rejected }: SentFile): boolean {
  const counted = end.job.rejected > 0;
  return end.kind === 'partially-successful' || counted || rejected.length > 0;
}

/** The most rows that one file may carry (wix-api.md 3.2). */
const rowsPerJob = 50_000;

/** What is to be written of a plan. */
export interface Writing {
  readonly plan: ContentPlan;
  readonly writes: ContentPlan['writes'];
  readonly manner: Manner;
  /** What the names of its jobs begin with. */
  readonly job: string;
  /** Makes sure, right before a job is submitted, that no other import has begun. */
  readonly confirm: () => Promise<void>;
  /** Told once a job is submitted, or may be. */
  readonly onAsked: () => void;
}

/** Writes planned rows of one content to the site, job after job; yields each as it ends. */
export async function* writeContent(
  run: Run,
  client: WixClient,
  { writes, ...writing }: Writing,
): AsyncGenerator<SentFile> {
  const { plan } = writing;
  const { columns, rows } = deltaOf(plan, writes);
  // A second job that empties the collection first would undo the first one.
  const size = isTruncating(plan.head.content) ? rows.length : rowsPerJob;
  for (let first = 0; first < rows.length; first += size) {
    const part = rows.slice(first, first + size);
    const job = await submitPart(run, client, writing, columns, part);
    const end = await followToEnd(run, client, job);
    const { content } = plan.head;
    if (end.kind === 'failed' || end.kind === 'vanished') {
      throw new Failure('job-failed', `${nameOf(content)}: ${explainEnd(end)}`);
    }
    const log = await loggedRejections(client, end);
    const named = log instanceof Failure ? [] : log;
    yield { columns, rows: part, end, rejected: withUnnamed(end, named) };
    // The rows have arrived by now, whether or not the log can be read.
    if (log instanceof Failure) throw log;
  }
}

function deltaOf(plan: ContentPlan, writes: ContentPlan['writes']) {
  const { live, collection, content } = plan.live;
  const columns =
    content.kind === 'collection' && collection !== undefined
      ? deltaColumns(collection, live, writes)
      : [...live.positions.keys()];
  const rows = writes.map((write) => ({
    ...deltaRow(columns, live, write),
    place: write.place,
  }));
  return { columns, rows };
}

async function submitPart(
  run: Run,
  client: WixClient,
  { plan, manner, job: begin, confirm, onAsked }: Omit<Writing, 'writes'>,
  columns: readonly string[],
  rows: readonly SentRow[],
): Promise<Job> {
  const { content } = plan.head;
  const format = manner.format === 'jsonl' ? 'JSONL' : 'CSV';
  const path = join(run.temp, `delta.${format.toLowerCase()}`);
  writeFileSync(
    path,
    format === 'CSV'
      ? csvText(headersOf(plan, columns, manner), rows)
      : jsonlText(plan, columns, rows),
  );
  const fileId = await uploadFile(client, path, `wix-cms-sync.${format.toLowerCase()}`);
  const name = `${begin} ${randomUUID().slice(0, 8)}`;
  await confirm();
  const source = { file: { fileId, format } } as const;
  try {
    const job = await submitJob(client, { name, source, destination: destinationOf(content) });
    onAsked();
    return job;
  } catch (error) {
    if (!(error instanceof Refusal)) onAsked();
    if (!(error instanceof Failure) || !run.signal.aborted) throw error;
    throw cutShort(name, error, await terminateNamed(client, name));
  }
}

/** The headers of a CSV file: as the site is known to understand them (wix-api.md 3.1, 3.4). */
function headersOf(
  { live: { collection } }: ContentPlan,
  columns: readonly string[],
  { headers }: Manner,
): readonly string[] {
  if (headers === 'key' || collection === undefined) return columns;
  return columns.map((key) => displayNameOf(collection, key));
}

function csvText(columns: readonly string[], rows: readonly SentRow[]): string {
  // A carriage return alone is quoted as well: the vendor's reader may take it for the end of a line.
  return stringify([columns, ...rows.map(({ cells }) => cells)], { quoted_match: /\r/ });
}

function jsonlText(
  plan: ContentPlan,
  columns: readonly string[],
  rows: readonly SentRow[],
): string {
  const fields = plan.live.collection?.fields ?? [];
  const types = new Map(fields.map(({ key, type }) => [key, type]));
  return rows.map((row) => `${typedLine(columns, row, types)}\n`).join('');
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

/** Follows an import to its end; one that is cut short by a cancellation is terminated. */
async function followToEnd(run: Run, client: WixClient, job: Job): Promise<EndedJob> {
  try {
    for await (const end of followJobs(client, [job], run.onProgress)) {
      return end;
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (run.signal.aborted) {
      throw cutShort(job.id, error, await terminateJob(client, job.id));
    }
    throw error.reason === 'timeout' ? error : lostSight(job, error);
  }
  throw new Error(`The job ${job.id} was followed without coming to an end`);
}

/** A job that is terminated has done some of its work, also one whose submission was cut off. */
function cutShort(job: string, { reason, message }: Failure, isOver: boolean): Failure {
  const words = isOver
    ? `${message} The import job ${job} was terminated, and some of its rows may have been written: the next import compares.`
    : `${message} The import job ${job} could not be terminated and may still write: the next import waits for it and compares.`;
  return new Failure(reason, words);
}

/** What the job does is not known any more, and whoever reads of the failure must not think: nothing. */
function lostSight({ id }: Job, { reason, message }: Failure): Failure {
  return new Failure(
    reason,
    `${message} The import job ${id} was submitted before and may still write: the next import waits for it and compares.`,
  );
}

async function loggedRejections(
  client: WixClient,
  { kind, job }: EndedJob,
): Promise<readonly RejectedEntry[] | Failure> {
  const isQuiet = kind === 'completed' && job.rejected === 0 && job.logged === 0;
  if (isQuiet) return [];
  try {
    return await readRejections(client, job.id);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** The rejections that a log names, and those that only the job's counter tells of. */
function withUnnamed({ job }: EndedJob, named: readonly RejectedEntry[]): readonly RejectedEntry[] {
  /**
   * @cause A row was rejected, and Wix does not say which.
   * @remedy Look for the rows that the read-back names, correct them, and run again.
   */
  const description = 'Wix counted a rejected row that its log does not name.';
  const unnamed = { source: '', code: '', description };
  const missing = Math.max(0, job.rejected - named.length);
  return [...named, ...Array.from({ length: missing }, () => unnamed)];
}
