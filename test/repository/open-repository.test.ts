import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/io/clock.ts';
import { openRepository } from '../../src/repository/open-repository.ts';
import { runGit, tryGit } from '../../src/repository/run-git.ts';
import { cloneOf, freshFolder, git, makeRemote } from './support.ts';

/** Opens a folder as a run of the action does, with a token and these variables. */
function opened(directory: string, variables: NodeJS.ProcessEnv = {}) {
  return openRepository({
    directory,
    environment: { PATH: process.env.PATH, HOME: freshFolder(), ...variables },
    signal: new AbortController().signal,
    clock: systemClock,
    token: 'the-token',
    serverUrl: 'https://github.com',
  });
}

/** What git would send to GitHub to log in. */
async function headers(clone: string): Promise<readonly string[]> {
  git(clone, 'remote', 'set-url', 'origin', 'https://github.com/acme/site');
  const repository = await opened(clone);
  if (repository === undefined) return [];
  const args = ['config', '--get-regexp', '^http\\..*extraheader$'];
  const { stdout } = await tryGit(repository, args);
  return stdout.trim().split('\n');
}

describe('a repository is opened', () => {
  test('at the top of the checkout, also by another name of it', async () => {
    const clone = cloneOf(makeRemote());
    const link = join(freshFolder(), 'link');
    symlinkSync(clone, link);
    for (const name of [clone, link]) {
      expect((await opened(name))?.directory).toBe(realpathSync(clone));
    }
  });

  test('and not one that lies above, which somebody else may have made', async () => {
    const clone = cloneOf(makeRemote());
    mkdirSync(join(clone, 'workspace'));
    expect(await opened(join(clone, 'workspace'))).toBeUndefined();
  });

  test('as safe, and no other one is', async () => {
    const clone = cloneOf(makeRemote());
    const repository = await opened(clone);
    const safe =
      repository && (await runGit(repository, ['config', '--get-all', 'safe.directory']));
    expect(new Set(safe?.split('\n'))).toEqual(new Set([clone, realpathSync(clone)]));
  });
});

test('no program that git starts sees a secret of the run', async () => {
  const secrets = {
    'INPUT_API-KEY': 'IST.secret-1',
    INPUT_TOKEN: 'secret-2',
    ACTIONS_RUNTIME_TOKEN: 'secret-3',
    ACTIONS_ID_TOKEN_REQUEST_URL: 'https://secret-4',
    WIX_API_KEY: 'IST.secret-5',
    NPM_TOKEN: 'secret-6',
    DB_PASSWORD: 'secret-7',
    aws_secret_access_key: 'secret-8',
  };
  const kept = { HTTPS_PROXY: 'http://proxy:3128', SSH_AUTH_SOCK: '/agent', GIT_SSL_KEY: '/key' };
  const repository = await opened(cloneOf(makeRemote()), { ...secrets, ...kept });
  const shown = repository && (await runGit(repository, ['-c', 'alias.show-all=!env', 'show-all']));
  expect(shown).not.toContain('secret');
  for (const [name, value] of Object.entries(kept)) expect(shown).toContain(`${name}=${value}`);
});

describe('the token is used', () => {
  test('where the checkout left no credentials', async () => {
    const basic = Buffer.from('x-access-token:the-token').toString('base64');
    expect(await headers(cloneOf(makeRemote()))).toEqual([
      `http.https://github.com/.extraheader AUTHORIZATION: basic ${basic}`,
    ]);
  });

  test.each([
    'http.extraheader',
    'http.https://github.com.extraheader',
    'http.https://github.com/.extraheader',
    'http.https://github.com/acme/.extraheader',
  ])('and not beside those of %s: two of them are refused', async (key) => {
    const clone = cloneOf(makeRemote());
    git(clone, 'config', key, 'AUTHORIZATION: basic theirs');
    expect(await headers(clone)).toEqual([`${key} AUTHORIZATION: basic theirs`]);
  });

  test('beside a header that lets nobody in', async () => {
    const clone = cloneOf(makeRemote());
    git(clone, 'config', 'http.extraheader', 'X-Trace: 1');
    expect(await headers(clone)).toHaveLength(2);
  });
});
