import type { Clock } from './clock.ts';
import { inSeconds, type Wait } from './waiting.ts';

/** What went wrong in a try that is worth another one. */
export interface Trouble {
  /** For the log: `HTTP 503`. */
  readonly words: string;
  /** The headers of an answer, in lower case. */
  readonly headers?: Headers;
  /** The least wait in milliseconds, if the server does not say. */
  readonly least?: number | undefined;
  /** The failure after the last try, or if the next wait is not worth it. */
  readonly giveUp: (wait: { readonly isLast: boolean; readonly delay: number }) => unknown;
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Retries<T> {
  readonly of: 'Wix' | 'GitHub' | 'the git server';
  /** What is tried, after "to": `submit the export`. */
  readonly to: string;
  readonly tries: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly random: () => number;
  readonly waiting?: ((wait: Wait) => void) | undefined;
  /** Milliseconds to wait each time, whatever the server asks for. */
  readonly delay?: number | undefined;
  readonly isWorthIt?: (milliseconds: number) => boolean;
  /** What is worth another try; `undefined`: the error is thrown. */
  readonly troubleOf: (error: unknown) => Trouble | undefined;
  /** Looks for what a failed try may have done. */
  readonly find?: () => Promise<T | undefined>;
}

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
      if (isLast || !isWorthIt(delay)) throw trouble.giveUp({ isLast, delay });
      const milliseconds = Math.max(0, now + delay - clock.now());
      const line = `Waiting for ${of}: could not ${to} (${trouble.words}). The run tries again by itself in ${inSeconds(milliseconds)}.`;
      retries.waiting?.({ line, since, milliseconds });
      await clock.sleep(milliseconds, signal);
    }
  }
}

const first = 1_000;
const longest = 60_000;

type FailedTry = Pick<Trouble, 'headers' | 'least'> & {
  readonly attempt: number;
  readonly now: number;
  readonly random: number;
};

/**
 * With exponential backoff and full jitter, and never less than the server asks for.
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
  // `Date.parse` makes a date of any number.
  const date = /\b\d{4}\b/.test(retryAfter) ? Date.parse(retryAfter) : Number.NaN;
  if (!Number.isNaN(date)) return Math.max(0, date - now);
  const reset = Number(headers['x-ratelimit-reset']) * 1_000;
  if (headers['x-ratelimit-remaining'] !== '0' || Number.isNaN(reset)) return undefined;
  return Math.max(0, reset - now) + 1_000;
}
