import { resolve } from 'node:path';
import { Failure } from '../errors.ts';
import type { Clock } from '../io/clock.ts';
import { Objects } from './objects.ts';
import { askGit, type Git, gitEnvironment, remote, tryGit } from './run-git.ts';

/**
 * Opens the repository of a folder; `undefined` if the folder is not the top of one.
 * @param options.token is used if the checkout left no credentials.
 * @throws Failure if git refuses to open it.
 */
export async function openRepository(options: {
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly token: string | undefined;
  readonly serverUrl: string;
  readonly permissions?: string;
}): Promise<Git | undefined> {
  const { token, serverUrl, environment: inherited, ...rest } = options;
  const { directory } = rest;
  const plain = { ...rest, environment: gitEnvironment(directory, inherited, {}) };
  const args =
    'rev-parse --show-toplevel --git-common-dir --symbolic-full-name --quiet --verify HEAD';
  const top = await tryGit(plain, args.split(' '));
  // It fails, too, if nothing has been committed yet.
  if (top.stdout === '') {
    if (/not a git repository/i.test(top.stderr)) return undefined;
    const words = top.stderr.trim().replace(/^fatal: /, '');
    /**
     * @cause The runner's git refuses the repository's owner, configuration or format.
     * @remedy Use `actions/checkout` in the same container as the action; update git on your own runner.
     */
    const message = `git cannot open the repository in ${directory}: ${words}. Correct what git names, or check the repository out again.`;
    throw new Failure('config', message);
  }
  const [found = '', common = '', head = ''] = top.stdout.trim().split('\n');
  const opened = {
    ...plain,
    directory: found,
    commonDirectory: resolve(directory, common),
    branch: /^refs\/heads\/(.+)/.exec(head)?.[1],
    origin: await askGit(plain, ['config', '--get', `remote.${remote}.url`]),
  };
  if (token !== undefined && !(await hasCredentials(opened, serverUrl))) {
    const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
    const credentials = { [`http.${serverUrl}/.extraheader`]: `AUTHORIZATION: basic ${basic}` };
    opened.environment = gitEnvironment(directory, inherited, credentials);
  }
  return { ...opened, objects: new Objects(opened) };
}

/** Whether a log-in is configured, for any server or for this one: git refuses two in one request. */
async function hasCredentials(git: Omit<Git, 'objects'>, serverUrl: string): Promise<boolean> {
  const url = /^https?:/.test(git.origin ?? '') ? (git.origin ?? '') : `${serverUrl}/`;
  const header = await askGit(git, ['config', '--get-urlmatch', 'http.extraheader', url]);
  return /^authorization:/i.test(header ?? '');
}
