import { describe, expect, test } from '@jest/globals';
import {
  type Checkout,
  foreignCheckout,
  readEnvironment,
  unmergedContent,
} from '../src/environment.ts';

describe('the environment', () => {
  const runner = { GITHUB_WORKSPACE: '/w', RUNNER_TEMP: '/t', GITHUB_EVENT_PATH: '/e' };
  const sha = (digit: string) => digit.repeat(40);
  const queue = `refs/heads/gh-readonly-queue/main/pr-123-${sha('d')}`;

  test.each([
    [
      'a push',
      { GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/heads/main' },
      { before: sha('a') },
      { branch: 'main', event: { before: sha('a') } },
    ],
    [
      'the first push of a branch',
      { GITHUB_EVENT_NAME: 'push' },
      { before: sha('0') },
      { event: { before: undefined } },
    ],
    [
      'a pull request',
      { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/7/merge' },
      { pull_request: { number: 7, base: { sha: sha('b') }, head: { sha: sha('c') } } },
      {
        branch: undefined,
        event: { pullRequest: { number: 7, base: { sha: sha('b') }, head: { sha: sha('c') } } },
      },
    ],
    [
      'a merge queue',
      { GITHUB_EVENT_NAME: 'merge_group', GITHUB_REF: queue },
      { merge_group: { head_ref: queue, base_sha: sha('b'), head_sha: sha('c') } },
      { event: { pullRequest: { number: 123, base: { sha: sha('b') }, head: { sha: sha('c') } } } },
    ],
    [
      'a merge queue of some other form',
      { GITHUB_EVENT_NAME: 'merge_group' },
      { merge_group: { head_ref: 'refs/heads/main', base_sha: sha('b'), head_sha: sha('c') } },
      { event: { pullRequest: undefined } },
    ],
    [
      'an event that says something else',
      {},
      { pull_request: { number: '7', base: 'x' }, before: 3 },
      { event: { before: undefined, pullRequest: undefined } },
    ],
    ['a payload that is no object', {}, [1], { event: { pullRequest: undefined } }],
  ])('of %s', (_name, env, payload, expected) => {
    expect(readEnvironment({ ...runner, ...env }, () => JSON.stringify(payload))).toMatchObject(
      expected,
    );
  });

  test('that no workflow set is refused', () => {
    expect(() => readEnvironment({}, () => '')).toThrow('GITHUB_WORKSPACE is not set');
    expect(() => readEnvironment(runner, () => '{')).toThrow(
      "The event's payload /e cannot be read",
    );
  });
});

describe('an import', () => {
  test.each([
    ['pull_request', 'refs/pull/7/merge'],
    ['pull_request_target', 'refs/heads/main'],
    ['pull_request_review', 'refs/pull/7/merge'],
    ['pull_request_review_comment', 'refs/pull/7/merge'],
    ['merge_group', 'refs/heads/gh-readonly-queue/main/pr-7-abc'],
    // Such as a branch of the queue that somebody runs by hand.
    ['workflow_dispatch', 'refs/heads/gh-readonly-queue/main/pr-7-abc'],
  ])('is refused on %s', (event, ref) => {
    const env = { GITHUB_EVENT_NAME: event, GITHUB_REF: ref };
    const message = unmergedContent('import', env);
    expect(message).toContain(`runs on ${event}`);
    expect(message).toContain('Use on: push');
    for (const command of ['plan', 'export', 'restore']) {
      expect(unmergedContent(command, env)).toBeUndefined();
    }
  });

  test.each([
    ['push', 'refs/heads/main'],
    ['schedule', 'refs/heads/main'],
    ['workflow_dispatch', 'refs/heads/pull/request'],
    ['release', 'refs/tags/v1'],
  ])('runs on %s', (event, ref) => {
    const env = { GITHUB_EVENT_NAME: event, GITHUB_REF: ref };
    expect(unmergedContent('import', env)).toBeUndefined();
  });
});

describe('a checkout', () => {
  const onMain = { GITHUB_REF: 'refs/heads/main', GITHUB_EVENT_NAME: 'schedule' };
  const onPull = { GITHUB_REF: 'refs/heads/main', GITHUB_EVENT_NAME: 'pull_request_target' };
  const pull = {
    pull_request: { number: 7, base: { sha: 'b'.repeat(40) }, head: { sha: 'c'.repeat(40) } },
  };
  const origin = 'https://github.com/acme/site';

  const trouble = (
    checkout: Partial<Checkout>,
    { env = onMain, baseBranch = undefined as string | undefined, payload = {} } = {},
  ) => {
    const variables = {
      ...{ GITHUB_WORKSPACE: '/w', RUNNER_TEMP: '/t', GITHUB_EVENT_PATH: '/e' },
      ...{ GITHUB_REPOSITORY: 'acme/site', ...env },
    };
    const environment = readEnvironment(variables, () => JSON.stringify(payload));
    return foreignCheckout(environment, { branch: 'main', origin, ...checkout }, baseBranch);
  };

  test.each<[string, Partial<Checkout>, Parameters<typeof trouble>[1]]>([
    ['of the branch of the event', {}, {}],
    ['of a commit', { branch: undefined }, {}],
    [
      'of a branch, on a tag',
      { branch: 'main' },
      { env: { ...onMain, GITHUB_REF: 'refs/tags/v1' } },
    ],
    ['of the branch of a pull request', { branch: 'edit' }, { env: onPull, payload: pull }],
    ['of the branch that base-branch names', { branch: 'next' }, { baseBranch: 'next' }],
    ['without a remote', { origin: undefined }, {}],
    ['of a folder', { origin: 'file:///tmp/remote.git' }, {}],
    ['of a path', { origin: '/tmp/acme/other.git' }, {}],
    ['of a mirror elsewhere', { origin: 'https://git.acme.example/mirrors/site.git' }, {}],
    ['by SSH', { origin: 'git@github.com:acme/site.git' }, {}],
    ['by an SSH URL', { origin: 'ssh://git@github.com:22/Acme/Site.git' }, {}],
    ['with a token in the URL', { origin: 'https://x:token@github.com/acme/site.git/' }, {}],
  ])('%s fits', (_name, checkout, more) => {
    expect(trouble(checkout, more)).toBeUndefined();
  });

  test('of another branch is named, with that of the event', () => {
    expect(trouble({ branch: 'next' })).toBe(
      'The checkout is on the branch next, but the workflow runs on main. Leave out the input ref of actions/checkout, or run the workflow on next.',
    );
    expect(trouble({ branch: 'next' }, { baseBranch: 'main' })).toContain('next');
  });

  test.each([
    'https://github.com/acme/content',
    'https://github.com/acme/content.git',
    'git@github.com:acme/content.git',
    'ssh://git@github.com/acme/content',
  ])('of another repository is named, with that of the workflow: %s', (other) => {
    const message = trouble({ origin: other });
    expect(message).toContain('of acme/content, but the workflow runs in acme/site');
    expect(trouble({ origin: other }, { env: onPull, payload: pull })).toBe(message);
  });
});
