import { inSeconds } from '../io/waiting.ts';
import type { GitHub } from './client.ts';
import { failureOf, type Permission } from './failure.ts';
import { isRateLimit, isUncertain, type Refusal, refusalOf } from './refusal.ts';
import { longestWait, tries, waitBeforeNext } from './retry.ts';

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

/**
 * Asks GitHub, at most four times: rate limits are waited for, lost answers and faults of the
 * server repeated where that is safe.
 *
 * @throws Failure `api` or `auth`, whose cause `refusalOf` can read; the reason of a cancellation.
 */
export async function ask<T>(github: GitHub, wish: Wish<T>, request: () => Promise<T>): Promise<T> {
  const since = github.clock.now();
  for (let attempt = 1; ; attempt += 1) {
    github.signal.throwIfAborted();
    try {
      return await request();
    } catch (error) {
      github.signal.throwIfAborted();
      const refusal = await waitToRepeat(github, wish, { error, attempt, since });
      const made = isUncertain(refusal) ? await lookFor(wish) : undefined;
      if (made !== undefined) return made;
    }
  }
}

/** Waits as long as it takes until the next try, or throws what makes a next try pointless. */
async function waitToRepeat(
  github: GitHub,
  wish: Wish<unknown>,
  {
    error,
    attempt,
    since,
  }: { readonly error: unknown; readonly attempt: number; readonly since: number },
): Promise<Refusal> {
  const refusal = refusalOf(error);
  if (refusal === undefined) throw error;
  const now = github.clock.now();
  const wait = waitBeforeNext(refusal, attempt, { now, random: github.random });
  const mayPass = isRateLimit(refusal) || isUncertain(refusal);
  if (attempt === tries || wait > longestWait || !mayPass) {
    throw failureOf(error, refusal, wish, { github, resumesAt: now + wait });
  }
  const line = `Waiting for GitHub: could not ${wish.to}. Trying again in ${inSeconds(wait)}. It said: ${refusal.words}`;
  github.waiting({ line, since, milliseconds: wait });
  await github.clock.sleep(wait, github.signal);
  return refusal;
}

async function lookFor<T>({ whenUncertain }: Wish<T>): Promise<T | undefined> {
  return typeof whenUncertain === 'function' ? whenUncertain() : undefined;
}
