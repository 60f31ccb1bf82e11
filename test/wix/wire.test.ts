import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  htmlError,
  type RequestFault,
  silentRefusal,
  tooManyRequests,
} from '../../emulator/faults.ts';
import { listCollections } from '../../src/wix/collections.ts';
import { downloadFile, uploadFile } from '../../src/wix/files.ts';
import { removeItems } from '../../src/wix/items.ts';
import {
  followJobs,
  readLogs,
  runningJobs,
  submitJob,
  terminateJob,
  uniqueJobName,
} from '../../src/wix/jobs.ts';
import type { JobRequest } from '../../src/wix/wire.ts';
import { against, shop } from './support.ts';

function exportOf(collectionId: string): JobRequest {
  return {
    name: uniqueJobName('export', collectionId),
    source: { wixDataCollection: { collectionId } },
    destination: { file: { format: 'CSV', fileName: 'export.csv' } },
  };
}

function temporaryFile(text?: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'wix-cms-wire-')), 'file.csv');
  if (text !== undefined) writeFileSync(path, text);
  return path;
}

const forever = Number.POSITIVE_INFINITY;

describe('a request that can be repeated rides out', () => {
  const faults: readonly [string, RequestFault][] = [
    ['429 without Retry-After', tooManyRequests()],
    ['429 with Retry-After', tooManyRequests(2)],
    ['a gateway with an HTML body', htmlError(502)],
    ['a connection that breaks before', { kind: 'reset', when: 'before' }],
    ['a connection that breaks after', { kind: 'reset', when: 'after' }],
    ['JSON that is none', { kind: 'malformed-json' }],
    ['an empty answer', { kind: 'empty' }],
    ['no answer at all', { kind: 'hang' }],
  ];
  test.each(faults)('%s', async (_name, fault) => {
    await against(
      shop,
      async ({ emulator, client, clock }) => {
        emulator.faults.add({ ...fault, match: { path: '/wix-data/v2/collections*' } });
        expect((await listCollections(client)).map(({ id }) => id)).toEqual(['teas']);
        expect(emulator.requests).toHaveLength(2);
        expect(clock.sleeps).toHaveLength(1);
      },
      { timeLimit: 300 },
    );
  });

  test('what the server says how long to wait', async () => {
    await against(shop, async ({ emulator, client, clock }) => {
      emulator.faults.add({ ...tooManyRequests(7), match: { path: '/wix-data/v2/collections*' } });
      await listCollections(client);
      expect(clock.sleeps).toEqual([7_000]);
    });
  });

  test('but not for ever', async () => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.add({ ...htmlError(503), match: { path: '/wix-data/*', times: 'always' } });
      await expect(listCollections(client)).rejects.toMatchObject({
        name: 'Failure',
        reason: 'api',
      });
      expect(emulator.requests).toHaveLength(6);
    });
  });

  test('nor where trying again can not help', async () => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.add({
        ...silentRefusal(403),
        match: { path: '/wix-data/*', times: 'always' },
      });
      await expect(listCollections(client)).rejects.toMatchObject({ reason: 'auth' });
      expect(emulator.requests).toHaveLength(1);
    });
  });
});

describe('a job is submitted once', () => {
  const faults: readonly [string, RequestFault][] = [
    ['the answer is lost', { kind: 'reset', when: 'after' }],
    ['the request is lost', { kind: 'reset', when: 'before' }],
    ['the answer is no JSON', { kind: 'malformed-json' }],
    ['the answer is empty', { kind: 'empty' }],
    ['the gateway fails after it went through', htmlError(502, true)],
    ['Wix is busy', tooManyRequests()],
  ];
  test.each(faults)('when %s', async (_name, fault) => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.add({ ...fault, match: { method: 'POST', path: '/data-mover/v1/jobs' } });
      const job = await submitJob(client, exportOf('teas'));
      expect(emulator.jobs().map(({ id }) => id)).toEqual([job.id]);
    });
  });
});

describe('jobs', () => {
  test('are followed together, with one query per look', async () => {
    const collections = Array.from({ length: 30 }, (_, i) => ({ id: `c${i}`, fields: [] }));
    await against({ site: { collections } }, async ({ emulator, client }) => {
      const jobs = await Promise.all(collections.map(({ id }) => submitJob(client, exportOf(id))));
      const ended: string[] = [];
      let looks = 0;
      const onProgress = () => {
        looks += 1;
      };
      for await (const { kind, job } of followJobs(client, jobs, {
        deadline: forever,
        onProgress,
      })) {
        ended.push(`${kind} ${job.id}`);
      }
      expect(ended.sort()).toEqual(jobs.map(({ id }) => `completed ${id}`).sort());
      const queries = emulator.requests.filter(({ path }) => path.endsWith('/jobs/query'));
      expect(queries).toHaveLength(looks);
    });
  });

  test('that never end are named when the time is up', async () => {
    await against(shop, async ({ emulator, client, clock }) => {
      emulator.faults.addToJob({ stuck: 'IN_PROGRESS' });
      const job = await submitJob(client, exportOf('teas'));
      const ends = followJobs(client, [job], { deadline: clock.now() + 60_000 });
      await expect(ends.next()).rejects.toMatchObject({
        reason: 'timeout',
        message: expect.stringContaining(job.id),
      });
    });
  });

  test('that vanish are known to be gone', async () => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.addToJob({ stuck: 'IN_PROGRESS' });
      const job = await submitJob(client, exportOf('teas'));
      await terminateJob(client, job.id);
      for await (const { kind } of followJobs(client, [job], { deadline: forever })) {
        expect(kind).toBe('vanished');
      }
    });
  });

  test('of an earlier run are found while they run', async () => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.addToJob({ stuck: 'IN_PROGRESS' });
      const job = await submitJob(client, exportOf('teas'));
      expect((await runningJobs(client, 'export')).map(({ id }) => id)).toEqual([job.id]);
      expect(await runningJobs(client, 'import')).toEqual([]);
    });
  });

  test('are terminated also when the run is being cancelled', async () => {
    await against(shop, async ({ emulator, client, cancel, warnings }) => {
      emulator.faults.addToJob({ stuck: 'IN_PROGRESS' });
      const job = await submitJob(client, exportOf('teas'));
      cancel(new Error('cancelled'));
      await terminateJob(client, job.id);
      expect(emulator.requests.at(-1)?.path).toContain('/terminate');
      expect(warnings).toEqual([]);
    });
  });

  test('tell of every rejected row, over as many pages as it takes', async () => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.rejectRow({ collection: 'teas', code: 'WDE0009', description: 'too\nlarge' });
      const rows = Array.from({ length: 130 }, (_, i) => `x${i},t`);
      const fileId = await uploadFile(
        client,
        temporaryFile(`_id,title\n${rows.join('\n')}\n`),
        'a.csv',
      );
      const job = await submitJob(client, {
        name: uniqueJobName('import', 'teas'),
        source: { file: { fileId, format: 'CSV' } },
        destination: { wixDataCollection: { collectionId: 'teas', writePolicy: 'OVERWRITE' } },
      });
      for await (const { job: ended } of followJobs(client, [job], { deadline: forever })) {
        expect(ended.progress.rejected).toBe(130);
      }
      const entries = await readLogs(client, job.id);
      expect(entries).toHaveLength(130);
      expect(entries[0]?.failure).toEqual({ code: 'WDE0009', description: 'too large' });
    });
  });
});

describe('files', () => {
  async function download(client: Parameters<typeof downloadFile>[0], path: string): Promise<void> {
    const job = await submitJob(client, exportOf('teas'));
    for await (const { job: ended } of followJobs(client, [job], { deadline: forever })) {
      await downloadFile(client, async () => ended.fileUrl ?? '', path);
    }
  }

  test.each([
    ['is cut short', { kind: 'cut', announced: 'full' }],
    ['breaks off', { kind: 'reset', when: 'before' }],
    ['meets a server in trouble', htmlError(503)],
  ] as const)('a download that %s is tried again', async (_name, fault) => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.add({ ...fault, match: { host: 'download' } });
      const path = temporaryFile();
      await download(client, path);
      expect(readFileSync(path, 'utf8')).toContain('Assam');
      expect(emulator.leaks()).toEqual([]);
    });
  });

  test('a download that never comes whole leaves no file', async () => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.add({
        kind: 'cut',
        announced: 'full',
        match: { host: 'download', times: 'always' },
      });
      const path = temporaryFile();
      await expect(download(client, path)).rejects.toMatchObject({ reason: 'api' });
      expect(() => readFileSync(path)).toThrow('ENOENT');
    });
  });

  test('redirects of a download are followed', async () => {
    await against({ ...shop, downloadRedirects: true }, async ({ client, emulator }) => {
      const path = temporaryFile();
      await download(client, path);
      expect(readFileSync(path, 'utf8')).toContain('Uva');
      expect(emulator.leaks()).toEqual([]);
    });
  });

  test('an upload whose URL has expired gets a fresh one', async () => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.add({ ...silentRefusal(403), match: { host: 'upload' } });
      await uploadFile(client, temporaryFile('_id\n'), 'a.csv');
      const asked = emulator.requests.filter(({ path }) => path.endsWith('/upload-url'));
      expect(asked).toHaveLength(2);
      expect(emulator.leaks()).toEqual([]);
    });
  });

  test.each([
    'http://127.0.0.1:9/x',
    'https://localhost/x',
    'https://169.254.169.254/latest',
    'https://[::1]/x',
    'http://example.com/x',
    'file:///etc/passwd',
  ])('an answer of Wix does not lead to %s', async (url) => {
    await against(
      shop,
      async ({ client }) => {
        await expect(downloadFile(client, async () => url, temporaryFile())).rejects.toMatchObject({
          reason: 'api',
          message: expect.stringContaining('not a host for files'),
        });
      },
      { apiUrl: 'https://www.wixapis.com' },
    );
  });
});

test('items are removed in chunks, and one that is gone already counts', async () => {
  const items = Array.from({ length: 501 }, (_, i) => ({ _id: `x${i}` }));
  const site = { site: { collections: [{ id: 'teas', fields: [], items }] } };
  await against(site, async ({ emulator, client }) => {
    expect(await removeItems(client, 'teas', [])).toEqual([]);
    expect(emulator.requests).toEqual([]);
    const ids = [...items.map(({ _id }) => _id), 'never-was'];
    expect(await removeItems(client, 'teas', ids)).toEqual([]);
    expect(emulator.requests).toHaveLength(2);
    expect(emulator.site.collection('teas').items.size).toBe(0);
  });
});
