import { isRateLimit, type Refusal } from './refusal.ts';

/** How often a request is tried in all. */
export const tries = 4;

/** The longest wait for a rate limit that is worth the runner's time, in milliseconds. */
export const longestWait = 5 * 60_000;

/**
 * How long to wait before the next try, in milliseconds. GitHub's word goes first; without it a
 * secondary limit takes at least a minute, and everything else backs off with full jitter.
 * (docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api)
 *
 * @param attempt how many tries there were, from 1.
 */
export function waitBeforeNext(
  refusal: Refusal,
  attempt: number,
  { now, random }: { readonly now: number; readonly random: () => number },
): number {
  const { headers } = refusal;
  const retryAfter = Number(headers['retry-after']);
  if (Number.isFinite(retryAfter)) return retryAfter * 1000;
  const reset = Number(headers['x-ratelimit-reset']) * 1000;
  if (headers['x-ratelimit-remaining'] === '0' && Number.isFinite(reset)) {
    return Math.max(0, reset - now) + 1000;
  }
  const ceiling = 1000 * 2 ** attempt;
  return isRateLimit(refusal) ? 60_000 * 2 ** (attempt - 1) : Math.round(random() * ceiling);
}
