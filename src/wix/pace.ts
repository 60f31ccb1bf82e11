import type { Clock } from '../io/clock.ts';
import { inSeconds, type Wait } from '../io/waiting.ts';

const window = 60_000;

/** Allows so many requests in any 60 seconds; the returned function resolves when the next one may go. */
export function paceOf(
  requestsPerMinute: number,
  clock: Clock,
  signal: AbortSignal,
  waiting: (wait: Wait) => void,
): () => Promise<void> {
  const sent: number[] = [];
  return async () => {
    while (true) {
      const now = clock.now();
      while (sent[0] !== undefined && sent[0] <= now - window) sent.shift();
      const oldest = sent[sent.length - requestsPerMinute];
      if (oldest === undefined) break;
      const milliseconds = oldest + window - now;
      const line = `Waiting ${inSeconds(milliseconds)}, because ${requestsPerMinute} requests went out in the last minute. If no other program uses the quota of this site, raise the input requests-per-minute; Wix allows 200.`;
      waiting({ line, since: now, milliseconds });
      await clock.sleep(milliseconds, signal);
    }
    sent.push(clock.now());
  };
}
