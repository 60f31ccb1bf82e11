import type { Clock } from '../io/clock.ts';
import { betweenLines, longWait } from '../io/waiting.ts';
import { counted, durationInWords } from './text.ts';

/** A job as Wix shows it (wix-api.md 1.6). */
export interface SeenJob {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  /** How many items reached their destination. */
  readonly successful: number;
}

/** So many jobs are named at once; the others are counted. */
const named = 5;

/**
 * Makes lines of the state of jobs, such as `reading products: in progress, 120 items, 12 s`: one for each
 * job that has ended; and from ten seconds on, at most once a minute, one for each that still runs.
 */
export function progressLines(clock: Clock): (jobs: readonly SeenJob[]) => readonly string[] {
  const begun = new Map<string, number>();
  const over = new Set<string>();
  let said = Number.NEGATIVE_INFINITY;
  return (jobs) => {
    const now = clock.now();
    for (const { id } of jobs) begun.set(id, begun.get(id) ?? now);
    const age = ({ id }: SeenJob) => now - (begun.get(id) ?? now);
    const line = (job: SeenJob) =>
      `${subjectOf(job)}: ${[...stateOf(job), durationInWords(age(job))].join(', ')}`;
    const ended = jobs.filter((job) => !isRunning(job) && !over.has(job.id));
    for (const { id } of ended) over.add(id);
    const running = jobs.filter(isRunning);
    const isDue = now - said >= betweenLines && running.some((job) => age(job) >= longWait);
    if (!isDue) return ended.map(line);
    said = now;
    const rest = running.length - named;
    const more = rest > 0 ? [`and ${counted(rest, 'more job')} in progress`] : [];
    return [...[...ended, ...running.slice(0, named)].map(line), ...more];
  };
}

function stateOf({ status, successful }: SeenJob): readonly string[] {
  const state = words[status] ?? status.toLowerCase().replaceAll('_', ' ');
  return idle.has(status) ? [state] : [state, counted(successful, 'item')];
}

const words: Readonly<Record<string, string>> = {
  UNINITIALIZED: 'waiting for Wix to start',
  INITIALIZING: 'starting',
  PARTIALLY_SUCCESSFUL: 'completed in part',
};

/** In these, a job has done nothing yet. */
const idle: ReadonlySet<string> = new Set(['UNINITIALIZED', 'INITIALIZING']);

function isRunning({ status }: SeenJob): boolean {
  return status === 'IN_PROGRESS' || idle.has(status);
}

/** `reading products`, from the name `wix-cms-sync export products` and what makes that unique. */
function subjectOf({ name }: SeenJob): string {
  return name
    .replace(/(, \d+ rows)? [0-9a-f-]{36}( [0-9a-f]+)?$/, '')
    .replace(/^wix-cms-sync /, '')
    .replace(/^export /, 'reading ')
    .replace(/^import /, 'writing ');
}
