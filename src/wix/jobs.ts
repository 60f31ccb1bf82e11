import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { Failure } from '../errors.ts';
import { retry } from '../io/retry.ts';
import { ask, isPassing, tooLate, type WixClient, type WixRequest, wixRetries } from './client.ts';
import { folded, Refusal } from './failures.ts';
import { remedies } from './remedies.ts';
import { NoAnswer } from './transport.ts';
import {
  type Job,
  type JobRequest,
  jobShape,
  jobsShape,
  logsShape,
  type Page,
  runningStatuses,
} from './wire.ts';

const jobsPath = '/data-mover/v1/jobs';
/** The most entries of a page (wix-api.md 1.3). */
const limit = 100;

/** A unique name that a person who looks at the jobs can read. */
export function exportJobName(subject: string): string {
  return `wix-cms-sync export ${subject.slice(0, 400)} ${randomUUID()}`;
}

/** Submits a job. A lost answer never makes two: the job is looked for by its name first (wix-api.md 1.13). */
export async function submitJob(client: WixClient, request: JobRequest): Promise<Job> {
  const what = `submit the job "${request.name}"`;
  const post = { method: 'POST', path: jobsPath, body: request, once: true, what } as const;
  const submit = async () => {
    const answer = v.safeParse(jobAnswer, await client.json(post));
    if (answer.success) return answer.output;
    throw new NoAnswer('the answer held no job');
  };
  const find = async () => {
    client.log.debug(`No answer to the request to ${what}: looking whether it is there.`);
    try {
      return await jobNamed(client, request.name, lookups);
    } catch (error) {
      if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
      const words = `${error.message} The answer to the submission of the job "${request.name}" was lost, so the job may be running; the next run looks for it.`;
      throw new Failure(error.reason, words, { cause: error });
    }
  };
  return retry(submit, { ...wixRetries<Job>(client, what), find });
}

/** After how long a submitted job is looked for, in milliseconds. */
const lookups = [500, 1_500, 4_000];

/** How long a termination may take in all, in milliseconds: a cancelled run has five seconds. */
const terminationLimit = 3_500;

/**
 * Terminates a job, also in a cancelled run. Without an id, its submission was cut off, and it is looked for
 * by its name. Returns whether it surely does not run.
 */
export async function terminateJob(
  client: WixClient,
  { id, name }: Pick<Job, 'name'> & Partial<Pick<Job, 'id'>>,
): Promise<boolean> {
  const signal = AbortSignal.timeout(terminationLimit);
  const json = (request: WixRequest) => client.json({ ...request, urgently: signal });
  const urgent = { ...client, signal, json };
  try {
    const jobId = id ?? (await jobNamed(urgent, name, [0, 500]))?.id;
    if (jobId === undefined) return true;
    const path = `${jobsPath}/${encodeURIComponent(jobId)}/terminate`;
    await json({ method: 'POST', path, body: { jobId }, what: `terminate the job ${jobId}` });
    return true;
  } catch (error) {
    if (isNotFound(error)) return true;
    const words = error instanceof Error ? error.message : String(error);
    client.log.warning(
      `The import job ${id ?? `"${name}"`} could not be terminated (${words}). It may still run: check the site before you edit it.`,
    );
    return false;
  }
}

/** The running jobs whose names begin like this, whoever submitted them. */
export async function runningJobs(client: WixClient, start: string): Promise<readonly Job[]> {
  const jobs = await jobsNamedLike(client, start, { status: { $in: runningStatuses } });
  return jobs.filter((job) => endOf(job) === undefined);
}

/** The jobs whose names begin like this, whatever became of them. */
export async function jobsNamedLike(
  client: WixClient,
  start: string,
  filter: Filter = {},
): Promise<readonly Job[]> {
  const jobs = await findJobs(client, { name: { $startsWith: start }, ...filter });
  return jobs.filter((job) => job.name.startsWith(start));
}

type Filter = Readonly<Record<string, unknown>>;

/** Looks for the job of this name after each of these waits, in milliseconds. */
async function jobNamed(
  client: WixClient,
  name: string,
  waits: readonly number[],
): Promise<Job | undefined> {
  for (const wait of waits) {
    await client.clock.sleep(wait, client.signal);
    const jobs = await findJobs(client, { name: { $eq: name } });
    const found = jobs.find((job) => job.name === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The jobs that a filter finds; all of them if Wix refuses the query. */
async function findJobs(client: WixClient, filter: Filter): Promise<readonly Job[]> {
  const all = { path: jobsPath, what: 'list the jobs' };
  return (await queryJobs(client, filter)) ?? allPages(client, jobsShape, all);
}

/** All the jobs that a filter finds; `undefined` if Wix refuses the query: some sites may lack it (wix-api.md 11). */
async function queryJobs(client: WixClient, filter: Filter): Promise<readonly Job[] | undefined> {
  const request = { path: `${jobsPath}/query`, what: 'query the jobs' };
  try {
    return await allPages(client, jobsShape, { ...request, filter });
  } catch (error) {
    // A wrong key is refused for every request.
    const isRefused = error instanceof Refusal && error.status !== 401 && !isPassing(error.status);
    if (isRefused) return undefined;
    throw error;
  }
}

interface Listing extends Pick<WixRequest, 'path' | 'what'> {
  /** Of a query. */
  readonly filter?: Filter;
}

/** Reads page after page. Throws a Failure if a page repeats, or at the deadline. */
async function allPages<Entry>(
  client: WixClient,
  shape: v.GenericSchema<unknown, Page<Entry>>,
  listing: Listing,
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask(client, shape, pageRequest(listing, cursor));
    entries.push(...page.entries);
    if (page.next !== undefined && page.next === cursor) {
      const message = 'Wix gave the same page of a list again and again. Run again later.';
      throw new Failure('api', message);
    }
    cursor = page.next;
    if (cursor !== undefined && client.clock.now() >= client.deadline) throw tooLate(listing.what);
  } while (cursor !== undefined);
  return entries;
}

/** The request for the page of a cursor, or for the first one. A cursor carries the filter, so it goes alone (wix-api.md 1.3). */
function pageRequest({ filter, ...request }: Listing, cursor: string | undefined): WixRequest {
  if (filter !== undefined) {
    const query = { ...(cursor === undefined && { filter }), cursorPaging: { limit, cursor } };
    return { ...request, method: 'POST', body: { query } };
  }
  const next = cursor === undefined ? '' : `&paging.cursor=${encodeURIComponent(cursor)}`;
  return { ...request, method: 'GET', path: `${request.path}?paging.limit=${limit}${next}` };
}

export async function getJob(client: WixClient, id: string): Promise<Job | undefined> {
  const path = `${jobsPath}/${encodeURIComponent(id)}`;
  try {
    return await ask(client, jobAnswer, { method: 'GET', path, what: `look at the job ${id}` });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof Refusal && error.status === 404;
}

const firstInterval = 250;
const longestInterval = 15_000;

/** The first queries may miss a job. Later, one that is missing is asked for by its id. */
const blindLooks = 2;

/**
 * Follows jobs to their ends, with one query per look at growing intervals; yields each as it ends.
 * @throws Failure naming the jobs that still run at the client's deadline.
 */
export async function* followJobs(
  client: WixClient,
  jobs: readonly Job[],
  onProgress: (jobs: readonly Job[]) => void = () => {},
): AsyncGenerator<EndedJob> {
  const running = new Map(jobs.map((job) => [job.id, job]));
  let interval = firstInterval;
  let canQuery = true;
  for (let looks = 1; running.size > 0; looks += 1) {
    await client.clock.sleep(interval, client.signal);
    interval = Math.min(interval * 1.5, longestInterval);
    const seen: Looked | undefined = canQuery ? await look(client, [...running.keys()]) : undefined;
    canQuery = seen !== undefined;
    const isBlind = canQuery && looks <= blindLooks;
    onProgress(Array.from(running, ([id, job]) => seen?.get(id) ?? job));
    for (const [id, last] of running) {
      const job = seen?.get(id) ?? (isBlind ? last : await getJob(client, id));
      running.set(id, job ?? last);
      const end = endSeen(last, job);
      if (end && running.delete(id)) yield end;
    }
    refuseLate(client, [...running.values()]);
  }
}

function endSeen(last: Job, job: Job | undefined): EndedJob | undefined {
  return job === undefined ? { kind: 'vanished', job: last } : endOf(job);
}

type Looked = ReadonlyMap<string, Job>;

/** The jobs of these ids that a query finds; `undefined` if Wix refuses it. */
async function look(client: WixClient, ids: readonly string[]): Promise<Looked | undefined> {
  const found = new Map<string, Job>();
  for (let first = 0; first < ids.length; first += limit) {
    const jobs = await queryJobs(client, { id: { $in: ids.slice(first, first + limit) } });
    if (jobs === undefined) return undefined;
    for (const job of jobs) found.set(job.id, job);
  }
  return found;
}

function refuseLate({ clock, deadline }: WixClient, jobs: readonly Job[]): void {
  if (jobs.length === 0 || clock.now() < deadline) return;
  const states = jobs.slice(0, 5).map(({ id, name, status }) => `${name} (${id}) is ${status}`);
  const more = jobs.length > states.length ? ` and ${jobs.length - states.length} more` : '';
  const message = `The time limit for the jobs has passed, and ${jobs.length} still run: ${states.join(', ')}${more}. Raise the input timeout-minutes, or run again: an import continues where it was.`;
  throw new Failure('timeout', message);
}

/** An item that did not arrive: its id, or the number of its row (wix-api.md 1.11). */
export interface Rejection {
  readonly source: string;
  readonly code: string;
  readonly description: string;
}

export async function readRejections(client: WixClient, id: string): Promise<readonly Rejection[]> {
  const path = `${jobsPath}/${encodeURIComponent(id)}/logs`;
  const logs = await allPages(client, logsShape, { path, what: `read the log of the job ${id}` });
  return logs.flatMap(({ source, failure }) => (failure ? [{ source, ...failure }] : []));
}

/** A job that came to its end. A terminated one may just be gone (wix-api.md 1.6). */
export type EndedJob = {
  readonly kind: 'completed' | 'partially-successful' | 'failed' | 'vanished';
  readonly job: Job;
};

/**
 * A job in an answer, wrapped in `job` or bare: the vendor shows both (wix-api.md 1.12).
 * @internal
 */
export const jobAnswer = v.pipe(
  v.record(v.string(), v.unknown()),
  v.transform((answer) => answer.job ?? answer),
  jobShape,
);

const ends: Readonly<Partial<Record<Job['status'], EndedJob['kind']>>> = {
  COMPLETED: 'completed',
  PARTIALLY_SUCCESSFUL: 'partially-successful',
  FAILED: 'failed',
};

export function endOf(job: Job): EndedJob | undefined {
  const kind = ends[job.status];
  return kind && { kind, job };
}

/** How a job ended, in one line, with what to do. */
export function explainEnd({ kind, job }: EndedJob): string {
  switch (kind) {
    case 'completed':
      /**
       * @cause Wix could not write some items into the export.
       * @remedy Run the export again; if it happens again, report the job id to Wix.
       */
      return `the job ${job.id} ended with ${job.rejected} items rejected.`;
    case 'partially-successful':
      /**
       * @cause One destination of the job did not take everything.
       * @remedy Run again; if it happens again, report the job id to Wix.
       */
      return `the job ${job.id} was only partially successful: ${folded(job.cause ?? 'Wix gave no cause')}.`;
    case 'vanished':
      return `the job ${job.id} is gone: somebody terminated it. Run again.`;
    case 'failed': {
      const { code, description } = job.error ?? { code: '', description: 'Wix gave no reason' };
      const advice =
        remedies.get(code) ?? 'Run again; if it happens again, report the job id to Wix.';
      return `the job ${job.id} failed: ${[code, description].filter(Boolean).join(' ')}. ${advice}`;
    }
  }
}
