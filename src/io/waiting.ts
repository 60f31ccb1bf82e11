import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

export interface Wait {
  /** For the log: what is waited for, and how long. */
  readonly line: string;
  /** When the work began, in milliseconds since the epoch. */
  readonly since: number;
  readonly milliseconds: number;
}

/** Longer waits are logged, in milliseconds. */
export const longWait = 10_000;

/** Between two lines, in milliseconds. */
export const betweenLines = 60_000;

/** Logs a wait once its work takes ten seconds, and at most once a minute; the others go to the debug log. */
export function waitLogger(clock: Clock, log: Log): (wait: Wait) => void {
  let lastLogged = Number.NEGATIVE_INFINITY;
  return ({ line, since, milliseconds }) => {
    const now = clock.now();
    const isLong = now + milliseconds - since >= longWait;
    if (!isLong || now - lastLogged < betweenLines) return log.debug(line);
    lastLogged = now;
    log.info(line);
  };
}

/** Whole seconds, for a line: `12 s`. */
export function inSeconds(milliseconds: number): string {
  return `${Math.ceil(milliseconds / 1_000)} s`;
}
