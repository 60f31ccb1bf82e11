import { setTimeout as delay } from 'node:timers/promises';

/** Handed in, so that tests can let time pass fast. In milliseconds. */
export interface Clock {
  now(): number;
  /** Resolves after `milliseconds`; rejects with the signal's reason once it aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(milliseconds, signal) {
    try {
      await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};
