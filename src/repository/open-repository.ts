import type { Clock } from '../io/clock.ts';
import { type Git, gitEnvironment, tryGit } from './run-git.ts';

/**
 * Opens the repository that a folder lies in.
 *
 * @param options.token is used for the remote only where the checkout left no credentials.
 * @returns `undefined` outside a repository.
 */
export async function openRepository(options: {
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly token: string | undefined;
  readonly serverUrl: string;
}): Promise<Git | undefined> {
  const { directory, environment, signal, clock, token, serverUrl } = options;
  const plain = { directory, signal, clock, environment: gitEnvironment('*', environment, {}) };
  const top = await tryGit(plain, ['rev-parse', '--show-toplevel']);
  if (top.code !== 0) return undefined;
  const header = `http.${serverUrl}/.extraheader`;
  const configured = await tryGit(plain, ['config', '--get-all', header]);
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  const credentials: Readonly<Record<string, string>> =
    configured.code === 0 || token === undefined
      ? {}
      : { [header]: `AUTHORIZATION: basic ${basic}` };
  const root = top.stdout.toString('utf8').trim();
  return { ...plain, directory: root, environment: gitEnvironment('*', environment, credentials) };
}
