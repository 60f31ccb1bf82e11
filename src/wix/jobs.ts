import type * as v from 'valibot';
import { Failure } from '../errors.ts';
import { ask, isPassing, tooLate, type WixClient, type WixRequest } from './client.ts';
import { Refusal } from './failures.ts';
import { type EndedJob, endOf, jobAnswer } from './job.ts';
import { type Job, jobsShape, logsShape, runningStatuses } from './wire.ts';

export const jobsPath = '/data-mover/v1/jobs';
const pageSize = 100;

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

/** Looks for the job of this name after each of these waits, in milliseconds. `urgently` replaces the run's signal. */
export async function jobNamed(
  client: WixClient,
  name: string,
  waits: readonly number[],
  urgently?: AbortSignal,
): Promise<Job | undefined> {
  for (const wait of waits) {
    await client.clock.sleep(wait, urgently ?? client.signal);
    const jobs = await findJobs(client, { name: { $eq: name } }, urgently);
    const found = jobs.find((job) => job.name === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

type Filter = Readonly<Record<string, unknown>>;

/** The jobs that a filter finds; all of them if Wix refuses the query. */
async function findJobs(
  client: WixClient,
  filter: Filter,
  urgently?: AbortSignal,
): Promise<readonly Job[]> {
  const found = await queryJobs(client, filter, urgently);
  return found ?? jobsOn(client, listPage, urgently);
}

/** All the jobs that a filter finds; `undefined` if Wix refuses the query: some sites may lack it (wix-api.md 11). */
async function queryJobs(
  client: WixClient,
  filter: Filter,
  urgently?: AbortSignal,
): Promise<readonly Job[] | undefined> {
  // A cursor carries the filter, so it goes alone (wix-api.md 1.3).
  const queryPage: PageRequest = (cursor) => {
    const paging = { cursorPaging: { limit: pageSize, cursor } };
    const query = cursor === undefined ? { filter, ...paging } : paging;
    return { method: 'POST', path: `${jobsPath}/query`, body: { query }, what: 'query the jobs' };
  };
  try {
    return await jobsOn(client, queryPage, urgently);
  } catch (error) {
    // A wrong key is refused for every request.
    const isRefused = error instanceof Refusal && error.status !== 401 && !isPassing(error.status);
    if (isRefused) return undefined;
    throw error;
  }
}

async function jobsOn(
  client: WixClient,
  page: PageRequest,
  urgently: AbortSignal | undefined,
): Promise<readonly Job[]> {
  const pages = await allPages(client, jobsShape, (cursor) => ({ ...page(cursor), urgently }));
  return pages.flatMap(({ jobs }) => jobs);
}

/** The request for a page: without a cursor, for the first one. */
type PageRequest = (cursor: string | undefined) => WixRequest;

const listPage: PageRequest = (cursor) => {
  const path = `${jobsPath}?${pageParameters(cursor)}`;
  return { method: 'GET', path, what: 'list the jobs' };
};

function pageParameters(cursor: string | undefined): string {
  const next = cursor === undefined ? '' : `&paging.cursor=${encodeURIComponent(cursor)}`;
  return `paging.limit=${pageSize}${next}`;
}

/** Reads page after page. Throws a Failure if a page repeats, or at the deadline. */
async function allPages<const Shape extends typeof jobsShape | typeof logsShape>(
  client: WixClient,
  shape: Shape,
  pageAt: PageRequest,
): Promise<readonly v.InferOutput<Shape>[]> {
  const pages: v.InferOutput<Shape>[] = [];
  let cursor: string | undefined;
  while (true) {
    const request = pageAt(cursor);
    const page = await ask(client, shape, request);
    pages.push(page);
    const paging = page.pagingMetadata;
    const next = (paging?.hasNext && paging.cursors?.next) || undefined;
    if (next === undefined) return pages;
    if (next === cursor) {
      throw new Failure(
        'api',
        'Wix gave the same page of a list again and again. Run again later.',
      );
    }
    if (client.clock.now() >= client.deadline) throw tooLate(request.what);
    cursor = next;
  }
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

export function isNotFound(error: unknown): boolean {
  return error instanceof Refusal && error.status === 404;
}

const firstInterval = 250;
const longestInterval = 15_000;

/** A query may miss a job. After so many misses, it is asked for by its id. */
const mostMisses = 3;

/**
 * Follows jobs to their ends, with one query per look at growing intervals; yields each as it ends.
 * @throws Failure naming the jobs that still run at the client's deadline.
 */
export async function* followJobs(
  client: WixClient,
  jobs: readonly Job[],
  onProgress: (jobs: readonly Job[]) => void = () => {},
): AsyncGenerator<EndedJob> {
  const running = new Map(jobs.map((job) => [job.id, { job, missed: 0 }]));
  let interval = firstInterval;
  let canQuery = true;
  while (running.size > 0) {
    await client.clock.sleep(interval, client.signal);
    interval = Math.min(interval * 1.5, longestInterval);
    const ids = [...running.keys()];
    const looked: Looked | undefined = canQuery ? await look(client, ids) : undefined;
    canQuery = looked !== undefined;
    onProgress(Array.from(running, ([id, { job }]) => looked?.get(id) ?? job));
    for (const [id, followed] of running) {
      followed.missed = canQuery ? followed.missed + 1 : mostMisses;
      const end = await endSeen(client, followed, looked?.get(id));
      if (end === undefined) continue;
      running.delete(id);
      yield end;
    }
    if (running.size > 0 && client.clock.now() >= client.deadline) {
      throw lateFailure([...running.values()].map(({ job }) => job));
    }
  }
}

type Looked = ReadonlyMap<string, Job>;

/** The jobs of these ids that a query finds; `undefined` if Wix refuses it. */
async function look(client: WixClient, ids: readonly string[]): Promise<Looked | undefined> {
  const found = new Map<string, Job>();
  for (let first = 0; first < ids.length; first += pageSize) {
    const jobs = await queryJobs(client, { id: { $in: ids.slice(first, first + pageSize) } });
    if (jobs === undefined) return undefined;
    for (const job of jobs) found.set(job.id, job);
  }
  return found;
}

async function endSeen(
  client: WixClient,
  followed: { job: Job; missed: number },
  seen: Job | undefined,
): Promise<EndedJob | undefined> {
  if (seen === undefined && followed.missed < mostMisses) return undefined;
  const job = seen ?? (await getJob(client, followed.job.id));
  if (job === undefined) return { kind: 'vanished', job: followed.job };
  followed.job = job;
  followed.missed = 0;
  return endOf(job);
}

function lateFailure(jobs: readonly Job[]): Failure {
  const states = jobs.slice(0, 5).map(({ id, name, status }) => `${name} (${id}) is ${status}`);
  const more = jobs.length > states.length ? ` and ${jobs.length - states.length} more` : '';
  return new Failure(
    'timeout',
    `The time limit for the jobs has passed, and ${jobs.length} still run: ${states.join(', ')}${more}. Raise the input timeout-minutes, or run again: an import continues where it was.`,
  );
}

/** An item that did not arrive: its id, or the number of its row (wix-api.md 1.11). */
export interface Rejection {
  readonly source: string;
  readonly code: string;
  readonly description: string;
}

export async function readRejections(client: WixClient, id: string): Promise<readonly Rejection[]> {
  const pages = await allPages(client, logsShape, (cursor) => {
    const path = `${jobsPath}/${encodeURIComponent(id)}/logs?${pageParameters(cursor)}`;
    return { method: 'GET', path, what: `read the log of the job ${id}` };
  });
  const logs = pages.flatMap((page) => page.logs);
  return logs.flatMap(({ sourceItemId: source, failure }) =>
    failure ? [{ source, ...failure }] : [],
  );
}
