import type { Clock } from '../clock.ts';
import { counted, durationInWords } from './phrases.ts';

/** What is known of a job while it runs. */
export interface JobProgress {
  readonly id: string;
  /** What the job carries, in words: `products`. */
  readonly name: string;
  /** The vendor's status, `IN_PROGRESS` (wix-api.md 1.6). */
  readonly status: string;
  /** How many items reached their destination; `undefined` where the job does not say. */
  readonly items: number | undefined;
}

/** Milliseconds between two lines about jobs whose status stays what it is. */
const pause = 10_000;

/**
 * Turns the progress of a run's jobs into lines without a flood: one for each change of a job's
 * status, and for all the jobs together at most one more in ten seconds.
 *
 * @returns what makes of each report a line, `products: in progress, 120 items, 4 s`, or
 * `undefined` where there is nothing to say.
 */
export function progressLines(clock: Clock): (job: JobProgress) => string | undefined {
  const jobs = new Map<string, { readonly start: number; status: string; items: number }>();
  let spoken = Number.NEGATIVE_INFINITY;
  return ({ id, name, status, items }) => {
    const now = clock.now();
    const known = jobs.get(id) ?? { start: now, status: '', items: 0 };
    jobs.set(id, known);
    const moved = status !== known.status;
    const counting = items !== undefined && items !== known.items && now - spoken >= pause;
    if (!moved && !counting) return undefined;
    known.status = status;
    known.items = items ?? 0;
    spoken = now;
    const parts = [
      status.toLowerCase().replaceAll('_', ' '),
      ...(items === undefined ? [] : [counted(items, 'item')]),
      durationInWords(now - known.start),
    ];
    return `${name}: ${parts.join(', ')}`;
  };
}
