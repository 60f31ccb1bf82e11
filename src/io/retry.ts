import type { Clock } from './clock.ts';
import { inSeconds, type Wait } from './waiting.ts';

/**
 * What made a try fail that may pass.
 *
 * @internal
 */
export interface Trouble {
  /** For whoever reads the log: `HTTP 503`. */
  readonly words: string;
  /** Of the answer, if there was one; names in lower case. */
  readonly headers?: Headers;
  /** How long it lasts at least where the server does not say, as a quota does; in milliseconds. */
  readonly least?: number | undefined;
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Retries<T> {
  readonly of: 'Wix' | 'GitHub' | 'the git server';
  /** What is tried, to be read after "to": `submit the export`. */
  readonly to: string;
  /** How often in all. */
  readonly tries: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** At least 0, less than 1. */
  readonly random: () => number;
  /** Told before each wait. */
  readonly waiting?: ((wait: Wait) => void) | undefined;
  /** Milliseconds to wait each time, whatever the server says. */
  readonly delay?: number | undefined;
  /** Whether a wait of so many milliseconds, from now on, is worth it. */
  readonly isWorthIt?: (milliseconds: number) => boolean;
  /** What may pass of an error; `undefined`: nothing, and the error is thrown. */
  readonly troubleOf: (error: unknown) => Trouble | undefined;
  /** Looks for what a try has done although it failed. */
  readonly find?: () => Promise<T | undefined>;
  /** The failure after the last try, or where the wait for the next one is not worth it. */
  readonly giveUp: (
    error: unknown,
    wait: { readonly isLast: boolean; readonly delay: number },
  ) => unknown;
}

/** Tries until it works, or trying again is no use. */
export async function retry<T>(
  work: (attempt: number) => Promise<T>,
  retries: Retries<T>,
): Promise<T> {
  const { clock, signal, of, to, random, isWorthIt = () => true } = retries;
  const since = clock.now();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      const now = clock.now();
      const trouble = retries.troubleOf(error);
      if (trouble === undefined) throw error;
      const found = await retries.find?.();
      if (found !== undefined) return found;
      const delay =
        retries.delay ?? delayBeforeNext({ ...trouble, attempt, now, random: random() });
      const isLast = attempt >= retries.tries;
      if (isLast || !isWorthIt(delay)) throw retries.giveUp(error, { isLast, delay });
      const milliseconds = Math.max(0, now + delay - clock.now());
      const line = `Waiting for ${of}: could not ${to} (${trouble.words}). The run tries again by itself in ${inSeconds(milliseconds)}.`;
      retries.waiting?.({ line, since, milliseconds });
      await clock.sleep(milliseconds, signal);
    }
  }
}

const first = 1_000;
const longest = 60_000;

/** A try that failed: the how many-eth, from 1, and when. */
type FailedTry = Omit<Trouble, 'words'> & {
  readonly attempt: number;
  readonly now: number;
  readonly random: number;
};

/**
 * How long to wait before the next try, in milliseconds: backing off exponentially with full jitter,
 * and never less than the server asks for: to ask earlier may keep a quota used up.
 *
 * @internal
 */
export function delayBeforeNext({ attempt, headers = {}, least, now, random }: FailedTry): number {
  const backoff = Math.min(longest, first * 2 ** attempt) * random;
  const told = delayIn(headers, now);
  if (told !== undefined) return Math.max(backoff, told);
  return least === undefined ? backoff : least + 2 * backoff;
}

/** What the headers ask for: `Retry-After`, or GitHub's end of a used-up hour. */
function delayIn(headers: Headers, now: number): number | undefined {
  const retryAfter = String(headers['retry-after'] ?? '').trim();
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1_000;
  // Without a year it is no date, though `Date.parse` would make one of a number.
  const date = /\b\d{4}\b/.test(retryAfter) ? Date.parse(retryAfter) : Number.NaN;
  if (!Number.isNaN(date)) return Math.max(0, date - now);
  const reset = Number(headers['x-ratelimit-reset']) * 1_000;
  if (headers['x-ratelimit-remaining'] !== '0' || Number.isNaN(reset)) return undefined;
  return Math.max(0, reset - now) + 1_000;
}
