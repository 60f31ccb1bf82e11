/** How often a request is tried in all. */
export const attempts = 6;

/** Whether a later try may succeed where this status was the answer (wix-api.md 1.13). */
export function isPassing(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501);
}

/**
 * How long an answer to an urgent request may take, in milliseconds: a run that was cancelled has
 * five seconds in all, and one that is silent has to be asked again within them.
 */
export const urgentTimeLimit = 800;

/** How long to wait before the next try of an urgent request, in milliseconds. */
export function urgentDelay(random: number): number {
  return 100 + 200 * random;
}

const first = 1_000;
const longest = 60_000;

/** What is known about a try that failed in a passing way. */
export interface FailedTry {
  /** The number of the try, from 1. */
  readonly attempt: number;
  /** `undefined` where no answer came. */
  readonly status: number | undefined;
  /** The header as it came. */
  readonly retryAfter: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** At least 0, less than 1. */
  readonly random: number;
}

/**
 * How long to wait before the next try, in milliseconds: backing off exponentially with full
 * jitter, and never less than the server asks for: to ask earlier may keep a quota used up. A 429
 * speaks of a quota per minute (wix-api.md 5), so without a word from the server it is given at least
 * ten seconds.
 */
export function retryDelay({ attempt, status, retryAfter, now, random }: FailedTry): number {
  const backoff = Math.min(longest, first * 2 ** attempt) * random;
  const told = toldDelay(retryAfter, now);
  if (told !== undefined) return Math.max(backoff, told);
  return status === 429 ? Math.min(longest, 10_000 + 2 * backoff) : backoff;
}

function toldDelay(retryAfter: string | undefined, now: number): number | undefined {
  if (retryAfter === undefined) return undefined;
  if (/^\d{1,9}$/.test(retryAfter.trim())) return Number(retryAfter) * 1_000;
  // Without a year it is no date, though `Date.parse` would make one of a number.
  const date = /\b\d{4}\b/.test(retryAfter) ? Date.parse(retryAfter) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
