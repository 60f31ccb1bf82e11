import { join } from 'node:path';
import type { Content } from '../../config/config.ts';
import { Failure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import { downloadFile } from '../../wix/files.ts';
import {
  type EndedJob,
  explainEnd,
  exportJobName,
  followJobs,
  getJob,
  readRejections,
  submitJob,
} from '../../wix/jobs.ts';
import type { Job, JobRequest } from '../../wix/wire.ts';
import { nameOf, type Run } from '../run.ts';

/** The rows to read of a content. */
export interface RowsToRead {
  readonly keys: ReadonlySet<string>;
  /** The recorded columns of the content, because a few rows may show nothing in some of them. */
  readonly columns: readonly string[];
}

/** How contents are read. */
export interface Selection {
  /** What the files have, or whole items. */
  readonly extent: 'configured' | 'whole';
  /** The contents of which only some rows are read. */
  readonly rows?: ReadonlyMap<Content, RowsToRead>;
  /** The contents of which only some fields are read. */
  readonly fields?: ReadonlyMap<Content, readonly string[]>;
}

export interface Download {
  readonly path: string;
  /** How many items the job wrote; 0 if it does not say. */
  readonly items: number;
}

/** A service behind the export job failed: one more try is worth it (wix-api.md 1.13). */
export class PassingFailure extends Failure {}

const passingCodes: ReadonlySet<string | undefined> = new Set(['WDH0000', 'WDH0002']);

/**
 * Reads contents from the site: submits all export jobs, follows them together, and downloads each
 * file as soon as its job ends.
 *
 * @param folder where the downloads go, one file per content.
 * @returns an answer for every content; one that fails does not fail the others.
 */
export async function readSite(
  client: WixClient,
  contents: readonly Content[],
  selection: Selection,
  { folder, onProgress }: { readonly folder: string } & Pick<Run, 'onProgress'>,
): Promise<ReadonlyMap<Content, Download | Failure>> {
  const reads = new Map<Content, Download | Failure>();
  const submitted = new Map<Job, Content>();
  for (const content of contents) {
    const job = await orFailure(submitJob(client, exportRequest(content, selection)));
    if (job instanceof Failure) reads.set(content, job);
    else submitted.set(job, content);
  }
  const byId = new Map([...submitted].map(([{ id }, content]) => [id, content]));
  for await (const end of followJobs(client, [...submitted.keys()], onProgress)) {
    const content = byId.get(end.job.id);
    if (content === undefined) continue;
    const path = join(folder, `${contents.indexOf(content)}.csv`);
    reads.set(content, await collect(client, content, end, path));
  }
  return reads;
}

/** Returns a failure that concerns one content alone. */
async function orFailure<T>(asked: Promise<T>): Promise<T | Failure> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof Failure) || error.reason !== 'api') throw error;
    return error;
  }
}

function exportRequest(content: Content, { extent, rows, fields }: Selection): JobRequest {
  const name = exportJobName(nameOf(content));
  const destination = { file: { format: 'CSV', fileName: 'export.csv' } } as const;
  if (content.kind === 'localization') {
    return { name, source: { localization: { languages: content.languages } }, destination };
  }
  const { id: collectionId } = content;
  const isWhole = extent === 'whole';
  const keys = rows?.get(content)?.keys;
  const configured = isWhole ? undefined : content.filter;
  const filter = keys === undefined ? configured : { _id: { $in: [...keys] } };
  const wanted = isWhole ? undefined : content.fields;
  const named = fields?.get(content)?.filter((key) => wanted?.includes(key) ?? true) ?? wanted;
  const query = {
    ...(filter && { filter }),
    ...(named && { fields: [...new Set(['_id', ...named])] }),
  };
  const filterQuery = Object.keys(query).length === 0 ? {} : { filterQuery: query };
  return { name, source: { wixDataCollection: { collectionId, ...filterQuery } }, destination };
}

async function collect(
  client: WixClient,
  content: Content,
  end: EndedJob,
  path: string,
): Promise<Download | Failure> {
  const { job } = end;
  if (end.kind === 'completed' && job.rejected === 0) {
    const url = (attempt: number) => fileUrl(client, content, job, attempt);
    const failure = await orFailure(downloadFile(client, url, path));
    return failure instanceof Failure ? failure : { path, items: job.successful };
  }
  const reason = end.kind === 'failed' || end.kind === 'vanished' ? 'job-failed' : 'partial';
  const logged = reason === 'partial' ? await loggedInWords(client, job) : [];
  const why = [explainEnd(end), ...logged].join(' ');
  const Kind = passingCodes.has(job.error?.code) ? PassingFailure : Failure;
  return new Kind(reason, `${nameOf(content)}: ${why} The file was left as it was.`);
}

/** What the log of an export says about items that it left out; nothing if it cannot be read. */
async function loggedInWords(client: WixClient, { id }: Job): Promise<readonly string[]> {
  try {
    const [first, ...others] = await readRejections(client, id);
    if (first === undefined) return [];
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    const words = [first.code, first.description].filter(Boolean).join(' ');
    return [`Its log names the item ${first.source}${more}: ${words}.`];
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    return [];
  }
}

/** The URL of the job's file; after a failed download, a fresh one. */
async function fileUrl(
  client: WixClient,
  content: Content,
  job: Job,
  attempt: number,
): Promise<string> {
  const named = attempt === 1 ? job : await getJob(client, job.id);
  const url = named?.fileUrl ?? job.fileUrl;
  if (url !== undefined) return url;
  throw new Failure(
    'api',
    `${nameOf(content)}: the export job ${job.id} ended without a file to download. Run the export again.`,
  );
}
