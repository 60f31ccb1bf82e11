import { Failure } from '../errors.ts';
import { retry } from '../io/retry.ts';
import { type Git, type GitOutcome, inShort, tryGit } from './run-git.ts';

export const fetchQuietly = ['fetch', '--quiet', '--no-tags'];

const tries = 3;

/** The least wait before another try, in milliseconds. */
const leastWait = 2_000;

/**
 * Runs a git command that asks the remote, up to three times while the trouble may pass.
 * @throws Failure after the last try, or if git hangs.
 */
export async function tryRemote(git: Git, args: readonly string[]): Promise<GitOutcome> {
  const work = async () => {
    const outcome = await tryGit(git, args);
    if (mayPass(outcome)) throw new PassingTrouble(inShort(outcome.stderr));
    return outcome;
  };
  return retry(work, {
    ...git,
    ...{ of: 'the git server', to: `git ${args[0]}`, tries, random: Math.random },
    troubleOf: (error) => {
      if (!(error instanceof PassingTrouble)) return undefined;
      const words = error.message;
      const message = `git ${args[0]} failed ${tries} times: ${words}. Run again.`;
      return { words, least: leastWait, giveUp: () => new Failure('api', message) };
    },
  });
}

class PassingTrouble extends Error {}

/** The words of git (http.c, remote-curl.c, pkt-line.c), libcurl (lib/strerror.c) and ssh. */
const troubles = [
  /returned error: (408|429|5\d\d)/i,
  /RPC failed; (HTTP (408|429|5\d\d)|curl (7|16|18|28|35|52|55|56|92) )/i,
  /could not resolve (host|proxy)|couldn't connect to server|failed to connect to/i,
  /connection (was )?(reset|refused|timed out|closed|aborted)|(operation|connect) timed out/i,
  /empty reply from server|(recv|send) failure|transfer closed with|not closed cleanly/i,
  /SSL_ERROR_SYSCALL|SSL_ERROR_ZERO_RETURN|unexpected eof|(GnuTLS|TLS) .*(recv error|terminated)/i,
  /hung up unexpectedly|unexpected disconnect|early EOF|expected flush after/i,
];

/** The remote has answered, whatever became of the connection then. */
const refusals =
  /\[(?:remote )?rejected\]|returned error: 4(?!08|29)\d\d|denied|authentication|exceeds|does not support/i;

function mayPass({ code, stdout, stderr }: GitOutcome): boolean {
  if (code === 0 || refusals.test(`${stdout} ${stderr}`)) return false;
  return troubles.some((trouble) => trouble.test(stderr));
}
