import { describe, expect, test } from '@jest/globals';
import { htmlError, silentRefusal } from '../../emulator/faults.ts';
import { uploadFile } from '../../src/wix/files.ts';
import {
  exportJobName,
  followJobs,
  readRejections,
  runningJobs,
  submitJob,
  terminateJob,
} from '../../src/wix/jobs.ts';
import { against, exportOf, type Situation, shop, temporaryFile } from './support.ts';

describe('jobs', () => {
  test('are followed together, with one query per look', async () => {
    const collections = Array.from({ length: 100 }, (_, i) => ({ id: `c${i}`, fields: [] }));
    await against({ site: { collections } }, async ({ emulator, client }) => {
      const jobs = await Promise.all(collections.map(({ id }) => submitJob(client, exportOf(id))));
      const ended: string[] = [];
      let looks = 0;
      const onProgress = () => {
        looks += 1;
      };
      for await (const { kind, job } of followJobs(client, jobs, onProgress)) {
        ended.push(`${kind} ${job.id}`);
      }
      expect(ended.sort()).toEqual(jobs.map(({ id }) => `completed ${id}`).sort());
      expect(queriesOf(emulator)).toHaveLength(looks);
    });
  });

  test('that never end are named when the time is up', async () => {
    await against(shop, async ({ emulator, client, clock }) => {
      emulator.faults.addToJob({ stuck: 'IN_PROGRESS' });
      const job = await submitJob(client, exportOf('teas'));
      const ends = followJobs({ ...client, deadline: clock.now() + 60_000 }, [job]);
      await expect(ends.next()).rejects.toMatchObject({
        reason: 'timeout',
        message: expect.stringContaining(job.id),
      });
    });
  });

  test('that vanish are known to be gone, after a few looks and one question', async () => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.addToJob({ stuck: 'IN_PROGRESS' });
      const job = await submitJob(client, exportOf('teas'));
      await terminateJob(client, job);
      const end = await followJobs(client, [job]).next();
      expect(end.value).toMatchObject({ kind: 'vanished', job: { id: job.id } });
      expect(queriesOf(emulator)).toHaveLength(3);
      expect(emulator.requests.at(-1)).toMatchObject({ method: 'GET', status: 404 });
    });
  });

  test('that a query overlooks are asked for by themselves', async () => {
    await against(shop, async ({ emulator, client }) => {
      const job = await submitJob(client, exportOf('teas'));
      const body = JSON.stringify({ jobs: [] });
      const match = { path: '*/query', times: 'always' } as const;
      emulator.faults.add({ kind: 'answer', status: 200, body, match });
      const end = await followJobs(client, [job]).next();
      expect(end.value).toMatchObject({ kind: 'completed', job: { id: job.id } });
    });
  });

  test.each([
    ['failed', { end: 'FAILED', code: 'WDH0002' }],
    ['partially-successful', { end: 'PARTIALLY_SUCCESSFUL', cause: 'a limit' }],
    ['completed', { end: 'COMPLETED' }],
  ] as const)('that end as %s are told as such', async (kind, fault) => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.addToJob(fault);
      const job = await submitJob(client, exportOf('teas'));
      const end = await followJobs(client, [job]).next();
      expect(end.value).toMatchObject({ kind });
    });
  });

  test.each([
    [1, 100],
    [2, 101],
  ])('are followed with %i queries per look where there are %i', async (queries, count) => {
    await against(
      shop,
      async ({ emulator, client, clock }) => {
        emulator.faults.addToJob({ stuck: 'IN_PROGRESS', match: { times: 'always' } });
        const jobs = await Promise.all(
          Array.from({ length: count }, () => submitJob(client, exportOf('teas'))),
        );
        let looks = 0;
        const onProgress = (seen: readonly unknown[]) => {
          looks += 1;
          expect(seen).toHaveLength(count);
        };
        const deadline = clock.now() + 5_000;
        const following = followJobs({ ...client, deadline }, jobs, onProgress);
        await expect(following.next()).rejects.toMatchObject({
          reason: 'timeout',
          message: expect.stringContaining(`and ${count - 5} more`),
        });
        expect(looks).toBeGreaterThan(2);
        expect(queriesOf(emulator)).toHaveLength(looks * queries);
      },
      { requestsPerMinute: 1_000 },
    );
  });

  test('are looked at less and less often, every fifteen seconds in the end', async () => {
    await against(shop, async ({ emulator, client, clock }) => {
      emulator.faults.addToJob({ stuck: 'IN_PROGRESS' });
      const job = await submitJob(client, exportOf('teas'));
      const deadline = clock.now() + 120_000;
      await expect(followJobs({ ...client, deadline }, [job]).next()).rejects.toThrow(job.id);
      expect(clock.sleeps).toEqual(clock.sleeps.toSorted((a, b) => a - b));
      expect(clock.sleeps[0]).toBeLessThan(1_000);
      expect(clock.sleeps.at(-1)).toBe(15_000);
    });
  });

  test('that a query overlooks are late in the state that they were last seen in', async () => {
    await against(shop, async ({ emulator, client, clock }) => {
      emulator.faults.addToJob({ stuck: 'IN_PROGRESS' });
      const job = await submitJob(client, exportOf('teas'));
      const body = JSON.stringify({ jobs: [] });
      const match = { path: '*/query', times: 'always' } as const;
      emulator.faults.add({ kind: 'answer', status: 200, body, match });
      const ends = followJobs({ ...client, deadline: clock.now() + 60_000 }, [job]);
      await expect(ends.next()).rejects.toThrow(`${job.name} (${job.id}) is IN_PROGRESS`);
    });
  });

  test('that are none make no request', async () => {
    await against(shop, async ({ emulator, client }) => {
      const end = await followJobs(client, []).next();
      expect(end.done).toBe(true);
      expect(emulator.requests).toEqual([]);
    });
  });

  test('of an earlier run are found while they run', async () => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.addToJob({ stuck: 'IN_PROGRESS' });
      const job = await submitJob(client, exportOf('teas'));
      expect((await runningJobs(client, 'wix-cms-sync export ')).map(({ id }) => id)).toEqual([
        job.id,
      ]);
      expect(await runningJobs(client, 'wix-cms-sync import ')).toEqual([]);
    });
  });
});

describe('where Wix refuses to be queried', () => {
  const refusing = (status: number, play: (situation: Situation) => Promise<void>) =>
    against(shop, async (situation) => {
      const match = { path: '*/query', times: 'always' } as const;
      situation.emulator.faults.add({ ...silentRefusal(status), match });
      await play(situation);
    });

  test.each([400, 403, 404, 405, 428, 501])('with %i, jobs are followed one by one', (status) =>
    refusing(status, async ({ emulator, client }) => {
      const jobs = await Promise.all([1, 2].map(() => submitJob(client, exportOf('teas'))));
      const ended: string[] = [];
      for await (const { kind, job } of followJobs(client, jobs)) ended.push(`${kind} ${job.id}`);
      expect(ended.sort()).toEqual(jobs.map(({ id }) => `completed ${id}`).sort());
      expect(queriesOf(emulator)).toHaveLength(1);
    }),
  );

  test('a job that vanishes is known to be gone at once', () =>
    refusing(404, async ({ emulator, client }) => {
      emulator.faults.addToJob({ stuck: 'IN_PROGRESS' });
      const job = await submitJob(client, exportOf('teas'));
      await terminateJob(client, job);
      const end = await followJobs(client, [job]).next();
      expect(end.value).toMatchObject({ kind: 'vanished', job: { id: job.id } });
    }));

  test('those of an earlier run are found in the list, however long', () =>
    refusing(400, async ({ emulator, client }) => {
      emulator.faults.addToJob({ stuck: 'IN_PROGRESS' });
      const job = await submitJob(client, exportOf('teas'));
      for (let i = 0; i < 120; i += 1) await submitJob(client, exportOf('nowhere'));
      expect((await runningJobs(client, 'wix-cms-sync export ')).map(({ id }) => id)).toContain(
        job.id,
      );
      expect(await runningJobs(client, 'wix-cms-sync import ')).toEqual([]);
    }));

  test('a submission whose answer was lost is found, and not repeated', () =>
    refusing(404, async ({ emulator, client }) => {
      const match = { method: 'POST', path: '/data-mover/v1/jobs' };
      emulator.faults.add({ kind: 'reset', when: 'after', match });
      const job = await submitJob(client, exportOf('teas'));
      expect(emulator.jobs().map(({ id }) => id)).toEqual([job.id]);
    }));

  test('a job that a cancellation has to end is found, too', () =>
    refusing(403, async ({ emulator, client, warnings }) => {
      emulator.faults.addToJob({ stuck: 'IN_PROGRESS' });
      const { name } = await submitJob(client, exportOf('teas'));
      expect(await terminateJob(client, { name })).toBe(true);
      expect(emulator.jobs()).toEqual([]);
      expect(warnings).toEqual([]);
    }));

  test('because the key is wrong, that is what the failure says', () =>
    refusing(401, async ({ client }) => {
      await expect(runningJobs(client, 'wix-cms-sync export ')).rejects.toMatchObject({
        reason: 'auth',
        message: expect.stringContaining('query the jobs'),
      });
    }));
});

function queriesOf(emulator: Situation['emulator']) {
  return emulator.requests.filter(({ path }) => path.endsWith('/jobs/query'));
}

describe('a termination', () => {
  test('reaches Wix also when the run is being cancelled', async () => {
    await against(shop, async ({ emulator, client, cancel, warnings }) => {
      emulator.faults.addToJob({ stuck: 'IN_PROGRESS' });
      const job = await submitJob(client, exportOf('teas'));
      cancel(new Error('cancelled'));
      await terminateJob(client, job);
      expect(emulator.requests.at(-1)?.path).toContain('/terminate');
      expect(emulator.jobs()).toEqual([]);
      expect(warnings).toEqual([]);
    });
  });

  test('reaches Wix also when the requests of this minute are used up', async () => {
    await against(
      shop,
      async ({ emulator, client, cancel, warnings }) => {
        emulator.faults.addToJob({ stuck: 'IN_PROGRESS' });
        const job = await submitJob(client, exportOf('teas'));
        cancel(new Error('cancelled'));
        await terminateJob(client, job);
        expect(emulator.jobs()).toEqual([]);
        expect(warnings).toEqual([]);
      },
      { requestsPerMinute: 1 },
    );
  });

  test('of a job that is gone already is fine', async () => {
    await against(shop, async ({ client, warnings }) => {
      expect(await terminateJob(client, { id: 'gone', name: 'a' })).toBe(true);
      expect(warnings).toEqual([]);
    });
  });

  test('and the look for its job share the seconds that a cancelled run has', async () => {
    await against(shop, async ({ emulator, client, warnings }) => {
      emulator.faults.addToJob({ stuck: 'IN_PROGRESS' });
      const { name } = await submitJob(client, exportOf('teas'));
      emulator.faults.add({ kind: 'slow', delay: 700, match: { path: '*/query' } });
      emulator.faults.add({ kind: 'hang', match: { path: '*/terminate', times: 'always' } });
      const since = performance.now();
      expect(await terminateJob(client, { name })).toBe(false);
      expect(performance.now() - since).toBeLessThan(4_000);
      expect(warnings).toEqual([expect.stringContaining('It may still run')]);
    });
  });

  test('that does not get through is a warning that names the job', async () => {
    await against(shop, async ({ emulator, client, warnings }) => {
      emulator.faults.add({ ...htmlError(503), match: { path: '*/terminate', times: 'always' } });
      expect(await terminateJob(client, { id: 'j-1', name: 'a' })).toBe(false);
      expect(warnings).toEqual([expect.stringMatching(/j-1 could not be terminated.*HTTP 503/)]);
    });
  });
});

test('a log is read whole, over as many pages as it takes', async () => {
  await against(shop, async ({ emulator, client }) => {
    emulator.faults.rejectRow({ collection: 'teas', code: 'WDE0009', description: 'too\nlarge' });
    const rows = Array.from({ length: 130 }, (_, i) => `x${i},t`);
    const fileId = await uploadFile(
      client,
      temporaryFile(`_id,title\n${rows.join('\n')}\n`),
      'a.csv',
    );
    const job = await submitJob(client, {
      name: exportJobName('teas'),
      source: { file: { fileId, format: 'CSV' } },
      destination: { wixDataCollection: { collectionId: 'teas', writePolicy: 'OVERWRITE' } },
    });
    for await (const { job: ended } of followJobs(client, [job])) {
      expect(ended.rejected).toBe(130);
    }
    const entries = await readRejections(client, job.id);
    expect(entries).toHaveLength(130);
    expect(new Set(entries.map(({ source }) => source)).size).toBe(130);
    const pages = emulator.requests.filter(({ path }) => path.endsWith('/logs'));
    expect(pages).toHaveLength(2);
    expect(entries[0]).toMatchObject({ code: 'WDE0009', description: 'too large' });
  });
});

test('names of jobs are never the same, and short enough for Wix', () => {
  const subject = 'x'.repeat(5_000);
  const names = [exportJobName(subject), exportJobName(subject)];
  expect(new Set(names).size).toBe(2);
  for (const name of names) {
    expect(name.length).toBeLessThanOrEqual(1_024);
    expect(name).toMatch(/^wix-cms-sync export x/);
  }
});
