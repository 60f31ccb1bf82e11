import { execFile } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createGzip } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { temporaryFile } from '../wix/support.ts';
import type { Report } from './memory-child.ts';

/** What comes from outside must not take more memory than this, in megabytes, nor the disk. */
const most = 350;

test.each([
  ['with a header', '_id\n'],
  ['without a header', '\n'],
])(
  'a file of empty lines %s is read in little memory, since it has no rows',
  async (_name, header) => {
    const path = temporaryFile(header);
    writeFileSync(path, '\n'.repeat(10_000_000), { flag: 'a' });
    const { message, megabytes } = await child('open', path);
    expect(message).toBe('done');
    expect(megabytes).toBeLessThan(most);
  },
);

test.each([
  ['without a key', '_id,title', ',x', 'line 50002: more than 50000 rows have no key'],
  ['without a column of keys', 'title', 'x', 'line 1: no column holds the keys of the rows'],
])(
  'millions of rows %s are refused, since nobody could add so many',
  async (_name, header, row, words) => {
    const path = temporaryFile(`${header}\n`);
    writeFileSync(path, `${row}\n`.repeat(10_000_000), { flag: 'a' });
    const { message, megabytes } = await child('open', path);
    expect(message).toContain(words);
    expect(megabytes).toBeLessThan(most);
  },
);

test('as many rows without a key as a job takes are read', async () => {
  const path = temporaryFile(`_id,title\n${',Tea\n'.repeat(50_000)}`);
  expect(await child('open', path)).toMatchObject({ message: 'done' });
});

test('an answer that does not end is cut off, and said to be too large', async () => {
  await using host = await hostThat((_request, response) => {
    const blanks = Buffer.alloc(2 ** 20, ' ');
    const more = () => {
      while (!response.destroyed && response.write(blanks));
    };
    response.on('drain', more);
    more();
  });
  const { message, megabytes } = await child('ask', host.url);
  expect(message).toMatch(/^Wix was asked to ask, and its answer has more than 32 MiB, .*\.$/);
  expect(megabytes).toBeLessThan(most);
});

test('a download that unfolds without end fills neither memory nor disk', async () => {
  await using host = await hostThat((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    const bomb = createGzip();
    bomb.pipe(response);
    const zeros = Buffer.alloc(2 ** 20);
    const more = () => {
      while (!response.destroyed && bomb.write(zeros));
    };
    bomb.on('drain', more);
    more();
  });
  const path = temporaryFile();
  const { message, megabytes } = await child('download', host.url, path);
  expect(message).toContain('The download of the export has more than 1048576 bytes');
  expect(megabytes).toBeLessThan(most);
  expect(readdirSync(dirname(path))).toEqual([]);
});

/** Does a task in a process that has little memory. */
async function child(...task: readonly string[]): Promise<Report> {
  const script = join(import.meta.dirname, 'memory-child.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--max-old-space-size=96',
    script,
    ...task,
  ]);
  return JSON.parse(stdout);
}

async function hostThat(answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
