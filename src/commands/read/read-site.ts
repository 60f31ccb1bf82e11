import { join } from 'node:path';
import type { Content } from '../../config/config.ts';
import { Failure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import { downloadFile } from '../../wix/files.ts';
import { type EndedJob, explainEnd } from '../../wix/job.ts';
import { followJobs, getJob, readRejections } from '../../wix/jobs.ts';
import { submitJob, uniqueJobName } from '../../wix/submit.ts';
import type { Job, JobRequest } from '../../wix/wire.ts';
import { nameOf } from '../run.ts';

/** How much of a collection is read: what its file carries, or all that an item holds. */
export type Extent = 'configured' | 'whole';

/** How the contents are read: how much of them, and of which of them some items or fields alone. */
export interface Selection {
  readonly extent: Extent;
  /** The keys of the items. */
  readonly items: ReadonlyMap<Content, ReadonlySet<string>>;
  /** The keys of the fields. */
  readonly fields: ReadonlyMap<Content, readonly string[]>;
}

/** The site's answer for one content: a file as it was downloaded, or why there is none. */
export type SiteRead =
  | {
      readonly kind: 'file';
      readonly path: string;
      /** How many items the job says it wrote; 0 where it does not say. */
      readonly items: number;
    }
  | { readonly kind: 'failed'; readonly failure: Failure };

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
  options: Selection & {
    readonly folder: string;
    readonly onProgress?: (jobs: readonly Job[]) => void;
  },
): Promise<ReadonlyMap<Content, SiteRead>> {
  const reads = new Map<Content, SiteRead>();
  let waiting = contents;
  for (let attempt = 1; waiting.length > 0; attempt += 1) {
    const repeat: Content[] = [];
    const submitted = await submitAll(client, waiting, options, reads);
    for await (const end of followJobs(client, [...submitted.keys()], options.onProgress)) {
      const content = contentOf(submitted, end);
      if (attempt === 1 && isPassing(end)) repeat.push(content);
      else {
        const path = join(options.folder, `${contents.indexOf(content)}.csv`);
        reads.set(content, await collect(client, content, end, path));
      }
    }
    waiting = repeat;
  }
  return reads;
}

async function submitAll(
  client: WixClient,
  contents: readonly Content[],
  selection: Selection,
  reads: Map<Content, SiteRead>,
): Promise<ReadonlyMap<Job, Content>> {
  const submitted = new Map<Job, Content>();
  for (const content of contents) {
    try {
      submitted.set(await submitJob(client, exportRequest(content, selection)), content);
    } catch (error) {
      if (!(error instanceof Failure) || error.reason !== 'api') throw error;
      reads.set(content, { kind: 'failed', failure: error });
    }
  }
  return submitted;
}

function exportRequest(content: Content, { extent, items, fields }: Selection): JobRequest {
  const name = uniqueJobName('export', nameOf(content));
  const destination = { file: { format: 'CSV', fileName: 'export.csv' } } as const;
  if (content.kind === 'localization') {
    return { name, source: { localization: { languages: content.languages } }, destination };
  }
  const { id: collectionId } = content;
  const keys = items.get(content);
  const configured = extent === 'configured' ? content.filter : undefined;
  const filter = keys === undefined ? configured : { _id: { $in: [...keys] } };
  const configuredFields = extent === 'configured' ? content.fields : undefined;
  const readable = fields.get(content);
  const named = readable?.filter((key) => configuredFields?.includes(key) ?? true);
  const selected = named ?? configuredFields;
  const query = {
    ...(filter === undefined ? {} : { filter }),
    ...(selected === undefined ? {} : { fields: [...new Set(['_id', ...selected])] }),
  };
  const filterQuery = Object.keys(query).length === 0 ? {} : { filterQuery: query };
  return { name, source: { wixDataCollection: { collectionId, ...filterQuery } }, destination };
}

function contentOf(submitted: ReadonlyMap<Job, Content>, end: EndedJob): Content {
  for (const [job, content] of submitted) if (job.id === end.job.id) return content;
  throw new Error(`The job ${end.job.id} was followed but never submitted`);
}

/** Failures of a service behind the job are worth one more try of a read (wix-api.md 1.13). */
function isPassing(end: EndedJob): boolean {
  return end.kind === 'failed' && ['WDH0000', 'WDH0002'].includes(end.job.error?.code ?? '');
}

async function collect(
  client: WixClient,
  content: Content,
  end: EndedJob,
  path: string,
): Promise<SiteRead> {
  const { job } = end;
  if (end.kind !== 'completed' || job.rejected > 0) {
    const reason = end.kind === 'failed' || end.kind === 'vanished' ? 'job-failed' : 'partial';
    const logged = reason === 'partial' ? await loggedInWords(client, job) : [];
    const why = [explainEnd(end), ...logged].join(' ');
    const message = `${nameOf(content)}: ${why} The file was left as it was.`;
    return { kind: 'failed', failure: new Failure(reason, message) };
  }
  try {
    await downloadFile(client, (attempt) => fileUrl(client, content, job, attempt), path);
    return { kind: 'file', path, items: job.successful };
  } catch (error) {
    if (!(error instanceof Failure) || error.reason !== 'api') throw error;
    return { kind: 'failed', failure: error };
  }
}

/** What the log of an export says of the items that it left out; nothing where it cannot be read. */
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

/** The URL that the job named; after a failed download the job is asked again, for a fresh one. */
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
