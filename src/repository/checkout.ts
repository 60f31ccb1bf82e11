import { type Git, remote, tryGit } from './run-git.ts';

/**
 * Asks git what is checked out.
 *
 * @returns the branch, `undefined` where a commit is checked out without one; and the remote's URL.
 */
export async function readCheckout(
  git: Git,
): Promise<{ readonly branch: string | undefined; readonly origin: string | undefined }> {
  const ask = async (...args: readonly string[]) => {
    const { code, stdout } = await tryGit(git, args);
    return code === 0 ? stdout.toString('utf8').trim() : undefined;
  };
  return {
    branch: await ask('symbolic-ref', '--quiet', '--short', 'HEAD'),
    origin: await ask('config', '--get', `remote.${remote}.url`),
  };
}
