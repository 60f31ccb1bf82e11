import type { Clock } from '../io/clock.ts';
import { betweenLines, longWait } from '../io/waiting.ts';
import { counted, durationInWords } from './text.ts';

/** What is known of a job while it runs, or at its end. */
export interface JobProgress {
  readonly id: string;
  /** What the job does, in words: `reading products`. */
  readonly name: string;
  /** The vendor's status, `IN_PROGRESS` (wix-api.md 1.6). */
  readonly status: string;
  readonly isOver: boolean;
  /** How many items reached their destination. */
  readonly items: number;
}

/** So many jobs are named in one go; the rest are counted. */
const named = 5;

/**
 * Turns the progress of a run's jobs into lines without a flood: one for each job that ended, and
 * of those that run on, once they take ten seconds, at most one each in a minute.
 *
 * @returns what makes of each look at the jobs its lines, `reading products: in progress, 120 items,
 * 12 s`; mostly none.
 */
export function progressLines(clock: Clock): (jobs: readonly JobProgress[]) => readonly string[] {
  const begun = new Map<string, number>();
  const over = new Set<string>();
  let spoken = Number.NEGATIVE_INFINITY;

  const startOf = ({ id }: JobProgress): number => begun.get(id) ?? clock.now();
  const line = (job: JobProgress) => {
    const took = durationInWords(clock.now() - startOf(job));
    return `${job.name}: ${[...stateOf(job), took].join(', ')}`;
  };
  const running = (jobs: readonly JobProgress[]) => {
    const now = clock.now();
    const isDue =
      jobs.some((job) => now - startOf(job) >= longWait) && now - spoken >= betweenLines;
    if (!isDue) return [];
    spoken = now;
    const rest = jobs.length - named;
    const more = rest > 0 ? [`and ${counted(rest, 'more job')} in progress`] : [];
    return [...jobs.slice(0, named).map(line), ...more];
  };

  return (jobs) => {
    for (const job of jobs) begun.set(job.id, startOf(job));
    const ended = jobs.filter(({ id, isOver }) => isOver && !over.has(id));
    for (const { id } of ended) over.add(id);
    return [...ended.map(line), ...running(jobs.filter(({ isOver }) => !isOver))];
  };
}

function stateOf({ status, items }: JobProgress): readonly string[] {
  const state = words[status] ?? status.toLowerCase().replaceAll('_', ' ');
  return idle.has(status) ? [state] : [state, counted(items, 'item')];
}

const words: Readonly<Record<string, string>> = {
  UNINITIALIZED: 'waits for Wix to begin',
  INITIALIZING: 'starting',
  PARTIALLY_SUCCESSFUL: 'completed in part',
};

/** Statuses in which a job has not done anything yet. */
const idle: ReadonlySet<string> = new Set(['UNINITIALIZED', 'INITIALIZING']);
