import { describe, expect, test } from '@jest/globals';
import { startEmulator } from '../../emulator/emulator.ts';
import { htmlError, silentRefusal, tooManyRequests } from '../../emulator/faults.ts';
import { textAt } from '../../emulator/json.ts';
import { call, exportText, importText, logsOf, runJob, siteWith, upload } from './driving.ts';

const jobsPath = '/data-mover/v1/jobs';
const exportRequest = {
  name: 'Export products',
  source: { wixDataCollection: { collectionId: 'products' } },
  destination: { file: { format: 'CSV', fileName: 'x.csv' } },
};

describe('a fault', () => {
  test('strikes once, at the first request that it matches', async () => {
    await using emulator = await startEmulator();
    emulator.faults.add({ match: { path: '/data-mover/*' }, ...htmlError(502) });

    expect((await call(emulator, 'GET', '/wix-data/v2/collections')).status).toBe(200);
    expect((await call(emulator, 'GET', jobsPath)).status).toBe(502);
    expect((await call(emulator, 'GET', jobsPath)).status).toBe(200);
    expect(emulator.requests.map(({ fault }) => fault)).toEqual([undefined, 'answer', undefined]);
  });

  test('strikes as often as it is told, from where it is told', async () => {
    await using emulator = await startEmulator();
    const match = { method: 'GET', path: /jobs$/, nth: 2, times: 2 };
    emulator.faults.add({ match, ...htmlError(500) });
    const statuses = [];
    for (let turn = 0; turn < 4; turn += 1) {
      statuses.push((await call(emulator, 'GET', jobsPath)).status);
    }

    expect(statuses).toEqual([200, 500, 500, 200]);
  });

  test('strikes what the body is told by', async () => {
    await using emulator = await startEmulator(siteWith({}));
    const where = (body: unknown) => textAt(body, 'name') === exportRequest.name;
    emulator.faults.add({ match: { where }, ...htmlError(500) });

    expect((await call(emulator, 'GET', jobsPath)).status).toBe(200);
    expect((await call(emulator, 'POST', jobsPath, exportRequest)).status).toBe(500);
  });

  test('can be taken back', async () => {
    await using emulator = await startEmulator();
    const remove = emulator.faults.add({ match: { times: 'always' }, ...htmlError(500) });

    expect((await call(emulator, 'GET', jobsPath)).status).toBe(500);
    remove();
    expect((await call(emulator, 'GET', jobsPath)).status).toBe(200);
  });
});

describe('an answer can be', () => {
  test('429 with and without Retry-After', async () => {
    await using emulator = await startEmulator();
    emulator.faults.add(tooManyRequests(7));
    emulator.faults.add({ match: { nth: 2 }, ...tooManyRequests() });
    const first = await call(emulator, 'GET', jobsPath);
    const second = await call(emulator, 'GET', jobsPath);

    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '7']);
    expect([second.status, second.headers.get('retry-after')]).toEqual([429, null]);
    expect(second.body.details.applicationError?.code).toBe('WDE0014');
  });

  test('an HTML page', async () => {
    await using emulator = await startEmulator();
    emulator.faults.add(htmlError(503));
    const answer = await call(emulator, 'GET', jobsPath);

    expect(answer.headers.get('content-type')).toBe('text/html');
    expect(answer.text).toContain('<h1>503</h1>');
  });

  test('a refusal without a word', async () => {
    await using emulator = await startEmulator();
    emulator.faults.add(silentRefusal(403));
    emulator.faults.add({ match: { nth: 2 }, ...silentRefusal(401, '') });

    expect((await call(emulator, 'GET', jobsPath)).body).toEqual({ message: '', details: {} });
    expect((await call(emulator, 'GET', jobsPath)).text).toBe('');
  });

  test('half of its JSON', async () => {
    await using emulator = await startEmulator();
    emulator.faults.add({ kind: 'malformed-json' });
    const answer = await call(emulator, 'GET', jobsPath);

    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(/^\{/);
    expect(() => JSON.parse(answer.text)).toThrow();
  });

  test('nothing', async () => {
    await using emulator = await startEmulator();
    emulator.faults.add({ kind: 'empty' });

    expect(await call(emulator, 'GET', jobsPath)).toMatchObject({ status: 200, text: '' });
  });
});

describe('the connection', () => {
  test('ends before all that Content-Length announces has come', async () => {
    await using emulator = await startEmulator();
    emulator.faults.add({ kind: 'wrong-length', by: 5 });

    await expect(call(emulator, 'GET', jobsPath)).rejects.toThrow();
  });

  test('carries more than Content-Length announces', async () => {
    await using emulator = await startEmulator();
    const whole = (await call(emulator, 'GET', jobsPath)).text;
    emulator.faults.add({ kind: 'wrong-length', by: -5 });
    const answer = await fetch(`${emulator.apiUrl}${jobsPath}`, {
      headers: { authorization: emulator.apiKey, 'wix-site-id': emulator.siteId },
    });

    expect(answer.headers.get('content-length')).toBe(String(whole.length - 5));
    expect(await answer.text().catch(() => '')).not.toBe(whole);
  });

  test('is reset before the request takes effect', async () => {
    await using emulator = await startEmulator(siteWith({}));
    emulator.faults.add({ kind: 'reset', when: 'before' });

    await expect(call(emulator, 'POST', jobsPath, exportRequest)).rejects.toThrow('fetch failed');
    expect(emulator.jobs()).toHaveLength(0);
    expect(emulator.requests[0]?.status).toBe('reset');
  });

  test('is reset after the request took effect', async () => {
    await using emulator = await startEmulator(siteWith({}));
    emulator.faults.add({ kind: 'reset', when: 'after' });

    await expect(call(emulator, 'POST', jobsPath, exportRequest)).rejects.toThrow('fetch failed');
    expect(emulator.jobs()).toMatchObject([{ name: 'Export products' }]);
  });

  test('hangs until the client gives up', async () => {
    await using emulator = await startEmulator();
    emulator.faults.add({ kind: 'hang' });
    const signal = AbortSignal.timeout(20);

    await expect(fetch(`${emulator.apiUrl}${jobsPath}`, { signal })).rejects.toThrow('timeout');
    expect(emulator.requests[0]?.status).toBe('hang');
  });

  test('loses a 502 although the request took effect', async () => {
    await using emulator = await startEmulator(siteWith({}));
    emulator.faults.add(htmlError(502, true));

    expect((await call(emulator, 'POST', jobsPath, exportRequest)).status).toBe(502);
    expect(emulator.jobs()).toHaveLength(1);
  });
});

describe('a download', () => {
  const shop = siteWith({ items: [{ _id: 'a', title: 'x'.repeat(5000) }] });

  test('that is cut short of its Content-Length breaks off', async () => {
    await using emulator = await startEmulator(shop);
    emulator.faults.add({ match: { host: 'download' }, kind: 'cut', announced: 'full' });

    await expect(exportText(emulator)).rejects.toThrow('terminated');
  });

  test.each(['none', 'short'] as const)(
    'that is cut with Content-Length %s ends as if it were whole',
    async (announced) => {
      await using emulator = await startEmulator({ ...shop, bom: false });
      emulator.faults.add({ match: { host: 'download' }, kind: 'cut', announced, bytes: 100 });

      expect(await exportText(emulator)).toHaveLength(100);
      expect((await exportText(emulator)).length).toBeGreaterThan(5000);
    },
  );

  test('that is slow comes in pieces', async () => {
    await using emulator = await startEmulator(shop);
    const slow = { kind: 'slow', delay: 5, bytes: 2000, pause: 5 } as const;
    emulator.faults.add({ match: { host: 'download' }, ...slow });
    const job = await runJob(emulator, exportRequest);
    const answer = await fetch(textAt(job.destination, 'file.url') ?? '');
    let pieces = 0;
    for await (const _ of answer.body ?? []) pieces += 1;

    expect(pieces).toBeGreaterThan(2);
  });
});

test('an upload host can refuse', async () => {
  await using emulator = await startEmulator();
  emulator.faults.add({ match: { host: 'upload', method: 'PUT' }, kind: 'answer', status: 403 });

  await expect(upload(emulator, 'a')).rejects.toThrow('403');
});

describe('a job', () => {
  test.each(['UNINITIALIZED', 'INITIALIZING', 'IN_PROGRESS'] as const)(
    'is stuck in %s',
    async (stuck) => {
      await using emulator = await startEmulator({
        ...siteWith({}),
        jobSteps: { uninitialized: 0, initializing: 0, inProgress: 0 },
      });
      emulator.faults.addToJob({ stuck });
      await call(emulator, 'POST', jobsPath, exportRequest);
      await runJob(emulator, exportRequest);

      expect(emulator.jobs()[0]?.status).toBe(stuck);
    },
  );

  test.each(['WDH0000', 'WDH0001', 'WDH0002', 'WDH0003', 'WDE0109'])(
    'fails with %s and writes nothing',
    async (code) => {
      await using emulator = await startEmulator(siteWith({}));
      emulator.faults.addToJob({ match: { kind: 'import' }, end: 'FAILED', code });
      const job = await importText(emulator, '_id,title\na,b\n');

      expect(job).toMatchObject({ status: 'FAILED', error: { code } });
      expect(emulator.site.collection('products').items.size).toBe(0);
    },
  );

  test('fails after some of its rows', async () => {
    await using emulator = await startEmulator(siteWith({}));
    emulator.faults.addToJob({ end: 'FAILED', code: 'WDH0002', rows: 2 });

    await importText(emulator, '_id,title\na,1\nb,2\nc,3\n');

    expect([...emulator.site.collection('products').items.keys()]).toEqual(['a', 'b']);
  });

  test('is partially successful, with a cause', async () => {
    await using emulator = await startEmulator(siteWith({}));
    const cause = 'The collection is full.';
    const match = { collection: 'products' };
    emulator.faults.addToJob({ match, end: 'PARTIALLY_SUCCESSFUL', cause, rows: 1 });

    expect(await importText(emulator, '_id,title\na,1\nb,2\n')).toMatchObject({
      status: 'PARTIALLY_SUCCESSFUL',
      partiallySuccessfulOptions: { cause },
      progress: { itemsSuccessful: 1 },
    });
  });

  test('is partially successful, with a log that an export has otherwise not', async () => {
    await using emulator = await startEmulator(siteWith({}));
    const logs = [
      { sourceItemId: 'a', failure: { code: 'WDE0055', description: 'No.', data: {} } },
    ];
    emulator.faults.addToJob({ end: 'PARTIALLY_SUCCESSFUL', cause: '1 is missing', logs });

    const job = await runJob(emulator, exportRequest);
    expect(job).toMatchObject({ status: 'PARTIALLY_SUCCESSFUL', logsRecorded: 1 });
    expect(await logsOf(emulator, job.id)).toEqual(logs);
  });

  test('vanishes when it would have ended', async () => {
    await using emulator = await startEmulator(siteWith({}));
    emulator.faults.addToJob({ match: { name: 'Export *' }, end: 'gone' });
    await call(emulator, 'POST', jobsPath, exportRequest);
    while (emulator.jobs().length > 0) await new Promise((resolve) => setTimeout(resolve, 2));

    expect((await call(emulator, 'GET', jobsPath)).body.jobs).toEqual([]);
  });

  test('that no fault matches ends well', async () => {
    await using emulator = await startEmulator(siteWith({}));
    emulator.faults.addToJob({ match: { collection: 'others' }, end: 'gone' });
    emulator.faults.addToJob({ match: { localization: true }, end: 'gone' });
    emulator.faults.addToJob({ match: { name: 'Import' }, end: 'gone' });

    expect(await runJob(emulator, exportRequest)).toMatchObject({ status: 'COMPLETED' });
  });
});
