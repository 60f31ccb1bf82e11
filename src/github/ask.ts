import { Failure } from '../errors.ts';
import { retry } from '../io/retry.ts';
import type { GitHub } from './client.ts';
import { failureOf, type Permission } from './failure.ts';
import { isRateLimit, isUncertain, refusalOf } from './refusal.ts';

/** One thing that is asked of GitHub. */
export interface Wish<T> {
  /** What is done, to be read after "to": `open the pull request`. */
  readonly to: string;
  /** What the token has to be allowed. */
  readonly needs: Permission;
  /**
   * What to do when no usable answer came, so that nobody knows whether it happened: `repeat` what
   * is the same done twice, or look for what the lost request has made.
   */
  readonly whenUncertain: 'repeat' | (() => Promise<T | undefined>);
}

/** How often a request is tried in all. */
const tries = 4;

/** The longest wait for a rate limit that is worth the runner's time, in milliseconds. */
const longestWait = 5 * 60_000;

/** A secondary limit lasts a minute at least: GitHub's "Best practices for using the REST API". */
const secondaryLimit = 60_000;

/**
 * Asks GitHub, at most four times: rate limits are waited for, lost answers and faults of the
 * server repeated where that is safe.
 *
 * @throws Failure `api` or `auth`, whose cause `refusalOf` can read; the reason of a cancellation.
 */
export async function ask<T>(github: GitHub, wish: Wish<T>, request: () => Promise<T>): Promise<T> {
  const { clock, signal, random, waiting } = github;
  const { to, whenUncertain } = wish;
  let isLost = false;
  const work = async () => {
    signal.throwIfAborted();
    const made = isLost && whenUncertain !== 'repeat' ? await whenUncertain() : undefined;
    return made ?? request();
  };
  return retry(work, {
    ...{ of: 'GitHub', to, tries, clock, signal, random, waiting },
    isWorthIt: (milliseconds) => milliseconds <= longestWait,
    troubleOf: (error) => {
      signal.throwIfAborted();
      const refusal = refusalOf(error);
      if (refusal === undefined || error instanceof Failure) return undefined;
      const isLimited = isRateLimit(refusal);
      isLost = isUncertain(refusal);
      if (!isLimited && !isLost) throw failureOf(error, refusal, wish, { github, delay: 0 });
      const { words, headers } = refusal;
      return { words, headers, least: isLimited ? secondaryLimit : undefined };
    },
    giveUp: (error, { delay }) => {
      const refusal = refusalOf(error);
      return refusal === undefined ? error : failureOf(error, refusal, wish, { github, delay });
    },
  });
}
