import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { connectGitHub, type GitHub } from '../../src/github/client.ts';
import { findComment, keepComment } from '../../src/github/comments.ts';
import { isOwnDraft } from '../../src/github/draft.ts';
import { latestMergedPulls } from '../../src/github/merged-pulls.ts';
import type { PullRequest } from '../../src/github/pull-request.ts';
import {
  findOpenPullRequest,
  getPullRequest,
  openPullRequest,
} from '../../src/github/pull-requests.ts';
import { moveBranch, tipOf } from '../../src/github/refs.ts';
import { commitThroughApi } from '../../src/github/signed-commit.ts';
import { content } from './support.ts';

/** A GitHub that answers everything with this. */
async function answering(answer: unknown): Promise<AsyncDisposable & { github: GitHub }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const github = await connectGitHub({
    token: 'token',
    repository: 'acme/site',
    permissions: '"contents: write"',
    apiUrl: `http://127.0.0.1:${port}`,
    log: { info: () => {}, debug: () => {}, warning: () => {} },
    clock: { now: () => 0, sleep: async () => {} },
  });
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { github, [Symbol.asyncDispose]: close };
}

const branches = { branch: 'wix-cms/export', baseBranch: 'main' };
const comment = { pullRequest: 1, marker: '<!-- plan -->' };
const commit = { branch: 'main', parent: 'a', expected: 'a', files: new Map() };
const message = { headline: 'Export', body: '' };
const repository = (members: object) => ({ data: { repository: members } });
const pull = { nodeId: 'PR_1', number: 1 } as PullRequest; // all that is read of it

test.each<[string, unknown, (github: GitHub) => Promise<unknown>, string]>([
  ['a pull request', {}, (github) => getPullRequest(github, 1), 'number is missing'],
  [
    'a pull request whose branch is null',
    { number: 1, node_id: 'n', html_url: 'u', state: 'open', title: 't', head: null },
    (github) => getPullRequest(github, 1),
    'head should be an object',
  ],
  ['a list', {}, (github) => findOpenPullRequest(github, branches), 'it should be a list'],
  [
    'a pull request that was made',
    { number: '1' },
    (github) => openPullRequest(github, { ...branches, content: content() }),
    'number should be a number',
  ],
  ['a branch', { object: {} }, (github) => tipOf(github, 'main'), 'object.sha is missing'],
  [
    'the repository',
    repository({}),
    (github) => moveBranch(github, { branch: 'main', from: 'a', to: 'b' }),
    'repository.id is missing',
  ],
  [
    'a pull request that is gone',
    repository({ pullRequest: null }),
    (github) => findComment(github, comment),
    'repository.pullRequest should be an object',
  ],
  [
    'comments',
    repository({ pullRequest: { comments: { nodes: [{}] } } }),
    (github) => keepComment(github, { ...comment, body: '<!-- plan -->' }),
    'repository.pullRequest.comments.nodes.0.databaseId is missing',
  ],
  [
    'merged pull requests',
    repository({ pullRequests: { nodes: [null] } }),
    (github) => latestMergedPulls(github, 'main'),
    'repository.pullRequests.nodes.0 should be an object',
  ],
  [
    'the history of a draft',
    { data: { viewer: { login: 'maria' }, node: {} } },
    (github) => isOwnDraft(github, pull),
    'node.viewerDidAuthor is missing',
  ],
  [
    'a commit',
    { data: { createCommitOnBranch: { commit: null } } },
    (github) => commitThroughApi(github, { ...commit, message }),
    'createCommitOnBranch.commit should be an object',
  ],
])('an odd answer for %s is a failure that names what is odd', async (_name, answer, act, odd) => {
  await using hub = await answering(answer);
  await expect(act(hub.github)).rejects.toMatchObject({
    name: 'Failure',
    reason: 'api',
    message: expect.stringMatching(
      new RegExp(
        `^GitHub answered a request to .+ with something unexpected: ${odd}\\. Run again; if it happens again, report it\\.$`,
      ),
    ),
  });
});
