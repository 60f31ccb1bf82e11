import { expect, test } from '@jest/globals';
import { systemClock } from '../../src/io/clock.ts';

test('a sleep ends early, with the reason, when its signal aborts', async () => {
  const cancelled = new Error('cancelled');
  const controller = new AbortController();
  const sleeping = systemClock.sleep(60_000, controller.signal);
  controller.abort(cancelled);
  await expect(sleeping).rejects.toBe(cancelled);
});
