import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

/** A wait that is about to begin. */
export interface Wait {
  /** What is waited for, and how long, in a line for whoever reads the log. */
  readonly line: string;
  /** When the work began that has to wait, in milliseconds since the epoch. */
  readonly since: number;
  readonly milliseconds: number;
}

/** Work that takes longer, in milliseconds, is worth a line. */
export const longWait = 10_000;

/** Milliseconds between two lines that say the same. */
export const betweenLines = 60_000;

/**
 * Logs what work waits for: once that makes it take ten seconds, and then at most once a minute,
 * whoever waits meanwhile. The rest is for a debug log.
 */
export function waitLogger(clock: Clock, log: Log): (wait: Wait) => void {
  let spoken = Number.NEGATIVE_INFINITY;
  return ({ line, since, milliseconds }) => {
    const now = clock.now();
    const isLong = now + milliseconds - since >= longWait;
    if (!isLong || now - spoken < betweenLines) return log.debug(line);
    spoken = now;
    log.info(line);
  };
}

/** Whole seconds, for a line: `12 s`. */
export function inSeconds(milliseconds: number): string {
  return `${Math.ceil(milliseconds / 1_000)} s`;
}
