import { Failure } from '../errors.ts';
import { retry } from '../io/retry.ts';
import { type Git, type GitOutcome, gitFailure, inShort, tryGit } from './run-git.ts';

/** How a fetch begins. */
export const fetchQuietly = ['fetch', '--quiet', '--no-tags'];

/** How often a command is tried in all. */
const tries = 3;

/** A server that is in trouble is not well again at once: the least that is waited, in milliseconds. */
const leastWait = 2_000;

/**
 * Runs a git command that asks the remote, up to three times, for as long as what went wrong may pass
 * by itself.
 *
 * @param wasDone whether the remote did what it gave no answer to; asked before another try.
 * @returns how it ended; with the code 0 where it was done without an answer.
 * @throws Failure when nothing else came of three tries, or git hangs.
 */
export async function tryRemote(
  git: Git,
  args: readonly string[],
  wasDone: () => Promise<boolean> = async () => false,
): Promise<GitOutcome> {
  const { clock, signal } = git;
  let last: GitOutcome | undefined;
  const work = async () => {
    last = await tryGit(git, args);
    if (mayPass(last)) throw new Trouble(inShort(last.stderr));
    return last;
  };
  return retry(work, {
    ...{ of: 'the git server', to: `git ${args[0]}`, tries, clock, signal, random: Math.random },
    troubleOf: (error) =>
      error instanceof Trouble ? { words: error.message, least: leastWait } : undefined,
    find: async () => (last !== undefined && (await wasDone()) ? { ...last, code: 0 } : undefined),
    giveUp: (error) =>
      error instanceof Trouble
        ? new Failure('api', `git ${args[0]} failed ${tries} times: ${error.message}. Run again.`)
        : error,
  });
}

/** What git said of a connection that did not hold. */
class Trouble extends Error {}

/** The same for a command whose answer is needed. Throws a Failure when git does not succeed. */
export async function askRemote(git: Git, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await tryRemote(git, args);
  if (code === 0) return stdout.trim();
  throw gitFailure(args, stderr);
}

/**
 * What git, and libcurl or ssh below it, say of a server or a connection that is in trouble: git's
 * http.c and remote-curl.c (`The requested URL returned error`, `RPC failed`), pkt-line.c (`hung up`),
 * and libcurl's lib/strerror.c.
 */
const troubles = [
  /returned error: (408|429|5\d\d)/i,
  /RPC failed; (HTTP (408|429|5\d\d)|curl (7|16|18|28|35|52|55|56|92) )/i,
  /could not resolve (host|proxy)|couldn't connect to server|failed to connect to/i,
  /connection (was )?(reset|refused|timed out|closed|aborted)|(operation|connect) timed out/i,
  /empty reply from server|(recv|send) failure|transfer closed with|not closed cleanly/i,
  /SSL_ERROR_SYSCALL|SSL_ERROR_ZERO_RETURN|unexpected eof|(GnuTLS|TLS) .*(recv error|terminated)/i,
  /hung up unexpectedly|unexpected disconnect|early EOF|expected flush after/i,
];

/** What says that the remote did answer, whatever became of the connection then. */
const refusals =
  /\[(?:remote )?rejected\]|returned error: 4(?!08|29)\d\d|denied|authentication|exceeds|does not support/i;

/** Whether what went wrong may pass by itself. A refusal does not. */
function mayPass({ code, stdout, stderr }: GitOutcome): boolean {
  if (code === 0 || refusals.test(`${stdout} ${stderr}`)) return false;
  return troubles.some((trouble) => trouble.test(stderr));
}
