import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/errors.ts';
import { connectGitHub } from '../../src/github/client.ts';
import { setDraft } from '../../src/github/draft.ts';
import {
  closePullRequest,
  getPullRequest,
  openPullRequest,
} from '../../src/github/pull-requests.ts';
import { tipOf } from '../../src/github/refs.ts';
import { commitThroughApi } from '../../src/github/signed-commit.ts';
import {
  badCredentials,
  type Fault,
  mayNotCreatePullRequests,
  notAccessible,
  primaryRateLimit,
  secondaryRateLimit,
  serverError,
} from '../github-stand-in/faults.ts';
import { content, on, type Situation } from './support.ts';

const branches = { branch: 'wix-cms/export', baseBranch: 'main' };

async function open({ github, push, main }: Situation) {
  push('wix-cms/export', main);
  return openPullRequest(github, { ...branches, content: content() });
}

async function commit({ github, main, file }: Situation) {
  const message = { headline: 'Export', body: '' };
  const files = new Map([['content/a.csv', file('x')]]);
  return commitThroughApi(github, { branch: 'main', parent: main, expected: main, files, message });
}

describe('refusals say what to do', () => {
  const table: readonly {
    readonly name: string;
    readonly operation: string;
    readonly fault: Fault;
    readonly act: (situation: Situation) => Promise<unknown>;
    readonly reason: string;
    readonly message: RegExp;
  }[] = [
    {
      name: 'a token that may not open pull requests',
      operation: 'pulls/create',
      fault: notAccessible,
      act: open,
      reason: 'auth',
      message: /may not open a pull request.*"pull-requests: write"/,
    },
    {
      name: 'a repository that keeps workflows from opening pull requests',
      operation: 'pulls/create',
      fault: mayNotCreatePullRequests,
      act: open,
      reason: 'auth',
      message: /Settings > Actions > General > "Allow GitHub Actions to create and approve/,
    },
    {
      name: 'a token that may not commit',
      operation: 'createCommitOnBranch',
      fault: notAccessible,
      act: commit,
      reason: 'auth',
      message: /may not commit to the branch main.*"contents: write"/,
    },
    {
      name: 'a wrong token',
      operation: 'createCommitOnBranch',
      fault: badCredentials,
      act: commit,
      reason: 'auth',
      message: /Bad credentials.*Check the input token/,
    },
    {
      name: 'a rate limit that lasts too long',
      operation: 'createCommitOnBranch',
      fault: primaryRateLimit(1_700_000_000 + 3000),
      act: commit,
      reason: 'api',
      message: /rate limit.*after 2023-11-14T23:03:21\.000Z/,
    },
  ];

  test.each(table)('$name', ({ operation, fault, act, reason, message }) =>
    on({}, async (situation) => {
      situation.hub.faults.answer(operation, fault);
      const failure = act(situation);
      await expect(failure).rejects.toMatchObject({
        name: 'Failure',
        reason,
        message: expect.stringMatching(message),
      });
      await expect(failure).rejects.toMatchObject({ message: expect.not.stringContaining('\n') });
      expect(situation.waits).toEqual([]);
    }),
  );

  test('a request id is in the message', () =>
    on({}, async (situation) => {
      situation.hub.faults.answer('pulls/create', notAccessible);
      await expect(open(situation)).rejects.toThrow('(Request STAND:IN:1.)');
    }));

  test('a repository that the token does not see', () =>
    on({}, async ({ hub, push, main }) => {
      push('wix-cms/export', main);
      const github = await connectGitHub({
        token: 'token',
        repository: 'acme/secret',
        permissions: '"contents: write" and "pull-requests: write"',
        apiUrl: hub.url,
        log: { info: () => {}, debug: () => {}, warning: () => {} },
      });
      await expect(
        openPullRequest(github, { ...branches, content: content() }),
      ).rejects.toMatchObject({
        reason: 'auth',
        message: expect.stringContaining('covers acme/secret'),
      });
    }));
});

describe('a GitHub that is silent', () => {
  const silent = async (options: {
    readonly timeLimit?: number;
    readonly signal?: AbortSignal;
  }) => {
    const asked: string[] = [];
    const server = createServer(({ url = '' }) => void asked.push(url));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo; // it listens on TCP
    const github = await connectGitHub({
      token: 'token',
      repository: 'acme/site',
      permissions: '"contents: write" and "pull-requests: write"',
      apiUrl: `http://127.0.0.1:${port}`,
      log: { info: () => {}, debug: () => {}, warning: () => {} },
      clock: { now: () => 0, sleep: async () => {} },
      ...options,
    });
    const close = async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    };
    return { github, asked, [Symbol.asyncDispose]: close };
  };

  test('is asked four times, and no longer than a request may take', async () => {
    await using hub = await silent({ timeLimit: 60 });
    await expect(getPullRequest(hub.github, 1)).rejects.toMatchObject({ reason: 'api' });
    expect(hub.asked).toHaveLength(4);
  });

  test('does not keep a run that is cancelled', async () => {
    const cancellation = new AbortController();
    await using hub = await silent({ signal: cancellation.signal });
    const answer = getPullRequest(hub.github, 1);
    while (hub.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    cancellation.abort(new Failure('cancelled', 'The run was cancelled (SIGINT).'));
    await expect(answer).rejects.toMatchObject({ reason: 'cancelled' });
  });
});

describe('repeating', () => {
  test('waits for as long as a secondary rate limit says', () =>
    on({}, async (situation) => {
      situation.hub.faults.answer('pulls/create', secondaryRateLimit(42), 2);
      await open(situation);
      expect(situation.waits).toEqual([42_000, 42_000]);
      expect(situation.said).toEqual([
        expect.stringMatching(
          /^Waiting for GitHub: could not open a pull request from .* \(.*rate limit.*\)\. The run tries again by itself in 42 s\.$/,
        ),
      ]);
    }));

  test('waits until a primary rate limit ends soon', () =>
    on({}, async (situation) => {
      situation.hub.faults.answer('createCommitOnBranch', primaryRateLimit(1_700_000_000 + 20));
      expect(await commit(situation)).toEqual({ sha: situation.tip('main') });
      expect(situation.waits).toEqual([21_000]);
    }));

  test('tries four times while the server fails, further apart each time', () =>
    on({}, async (situation) => {
      situation.hub.faults.answer('createCommitOnBranch', serverError, 4);
      await expect(commit(situation)).rejects.toMatchObject({
        reason: 'api',
        message: expect.stringContaining('(502): Server Error.'),
      });
      expect(situation.waits).toEqual([1000, 2000, 4000]);
    }));

  test('does not repeat a comment that was made although the answer was lost', () =>
    on({}, async (situation) => {
      const pull = await open(situation);
      situation.hub.faults.loseAnswer('issues/create-comment');
      const closing = 'Nothing to merge.';
      await closePullRequest(situation.github, pull, closing);
      expect(situation.hub.comments).toMatchObject([{ body: 'Nothing to merge.' }]);
      expect(situation.hub.pulls).toMatchObject([{ state: 'closed' }]);
    }));

  test('repeats what is the same done twice when the answer was lost', () =>
    on({}, async (situation) => {
      const pull = await open(situation);
      situation.hub.faults.loseAnswer('convertPullRequestToDraft');
      expect(await setDraft(situation.github, pull, 'draft')).toMatchObject({ draft: true });
      expect(situation.hub.pulls).toMatchObject([{ draft: true, draftings: [{ to: 'draft' }] }]);
    }));

  test('does not take an answer that broke off for a whole one', () =>
    on({}, async (situation) => {
      situation.hub.faults.breakAnswer('pulls/create');
      const pull = await open(situation);
      expect(situation.hub.pulls).toMatchObject([{ number: pull.number }]);
      expect(situation.hub.operations).toEqual(['pulls/create', 'pulls/list']);
    }));

  test('does not repeat a plain no', () =>
    on({}, async ({ hub, github }) => {
      expect(await tipOf(github, 'missing')).toBeUndefined();
      expect(hub.operations).toEqual(['git/get-ref']);
    }));
});

test('a failure that a caller does not expect keeps what GitHub said as its cause', () =>
  on({}, async (situation) => {
    situation.hub.faults.answer('pulls/create', notAccessible);
    await expect(open(situation)).rejects.toMatchObject({ cause: { status: 403 } });
  }));
