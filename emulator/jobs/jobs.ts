import type { JobFault, JobTrouble } from '../faults.ts';
import { WixError } from '../http/failures.ts';
import type { JsonObject } from '../json.ts';
import type { EmulatorClock, Settings } from '../settings.ts';

type JobStatus =
  | 'UNINITIALIZED'
  | 'INITIALIZING'
  | 'IN_PROGRESS'
  | 'COMPLETED'
  | 'FAILED'
  | 'PARTIALLY_SUCCESSFUL';

/** A movement job as the API shows it (wix-api.md 1.5). */
export interface Job {
  readonly id: string;
  readonly name?: string;
  status: JobStatus;
  readonly startedAt: string;
  finishedAt?: string;
  /** As the request sent it. */
  readonly source: JsonObject;
  readonly destination: JsonObject;
  progress: {
    current: number;
    total: number | null;
    itemsRejected: number;
    itemsSuccessful: number;
  };
  partiallySuccessfulOptions?: { cause: string };
  error?: { code: string; description: string; data: JsonObject };
  readonly sourceSiteId?: string;
  readonly destinationSiteId?: string;
  logsRecorded: number;
  readonly scheduleId: null;
  readonly workflowId: null;
}

/** One entry of a job's logs (wix-api.md 1.11). */
export interface JobLog {
  readonly sourceItemId: string;
  readonly failure?: {
    readonly code: string;
    readonly description: string;
    readonly data: JsonObject;
  };
}

/** Ends a job as FAILED with this code; thrown by the work of a job. */
export class JobFailure extends Error {
  override readonly name = 'JobFailure';
  readonly code: string;
  readonly details: JsonObject;

  constructor(code: string, message: string, details: JsonObject = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** What the work of a job may say while it runs. */
export interface JobProgress {
  /** Whether a fault ends the job here, with what it did so far. */
  isOver(): boolean;
  /** How much there is to do, in the units of the source; a file's are bytes (wix-api.md 1.5). */
  total(units: number | null): void;
  moved(units: number): void;
  rejected(units: number, log: JobLog): void;
}

/**
 * The work of a job, in steps: each `yield` is a moment at which time passes, progress shows and
 * the job can be terminated. Throws JobFailure.
 */
export type JobWork = (progress: JobProgress) => AsyncGenerator<void>;

/** The jobs of one site, newest last, and their logs. */
export interface JobList {
  readonly jobs: Map<string, Job>;
  readonly logs: Map<string, JobLog[]>;
  /** Jobs that were terminated and are to be followed no further. */
  readonly terminated: Set<string>;
}

export function createJobList(): JobList {
  return { jobs: new Map(), logs: new Map(), terminated: new Set() };
}

function isOver(job: Job): boolean {
  return ['COMPLETED', 'FAILED', 'PARTIALLY_SUCCESSFUL'].includes(job.status);
}

/** Lives the life of a job from its submission to its end (wix-api.md 1.6). */
export async function runJob(
  job: Job,
  work: JobWork,
  surroundings: {
    readonly list: JobList;
    readonly clock: EmulatorClock;
    readonly settings: Settings;
    readonly fault: JobFault | undefined;
    readonly closing: AbortSignal;
  },
): Promise<void> {
  const { list, clock, settings, fault, closing } = surroundings;
  const stuckAt = fault !== undefined && 'stuck' in fault ? fault.stuck : undefined;
  const stopped = () => list.terminated.has(job.id);

  await clock.sleep(settings.jobSteps.uninitialized, closing);
  if (stopped() || stuckAt === 'UNINITIALIZED') return;
  job.status = 'INITIALIZING';
  await clock.sleep(settings.jobSteps.initializing, closing);
  if (stopped() || stuckAt === 'INITIALIZING') return;
  job.status = 'IN_PROGRESS';
  if (stuckAt === 'IN_PROGRESS') return;

  const failure = await worked(job, work, fault, { ...surroundings, stopped });
  if (stopped()) return;
  end(job, list, settings, fault, failure);
  if (isOver(job)) job.finishedAt = new Date(clock.now()).toISOString();
}

/** Stops a job that is not over; what it did so far stays done (wix-api.md 1.6). */
export function terminate(job: Job, list: JobList, settings: Settings, now: number): void {
  if (isOver(job)) return;
  list.terminated.add(job.id);
  if (settings.terminated === 'gone') {
    list.jobs.delete(job.id);
    return;
  }
  job.status = 'FAILED';
  job.error = { code: 'WDH0000', description: 'The job was terminated.', data: {} };
  job.finishedAt = new Date(now).toISOString();
}

/**
 * Moves rows one by one, each worth `units` of progress; `move` answers the log of a row that the
 * destination refused. Time passes now and then.
 */
export async function* moveEach<T>(
  rows: readonly T[],
  units: number,
  progress: JobProgress,
  move: (row: T, index: number) => JobLog | undefined,
): AsyncGenerator<void> {
  const batch = Math.max(1, Math.ceil(rows.length / stepsInProgress));
  for (const [index, row] of rows.entries()) {
    const log = move(row, index);
    if (log === undefined) progress.moved(units);
    else progress.rejected(units, log);
    if (progress.isOver()) return;
    if ((index + 1) % batch === 0) yield;
  }
}

async function worked(
  job: Job,
  work: JobWork,
  trouble: JobTrouble | undefined,
  surroundings: {
    readonly list: JobList;
    readonly clock: EmulatorClock;
    readonly settings: Settings;
    readonly closing: AbortSignal;
    readonly stopped: () => boolean;
  },
): Promise<JobFailure | undefined> {
  const { list, clock, settings, closing, stopped } = surroundings;
  const most = rowsToMove(trouble);
  const step = settings.jobSteps.inProgress / stepsInProgress;
  await clock.sleep(step, closing);
  if (most === 0 || stopped()) return undefined;
  const progress = progressOf(job, list, settings, most);
  try {
    for await (const _ of work(progress)) {
      await clock.sleep(step, closing);
      if (stopped()) return undefined;
    }
    return undefined;
  } catch (error) {
    if (error instanceof JobFailure) return error;
    if (closing.aborted) throw error;
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof WixError) return new JobFailure('WDH0001', message);
    return new JobFailure('WDH0000', message);
  }
}

/** Into how many steps the work of a job divides itself, about. */
const stepsInProgress = 4;

function rowsToMove(trouble: JobTrouble | undefined): number {
  if (trouble === undefined || 'stuck' in trouble) return Number.POSITIVE_INFINITY;
  return trouble.rows ?? (trouble.end === 'FAILED' ? 0 : Number.POSITIVE_INFINITY);
}

function progressOf(job: Job, list: JobList, settings: Settings, most: number): JobProgress {
  const { progress } = job;
  return {
    isOver: () => progress.itemsSuccessful >= most,
    total(units) {
      progress.total = units;
    },
    moved(units) {
      progress.current += units;
      progress.itemsSuccessful += 1;
      if (settings.successesLogged) {
        record(job, list, { sourceItemId: String(progress.itemsSuccessful) });
      }
    },
    rejected(units, log) {
      progress.current += units;
      progress.itemsRejected += 1;
      record(job, list, log);
    },
  };
}

function record(job: Job, list: JobList, log: JobLog): void {
  job.logsRecorded += 1;
  const logs = list.logs.get(job.id) ?? [];
  logs.push(log);
  list.logs.set(job.id, logs);
}

function end(
  job: Job,
  list: JobList,
  settings: Settings,
  trouble: JobTrouble | undefined,
  failure: JobFailure | undefined,
): void {
  const wanted = trouble !== undefined && 'end' in trouble ? trouble : undefined;
  if (wanted?.end === 'gone') {
    list.jobs.delete(job.id);
  } else if (wanted?.end === 'FAILED') {
    job.status = 'FAILED';
    const description = wanted.description ?? `The job failed with ${wanted.code}.`;
    job.error = { code: wanted.code, description, data: {} };
  } else if (failure !== undefined) {
    job.status = 'FAILED';
    job.error = { code: failure.code, description: failure.message, data: failure.details };
  } else if (wanted?.end === 'PARTIALLY_SUCCESSFUL') {
    job.status = 'PARTIALLY_SUCCESSFUL';
    job.partiallySuccessfulOptions = { cause: wanted.cause };
    for (const log of wanted.logs ?? []) record(job, list, log);
  } else if (job.progress.itemsRejected > 0 && wanted === undefined) {
    job.status = settings.rejectedRowsEnd;
    if (job.status === 'PARTIALLY_SUCCESSFUL') {
      const cause = `${job.progress.itemsRejected} items could not be moved.`;
      job.partiallySuccessfulOptions = { cause };
    }
  } else {
    job.status = 'COMPLETED';
  }
}
