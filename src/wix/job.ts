import * as v from 'valibot';
import { folded } from './failures.ts';
import { remedyFor } from './remedies.ts';
import { type JobStatus, jobShape } from './wire.ts';

/** A data movement job (wix-api.md 1.5). */
export interface Job {
  readonly id: string;
  readonly name: string;
  readonly status: JobStatus;
  /** `current` and `total` are of an unknown unit; the counters count items. */
  readonly progress: {
    readonly current: number;
    readonly total: number | undefined;
    readonly rejected: number;
    readonly successful: number;
  };
  /** How many entries its log has; `undefined` where that is not said. */
  readonly logged: number | undefined;
  /** Why it is only partially successful. */
  readonly cause: string | undefined;
  readonly error: { readonly code: string; readonly description: string } | undefined;
  /** Where the file can be fetched; a bearer link, so never to be shown. */
  readonly fileUrl: string | undefined;
}

/** A job that came to its end. A terminated one may just be gone (wix-api.md 1.6). */
export type EndedJob = {
  readonly kind: 'completed' | 'partially-successful' | 'failed' | 'vanished';
  readonly job: Job;
};

const statuses: readonly JobStatus[] = [
  'UNINITIALIZED',
  'INITIALIZING',
  'IN_PROGRESS',
  'COMPLETED',
  'FAILED',
  'PARTIALLY_SUCCESSFUL',
];

/** The statuses of a job that still runs. */
export const runningStatuses: readonly JobStatus[] = statuses.slice(0, 3);

/** A job in an answer, wrapped in `job` or bare: the vendor shows both (wix-api.md 1.12). */
export const jobAnswer = v.pipe(
  v.record(v.string(), v.unknown()),
  v.transform((answer) => answer.job ?? answer),
  jobShape,
  v.transform(jobFrom),
);

/** A job as the vendor's JSON has it. */
export function jobFrom(wire: v.InferOutput<typeof jobShape>): Job {
  const { id, name, progress, error } = wire;
  return {
    id,
    name,
    status: statusFrom(wire.status ?? undefined),
    progress: {
      current: progress.current,
      total: progress.total ?? undefined,
      rejected: progress.itemsRejected,
      successful: progress.itemsSuccessful,
    },
    logged: wire.logsRecorded ?? undefined,
    cause: wire.partiallySuccessfulOptions?.cause ?? undefined,
    error: error ? { code: folded(error.code), description: folded(error.description) } : undefined,
    fileUrl: wire.destination?.file?.url ?? undefined,
  };
}

/**
 * A first status may be left out, as JSON of protocol buffers leaves out what is zero. One that is
 * new is no end that is known: to take such a job for gone would let it be submitted again.
 */
function statusFrom(status = 'UNINITIALIZED'): JobStatus {
  return statuses.find((each) => each === status) ?? 'IN_PROGRESS';
}

/** How a job ended; `undefined` while it runs. */
export function endOf(job: Job): EndedJob | undefined {
  switch (job.status) {
    case 'COMPLETED':
      return { kind: 'completed', job };
    case 'PARTIALLY_SUCCESSFUL':
      return { kind: 'partially-successful', job };
    case 'FAILED':
      return { kind: 'failed', job };
    default:
      return undefined;
  }
}

/** How a job ended, in one line, with what to do. */
export function explainEnd({ kind, job }: EndedJob): string {
  const { rejected } = job.progress;
  switch (kind) {
    case 'completed':
      /**
       * @cause Wix could not write some items into the export.
       * @remedy Run the export again; if it happens again, report the job id to Wix.
       */
      return `the job ${job.id} ended with ${rejected} items rejected.`;
    case 'partially-successful':
      /**
       * @cause Something that the job writes to did not take everything.
       * @remedy Run again; if it happens again, report the job id to Wix.
       */
      return `the job ${job.id} was only partially successful: ${folded(job.cause ?? 'Wix gave no cause')}.`;
    case 'vanished':
      return `the job ${job.id} is gone: somebody terminated it. Run again.`;
    case 'failed': {
      const { code, description } = job.error ?? { code: '', description: 'Wix gave no reason' };
      const advice = remedyFor(code) ?? 'Run again; if it happens again, report the job id to Wix.';
      return `the job ${job.id} failed: ${[code, description].filter(Boolean).join(' ')}. ${advice}`;
    }
  }
}
