import type { Clock } from '../clock.ts';

const window = 60_000;

/**
 * Keeps requests under a limit: at most so many in any 60 seconds. Up to there they go at once.
 *
 * @returns resolves when the next request may go.
 */
export function paceOf(
  requestsPerMinute: number,
  clock: Clock,
  signal: AbortSignal,
): () => Promise<void> {
  const sent: number[] = [];
  return async () => {
    while (true) {
      const now = clock.now();
      while (sent[0] !== undefined && sent[0] <= now - window) sent.shift();
      const oldest = sent[sent.length - requestsPerMinute];
      if (oldest === undefined) break;
      await clock.sleep(oldest + window - now, signal);
    }
    sent.push(clock.now());
  };
}
