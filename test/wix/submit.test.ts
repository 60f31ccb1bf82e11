import { describe, expect, test } from '@jest/globals';
import { htmlError, type RequestFault, silentRefusal } from '../../emulator/faults.ts';
import { submitJob } from '../../src/wix/jobs.ts';
import { against, exportOf, fakeClock, shop } from './support.ts';

const submission = { method: 'POST', path: '/data-mover/v1/jobs' };

describe('a job is submitted once', () => {
  test('when it is lost twice, and then its answer is', async () => {
    await against(shop, async ({ emulator, client }) => {
      const lost: RequestFault = { kind: 'reset', when: 'before' };
      emulator.faults.add({ ...lost, match: { ...submission, times: 2 } });
      emulator.faults.add({ kind: 'reset', when: 'after', match: { ...submission, nth: 3 } });
      const job = await submitJob(client, exportOf('teas'));
      expect(emulator.jobs().map(({ id }) => id)).toEqual([job.id]);
    });
  });

  test('when the answer is lost, and looking the job up fails at first', async () => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.add({ kind: 'reset', when: 'after', match: submission });
      emulator.faults.add({ ...htmlError(503), match: { path: '*/query', times: 3 } });
      const job = await submitJob(client, exportOf('teas'));
      expect(emulator.jobs().map(({ id }) => id)).toEqual([job.id]);
    });
  });

  test('when the answer is lost, and the job cannot be found at once', async () => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.add({ kind: 'reset', when: 'after', match: submission });
      const body = JSON.stringify({ jobs: [] });
      const blind: RequestFault = { kind: 'answer', status: 200, body };
      emulator.faults.add({ ...blind, match: { path: '*/query', times: 2 } });
      const job = await submitJob(client, exportOf('teas'));
      expect(emulator.jobs().map(({ id }) => id)).toEqual([job.id]);
    });
  });

  test('when the answer holds a status that is not known', async () => {
    await against(shop, async ({ emulator, client }) => {
      const job = { id: 'from-the-future', status: 'QUEUED' };
      const body = JSON.stringify({ job });
      emulator.faults.add({ kind: 'answer', status: 200, body, match: submission });
      expect((await submitJob(client, exportOf('teas'))).id).toBe(job.id);
      expect(emulator.requests).toHaveLength(1);
    });
  });

  test('when looking it up brings another job', async () => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.add({ kind: 'reset', when: 'before', match: submission });
      const jobs = [{ id: 'stranger', name: 'another', status: 'IN_PROGRESS' }];
      const body = JSON.stringify({ jobs });
      emulator.faults.add({ kind: 'answer', status: 200, body, match: { path: '*/query' } });
      const job = await submitJob(client, exportOf('teas'));
      expect(emulator.jobs().map(({ id }) => id)).toEqual([job.id]);
    });
  });

  test('when another job has a name that begins alike', async () => {
    await against(shop, async ({ emulator, client }) => {
      const request = exportOf('teas');
      await submitJob(client, { ...request, name: `${request.name} and more` });
      emulator.faults.add({ kind: 'reset', when: 'before', match: { ...submission } });
      const job = await submitJob(client, request);
      expect(job.name).toBe(request.name);
      expect(emulator.jobs()).toHaveLength(2);
    });
  });
});

describe('a submission', () => {
  test('that is refused is not tried again', async () => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.add({ ...silentRefusal(403), match: submission });
      await expect(submitJob(client, exportOf('teas'))).rejects.toMatchObject({ reason: 'auth' });
      expect(emulator.requests).toHaveLength(1);
    });
  });

  test('that Wix has no room for until the run is over is looked up, and not tried again', async () => {
    const clock = fakeClock();
    await against(
      shop,
      async ({ emulator, client }) => {
        const headers = { 'retry-after': '3600' };
        emulator.faults.add({ kind: 'answer', status: 503, headers, match: submission });
        const submitted = submitJob(client, exportOf('teas'));
        await expect(submitted).rejects.toThrow(
          'in 3600 s, would come after the time limit of the run',
        );
        const paths = emulator.requests.map(({ path }) => path);
        expect(paths.filter((path) => path.endsWith('/jobs'))).toHaveLength(1);
        expect(paths.filter((path) => path.endsWith('/query'))).toHaveLength(3);
      },
      { clock, deadline: clock.now() + 30 * 60_000 },
    );
  });

  test('that Wix has no room for is tried again when it says, not before', async () => {
    await against(shop, async ({ emulator, client, clock }) => {
      const busy: RequestFault = { kind: 'answer', status: 503, headers: { 'retry-after': '20' } };
      emulator.faults.add({ ...busy, match: submission });
      const began = clock.now();
      await submitJob(client, exportOf('teas'));
      expect(clock.now() - began).toBe(20_000);
    });
  });

  test('that fails in a gateway to the end tells of it in the words of the last answer', async () => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.add({ ...htmlError(502), match: { ...submission, times: 'always' } });
      await expect(submitJob(client, exportOf('teas'))).rejects.toThrow(
        /^Wix refused to submit the job .* \(HTTP 502, request [0-9a-f-]+\)\./,
      );
    });
  });

  test('that never arrives fails, naming the job, after six tries', async () => {
    await against(shop, async ({ emulator, client }) => {
      const lost: RequestFault = { kind: 'reset', when: 'before' };
      emulator.faults.add({ ...lost, match: { ...submission, times: 'always' } });
      const request = exportOf('teas');
      await expect(submitJob(client, request)).rejects.toMatchObject({
        reason: 'api',
        message: expect.stringContaining(request.name),
      });
      const tries = emulator.requests.filter(({ path }) => path === submission.path);
      expect(tries).toHaveLength(6);
      expect(emulator.jobs()).toEqual([]);
    });
  });
});
