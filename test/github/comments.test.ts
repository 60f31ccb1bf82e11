import { expect, test } from '@jest/globals';
import { findComment, keepComment } from '../../src/github/comments.ts';
import { openPullRequest } from '../../src/github/pull-requests.ts';
import { content, on, type Situation } from './support.ts';

const marker = '<!-- wix-cms plan -->';

async function aPullRequest({ github, push, main }: Situation): Promise<number> {
  push('edit', main);
  const target = { branch: 'edit', baseBranch: 'main', content: content() };
  return (await openPullRequest(github, target)).number;
}

test('writes one comment and edits it from then on', () =>
  on({}, async (situation) => {
    const pullRequest = await aPullRequest(situation);
    const { github, hub } = situation;
    const first = await keepComment(github, { pullRequest, marker, body: `${marker} first` });
    const second = await keepComment(github, { pullRequest, marker, body: `${marker} second` });
    expect(second.id).toBe(first.id);
    expect(hub.comments).toMatchObject([{ body: `${marker} second` }]);
  }));

test('does not edit a comment that says the same already', () =>
  on({}, async (situation) => {
    const pullRequest = await aPullRequest(situation);
    const { github, hub } = situation;
    const comment = { pullRequest, marker, body: `${marker} same` };
    await keepComment(github, comment);
    await keepComment(github, comment);
    expect(hub.operations).not.toContain('issues/update-comment');
  }));

test('does not believe a comment of somebody else that carries the marker', () =>
  on({}, async (situation) => {
    const pullRequest = await aPullRequest(situation);
    const { github, hub, as } = situation;
    await keepComment(await as('mallory'), { pullRequest, marker, body: `${marker} forged` });
    expect(await findComment(github, { pullRequest, marker })).toBeUndefined();
    await keepComment(github, { pullRequest, marker, body: `${marker} real` });
    expect(hub.comments.map(({ body }) => body)).toEqual([`${marker} forged`, `${marker} real`]);
  }));

test('finds its comment behind hundreds of others', () =>
  on({}, async (situation) => {
    const pullRequest = await aPullRequest(situation);
    const { github, hub } = situation;
    hub.talk(pullRequest, 200);
    const made = await keepComment(github, { pullRequest, marker, body: `${marker} late` });
    expect(await findComment(github, { pullRequest, marker })).toEqual(made);
    expect(hub.comments).toHaveLength(201);
  }));

test('does not comment twice when the answer to the first was lost', () =>
  on({}, async (situation) => {
    const pullRequest = await aPullRequest(situation);
    const { github, hub } = situation;
    hub.faults.loseAnswer('issues/create-comment');
    const made = await keepComment(github, { pullRequest, marker, body: `${marker} once` });
    expect(hub.comments.map(({ id }) => id)).toEqual([made.id]);
  }));
