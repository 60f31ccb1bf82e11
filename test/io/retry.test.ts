import { describe, expect, test } from '@jest/globals';
import { delayBeforeNext, type Retries, retry, type Trouble } from '../../src/io/retry.ts';
import { fakeClock } from '../wix/support.ts';

const now = Date.parse('2026-07-01T12:00:00Z');
const failed = { attempt: 1, now, random: 0.5 };

describe('the wait before the next try', () => {
  const told = (retryAfter: string) => ({ headers: { 'retry-after': retryAfter } });
  const used = (reset: string) => ({
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
  });
  test.each([
    ['grows with the tries', { attempt: 1 }, 1_000],
    ['twice as long the next time', { attempt: 2 }, 2_000],
    ['up to a minute, less the jitter', { attempt: 9 }, 30_000],
    ['is anything from nothing up', { attempt: 3, random: 0 }, 0],
    ['is at least as long as a quota lasts', { least: 10_000, random: 0 }, 10_000],
    ['and then longer each time', { least: 10_000, attempt: 2 }, 14_000],
    ['is what the server says, in seconds', told('7'), 7_000],
    ['is that also where a quota would last longer', { ...told('7'), least: 60_000 }, 7_000],
    ['is what the server says, as a date', told('Wed, 01 Jul 2026 12:00:30 GMT'), 30_000],
    ['backs off where that date is past', told('Wed, 01 Jul 2026 11:00:00 GMT'), 1_000],
    ['is never less than the server says', told('86400'), 86_400_000],
    ['backs off where it may be tried at once', { attempt: 4, ...told('0') }, 8_000],
    ['does not believe nonsense', told('soon'), 1_000],
    ['nor numbers that are no seconds', { least: 10_000, ...told('-1') }, 12_000],
    ['goes on to a second after the hour of GitHub', used(String(now / 1_000 + 30)), 31_000],
    ['is a second where that hour is over', used(String(now / 1_000 - 30)), 1_000],
    ['does not believe an hour that is no number', { least: 60_000, ...used('soon') }, 62_000],
  ] as const)('%s', (_name, changes, expected) => {
    expect(delayBeforeNext({ ...failed, ...changes })).toBe(expected);
  });
});

describe('a work that fails', () => {
  const aClock = fakeClock();
  const retries = (changes: Partial<Retries<string>> = {}): Retries<string> => ({
    of: 'Wix',
    to: 'ask',
    tries: 3,
    clock: aClock,
    signal: new AbortController().signal,
    random: () => 0.5,
    troubleOf: (error): Trouble | undefined =>
      error instanceof Error
        ? { words: error.message, giveUp: ({ isLast, delay }) => [String(error), isLast, delay] }
        : undefined,
    ...changes,
  });
  const failing = (times: number) => async (attempt: number) => {
    if (attempt <= times) throw new Error(`no. ${attempt}`);
    return `done by ${attempt}`;
  };

  test('is tried until it works, and each wait is said', async () => {
    const clock = fakeClock();
    const said: string[] = [];
    const waiting = ({ line }: { readonly line: string }) => void said.push(line);
    expect(await retry(failing(2), retries({ clock, waiting }))).toBe('done by 3');
    expect(clock.sleeps).toEqual([1_000, 2_000]);
    expect(said).toEqual([
      'Waiting for Wix: could not ask (no. 1). The run tries again by itself in 1 s.',
      'Waiting for Wix: could not ask (no. 2). The run tries again by itself in 2 s.',
    ]);
  });

  test('is given up after the last try', async () => {
    await expect(retry(failing(9), retries())).rejects.toEqual(['Error: no. 3', true, 4_000]);
  });

  test('is given up where the wait is not worth it', async () => {
    const isWorthIt = () => false;
    const given = retry(failing(9), retries({ isWorthIt }));
    await expect(given).rejects.toEqual(['Error: no. 1', false, 1_000]);
  });

  test('for good is not tried again', async () => {
    const work = () => Promise.reject('refused');
    await expect(retry(work, retries())).rejects.toBe('refused');
  });

  test('but was done all the same is not tried again', async () => {
    const clock = fakeClock();
    expect(await retry(failing(9), retries({ clock, find: async () => 'found' }))).toBe('found');
    expect(clock.sleeps).toEqual([]);
  });

  test('waits less by what it took to look for what it did', async () => {
    const clock = fakeClock();
    const find = () => clock.sleep(700).then(() => undefined);
    await retry(failing(1), retries({ clock, find }));
    expect(clock.sleeps).toEqual([700, 300]);
  });

  test('is not waited for once the run is cancelled', async () => {
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(retry(failing(1), retries({ signal }))).rejects.toThrow('cancelled');
  });
});
