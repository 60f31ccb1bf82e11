import { expect, test } from '@jest/globals';
import { tooManyRequests } from '../../emulator/faults.ts';
import { progressLines } from '../../src/report/progress.ts';
import { listCollections } from '../../src/wix/collections.ts';
import { downloadFile } from '../../src/wix/files.ts';
import { followJobs, submitJob } from '../../src/wix/jobs.ts';
import { against, exportOf, fakeClock, type Situation, shop, temporaryFile } from './support.ts';

/** Plays against a local Wix; `said` are the lines of the log, each with the second it came at. */
async function listening(
  play: (situation: Situation, said: string[], second: () => number) => Promise<void>,
  requestsPerMinute = 150,
): Promise<void> {
  const clock = fakeClock();
  const start = clock.now();
  const second = () => Math.round((clock.now() - start) / 1_000);
  const said: string[] = [];
  const info = (line: string) => void said.push(`${second()}: ${line}`);
  const log = { info, debug: () => {}, warning: info };
  await against(shop, (situation) => play({ ...situation, clock }, said, second), {
    clock,
    log,
    requestsPerMinute,
  });
}

test('a pause that Wix asks for is said as it begins', () =>
  listening(async ({ emulator, client }, said) => {
    emulator.faults.add({ ...tooManyRequests(45), match: { path: '/wix-data/*' } });
    await listCollections(client);
    expect(said).toEqual([
      '0: Waiting for Wix: could not list the collections (HTTP 429). The run tries again by itself in 45 s.',
    ]);
  }));

test('however many requests have to wait, it is said once a minute', () =>
  listening(async ({ emulator, client }, said) => {
    emulator.faults.add({
      ...tooManyRequests(20),
      match: { path: '/wix-data/*', times: 'always' },
    });
    const requests = Array.from({ length: 5 }, () => listCollections(client));
    await Promise.allSettled(requests);
    expect(said.length).toBeGreaterThan(1);
    expect(secondsOf(said)[0]).toBe(0);
    expectAMinuteBetween(said);
  }));

test('a file that does not come is said', () =>
  listening(async ({ emulator, client }, said) => {
    emulator.faults.add({ ...tooManyRequests(30), match: { host: 'download' } });
    const job = await submitJob(client, exportOf('teas'));
    const end = await followJobs(client, [job]).next();
    const url = end.done ? '' : (end.value.job.fileUrl ?? '');
    await downloadFile(client, async () => url, temporaryFile());
    expect(said).toEqual([
      expect.stringContaining(
        'could not download the export (HTTP 429). The run tries again by itself in 30 s.',
      ),
    ]);
  }));

test('a wait for the requests of the next minute is said, and what it comes from', () =>
  listening(async ({ client }, said) => {
    for (let i = 0; i < 3; i += 1) await listCollections(client);
    expect(said).toEqual([
      '0: Waiting 60 s, because 2 requests went out in the last minute. If no other program uses the quota of this site, raise the input requests-per-minute; Wix allows 200.',
    ]);
  }, 2));

test('jobs that are stuck are said after ten seconds, also where Wix does not show them', () =>
  listening(async ({ emulator, client, clock }, said, second) => {
    emulator.faults.addToJob({ stuck: 'IN_PROGRESS' });
    const job = await submitJob(client, exportOf('teas'));
    const body = JSON.stringify({ jobs: [] });
    const match = { path: '*/query', times: 'always' } as const;
    emulator.faults.add({ kind: 'answer', status: 200, body, match });
    const lines = progressLines(clock);
    const patient = { ...client, deadline: clock.now() + 200_000 };
    const following = followJobs(patient, [job], (jobs) => {
      for (const line of lines(jobs)) said.push(`${second()}: ${line}`);
    });
    await expect(following.next()).rejects.toThrow('The time limit for the jobs has passed');
    expect(secondsOf(said)[0]).toBeGreaterThanOrEqual(10);
    expect(secondsOf(said)[0]).toBeLessThan(15);
    expect(said.length).toBeGreaterThan(2);
    for (const line of said) expect(line).toMatch(/^\d+: reading teas: /);
    expectAMinuteBetween(said);
  }));

function secondsOf(said: readonly string[]): readonly number[] {
  return said.map((line) => Number.parseInt(line, 10));
}

function expectAMinuteBetween(said: readonly string[]): void {
  const seconds = secondsOf(said);
  for (const [i, second] of seconds.slice(1).entries()) {
    expect(second - (seconds[i] ?? 0)).toBeGreaterThanOrEqual(60);
  }
}
