import { describe, expect, test } from '@jest/globals';
import { type Emulator, startEmulator } from '../../emulator/emulator.ts';
import { call, ended, importText, logsOf, siteWith, steppedClock } from './driving.ts';
import { vendorSdk } from './vendor-sdk.ts';

const jobsPath = '/data-mover/v1/jobs';
const exportRequest = (name: string) => ({
  name,
  source: { wixDataCollection: { collectionId: 'products' } },
  destination: { file: { format: 'CSV' } },
});

async function submit(emulator: Emulator, name: string): Promise<string> {
  return (await call(emulator, 'POST', jobsPath, exportRequest(name))).body.job.id;
}

async function submitAll(emulator: Emulator, names: readonly string[]): Promise<void> {
  for (const name of names) await ended(emulator, await submit(emulator, name));
}

test('a job goes through its states to COMPLETED and says when it finished', async () => {
  const clock = steppedClock();
  await using emulator = await startEmulator({
    ...siteWith({ items: [{ title: 'a' }, { title: 'b' }, { title: 'c' }, { title: 'd' }] }),
    clock,
  });
  const id = await submit(emulator, 'Export');
  const seen = new Set<string>();
  for (let status = ''; status !== 'COMPLETED'; clock.wake()) {
    status = (await call(emulator, 'GET', `${jobsPath}/${id}`)).body.job.status;
    seen.add(status);
  }

  expect([...seen]).toEqual(['UNINITIALIZED', 'INITIALIZING', 'IN_PROGRESS', 'COMPLETED']);
  const { job } = (await call(emulator, 'GET', `${jobsPath}/${id}`)).body;
  expect(job.progress).toEqual({ current: 4, total: 4, itemsSuccessful: 4, itemsRejected: 0 });
  expect(Date.parse(job.finishedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(job.startedAt));
});

test('a job that does not exist is a 404', async () => {
  await using emulator = await startEmulator();

  expect((await call(emulator, 'GET', `${jobsPath}/none`)).status).toBe(404);
  expect((await call(emulator, 'GET', `${jobsPath}/none/logs`)).status).toBe(404);
  expect((await call(emulator, 'POST', `${jobsPath}/none/terminate`)).status).toBe(404);
});

describe('a terminated job', () => {
  const slow = { jobSteps: { uninitialized: 0, initializing: 0, inProgress: 10_000 } };

  test('is gone', async () => {
    await using emulator = await startEmulator({ ...siteWith({}), ...slow });
    const id = await submit(emulator, 'Export');

    const answer = await call(emulator, 'POST', `${jobsPath}/${id}/terminate`, { jobId: id });

    expect(answer.status).toBe(200);
    expect((await call(emulator, 'GET', `${jobsPath}/${id}`)).status).toBe(404);
  });

  test('has failed, when set so', async () => {
    await using emulator = await startEmulator({ ...siteWith({}), ...slow, terminated: 'failed' });
    const id = await submit(emulator, 'Export');

    await call(emulator, 'POST', `${jobsPath}/${id}/terminate`);

    expect(await ended(emulator, id)).toMatchObject({ status: 'FAILED' });
  });

  test('that was over stays as it ended', async () => {
    await using emulator = await startEmulator(siteWith({}));
    const id = await submit(emulator, 'Export');
    await ended(emulator, id);

    await call(emulator, 'POST', `${jobsPath}/${id}/terminate`);

    expect(await ended(emulator, id)).toMatchObject({ status: 'COMPLETED' });
  });
});

describe('a query', () => {
  test('may be refused, while Get and List answer', async () => {
    await using emulator = await startEmulator({ ...siteWith({}), queryJobsStatus: 404 });

    for (const method of ['GET', 'POST']) {
      expect((await call(emulator, method, `${jobsPath}/query`)).status).toBe(404);
    }
    expect((await call(emulator, 'GET', jobsPath)).status).toBe(200);
  });

  const queries: [string, object, string[]][] = [
    ['of everything', {}, ['a/1', 'a/2', 'b/1']],
    ['by equality without an operator', { name: 'a/2' }, ['a/2']],
    ['with $eq', { name: { $eq: 'a/2' } }, ['a/2']],
    ['with $ne', { name: { $ne: 'a/2' } }, ['a/1', 'b/1']],
    ['with $in', { name: { $in: ['a/1', 'b/1'] } }, ['a/1', 'b/1']],
    ['with $startsWith, whatever the case', { name: { $startsWith: 'A/' } }, ['a/1', 'a/2']],
    ['with $gt', { name: { $gt: 'a/1' } }, ['a/2', 'b/1']],
    ['with $gte and $lt at once', { name: { $gte: 'a/1', $lt: 'b' } }, ['a/1', 'a/2']],
    ['with $lte', { name: { $lte: 'a/1' } }, ['a/1']],
    ['with $exists', { scheduleId: { $exists: true } }, []],
    ['with $and', { $and: [{ status: 'COMPLETED' }, { name: 'b/1' }] }, ['b/1']],
    ['with $or', { $or: [{ name: 'a/1' }, { name: 'b/1' }] }, ['a/1', 'b/1']],
    ['with $not', { $not: { name: 'a/1' } }, ['a/2', 'b/1']],
    ['by date', { startedAt: { $gt: '2020-01-01T00:00:00.000Z' } }, ['a/1', 'a/2', 'b/1']],
    ['by a later date', { startedAt: { $gt: '2999-01-01T00:00:00.000Z' } }, []],
  ];
  test.each(queries)('%s', async (_, filter, names) => {
    await using emulator = await startEmulator(siteWith({}));
    await submitAll(emulator, ['a/1', 'a/2', 'b/1']);

    const query = { filter, sort: [{ fieldName: 'name', order: 'ASC' }] };
    const { body } = await call(emulator, 'POST', `${jobsPath}/query`, { query });

    expect(body.jobs.map((job) => job.name)).toEqual(names);
  });

  test.each([
    ['a field that cannot be queried', { filter: { collectionId: 'products' } }],
    ['an operator that does not exist', { filter: { name: { $like: 'a' } } }],
    ['more than 100 jobs', { cursorPaging: { limit: 101 } }],
    ['a cursor that nobody made', { cursorPaging: { cursor: 'x' } }],
    ['no job at all', { cursorPaging: { limit: 0 } }],
    ['six sorts', { sort: Array.from({ length: 6 }, () => ({ fieldName: 'name' })) }],
  ])('for %s is a 400 with fieldViolations', async (_, query) => {
    await using emulator = await startEmulator(siteWith({}));
    await submitAll(emulator, ['a/1']);

    const answer = await call(emulator, 'POST', `${jobsPath}/query`, { query });

    expect(answer.status).toBe(400);
    expect(answer.body.details.validationError?.fieldViolations).toHaveLength(1);
  });

  test('goes on from its cursor with the filter and the order that it began with', async () => {
    await using emulator = await startEmulator(siteWith({}));
    await submitAll(emulator, ['a/1', 'b/1', 'a/2', 'a/3']);
    const query = {
      filter: { name: { $startsWith: 'a/' } },
      sort: [{ fieldName: 'name', order: 'DESC' }],
    };

    const first = await call(emulator, 'POST', `${jobsPath}/query`, {
      query: { ...query, cursorPaging: { limit: 2 } },
    });
    const cursor = first.body.pagingMetadata.cursors.next;
    const second = await call(emulator, 'POST', `${jobsPath}/query`, {
      query: { cursorPaging: { limit: 2, cursor } },
    });

    expect(first.body.jobs.map((job) => job.name)).toEqual(['a/3', 'a/2']);
    expect(first.body.pagingMetadata).toMatchObject({ count: 2, hasNext: true });
    expect(second.body.jobs.map((job) => job.name)).toEqual(['a/1']);
    expect(second.body.pagingMetadata).toMatchObject({ hasNext: false, cursors: { next: null } });
  });
});

describe("the vendor's SDK", () => {
  test('queries with GET and one packed parameter', async () => {
    await using emulator = await startEmulator(siteWith({}));
    await submitAll(emulator, ['a', 'b', 'c']);

    const { jobs } = vendorSdk(emulator);
    const found = await jobs.queryJobs().in('name', ['a', 'c']).descending('name').limit(1).find();
    const next = await found.next();

    expect(found.items.map((job) => job.name)).toEqual(['c']);
    expect(next.items.map((job) => job.name)).toEqual(['a']);
    expect(next.hasNext()).toBe(false);
    expect(found.items[0]?.startedAt).toBeInstanceOf(Date);
    expect(emulator.requests.at(-1)).toMatchObject({ method: 'GET', path: `${jobsPath}/query` });
    expect(emulator.requests.at(-1)?.query).toMatch(/^\.r=[\w-]+$/);
  });

  test('queries with POST when the parameter would be too long', async () => {
    await using emulator = await startEmulator(siteWith({}));
    await submitAll(emulator, ['a']);
    const names = [
      'a',
      ...Array.from({ length: 400 }, (_, index) => `a name of some length ${index}`),
    ];

    const found = await vendorSdk(emulator).jobs.queryJobs().in('name', names).find();

    expect(found.items.map((job) => job.name)).toEqual(['a']);
    expect(emulator.requests.at(-1)).toMatchObject({ method: 'POST', path: `${jobsPath}/query` });
  });

  test('lists page by page', async () => {
    await using emulator = await startEmulator(siteWith({}));
    await submitAll(emulator, ['a', 'b', 'c']);
    const { jobs } = vendorSdk(emulator);

    const first = await jobs.listJobs({ paging: { limit: 2 } });
    const cursor = first.pagingMetadata?.cursors?.next ?? '';
    const second = await jobs.listJobs({ paging: { limit: 2, cursor } });

    expect([...(first.jobs ?? []), ...(second.jobs ?? [])].map((job) => job.name)).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(emulator.requests.at(-1)).toMatchObject({ method: 'GET', path: jobsPath });
  });

  test('reads logs page by page, with dotted parameters', async () => {
    await using emulator = await startEmulator(siteWith({}));
    emulator.faults.rejectRow({ code: 'WDE0009', description: 'The item is too large.' });
    const job = await importText(emulator, '_id,title\na,1\nb,2\nc,3\n');
    const { jobs } = vendorSdk(emulator);

    const first = await jobs.listMovementLogs(job.id, { paging: { limit: 2 } });
    const cursor = first.pagingMetadata?.cursors?.next ?? '';
    const second = await jobs.listMovementLogs(job.id, { paging: { limit: 2, cursor } });

    expect(first.logs).toHaveLength(2);
    expect(second.logs).toEqual([
      {
        sourceItemId: '3',
        failure: { code: 'WDE0009', description: 'The item is too large.', data: {} },
      },
    ]);
    expect(emulator.requests.at(-1)?.query).toContain('paging.limit=2');
    expect(await logsOf(emulator, job.id)).toHaveLength(3);
  });

  test('terminates a job', async () => {
    await using emulator = await startEmulator(siteWith({}));
    emulator.faults.addToJob({ stuck: 'INITIALIZING' });
    const id = await submit(emulator, 'Export');

    const { job } = await vendorSdk(emulator).jobs.terminateJob(id);

    expect(job?._id).toBe(id);
    await expect(vendorSdk(emulator).jobs.getJob(id)).rejects.toMatchObject({
      details: { applicationError: { code: 'NOT_FOUND' } },
    });
  });

  test('understands why a request was refused', async () => {
    await using emulator = await startEmulator();
    const { jobs } = vendorSdk(emulator);

    const source = { localization: { languages: ['en'] } };
    const error = await jobs.submitJob(source, { file: { format: 'CSV' } }).catch((e) => e);

    expect(error).toMatchObject({
      details: {
        validationError: {
          fieldViolations: [{ field: 'source.localization.languages', violatedRule: 'MIN_LENGTH' }],
        },
      },
      requestId: emulator.requests[0]?.requestId,
    });
  });
});
