import { describe, expect, test } from '@jest/globals';
import { editComment, findComment, keepComment } from '../../src/github/comments.ts';
import { latestMergedPulls } from '../../src/github/merged-pulls.ts';
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
    expect(await findComment(github, { pullRequest, marker })).toMatchObject(made);
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

describe('a comment that somebody else has edited', () => {
  const edited = async (situation: Situation) => {
    const pullRequest = await aPullRequest(situation);
    const kept = { pullRequest, marker, body: `${marker} mine` };
    const { id } = await keepComment(situation.github, kept);
    await editComment(await situation.as('mallory'), { id }, `${marker} forged`);
    return kept;
  };

  test('is found, and not trusted', () =>
    on({}, async (situation) => {
      const kept = await edited(situation);
      expect(await findComment(situation.github, kept)).toMatchObject({
        body: `${marker} forged`,
        isTrusted: false,
      });
    }));

  test('is written anew, and trusted then', () =>
    on({}, async (situation) => {
      const kept = await edited(situation);
      await keepComment(situation.github, kept);
      const { body, isTrusted } = (await findComment(situation.github, kept)) ?? {};
      expect({ body, isTrusted }).toEqual({ body: kept.body, isTrusted: true });
      expect(situation.hub.comments).toHaveLength(1);
    }));

  test('is written anew also where it says the same', () =>
    on({}, async (situation) => {
      const kept = await edited(situation);
      const forged = { ...kept, body: `${marker} forged` };
      await keepComment(situation.github, forged);
      expect(await findComment(situation.github, forged)).toMatchObject({ isTrusted: true });
    }));

  test('is none of what was said on a merged pull request', () =>
    on({}, async (situation) => {
      const { github, git, main, tip } = situation;
      const comments = async () =>
        (await latestMergedPulls(github, 'main')).flatMap((pull) => pull.comments);
      const pullRequest = await aPullRequest(situation);
      const { id } = await keepComment(github, { pullRequest, marker, body: `${marker} mine` });
      git('update-ref', 'refs/heads/main', tip('edit'), main);
      expect(await comments()).toMatchObject([{ body: `${marker} mine` }]);
      await editComment(await situation.as('mallory'), { id }, `${marker} forged`);
      expect(await comments()).toEqual([]);
      await editComment(github, { id }, `${marker} mine`);
      expect(await comments()).toMatchObject([{ body: `${marker} mine` }]);
    }));
});
