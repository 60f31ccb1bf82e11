import * as v from 'valibot';
import { folded } from './failures.ts';
import { remedies } from './remedies.ts';
import { type Job, jobShape } from './wire.ts';

/** A job that came to its end. A terminated one may just be gone (wix-api.md 1.6). */
export type EndedJob = {
  readonly kind: 'completed' | 'partially-successful' | 'failed' | 'vanished';
  readonly job: Job;
};

/** A job in an answer, wrapped in `job` or bare: the vendor shows both (wix-api.md 1.12). */
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
