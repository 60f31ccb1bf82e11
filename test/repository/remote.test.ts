import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fetchCommit, pushRefs, remoteTip } from '../../src/repository/remote.ts';
import { fakeClock } from '../wix/support.ts';
import { open } from './open.ts';
import {
  cloneOf,
  commitOnto,
  freshFolder,
  git,
  makeRemote,
  pushElsewhere,
  show,
} from './support.ts';

/** An ssh that runs what it is asked to in this repository, and only with the key of the checkout. */
function sshTo(remote: string): string {
  const script = join(freshFolder(), 'connect');
  const lines = [
    '#!/bin/sh',
    '[ "$1" = -i ] && [ "$2" = deploy-key ] || exit 255',
    'for last; do :; done',
    `case $last in git-*-pack*) exec git "$(expr "$last" : 'git-\\([a-z]*-pack\\)')" ${remote};; esac`,
    '',
  ];
  writeFileSync(script, lines.join('\n'), { mode: 0o755 });
  return `${script} -i deploy-key`;
}

test('a checkout with a deploy key fetches and pushes by the ssh command that it was given', async () => {
  const remote = makeRemote();
  const clone = cloneOf(remote, { depth: 1 });
  git(clone, 'config', 'core.sshCommand', sshTo(remote));
  git(clone, 'remote', 'set-url', 'origin', 'ssh://git@github.com/acme/site.git');
  const opened = await open(clone);
  const parent = pushElsewhere(remote, { 'a.csv': 'theirs\n' });
  expect(await fetchCommit(opened, parent)).toBe(parent);
  const made = await commitOnto(opened, parent, { 'a.csv': 'ours\n' });
  const push = { commit: made, ref: 'refs/heads/main', expected: parent };
  expect(await pushRefs(opened, [push])).toBe('pushed');
  expect(show(remote, 'main', 'a.csv')).toBe('ours\n');
});

describe('a branch whose name is a folder of the name of another one', () => {
  async function pushTo(remote: string, branch: string) {
    const clone = cloneOf(remote);
    const commit = git(clone, 'rev-parse', 'HEAD');
    const push = { commit, ref: `refs/heads/${branch}`, expected: undefined };
    return pushRefs(await open(clone), [push]);
  }

  test.each([
    ['wix-cms', 'wix-cms/export'],
    ['wix-cms/export/more', 'wix-cms/export'],
  ])('is not made beside %s, and the failure names both', async (present, wanted) => {
    const remote = makeRemote();
    git(remote, 'branch', present, 'main');
    await expect(pushTo(remote, wanted)).rejects.toMatchObject({
      reason: 'config',
      message: `The branch ${wanted} cannot exist beside the branch ${present}, because one name begins with the other. Name another one in the input branch, or delete ${present}.`,
    });
  });

  test('is told in the words of GitHub, too', async () => {
    const remote = makeRemote();
    git(remote, 'branch', 'wix-cms', 'main');
    refuseAsGitHub(remote, 'refs/heads/wix-cms/export', 'directory file conflict');
    await expect(pushTo(remote, 'wix-cms/export')).rejects.toMatchObject({
      reason: 'config',
      message: expect.stringContaining('or delete wix-cms.'),
    });
  });
});

describe('a push that the remote does not take', () => {
  async function push(clone: string) {
    const parent = git(clone, 'rev-parse', 'HEAD');
    const opened = await open(clone);
    const made = await commitOnto(opened, parent, { 'a.csv': 'ours\n' });
    return pushRefs(opened, [{ commit: made, ref: 'refs/heads/main', expected: parent }]);
  }

  test('is not permitted when HTTP says so', async () => {
    const clone = cloneOf(makeRemote());
    await using host = await hostThatAnswers(403);
    git(clone, 'remote', 'set-url', 'origin', host.url);
    await expect(push(clone)).rejects.toMatchObject({
      reason: 'auth',
      message: expect.stringContaining('contents: write'),
    });
    expect(host.asked()).toBe(1);
  });

  test('is not so because a number in the words of git looks like it', async () => {
    const remote = makeRemote();
    const clone = cloneOf(remote);
    const elsewhere = join(freshFolder(), 'site-403.git');
    git(clone, 'clone', '--quiet', '--bare', remote, elsewhere);
    git(clone, 'remote', 'set-url', 'origin', `file://${elsewhere}`);
    refuseAsGitHub(elsewhere, 'refs/heads/main', 'no space left');
    await expect(push(clone)).rejects.toMatchObject({
      reason: 'api',
      message: 'git push failed: no space left.',
    });
  });
});

describe('a remote that is in trouble', () => {
  async function opened(url: string) {
    const clone = cloneOf(makeRemote());
    git(clone, 'remote', 'set-url', 'origin', url);
    const clock = fakeClock();
    return { opened: { ...(await open(clone)), clock }, sleeps: clock.sleeps };
  }

  test('is asked three times, after growing waits, and then the failure says so', async () => {
    await using host = await hostThatAnswers(502);
    const { opened: clone, sleeps } = await opened(host.url);
    await expect(remoteTip(clone, 'refs/heads/main')).rejects.toMatchObject({
      reason: 'api',
      message: expect.stringMatching(/^git ls-remote failed 3 times: .* error: 502\. Run again\.$/),
    });
    expect(host.asked()).toBe(3);
    expect(sleeps).toHaveLength(2);
    expect(Math.min(...sleeps)).toBeGreaterThanOrEqual(2_000);
  });

  test('is not taken for one that lacks a commit', async () => {
    for (const status of [403, 502]) {
      await using host = await hostThatAnswers(status);
      const { opened: clone } = await opened(host.url);
      await expect(fetchCommit(clone, 'a'.repeat(40))).rejects.toThrow(`error: ${status}`);
    }
  });

  test('may also be one that takes no connection', async () => {
    // A port that a server has left may be another one's by now.
    const { opened: clone } = await opened('http://127.0.0.1:1/site.git');
    await expect(remoteTip(clone, 'refs/heads/main')).rejects.toThrow('failed 3 times');
  });
});

/** A host that answers every request with this status. */
async function hostThatAnswers(
  status: number,
): Promise<AsyncDisposable & { url: string; asked: () => number }> {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.writeHead(status).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port
  return {
    url: `http://127.0.0.1:${port}/site.git`,
    asked: () => asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

/** Lets a remote refuse a ref for a reason of its own (githooks(5), `proc-receive`). */
function refuseAsGitHub(remote: string, ref: string, reason: string): void {
  git(remote, 'config', 'receive.procReceiveRefs', ref);
  const lines = ['version=1', '', `ng ${ref} ${reason}`, ''].map(packetLine);
  const hook = `#!/bin/sh\nprintf '%s' '${lines.join('')}'\ncat > /dev/null\n`;
  writeFileSync(join(remote, 'hooks/proc-receive'), hook, { mode: 0o755 });
}

/** A line as git sends it, behind its length; an empty one ends a list. */
function packetLine(text: string): string {
  return text === '' ? '0000' : `${(text.length + 4).toString(16).padStart(4, '0')}${text}`;
}
