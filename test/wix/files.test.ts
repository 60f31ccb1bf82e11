import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { htmlError, silentRefusal } from '../../emulator/faults.ts';
import type { WixClient } from '../../src/wix/client.ts';
import { downloadFile, uploadFile } from '../../src/wix/files.ts';
import { followJobs, submitJob } from '../../src/wix/jobs.ts';
import { against, exportOf, type Situation, shop, temporaryFile } from './support.ts';

test.each([
  'file:///etc/passwd',
  'ftp://files.example/x?secret',
  'data:text/csv,_id',
  'no URL',
  '',
])('Wix does not lead to "%s", and the failure does not repeat it', async (url) => {
  await against(shop, async ({ client }) => {
    const asked = downloadFile(client, async () => url, temporaryFile());
    await expect(asked).rejects.toMatchObject({
      reason: 'api',
      message: expect.stringMatching(/^Wix named (?!.*(secret|passwd|_id)).* for a file/),
    });
  });
});

test('a file is asked for with encryption, whatever Wix names', async () => {
  const firstBytes: (number | undefined)[] = [];
  const server = createServer((socket) => {
    socket.once('data', ([first]) => {
      firstBytes.push(first);
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  await against(shop, async ({ client }) => {
    const encrypted = { ...client, apiUrl: 'https://www.wixapis.com' };
    const url = `http://127.0.0.1:${port}/x`;
    await expect(downloadFile(encrypted, async () => url, temporaryFile())).rejects.toThrow();
  });
  const handshake = 0x16;
  expect(firstBytes).toContain(handshake);
  server.close();
});

describe('downloads', () => {
  test.each([
    ['is cut short', { kind: 'cut', announced: 'full' }],
    ['breaks off', { kind: 'reset', when: 'before' }],
    ['meets a server in trouble', htmlError(503)],
    ['comes too late for its URL', silentRefusal(403)],
    ['comes too late for its token', silentRefusal(400)],
  ] as const)('a download that %s is tried again', async (_name, fault) => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.add({ ...fault, match: { host: 'download' } });
      const path = temporaryFile();
      await download(client, path);
      expect(readFileSync(path, 'utf8')).toContain('Assam');
      expect(emulator.leaks()).toEqual([]);
    });
  });

  test('a download that ends in a cell, without any sign of it, is tried again', async () => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.add({ kind: 'wrong-length', by: -3, match: { host: 'download' } });
      const path = temporaryFile();
      await download(client, path);
      expect(readFileSync(path, 'utf8')).toMatch(/"Uva"\n$/);
      expect(downloadsOf(emulator)).toHaveLength(2);
    });
  });

  test.each(['_id,title\na,Assam', ''])(
    'a file whose last line does not end, %j, is taken if it comes twice',
    async (body) => {
      await against(shop, async ({ emulator, client }) => {
        const match = { host: 'download', times: 'always' } as const;
        emulator.faults.add({ kind: 'answer', status: 200, body, match });
        const path = temporaryFile();
        await download(client, path);
        expect(readFileSync(path, 'utf8')).toBe(body);
        expect(downloadsOf(emulator)).toHaveLength(2);
      });
    },
  );

  test('a download that never comes whole leaves no file', async () => {
    await against(shop, async ({ emulator, client }) => {
      const match = { host: 'download', times: 'always' } as const;
      emulator.faults.add({ kind: 'cut', announced: 'full', match });
      const path = temporaryFile();
      await expect(download(client, path)).rejects.toMatchObject({
        name: 'Failure',
        reason: 'api',
        message: expect.stringMatching(
          /^Wix did not answer when asked 6 times to download the export \(.*cut short: .+\)/,
        ),
      });
      expect(readdirSync(dirname(path))).toEqual([]);
      expect(downloadsOf(emulator)).toHaveLength(6);
    });
  });

  test('redirects of a download are followed, without credentials', async () => {
    await against({ ...shop, downloadRedirects: true }, async ({ client, emulator }) => {
      const path = temporaryFile();
      await download(client, path);
      expect(readFileSync(path, 'utf8')).toContain('Uva');
      expect(emulator.leaks()).toEqual([]);
    });
  });

  test('a download that falls silent is tried again', async () => {
    await against(
      shop,
      async ({ emulator, client }) => {
        const silent = { kind: 'slow', bytes: 5, pause: 60_000 } as const;
        emulator.faults.add({ ...silent, match: { host: 'download' } });
        const path = temporaryFile();
        await download(client, path);
        expect(readFileSync(path, 'utf8')).toContain('Assam');
        expect(downloadsOf(emulator)).toHaveLength(2);
      },
      { fileSilence: 200 },
    );
  });

  test('a download from a host that is gone without a word is tried again', async () => {
    await using host = await hostThatGoesDeadOnce('_id,title\n');
    await against(
      shop,
      async ({ client }) => {
        const path = temporaryFile();
        await downloadFile(client, async () => host.url, path);
        expect(readFileSync(path, 'utf8')).toBe('_id,title\n');
      },
      { fileSilence: 200 },
    );
  });

  test('a download that is slow but never silent comes whole', async () => {
    await against(
      shop,
      async ({ emulator, client }) => {
        const slow = { kind: 'slow', bytes: 1, pause: 15 } as const;
        emulator.faults.add({ ...slow, match: { host: 'download' } });
        const path = temporaryFile();
        await download(client, path);
        expect(readFileSync(path, 'utf8')).toContain('Assam');
        expect(downloadsOf(emulator)).toHaveLength(1);
      },
      { fileSilence: 200 },
    );
  });

  test('every try asks for the URL anew', async () => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.add({ ...silentRefusal(403), match: { host: 'download', times: 2 } });
      const asked: number[] = [];
      const url = await exportedUrl(client);
      const getUrl = async (attempt: number) => {
        asked.push(attempt);
        return url;
      };
      await downloadFile(client, getUrl, temporaryFile());
      expect(asked).toEqual([1, 2, 3]);
    });
  });

  test('a download that is refused for good is asked for once', async () => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.add({ ...silentRefusal(410), match: { host: 'download' } });
      await expect(download(client, temporaryFile())).rejects.toMatchObject({
        reason: 'api',
        message: expect.stringContaining('HTTP 410'),
      });
      expect(downloadsOf(emulator)).toHaveLength(1);
    });
  });

  test('redirects in a circle come to an end', async () => {
    await against(shop, async ({ emulator, client }) => {
      const headers = { location: '/elsewhere' };
      const match = { host: 'download', times: 'always' } as const;
      emulator.faults.add({ kind: 'answer', status: 302, headers, match });
      await expect(download(client, temporaryFile())).rejects.toMatchObject({
        reason: 'api',
        message: expect.stringContaining('redirected more than 5 times'),
      });
    });
  });

  test.each(['file:///etc/passwd', 'ftp://example.com/x', 'http://example.com:x/'])(
    'a redirect to %s is not followed',
    async (location) => {
      await against(shop, async ({ emulator, client }) => {
        const match = { host: 'download' } as const;
        emulator.faults.add({ kind: 'answer', status: 302, headers: { location }, match });
        await expect(download(client, temporaryFile())).rejects.toMatchObject({
          name: 'Failure',
          message: expect.stringContaining('not a host for files'),
        });
      });
    },
  );

  test('a download ends when the run is cancelled, and leaves no file', async () => {
    await against(shop, async ({ emulator, client, cancel }) => {
      emulator.faults.add({ kind: 'slow', bytes: 5, pause: 60_000, match: { host: 'download' } });
      const path = temporaryFile();
      setTimeout(() => cancel(new Error('cancelled')), 40);
      await expect(download(client, path)).rejects.toThrow('cancelled');
      expect(readdirSync(dirname(path))).toEqual([]);
    });
  });
});

describe('uploads', () => {
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
    ['breaks before it is taken', { kind: 'reset', when: 'before' }],
    ['breaks after it was taken', { kind: 'reset', when: 'after' }],
    ['meets a server in trouble', htmlError(503)],
    ['is not answered', { kind: 'hang' }],
  ] as const)('an upload that %s is sent whole again, to a fresh URL', async (_name, fault) => {
    await against(
      shop,
      async ({ emulator, client }) => {
        emulator.faults.add({ ...fault, match: { host: 'upload' } });
        const text = '_id,title\na,Tea\n';
        await uploadFile(client, temporaryFile(text), 'a.csv');
        const uploads = emulator.requests.filter(({ host }) => host === 'upload');
        expect(uploads.map(({ body }) => body)).toEqual([text.length, text.length]);
        expect(new Set(uploads.map(({ path }) => path)).size).toBe(2);
        expect(emulator.leaks()).toEqual([]);
      },
      { fileSilence: 200 },
    );
  });

  test('an upload that never succeeds fails once, naming the file', async () => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.add({ ...htmlError(503), match: { host: 'upload', times: 'always' } });
      await expect(uploadFile(client, temporaryFile('_id\n'), 'teas.csv')).rejects.toMatchObject({
        name: 'Failure',
        reason: 'api',
        message:
          'Wix did not answer when asked 6 times to upload teas.csv (HTTP 503). Check the network, or run again later.',
      });
    });
  });

  test.each([
    [413, 'Merge the edits in several smaller pull requests'],
    [410, 'Run again'],
  ])('an upload that is refused for good (%i) is sent once', async (status, remedy) => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.add({ ...silentRefusal(status), match: { host: 'upload', times: 'always' } });
      await expect(uploadFile(client, temporaryFile('_id\n'), 'a.csv')).rejects.toMatchObject({
        reason: 'api',
        message: expect.stringMatching(`^The upload of 4 bytes .*HTTP ${status}.*${remedy}`),
      });
      expect(emulator.requests.filter(({ host }) => host === 'upload')).toHaveLength(1);
    });
  });

  test.each(['not a URL', 'ftp://files.example/x'])(
    'an upload goes nowhere but to a host for files: not to %s',
    async (url) => {
      await against(shop, async ({ emulator, client }) => {
        nameForUpload(emulator, url);
        const outside = { ...client, apiUrl: 'https://www.wixapis.com' };
        await expect(uploadFile(outside, temporaryFile('_id\n'), 'a.csv')).rejects.toMatchObject({
          name: 'Failure',
          message: expect.stringContaining('not a host for files'),
        });
      });
    },
  );
});

function nameForUpload(emulator: Situation['emulator'], uploadUrl: string): void {
  const body = JSON.stringify({ fileId: 'f', uploadUrl });
  emulator.faults.add({ kind: 'answer', status: 200, body, match: { path: '*/upload-url' } });
}

async function download(client: WixClient, path: string): Promise<void> {
  const url = await exportedUrl(client);
  await downloadFile(client, async () => url, path);
}

async function exportedUrl(client: WixClient): Promise<string> {
  const job = await submitJob(client, exportOf('teas'));
  const end = await followJobs(client, [job]).next();
  return end.value?.job.fileUrl ?? '';
}

function downloadsOf(emulator: Situation['emulator']) {
  return emulator.requests.filter(({ host }) => host === 'download');
}

/** Serves a text; the first time it stops in the middle, and does not even close the connection. */
async function hostThatGoesDeadOnce(text: string) {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const isFirst = sockets.push(socket) === 1;
    const head = `HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n\r\n`;
    socket.on('error', () => {});
    socket.once('data', () => socket.write(head + (isFirst ? text.slice(0, 3) : text)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
