import { describe, expect, test } from '@jest/globals';
import {
  closePullRequest,
  findOpenPullRequest,
  openPullRequest,
  updatePullRequest,
} from '../../src/github/pull-requests.ts';
import { notAccessible } from '../github-stand-in/faults.ts';
import { content, on } from './support.ts';

const branches = { branch: 'wix-cms/export', baseBranch: 'main' };

describe('opening', () => {
  test('opens a pull request with everything that it is to have', () =>
    on(
      { collaborators: ['maria', 'jo'], teams: ['content'] },
      async ({ hub, github, main, push, warnings }) => {
        const sha = push('wix-cms/export', main);
        const wanted = content({
          labels: ['content', 'wix'],
          reviewers: ['maria', 'acme/content'],
          assignees: ['jo'],
        });
        const pull = await openPullRequest(github, { ...branches, content: wanted });
        expect(pull).toMatchObject({
          draft: false,
          title: wanted.title,
          body: wanted.body,
          headBranch: 'wix-cms/export',
          headSha: sha,
        });
        expect(hub.pulls).toMatchObject([
          {
            state: 'open',
            baseBranch: 'main',
            labels: ['content', 'wix'],
            reviewers: ['maria'],
            teams: ['content'],
            assignees: ['jo'],
          },
        ]);
        expect(warnings).toEqual([]);
      },
    ));

  test('opens it as a draft when asked', () =>
    on({}, async ({ hub, github, main, push }) => {
      push('wix-cms/export', main);
      const pull = await openPullRequest(github, {
        ...branches,
        content: content({ draft: true }),
      });
      expect(pull.draft).toBe(true);
      expect(hub.pulls).toMatchObject([{ draft: true }]);
    }));

  test('opens it ready for review, with a warning, where there are no drafts', () =>
    on({ drafts: false }, async ({ github, main, push, warnings }) => {
      push('wix-cms/export', main);
      const pull = await openPullRequest(github, {
        ...branches,
        content: content({ draft: true }),
      });
      expect(pull.draft).toBe(false);
      expect(warnings).toEqual([expect.stringContaining('has no draft pull requests')]);
    }));

  test('takes over a pull request that was opened meanwhile', () =>
    on({}, async ({ hub, github, as, main, push }) => {
      push('wix-cms/export', main);
      const maria = await as('maria');
      const theirs = await openPullRequest(maria, {
        ...branches,
        content: content({ title: 'Mine' }),
      });
      const ours = await openPullRequest(github, { ...branches, content: content() });
      expect(ours.number).toBe(theirs.number);
      expect(hub.pulls).toMatchObject([{ title: 'Wix CMS content' }]);
    }));

  test('does not open a second one when the answer to the first was lost', () =>
    on({}, async ({ hub, github, main, push }) => {
      push('wix-cms/export', main);
      hub.faults.loseAnswer('pulls/create');
      const pull = await openPullRequest(github, { ...branches, content: content() });
      expect(hub.pulls.map(({ number }) => number)).toEqual([pull.number]);
      expect(hub.operations).toEqual(['pulls/create', 'pulls/list']);
    }));

  test('warns about each reviewer that GitHub refuses and keeps the others', () =>
    on({ collaborators: ['maria'] }, async ({ hub, github, main, push, warnings }) => {
      push('wix-cms/export', main);
      const reviewers = ['maria', 'stranger', 'acme/nobody', 'github-actions[bot]'];
      await openPullRequest(github, { ...branches, content: content({ reviewers }) });
      expect(hub.pulls).toMatchObject([{ reviewers: ['maria'] }]);
      expect(warnings).toEqual([
        expect.stringMatching(/did not get the reviewer stranger\..*only be requested from collab/),
        expect.stringMatching(/did not get the reviewer acme\/nobody\./),
        expect.stringMatching(/did not get the reviewer github-actions\[bot\]\..*author/),
      ]);
    }));

  test('warns about an assignee whom GitHub passes over', () =>
    on({ collaborators: ['jo'] }, async ({ hub, github, main, push, warnings }) => {
      push('wix-cms/export', main);
      const assignees = ['jo', 'stranger'];
      await openPullRequest(github, { ...branches, content: content({ assignees }) });
      expect(hub.pulls).toMatchObject([{ assignees: ['jo'] }]);
      expect(warnings).toEqual([expect.stringContaining('the assignee stranger')]);
    }));

  test('warns about a label that is too long and adds the others', () =>
    on({}, async ({ hub, github, main, push, warnings }) => {
      push('wix-cms/export', main);
      const labels = ['x'.repeat(51), 'content'];
      await openPullRequest(github, { ...branches, content: content({ labels }) });
      expect(hub.pulls).toMatchObject([{ labels: ['content'] }]);
      expect(warnings).toEqual([expect.stringContaining('name is too long')]);
    }));

  test('fails when the branch holds nothing new', () =>
    on({}, async ({ github, main, git }) => {
      git('update-ref', 'refs/heads/wix-cms/export', main);
      await expect(
        openPullRequest(github, { ...branches, content: content() }),
      ).rejects.toMatchObject({
        reason: 'api',
        message: expect.stringContaining('No commits between main and wix-cms/export'),
      });
    }));
});

describe('finding', () => {
  test('finds the open pull request between two branches among others', () =>
    on({}, async ({ github, main, push, tip }) => {
      push('wix-cms/export', main);
      push('release', main, 'README.md');
      push('wix-cms/export-2', main);
      const other = { branch: 'wix-cms/export-2', baseBranch: 'main' };
      await openPullRequest(github, { ...other, content: content() });
      const toRelease = { branch: 'wix-cms/export', baseBranch: 'release' };
      await openPullRequest(github, { ...toRelease, content: content() });
      const pull = await openPullRequest(github, { ...branches, content: content() });
      const found = await findOpenPullRequest(github, branches);
      expect(found).toEqual(pull);
      expect(found?.headSha).toBe(tip('wix-cms/export'));
    }));

  test('finds nothing once the branch is gone, because GitHub closes the pull request', () =>
    on({}, async ({ github, main, push, git }) => {
      push('wix-cms/export', main);
      await openPullRequest(github, { ...branches, content: content() });
      git('update-ref', '-d', 'refs/heads/wix-cms/export');
      expect(await findOpenPullRequest(github, branches)).toBeUndefined();
    }));

  test('works on GitHub Enterprise Server', () =>
    on({}, async ({ hub, main, push }) => {
      push('wix-cms/export', main);
      const { connectGitHub } = await import('../../src/github/client.ts');
      const github = await connectGitHub({
        token: 'token',
        repository: 'acme/site',
        permissions: '"contents: write" and "pull-requests: write"',
        apiUrl: `${hub.url}/api/v3`,
        log: { info: () => {}, debug: () => {}, warning: () => {} },
      });
      const pull = await openPullRequest(github, { ...branches, content: content() });
      await updatePullRequest(github, pull, content({ draft: true }));
      expect(hub.pulls).toMatchObject([{ draft: true }]);
    }));
});

describe('updating', () => {
  test('asks nothing when nothing differs', () =>
    on({ collaborators: ['maria'] }, async ({ hub, github, main, push }) => {
      push('wix-cms/export', main);
      const same = content({
        labels: ['content'],
        reviewers: ['maria'],
        assignees: ['maria'],
      });
      await openPullRequest(github, { ...branches, content: same });
      const pull = await findOpenPullRequest(github, branches);
      if (pull === undefined) throw new Error('no pull request');
      const before = hub.operations.length;
      expect(await updatePullRequest(github, pull, same)).toEqual(pull);
      expect(hub.operations.slice(before)).toEqual([]);
    }));

  test('writes a new title and body, and keeps the labels, reviewers and assignees of people', () =>
    on({ collaborators: ['maria', 'jo'] }, async ({ hub, github, main, push }) => {
      push('wix-cms/export', main);
      const first = content({ labels: ['by-hand'], reviewers: ['jo'], assignees: ['jo'] });
      await openPullRequest(github, { ...branches, content: first });
      const pull = await findOpenPullRequest(github, branches);
      if (pull === undefined) throw new Error('no pull request');
      const second = content({
        title: 'New',
        body: 'New body',
        labels: ['content'],
        reviewers: ['maria'],
        assignees: ['maria'],
      });
      const updated = await updatePullRequest(github, pull, second);
      expect(updated).toMatchObject({ title: 'New', body: 'New body' });
      expect(hub.pulls).toMatchObject([
        {
          title: 'New',
          body: 'New body',
          labels: ['by-hand', 'content'],
          reviewers: ['jo', 'maria'],
          assignees: ['jo', 'maria'],
        },
      ]);
    }));

  test('does not ask somebody again who has reviewed this very commit', () =>
    on(
      { collaborators: ['maria'], teams: ['content'] },
      async ({ hub, github, as, main, push }) => {
        const sha = push('wix-cms/export', main);
        const wanted = content({ reviewers: ['maria', 'acme/content'] });
        await openPullRequest(github, { ...branches, content: wanted });
        const maria = await as('maria');
        const [pull] = hub.pulls;
        await maria.octokit.rest.pulls.createReview({
          owner: 'acme',
          repo: 'site',
          pull_number: pull?.number ?? 0,
          event: 'APPROVE',
        });
        const refresh = async () => {
          const open = await findOpenPullRequest(github, branches);
          if (open !== undefined) await updatePullRequest(github, open, wanted);
          return hub.pulls.map(({ reviewers, teams }) => [...reviewers, ...teams]);
        };
        expect(await refresh()).toEqual([[]]);
        push('wix-cms/export', sha, 'content/a.csv', 'changed again');
        expect(await refresh()).toEqual([['maria', 'content']]);
      },
    ));

  test.each([
    { name: 'its own draft', converter: undefined, ready: true },
    { name: 'a draft by another run of the action', converter: 'github-actions[bot]', ready: true },
    { name: 'a draft by a person', converter: 'maria', ready: false },
  ])('marks $name ready for review: $ready', ({ converter, ready }) =>
    on({}, async ({ hub, github, as, main, push }) => {
      push('wix-cms/export', main);
      const draft = converter === undefined;
      const pull = await openPullRequest(github, { ...branches, content: content({ draft }) });
      if (converter !== undefined) {
        await updatePullRequest(await as(converter), pull, content({ draft: true }));
      }
      await updatePullRequest(github, { ...pull, draft: true }, content());
      expect(hub.pulls).toMatchObject([{ draft: !ready }]);
    }),
  );

  test('makes it a draft when the content asks for one', () =>
    on({}, async ({ hub, github, main, push }) => {
      push('wix-cms/export', main);
      const pull = await openPullRequest(github, { ...branches, content: content() });
      const updated = await updatePullRequest(github, pull, content({ draft: true }));
      expect(updated.draft).toBe(true);
      expect(hub.pulls).toMatchObject([{ draft: true }]);
    }));
});

describe('closing', () => {
  test('says why, closes and deletes the branch', () =>
    on({}, async ({ hub, github, main, push }) => {
      push('wix-cms/export', main);
      const pull = await openPullRequest(github, { ...branches, content: content() });
      await closePullRequest(github, pull, 'Nothing to merge.');
      expect(hub.pulls).toMatchObject([{ state: 'closed', merged: false }]);
      expect(hub.comments).toMatchObject([{ issue: pull.number, body: 'Nothing to merge.' }]);
      expect(hub.refLog().at(-1)).toMatchObject({
        ref: 'refs/heads/wix-cms/export',
        to: undefined,
      });
    }));

  test('keeps a branch that somebody has moved meanwhile', () =>
    on({}, async ({ hub, github, main, push, tip }) => {
      const sha = push('wix-cms/export', main);
      const pull = await openPullRequest(github, { ...branches, content: content() });
      const theirs = push('wix-cms/export', sha, 'content/a.csv', 'theirs');
      await closePullRequest(github, pull, 'Nothing to merge.');
      expect(hub.pulls).toMatchObject([{ state: 'closed' }]);
      expect(tip('wix-cms/export')).toBe(theirs);
    }));

  test.each(['repository/id', 'updateRefs'])(
    'names the branch that it may not delete, when %s is refused',
    (operation) =>
      on({}, async ({ hub, github, main, push, warnings }) => {
        push('wix-cms/export', main);
        const pull = await openPullRequest(github, { ...branches, content: content() });
        hub.faults.answer(operation, notAccessible);
        await closePullRequest(github, pull, 'Nothing to merge.');
        expect(hub.pulls).toMatchObject([{ state: 'closed' }]);
        expect(warnings).toEqual([
          expect.stringMatching(
            /^The branch wix-cms\/export .* left behind; delete it\. .*contents/,
          ),
        ]);
      }),
  );

  test('gives its reason once, also when a run before it failed halfway', () =>
    on({}, async ({ hub, github, main, push }) => {
      push('wix-cms/export', main);
      const pull = await openPullRequest(github, { ...branches, content: content() });
      const closing = 'Nothing to merge.';
      hub.faults.answer('pulls/update', notAccessible);
      await expect(closePullRequest(github, pull, closing)).rejects.toMatchObject({
        reason: 'auth',
      });
      await closePullRequest(github, pull, closing);
      expect(hub.comments).toHaveLength(1);
    }));

  test('does not mind a branch that is gone already', () =>
    on({}, async ({ hub, github, main, push, git }) => {
      push('wix-cms/export', main);
      const pull = await openPullRequest(github, { ...branches, content: content() });
      git('update-ref', '-d', 'refs/heads/wix-cms/export');
      await closePullRequest(github, pull, 'Nothing to merge.');
      expect(hub.pulls).toMatchObject([{ state: 'closed' }]);
    }));
});
