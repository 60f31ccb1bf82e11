import { truncateSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { findOpenPullRequest, openPullRequest } from '../../src/github/pull-requests.ts';
import { commitThroughApi } from '../../src/github/signed-commit.ts';
import { notAccessible } from '../github-stand-in/faults.ts';
import { content, on } from './support.ts';

const message = { headline: 'Export Wix CMS content', body: 'products: 1 changed' };

describe('on top of the branch itself', () => {
  test('appends a signed commit by the token’s owner with the files as they are', () =>
    on({}, async ({ hub, github, main, push, tip, git, file }) => {
      const parent = push('main', main, 'content/old.csv');
      const text = Buffer.from('_id,title\n1,"Ünï, ""x"""\n');
      const files = new Map([
        ['content/a.csv', file(text)],
        ['content/new/b.csv', file('')],
        ['content/old.csv', null],
      ]);
      const commit = { branch: 'main', parent, expected: parent, files, message };
      const made = await commitThroughApi(github, commit);
      expect(made).toEqual({ sha: tip('main') });
      expect(hub.refLog().slice(1)).toEqual([
        { ref: 'refs/heads/main', from: parent, to: tip('main') },
      ]);
      expect(git('show', '-s', '--format=%P|%an|%cn <%ce>|%B', 'main')).toBe(
        `${parent}|github-actions[bot]|GitHub <noreply@github.com>|Export Wix CMS content\n\nproducts: 1 changed`,
      );
      expect(git('cat-file', 'commit', 'main')).toContain('gpgsig');
      expect(git('ls-tree', '-r', '--name-only', 'main').split('\n')).toEqual([
        'content/a.csv',
        'content/new/b.csv',
      ]);
      expect(`${git('show', 'main:content/a.csv')}\n`).toBe(text.toString());
    }));

  test('loses the race against a push that came first, and writes nothing', () =>
    on({}, async ({ hub, github, main, push, tip, file }) => {
      const files = new Map([['content/a.csv', file('ours')]]);
      let theirs = '';
      hub.faults.before('createCommitOnBranch', async () => {
        theirs = push('main', main, 'content/a.csv', 'theirs');
      });
      const commit = { branch: 'main', parent: main, expected: main, files, message };
      expect(await commitThroughApi(github, commit)).toBe('lost-race');
      expect(tip('main')).toBe(theirs);
    }));

  test('loses the race when the branch is deleted meanwhile', () =>
    on({}, async ({ hub, github, main, git, file }) => {
      git('update-ref', 'refs/heads/content', main);
      hub.faults.before('createCommitOnBranch', async () =>
        git('update-ref', '-d', 'refs/heads/content'),
      );
      const files = new Map([['content/a.csv', file('ours')]]);
      const commit = { branch: 'content', parent: main, expected: main, files, message };
      expect(await commitThroughApi(github, commit)).toBe('lost-race');
    }));
});

describe('in place of what the branch holds', () => {
  test('moves the branch of an open pull request once, straight to the new commit', () =>
    on({}, async ({ hub, github, main, push, tip, file }) => {
      const old = push('wix-cms/export', main, 'content/a.csv', 'last export');
      const branches = { branch: 'wix-cms/export', baseBranch: 'main' };
      const pull = await openPullRequest(github, { ...branches, content: content() });
      const newMain = push('main', main, 'content/b.csv');
      const before = hub.refLog().length;
      const files = new Map([['content/a.csv', file('this export')]]);
      const commit = { branch: 'wix-cms/export', parent: newMain, expected: old, files, message };
      const made = await commitThroughApi(github, commit);
      const sha = tip('wix-cms/export');
      expect(made).toEqual({ sha });
      const moves = hub.refLog().slice(before);
      const [temporary] = moves;
      expect(temporary?.ref).toMatch(/^refs\/heads\/wix-cms\/export-signing-/);
      expect(moves).toEqual([
        { ref: temporary?.ref, from: undefined, to: newMain },
        { ref: temporary?.ref, from: newMain, to: sha },
        { ref: 'refs/heads/wix-cms/export', from: old, to: sha },
        { ref: temporary?.ref, from: sha, to: undefined },
      ]);
      const open = await findOpenPullRequest(github, branches);
      expect(open).toMatchObject({ number: pull.number, headSha: sha });
    }));

  test('creates a branch that did not exist', () =>
    on({}, async ({ hub, github, main, tip, git, file }) => {
      const files = new Map([['content/a.csv', file('export')]]);
      const commit = {
        branch: 'wix-cms/export',
        parent: main,
        expected: undefined,
        files,
        message,
      };
      const made = await commitThroughApi(github, commit);
      expect(made).toEqual({ sha: tip('wix-cms/export') });
      const created = hub.refLog().filter(({ ref }) => ref === 'refs/heads/wix-cms/export');
      expect(created).toEqual([
        { ref: 'refs/heads/wix-cms/export', from: undefined, to: tip('wix-cms/export') },
      ]);
      expect(git('for-each-ref', '--format=%(refname)')).toBe(
        'refs/heads/main\nrefs/heads/wix-cms/export',
      );
    }));

  test.each([
    { name: 'moved', arrange: 'move' },
    { name: 'deleted', arrange: 'delete' },
    { name: 'created', arrange: 'create' },
  ] as const)('leaves a branch alone that somebody has $name meanwhile', ({ arrange }) =>
    on({}, async ({ hub, github, main, push, git, file }) => {
      const expected = arrange === 'create' ? undefined : push('wix-cms/export', main);
      hub.faults.before('updateRefs', async () => {
        if (arrange === 'delete') git('update-ref', '-d', 'refs/heads/wix-cms/export');
        else push('wix-cms/export', main, 'content/a.csv', 'theirs');
      });
      const newMain = push('main', main, 'content/b.csv');
      const files = new Map([['content/a.csv', file('ours')]]);
      const commit = { branch: 'wix-cms/export', parent: newMain, expected, files, message };
      expect(await commitThroughApi(github, commit)).toBe('lost-race');
      const left = git('for-each-ref', '--format=%(refname)').split('\n');
      expect(left).toEqual([
        'refs/heads/main',
        ...(arrange === 'delete' ? [] : ['refs/heads/wix-cms/export']),
      ]);
      if (arrange !== 'delete') {
        expect(git('show', 'wix-cms/export:content/a.csv')).toBe('theirs');
      }
    }),
  );

  test.each(['git/create-ref', 'createCommitOnBranch', 'updateRefs', 'git/delete-ref'])(
    'makes one commit and leaves nothing behind when the answer of %s is lost',
    (operation) =>
      on({}, async ({ hub, github, main, push, tip, git, file, warnings }) => {
        const old = push('wix-cms/export', main);
        const newMain = push('main', main, 'content/b.csv');
        hub.faults.loseAnswer(operation);
        const files = new Map([['content/a.csv', file('ours')]]);
        const commit = { branch: 'wix-cms/export', parent: newMain, expected: old, files, message };
        expect(await commitThroughApi(github, commit)).toEqual({ sha: tip('wix-cms/export') });
        expect(git('rev-list', '--count', 'main..wix-cms/export')).toBe('1');
        expect(git('for-each-ref', '--format=%(refname)').split('\n')).toHaveLength(2);
        expect(warnings).toEqual([]);
      }),
  );

  test('leaves no temporary branch that was made before GitHub refused it', () =>
    on({}, async ({ hub, github, main, push, git, file, warnings }) => {
      const old = push('wix-cms/export', main);
      const newMain = push('main', main, 'content/b.csv');
      hub.faults.loseAnswer('git/create-ref');
      hub.faults.answer('git/create-ref', notAccessible);
      const files = new Map([['content/a.csv', file('ours')]]);
      const commit = { branch: 'wix-cms/export', parent: newMain, expected: old, files, message };
      await expect(commitThroughApi(github, commit)).rejects.toMatchObject({ reason: 'auth' });
      expect(git('for-each-ref', '--format=%(refname)').split('\n')).toHaveLength(2);
      expect(warnings).toEqual([]);
    }));

  test('deletes the temporary branch when the commit fails', () =>
    on({}, async ({ hub, github, main, push, tip, git }) => {
      const old = push('wix-cms/export', main);
      const newMain = push('main', main, 'content/b.csv');
      const files = new Map([['content/missing.csv', null]]);
      const commit = { branch: 'wix-cms/export', parent: newMain, expected: old, files, message };
      await expect(commitThroughApi(github, commit)).rejects.toMatchObject({
        reason: 'api',
        message: expect.stringContaining('A path was requested for deletion'),
      });
      expect(tip('wix-cms/export')).toBe(old);
      expect(git('for-each-ref', '--format=%(refname)').split('\n')).toHaveLength(2);
      expect(hub.operations.at(-1)).toBe('git/delete-ref');
    }));
});

test('refuses more than 30 MB before it asks GitHub anything', () =>
  on({}, async ({ hub, github, main, file }) => {
    const large = file('');
    truncateSync(large, 30_000_001);
    const files = new Map([['content/a.csv', large]]);
    const commit = { branch: 'main', parent: main, expected: main, files, message };
    await expect(commitThroughApi(github, commit)).rejects.toMatchObject({
      reason: 'config',
      message: expect.stringMatching(/30\.0 MB.*sign-commits: false/),
    });
    expect(hub.operations).toEqual([]);
  }));
