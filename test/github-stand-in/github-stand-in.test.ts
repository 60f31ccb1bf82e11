import { describe, expect, test } from '@jest/globals';
import { findOpenPullRequest, openPullRequest } from '../../src/github/pull-requests.ts';
import { content, on, type Situation } from '../github/support.ts';
import { least } from './description.ts';

/** The stand-in as GitHub's own description and habits have it. */

const here = { owner: 'acme', repo: 'site' };
const branches = { branch: 'edit', baseBranch: 'main' };

async function open({ github, push, main }: Situation) {
  const sha = push('edit', main, 'content/a.csv', 'edited');
  return { sha, pull: await openPullRequest(github, { ...branches, content: content() }) };
}

/** Plays what is wrong, returns what the stand-in found, and forgets it. */
async function problemsOf(play: (situation: Situation) => Promise<unknown>): Promise<string[]> {
  const found: string[] = [];
  await on({}, async (situation) => {
    await expect(play(situation)).rejects.toMatchObject({ status: 500 });
    found.push(...situation.hub.problems.splice(0));
  });
  return found;
}

describe('a request that GitHub would not understand is a problem', () => {
  test.each([
    {
      name: 'an operation that is not described',
      play: ({ github }: Situation) => github.octokit.request('GET /repos/acme/site/pullz'),
      problem: 'GET /repos/acme/site/pullz: is not described',
    },
    {
      name: 'an operation that the stand-in lacks',
      play: ({ github }: Situation) => github.octokit.rest.repos.listTags(here),
      problem: 'repos/list-tags: the stand-in lacks it',
    },
    {
      name: 'a parameter that does not exist',
      play: ({ github }: Situation) =>
        github.octokit.request('GET /repos/acme/site/pulls?branch=main'),
      problem: 'pulls/list: there is no parameter branch',
    },
    {
      name: 'a parameter with a value that is not allowed',
      play: ({ github }: Situation) =>
        github.octokit.request('GET /repos/acme/site/pulls?state=merged'),
      problem: 'pulls/list: state must be equal to one of the allowed values',
    },
    {
      name: 'a body without what is required',
      play: ({ github }: Situation) =>
        github.octokit.request('POST /repos/acme/site/pulls', { title: 'x', base: 'main' }),
      problem: "pulls/create: body must have required property 'head'",
    },
    {
      name: 'a body with a key that does not exist',
      play: ({ github }: Situation) =>
        github.octokit.request('PATCH /repos/acme/site/pulls/1', { draft: true }),
      problem: 'pulls/update: body has unknown draft',
    },
    {
      name: 'a query for a field that does not exist',
      play: ({ github }: Situation) => github.octokit.graphql('{ viewer { surname } }'),
      problem: expect.stringContaining('Cannot query field "surname" on type "User"'),
    },
    {
      name: 'a mutation whose input is wrong',
      play: ({ github }: Situation) =>
        github.octokit.graphql(
          'mutation ($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }',
          { input: { repositoryId: 'R_acme_site', refs: [] } },
        ),
      problem: expect.stringContaining('"refUpdates"'),
    },
  ])('$name', async ({ play, problem }) => {
    expect(await problemsOf(play)).toContainEqual(problem);
  });
});

test('the least answer of a schema holds what is required and nothing else', () => {
  expect(least('git-ref')).toEqual({
    ref: '',
    node_id: '',
    url: 'https://github.example/',
    object: { type: '', sha: '', url: 'https://github.example/' },
  });
});

describe('pull requests follow their branches', () => {
  test('the head moves with a push', () =>
    on({}, async (situation) => {
      const { sha } = await open(situation);
      const next = situation.push('edit', sha, 'content/a.csv', 'edited again');
      expect((await findOpenPullRequest(situation.github, branches))?.headSha).toBe(next);
    }));

  test('one whose branch passes through its base is closed, even if it goes on at once', () =>
    on({}, async (situation) => {
      const { sha } = await open(situation);
      situation.git('update-ref', 'refs/heads/edit', situation.main);
      situation.git('update-ref', 'refs/heads/edit', sha);
      await situation.hub.follow();
      expect(situation.hub.pulls).toMatchObject([{ state: 'closed', merged: false }]);
    }));

  test('one whose commits are pushed to its base is merged', () =>
    on({}, async (situation) => {
      const { sha } = await open(situation);
      situation.git('update-ref', 'refs/heads/main', sha);
      await situation.hub.follow();
      expect(situation.hub.pulls).toMatchObject([
        { state: 'closed', merged: true, mergeCommit: sha },
      ]);
    }));

  test.each(['merge', 'squash'] as const)(
    'a %s lands it, and its commit leads back to it',
    (method) =>
      on({}, async (situation) => {
        const { pull } = await open(situation);
        const { octokit } = situation.github;
        await octokit.rest.pulls.merge({ ...here, pull_number: pull.number, merge_method: method });
        expect(situation.git('show', 'main:content/a.csv')).toBe('edited');
        const commit = { ...here, commit_sha: situation.tip('main') };
        const { data } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit(commit);
        expect(data).toMatchObject([
          { number: pull.number, state: 'closed', merge_commit_sha: situation.tip('main') },
        ]);
      }),
  );

  test('an open one is found by its commit, and a commit of the base leads to none', () =>
    on({}, async (situation) => {
      const { pull, sha } = await open(situation);
      const find = async (commit_sha: string) => {
        const { rest } = situation.github.octokit;
        const { data } = await rest.repos.listPullRequestsAssociatedWithCommit({
          ...here,
          commit_sha,
        });
        return data.map(({ number }) => number);
      };
      expect(await find(sha)).toEqual([pull.number]);
      expect(await find(situation.main)).toEqual([]);
    }));

  test('a closed one can be opened again while its branch is as it was', () =>
    on({}, async (situation) => {
      const { pull, sha } = await open(situation);
      const change = (state: 'open' | 'closed') =>
        situation.github.octokit.rest.pulls.update({ ...here, pull_number: pull.number, state });
      await change('closed');
      expect((await change('open')).data.state).toBe('open');
      await change('closed');
      situation.push('edit', sha);
      await expect(change('open')).rejects.toMatchObject({ status: 422 });
    }));
});

test('lists come in pages that link to each other', () =>
  on({}, async (situation) => {
    const { pull } = await open(situation);
    const { octokit } = situation.github;
    situation.hub.talk(pull.number, 7);
    const list = { ...here, issue_number: pull.number, per_page: 3 };
    const first = await octokit.rest.issues.listComments(list);
    expect(first.headers.link).toMatch(/page=2.*rel="next".*page=3.*rel="last"/);
    expect(await octokit.paginate(octokit.rest.issues.listComments, list)).toHaveLength(7);
  }));

test('labels are made on the fly, known in any case, and taken off once', () =>
  on({}, async (situation) => {
    const { pull } = await open(situation);
    const { issues } = situation.github.octokit.rest;
    const issue = { ...here, issue_number: pull.number };
    await issues.addLabels({ ...issue, labels: ['Content'] });
    await issues.addLabels({ ...issue, labels: ['content', 'other'] });
    const { data } = await issues.listLabelsOnIssue(issue);
    expect(data.map(({ name }) => name)).toEqual(['Content', 'other']);
    await issues.removeLabel({ ...issue, name: 'content' });
    await expect(issues.removeLabel({ ...issue, name: 'content' })).rejects.toMatchObject({
      status: 404,
    });
  }));

test('references are created, moved and deleted as GitHub does', () =>
  on({}, async (situation) => {
    const { github, main, push, git } = situation;
    const { git: refs } = github.octokit.rest;
    const side = push('side', main, 'content/b.csv');
    const move = (force: boolean) =>
      refs.updateRef({ ...here, ref: 'heads/side', sha: situation.tip('main'), force });
    push('main', main, 'content/c.csv');
    const refused = (message: string) => ({ status: 422, response: { data: { message } } });
    await expect(
      refs.createRef({ ...here, ref: 'refs/heads/side', sha: main }),
    ).rejects.toMatchObject(refused('Reference already exists'));
    await expect(
      refs.createRef({ ...here, ref: 'refs/heads/new', sha: 'f'.repeat(40) }),
    ).rejects.toMatchObject(refused('Object does not exist'));
    await expect(move(false)).rejects.toMatchObject(refused('Update is not a fast forward'));
    expect(situation.tip('side')).toBe(side);
    await move(true);
    expect(situation.tip('side')).toBe(situation.tip('main'));
    await refs.deleteRef({ ...here, ref: 'heads/side' });
    await expect(refs.deleteRef({ ...here, ref: 'heads/side' })).rejects.toMatchObject(
      refused('Reference does not exist'),
    );
    expect(git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  }));

test('a commit on an older state of the branch is stale', () =>
  on({}, async ({ github, main, push }) => {
    push('main', main, 'content/b.csv');
    const input = {
      branch: { repositoryNameWithOwner: 'acme/site', branchName: 'main' },
      expectedHeadOid: main,
      message: { headline: 'x' },
    };
    const mutation =
      'mutation ($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }';
    await expect(github.octokit.graphql(mutation, { input })).rejects.toMatchObject({
      errors: [{ type: 'STALE_DATA' }],
    });
  }));

test('a request without a token is refused', () =>
  on({}, async ({ hub }) => {
    const answer = await fetch(`${hub.url}/repos/acme/site`);
    expect(answer.status).toBe(401);
  }));
