import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/errors.ts';
import { remoteTip } from '../../src/repository/remote.ts';
import { tryGit } from '../../src/repository/run-git.ts';
import { open } from './open.ts';
import { cloneOf, git, makeRemote } from './support.ts';

/** A host that takes every connection and never says a word. */
async function silentHost(): Promise<AsyncDisposable & { server: Server; url: string }> {
  const sockets: Socket[] = [];
  const server = createServer(() => {}).on('connection', (socket) => sockets.push(socket));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port
  return {
    server,
    url: `http://127.0.0.1:${port}/site.git`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), 'close');
    },
  };
}

/** The processes whose command line holds these words. */
function processesWith(words: string): readonly string[] {
  const lines = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(words));
}

describe('a full disk', () => {
  const failing = async (words: string) => {
    const opened = await open(cloneOf(makeRemote()));
    const alias = `alias.fail=!echo '${words}' >&2; exit 128`;
    return tryGit(opened, ['-c', alias, 'fail']);
  };

  test.each([
    'fatal: write error: No space left on device',
    'error: unable to write file: Disk quota exceeded',
  ])('is named as what it is where git says: %s', (words) =>
    expect(failing(words)).rejects.toThrow('The disk of the runner is full'),
  );

  test('of the server is none of the runner', async () => {
    const { stderr } = await failing('remote: fatal: No space left on device');
    expect(stderr).toContain('No space left on device');
  });
});

test.each([
  ['cannot open .git/shallow.lock: Permission denied', 'Let the user of the job read and write it'],
  ["Unable to create '/r/.git/index.lock': Read-only file system", 'is read-only: give the job'],
  [
    "unable to create file 'content/a.csv': File name too long",
    'is too long: choose a shorter one',
  ],
])('git that says "%s" is told what to do', async (words, remedy) => {
  const opened = await open(cloneOf(makeRemote()));
  const alias = `alias.fail=!echo "fatal: ${words}" >&2; exit 128`;
  await expect(tryGit(opened, ['-c', alias, 'fail'])).rejects.toThrow(remedy);
});

test('what keeps git from being fed is thrown, not what git says of the end of its input', async () => {
  const opened = await open(cloneOf(makeRemote()));
  const fault = Object.assign(new Error('ENOSPC: no space left'), {
    code: 'ENOSPC',
    syscall: 'write',
  });
  const fed = tryGit(opened, ['fast-import', '--done'], () => Promise.reject(fault));
  await expect(fed).rejects.toBe(fault);
});

describe('git that hangs', () => {
  test('is ended with all that it started once the time is up', async () => {
    await using host = await silentHost();
    const clone = cloneOf(makeRemote());
    git(clone, 'remote', 'set-url', 'origin', host.url);
    const opened = { ...(await open(clone)), timeLimit: 500 };
    await expect(remoteTip(opened, 'refs/heads/main')).rejects.toThrow(
      'git ls-remote took more than 1 s. Run again.',
    );
    expect(processesWith(host.url)).toEqual([]);
  });

  test('is ended with all that it started when the run is cancelled', async () => {
    await using host = await silentHost();
    const clone = cloneOf(makeRemote());
    git(clone, 'remote', 'set-url', 'origin', host.url);
    const cancellation = new AbortController();
    const opened = { ...(await open(clone)), signal: cancellation.signal };
    const asked = once(host.server, 'request');
    const tip = remoteTip(opened, 'refs/heads/main');
    await asked;
    cancellation.abort(new Failure('cancelled', 'The run was cancelled.'));
    await expect(tip).rejects.toThrow('The run was cancelled.');
    expect(processesWith(host.url)).toEqual([]);
  });

  test('is ended also where what it started does not listen to reason', async () => {
    const opened = { ...(await open(cloneOf(makeRemote()))), timeLimit: 200 };
    const stay = `alias.stay=!trap '' TERM; sleep 4242`;
    await expect(tryGit(opened, ['-c', stay, 'stay'])).rejects.toThrow('took more than');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(processesWith('sleep 4242')).toEqual([]);
  });
});
