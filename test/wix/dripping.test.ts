/** A file that moves all the time, and never comes to an end: no silence ends it, the time for the run does. */
import { readdirSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { expect, test } from '@jest/globals';
import type { WixClient } from '../../src/wix/client.ts';
import { downloadFile, uploadFile } from '../../src/wix/files.ts';
import { followJobs, submitJob } from '../../src/wix/jobs.ts';
import { against, exportOf, type Situation, shop, temporaryFile } from './support.ts';

/** The client of a run whose time is up so many milliseconds from now. */
function endingIn(milliseconds: number, { client, clock }: Situation): WixClient {
  return { ...client, deadline: clock.now() + milliseconds };
}

function toHost({ emulator }: Situation, host: 'upload' | 'download') {
  return emulator.requests.filter((request) => request.host === host);
}

test('a download that drips beyond the time for the run is ended, and leaves no file', () =>
  against(
    shop,
    async (situation) => {
      const { emulator, client } = situation;
      const end = await followJobs(client, [await submitJob(client, exportOf('teas'))]).next();
      const url = async () => end.value?.job.fileUrl ?? '';
      const match = { host: 'download', times: 'always' } as const;
      emulator.faults.add({ kind: 'slow', bytes: 1, pause: 50, match });
      const path = temporaryFile();
      await expect(downloadFile(endingIn(300, situation), url, path)).rejects.toMatchObject({
        reason: 'timeout',
        message: expect.stringContaining('a request to download the export. Raise the input'),
      });
      expect(readdirSync(dirname(path))).toEqual([]);
      expect(toHost(situation, 'download')).toHaveLength(1);
    },
    { fileSilence: 200 },
  ));

test('an upload that is taken drop by drop beyond the time for the run is ended', async () => {
  await using host = await slowHost();
  await against(
    shop,
    async (situation) => {
      const body = JSON.stringify({ fileId: 'f', uploadUrl: host.url });
      const match = { path: '*/upload-url' };
      situation.emulator.faults.add({ kind: 'answer', status: 200, body, match });
      const file = temporaryFile('x'.repeat(20_000_000));
      const client = endingIn(1_500, situation);
      await expect(uploadFile(client, file, 'teas.csv')).rejects.toMatchObject({
        reason: 'timeout',
        message: expect.stringContaining('a request to upload teas.csv. Raise the input'),
      });
      expect(host.sockets).toHaveLength(1);
    },
    { fileSilence: 1_000 },
  );
});

test('an upload whose answer drips is over with its status', () =>
  against(
    shop,
    async (situation) => {
      const match = { host: 'upload' } as const;
      situation.emulator.faults.add({ kind: 'slow', bytes: 1, pause: 60_000, match });
      await uploadFile(situation.client, temporaryFile('_id\n'), 'a.csv');
      expect(toHost(situation, 'upload')).toHaveLength(1);
    },
    { fileSilence: 200 },
  ));

/** A host that takes what it is sent a little at a time, and never answers. */
async function slowHost() {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.pause());
    socket.on('error', () => {});
  });
  const timer = setInterval(() => sockets.map((socket) => socket.read()), 10);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    sockets,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
