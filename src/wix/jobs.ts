import { Failure } from '../errors.ts';
import type { WixClient } from './client.ts';
import { folded, Refusal } from './failures.ts';
import { type EndedJob, endOf, type Job, jobFrom, runningStatuses } from './job.ts';
import { conform } from './shape.ts';
import { logsShape, pagingShape } from './wire.ts';

export const jobsPath = '/data-mover/v1/jobs';
const pageSize = 100;

/** What the names of this action's jobs begin with. */
export function jobNamePrefix(kind: 'export' | 'import'): string {
  return `wix-cms-sync ${kind} `;
}

/** The jobs of this kind that still run, whoever submitted them. */
export async function runningJobs(
  client: WixClient,
  kind: 'export' | 'import',
): Promise<readonly Job[]> {
  return queryJobs(client, {
    name: { $startsWith: jobNamePrefix(kind) },
    status: { $in: runningStatuses },
  });
}

/**
 * All the jobs that a filter finds.
 *
 * @param urgently ends the query, instead of the run's own signal, which does not count then.
 */
export async function queryJobs(
  client: WixClient,
  filter: Readonly<Record<string, unknown>>,
  urgently?: AbortSignal,
): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  let cursor: string | undefined;
  while (true) {
    // A cursor carries the filter, so it goes alone (wix-api.md 1.3).
    const query =
      cursor === undefined
        ? { filter, cursorPaging: { limit: pageSize } }
        : { cursorPaging: { limit: pageSize, cursor } };
    const answer = await client.json(
      {
        method: 'POST',
        path: `${jobsPath}/query`,
        body: { query },
        repeatable: true,
        urgent: urgently !== undefined,
        what: 'query the jobs',
      },
      urgently,
    );
    jobs.push(...jobsIn(answer));
    cursor = nextCursor(answer, cursor);
    if (cursor === undefined) return jobs;
  }
}

function jobsIn(answer: object): readonly Job[] {
  const listed: unknown = 'jobs' in answer ? answer.jobs : [];
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((wire: unknown) => {
    return typeof wire === 'object' && wire !== null ? (jobFrom(wire) ?? []) : [];
  });
}

/** The cursor of the next page; one that leads nowhere new would be followed for ever. */
function nextCursor(answer: object, cursor: string | undefined): string | undefined {
  const { pagingMetadata: paging } = conform(answer, pagingShape);
  const next = (paging?.hasNext && paging.cursors?.next) || undefined;
  if (next === undefined || next !== cursor) return next;
  throw new Failure('api', 'Wix gave the same page of a list again and again. Run again later.');
}

/** A job as it stands; `undefined` if there is none of this id. */
export async function getJob(client: WixClient, id: string): Promise<Job | undefined> {
  const path = `${jobsPath}/${encodeURIComponent(id)}`;
  const what = `look at the job ${id}`;
  try {
    const job = jobFrom(await client.json({ method: 'GET', path, repeatable: true, what }));
    if (job !== undefined) return job;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
  throw new Failure(
    'api',
    `Wix was asked to ${what}, and its answer held no job. Run again later.`,
  );
}

/** Whether Wix says that there is no such job. */
export function isNotFound(error: unknown): boolean {
  return error instanceof Refusal && error.status === 404;
}

const firstInterval = 250;
const longestInterval = 15_000;
/** After how many looks that do not show a job it is asked for by itself. */
const patience = 3;

/**
 * Follows jobs to their ends, all of them with one query per look, at growing intervals.
 *
 * @param onProgress told how the jobs are getting on, at each look.
 * @returns yields each job as it ends.
 * @throws Failure naming the jobs that still run at the client's deadline.
 */
export async function* followJobs(
  client: WixClient,
  jobs: readonly Job[],
  onProgress: (jobs: readonly Job[]) => void = () => {},
): AsyncGenerator<EndedJob> {
  const running = new Map(jobs.map((job) => [job.id, { job, missed: 0 }]));
  let interval = firstInterval;
  while (running.size > 0) {
    await client.clock.sleep(interval, client.signal);
    interval = Math.min(interval * 1.5, longestInterval);
    const looked = await look(client, [...running.keys()]);
    onProgress(Array.from(running, ([id, { job }]) => looked.get(id) ?? job));
    for (const [id, followed] of running) {
      const end = await endSeen(client, followed, looked.get(id));
      if (end === undefined) continue;
      running.delete(id);
      yield end;
    }
    if (running.size > 0 && client.clock.now() >= client.deadline) {
      throw lateFailure([...running.values()].map(({ job }) => job));
    }
  }
}

async function look(client: WixClient, ids: readonly string[]): Promise<ReadonlyMap<string, Job>> {
  const found = new Map<string, Job>();
  for (let first = 0; first < ids.length; first += pageSize) {
    const some = ids.slice(first, first + pageSize);
    for (const job of await queryJobs(client, { id: { $in: some } })) found.set(job.id, job);
  }
  return found;
}

async function endSeen(
  client: WixClient,
  followed: { job: Job; missed: number },
  seen: Job | undefined,
): Promise<EndedJob | undefined> {
  if (seen !== undefined) {
    followed.job = seen;
    followed.missed = 0;
    return endOf(seen);
  }
  followed.missed += 1;
  if (followed.missed < patience) return undefined;
  followed.missed = 0;
  const job = await getJob(client, followed.job.id);
  if (job === undefined) return { kind: 'vanished', job: followed.job };
  followed.job = job;
  return endOf(job);
}

function lateFailure(jobs: readonly Job[]): Failure {
  const states = jobs.slice(0, 5).map(({ id, name, status }) => `${name} (${id}) is ${status}`);
  const more = jobs.length > states.length ? ` and ${jobs.length - states.length} more` : '';
  return new Failure(
    'timeout',
    `The time for the jobs is up, and ${jobs.length} still run: ${states.join(', ')}${more}. Raise the input timeout-minutes, or run again: an import continues where it was.`,
  );
}

/** An entry of a job's log (wix-api.md 1.11). */
export interface LogEntry {
  /** The item id, or the number of a row. */
  readonly source: string;
  /** `undefined` for an item that arrived. */
  readonly failure: { readonly code: string; readonly description: string } | undefined;
}

/** All the log entries of a job. */
export async function readLogs(client: WixClient, id: string): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = [];
  let cursor: string | undefined;
  while (true) {
    const page = cursor === undefined ? '' : `&paging.cursor=${encodeURIComponent(cursor)}`;
    const answer = await client.json({
      method: 'GET',
      path: `${jobsPath}/${encodeURIComponent(id)}/logs?paging.limit=${pageSize}${page}`,
      repeatable: true,
      what: `read the log of the job ${id}`,
    });
    const { logs } = conform(answer, logsShape);
    for (const { sourceItemId, failure } of logs ?? []) {
      const { code, description } = failure ?? {};
      entries.push({
        source: sourceItemId ?? '',
        failure: failure
          ? { code: folded(code ?? ''), description: folded(description ?? '') }
          : undefined,
      });
    }
    cursor = nextCursor(answer, cursor);
    if (cursor === undefined) return entries;
  }
}
