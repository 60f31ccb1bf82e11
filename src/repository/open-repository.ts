import { Failure } from '../errors.ts';
import type { Clock } from '../io/clock.ts';
import { openObjects } from './objects.ts';
import { askGit, type Git, gitEnvironment, remote, tryGit } from './run-git.ts';

/**
 * Opens the repository of a folder.
 *
 * @param options.token is used for the remote only where the checkout left no credentials.
 * @returns `undefined` where the folder is not the top of a repository.
 * @throws Failure with git's words where there is one that git does not open.
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
  const top = await tryGit(plain, ['rev-parse', '--show-toplevel']);
  if (top.code !== 0) {
    if (/not a git repository/i.test(top.stderr)) return undefined;
    const words = top.stderr.trim().replace(/^fatal: /, '');
    /**
     * @cause Its owner, its configuration or its format is one that the runner's git refuses.
     * @remedy Use `actions/checkout` in the same container as the action; update git on your own runner.
     */
    const message = `git cannot open the repository in ${directory}: ${words}. Correct what git names, or check the repository out again.`;
    throw new Failure('config', message);
  }
  const opened = { ...plain, directory: top.stdout.trim() };
  if (token === undefined || (await hasCredentials(opened, serverUrl))) return withObjects(opened);
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  const credentials = { [`http.${serverUrl}/.extraheader`]: `AUTHORIZATION: basic ${basic}` };
  return withObjects({
    ...opened,
    environment: gitEnvironment(directory, inherited, credentials),
  });
}

function withObjects(git: Omit<Git, 'objects'>): Git {
  return { ...git, objects: openObjects(git) };
}

/**
 * Whether the checkout, or whoever set the machine up, has configured a log-in: for any server, for this
 * one or for the very repository. Two of them in one request are refused.
 */
async function hasCredentials(git: Omit<Git, 'objects'>, serverUrl: string): Promise<boolean> {
  const name = (await originOf(git)) ?? '';
  const url = /^https?:/.test(name) ? name : `${serverUrl}/`;
  const header = await askGit(git, ['config', '--get-urlmatch', 'http.extraheader', url]);
  return /^authorization:/i.test(header ?? '');
}

/** What is checked out: the branch, `undefined` of a commit without one; and the remote's URL. */
export async function readCheckout(
  git: Git,
): Promise<{ readonly branch: string | undefined; readonly origin: string | undefined }> {
  const branch = await askGit(git, ['symbolic-ref', '--quiet', '--short', 'HEAD']);
  return { branch, origin: await originOf(git) };
}

function originOf(git: Omit<Git, 'objects'>): Promise<string | undefined> {
  return askGit(git, ['config', '--get', `remote.${remote}.url`]);
}
