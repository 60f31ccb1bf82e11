import { expect, test } from '@jest/globals';
import { isPassing, paceOf } from '../../src/wix/client.ts';
import { fakeClock } from './support.ts';

test.each([
  [429, true],
  [500, true],
  [502, true],
  [503, true],
  [501, false],
  [400, false],
  [404, false],
])('after HTTP %i a later try may succeed: %s', (status, passing) => {
  expect(isPassing(status)).toBe(passing);
});

test('never more than so many requests go out in any minute, and up to there at once', async () => {
  const clock = fakeClock();
  const pace = paceOf(10, clock, new AbortController().signal, () => {});
  const sent: number[] = [];
  for (let i = 0; i < 45; i += 1) {
    await pace();
    sent.push(clock.now());
  }
  for (const [i, time] of sent.entries()) {
    expect(sent.filter((each) => each > time - 60_000 && each <= time).length).toBeLessThanOrEqual(
      10,
    );
    if (i < 10) expect(time).toBe(sent[0]);
  }
});
