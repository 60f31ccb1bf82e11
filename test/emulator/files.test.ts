import { request } from 'node:https';
import { describe, expect, test } from '@jest/globals';
import { type Emulator, startEmulator } from '../../emulator/emulator.ts';
import { textAt } from '../../emulator/json.ts';
import { selfSigned } from '../end-to-end/certificate.ts';
import { call, runJob, siteWith } from './driving.ts';

async function uploadUrl(emulator: Emulator): Promise<string> {
  const path = '/data-mover/v1/temporary-files/upload-url';
  return (await call(emulator, 'POST', path, { fileName: 'x.csv' })).body.uploadUrl;
}

async function downloadUrl(emulator: Emulator): Promise<string> {
  const job = await runJob(emulator, {
    source: { wixDataCollection: { collectionId: 'products' } },
    destination: { file: { format: 'CSV', fileName: 'x.csv' } },
  });
  return textAt(job.destination, 'file.url') ?? '';
}

describe('a key that leaks', () => {
  test('to the upload host is refused and remembered', async () => {
    await using emulator = await startEmulator();
    const answer = await fetch(await uploadUrl(emulator), {
      method: 'PUT',
      headers: { authorization: emulator.apiKey },
      body: 'a',
    });

    expect(answer.status).toBe(400);
    expect(emulator.leaks()).toMatchObject([{ host: 'upload', status: 400 }]);
  });

  test('to the download host is refused and remembered', async () => {
    await using emulator = await startEmulator(siteWith({}));
    const answer = await fetch(await downloadUrl(emulator), {
      headers: { 'wix-site-id': emulator.siteId },
    });

    expect(answer.status).toBe(400);
    expect(emulator.leaks()).toMatchObject([{ host: 'download', status: 400 }]);
  });
});

describe('an upload URL', () => {
  test('is good for fifteen minutes', async () => {
    let now = 0;
    const clock = { now: () => now, sleep: async () => {} };
    await using emulator = await startEmulator({ clock });
    const url = await uploadUrl(emulator);

    now = 15 * 60_000 - 1;
    expect((await fetch(url, { method: 'PUT', body: 'a' })).status).toBe(200);
    now += 1;
    expect((await fetch(url, { method: 'PUT', body: 'a' })).status).toBe(403);
  });

  test('can be made to expire', async () => {
    await using emulator = await startEmulator();
    const url = await uploadUrl(emulator);
    emulator.expireUploadUrls();

    expect((await fetch(url, { method: 'PUT', body: 'a' })).status).toBe(403);
    const fresh = await uploadUrl(emulator);
    expect((await fetch(fresh, { method: 'PUT', body: 'a' })).status).toBe(200);
  });

  test('takes PUT with a Content-Length and nothing else', async () => {
    await using emulator = await startEmulator();
    const url = await uploadUrl(emulator);
    const body = new Blob(['a']).stream();
    const chunked = { method: 'PUT', body, duplex: 'half' } as const;

    expect((await fetch(url, { method: 'POST', body: 'a' })).status).toBe(405);
    expect((await fetch(url, chunked)).status).toBe(411);
  });
});

describe('a download URL', () => {
  test('is there at once but answers 404 until the job is over', async () => {
    await using emulator = await startEmulator(siteWith({}));
    emulator.faults.addToJob({ stuck: 'INITIALIZING' });
    const { job } = (
      await call(emulator, 'POST', '/data-mover/v1/jobs', {
        source: { wixDataCollection: { collectionId: 'products' } },
        destination: { file: { format: 'CSV' } },
      })
    ).body;

    expect((await fetch(textAt(job.destination, 'file.url') ?? '')).status).toBe(404);
  });

  test('says how long the file is', async () => {
    await using emulator = await startEmulator(siteWith({}));
    const answer = await fetch(await downloadUrl(emulator));
    const bytes = await answer.arrayBuffer();

    expect(answer.headers.get('content-length')).toBe(String(bytes.byteLength));
    expect(answer.headers.get('content-type')).toBe('text/csv');
  });

  test('may redirect first', async () => {
    await using emulator = await startEmulator({ ...siteWith({}), downloadRedirects: true });
    const url = await downloadUrl(emulator);

    expect((await fetch(url, { redirect: 'manual' })).status).toBe(302);
    expect((await fetch(url)).status).toBe(200);
  });

  test('may be named by http, where https alone answers', async () => {
    const tls = selfSigned(['localhost']);
    await using emulator = await startEmulator({ ...siteWith({}), tls, downloadScheme: 'http' });
    const ask = (path: string, body?: object) =>
      secureJson(`${emulator.apiUrl}${path}`, tls.cert, emulator, body);

    const { job } = await ask('/data-mover/v1/jobs', {
      source: { wixDataCollection: { collectionId: 'products' } },
      destination: { file: { format: 'CSV' } },
    });
    expect(emulator.apiUrl).toMatch(/^https:/);
    expect(job.destination.file.url).toMatch(/^http:/);
    await expect(fetch(job.destination.file.url)).rejects.toThrow();
    expect(await ask(`/data-mover/v1/jobs/${job.id}`)).toMatchObject({ job: { id: job.id } });
  });
});

/** Asks a host whose certificate signs itself, which `fetch` cannot. */
async function secureJson(url: string, ca: string, emulator: Emulator, body?: object) {
  const headers = { authorization: emulator.apiKey, 'wix-site-id': emulator.siteId };
  const method = body === undefined ? 'GET' : 'POST';
  const text = await new Promise<string>((resolve, reject) => {
    const sent = request(url, { ca, headers, method }, (answer) => {
      answer.toArray().then((pieces) => resolve(Buffer.concat(pieces).toString()), reject);
    });
    sent.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
  return JSON.parse(text);
}
