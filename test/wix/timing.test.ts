import { describe, expect, test } from '@jest/globals';
import { paceOf } from '../../src/wix/pace.ts';
import { isPassing, retryDelay } from '../../src/wix/retry.ts';
import { fakeClock } from './support.ts';

const now = Date.parse('2026-07-01T12:00:00Z');
const failed = { attempt: 1, status: undefined, retryAfter: undefined, now, random: 0.5 };

describe('the wait before the next try', () => {
  test.each([
    ['grows with the tries', { attempt: 1 }, 1_000],
    ['twice as long the next time', { attempt: 2 }, 2_000],
    ['up to a minute, less the jitter', { attempt: 9 }, 30_000],
    ['is anything from nothing up', { attempt: 3, random: 0 }, 0],
    [
      'is at least ten seconds where a quota per minute is used up',
      { status: 429, random: 0 },
      10_000,
    ],
    ['is what the server says, in seconds', { status: 429, retryAfter: '7' }, 7_000],
    [
      'is what the server says, as a date',
      { status: 503, retryAfter: 'Wed, 01 Jul 2026 12:00:30 GMT' },
      30_000,
    ],
    [
      'backs off all the same where that date is past',
      { status: 503, retryAfter: 'Wed, 01 Jul 2026 11:00:00 GMT' },
      1_000,
    ],
    ['is never less than the server says', { status: 429, retryAfter: '86400' }, 86_400_000],
    [
      'backs off all the same where it may be tried at once',
      { attempt: 4, retryAfter: '0' },
      8_000,
    ],
    ['does not believe nonsense', { attempt: 1, retryAfter: 'soon' }, 1_000],
    ['nor numbers that are no seconds', { attempt: 1, status: 429, retryAfter: '-1' }, 12_000],
  ])('%s', (_name, changes, expected) => {
    expect(retryDelay({ ...failed, ...changes })).toBe(expected);
  });
});

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
