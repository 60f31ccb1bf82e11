import { Failure } from '../errors.ts';
import { isShallow, localCommit } from './history.ts';
import { askRemote, tryRemote } from './over-network.ts';
import { pushRefusal } from './push-refusal.ts';
import { type Git, gitFailure, remote, tryGit } from './run-git.ts';

/** What a ref of the remote points to now; `undefined` if it does not exist. */
export async function remoteTip(git: Git, ref: string): Promise<string | undefined> {
  const lines = await askRemote(git, ['ls-remote', '--end-of-options', remote, ref]);
  return tipIn(lines, ref);
}

/** The commit that a listing of refs names for one of them. */
function tipIn(lines: string, ref: string): string | undefined {
  const line = lines.split('\n').find((each) => each.endsWith(`\t${ref}`));
  return line?.split('\t')[0];
}

/** The refs of the remote that fit a pattern, such as `refs/heads/*`. */
export async function remoteRefs(git: Git, pattern: string): Promise<readonly string[]> {
  const lines = await askRemote(git, ['ls-remote', '--end-of-options', remote, pattern]);
  return lines.split('\n').flatMap((line) => line.split('\t')[1] ?? []);
}

/**
 * Makes a commit available, with as little as that takes.
 *
 * @param revision a full commit id, or a branch, tag or ref of the remote.
 * @returns the commit's id; `undefined` if neither the clone nor the remote has it.
 */
export async function fetchCommit(git: Git, revision: string): Promise<string | undefined> {
  if (revision.startsWith('-')) return undefined;
  if (isCommitId(revision) && (await hasCommit(git, revision))) return revision;
  const args = [
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-write-fetch-head',
    ...((await isShallow(git)) ? ['--depth=1'] : []),
    '--end-of-options',
    remote,
    revision,
  ];
  const { code, stderr } = await tryRemote(git, args);
  if (code !== 0) return (await localCommit(git, revision)) ?? nothing(args, stderr);
  if (isCommitId(revision)) return revision;
  return (await remoteCommit(git, revision)) ?? localCommit(git, revision);
}

/** That the remote lacks a revision is an answer; any other trouble must not be taken for it. */
function nothing(args: readonly string[], stderr: string): undefined {
  const answers =
    /couldn't find remote ref|not our ref|unadvertised object|invalid refspec|not appear to be a git repository/i;
  if (!answers.test(stderr)) throw gitFailure(args, stderr);
}

function isCommitId(revision: string): boolean {
  return /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(revision);
}

async function hasCommit(git: Git, commit: string): Promise<boolean> {
  return (await tryGit(git, ['cat-file', '-e', `${commit}^{tree}`])).code === 0;
}

async function remoteCommit(git: Git, revision: string): Promise<string | undefined> {
  for (const ref of [
    revision,
    `refs/heads/${revision}`,
    `refs/tags/${revision}^{}`,
    `refs/tags/${revision}`,
  ]) {
    const tip = await remoteTip(git, ref);
    if (tip !== undefined) return tip;
  }
  return undefined;
}

/**
 * Moves a ref of the remote to a commit, if it still is where it was seen.
 *
 * @param push.expected what the ref pointed to; `undefined` if it did not exist.
 * @throws Failure for anything but a lost race: a protected branch, a missing permission, a name that
 * can not be.
 */
export async function pushCommit(
  git: Git,
  push: { readonly commit: string; readonly ref: string; readonly expected: string | undefined },
): Promise<'pushed' | 'lost-race'> {
  const { commit, ref, expected } = push;
  const args = [
    'push',
    '--quiet',
    '--porcelain',
    '--no-verify',
    '--no-recurse-submodules',
    `--force-with-lease=${ref}:${expected ?? ''}`,
    remote,
    `${commit}:${ref}`,
  ];
  const isThere = async () => (await shownTip(git, ref)) === commit;
  const { code, stdout, stderr } = await tryRemote(git, args, isThere).catch((error: unknown) => {
    throw git.signal.aborted ? cutShort(ref, error) : error;
  });
  if (code === 0) return 'pushed';
  const verdict = stdout.toString('utf8');
  const words = `${verdict} ${stderr}`;
  const other = saysNameIsTaken(words) ? await refBeside(git, ref) : undefined;
  if (other !== undefined) throw nameIsTaken(ref, other);
  if (/stale info|fetch first|non-fast-forward|cannot lock ref|incorrect old value/i.test(words)) {
    // Below git, libcurl may send once more what got no answer, and then the race is lost to itself.
    return (await isThere()) ? 'pushed' : 'lost-race';
  }
  throw pushRefusal(git, { names: [branchName(ref)], verdict, stderr });
}

/** A branch may have moved by a push whose answer nobody waited for. */
function cutShort(ref: string, error: unknown): unknown {
  if (!(error instanceof Failure) || !ref.startsWith('refs/heads/')) return error;
  const { reason, message } = error;
  /**
   * @cause The run was cancelled while it pushed.
   * @remedy Look at the branch, or run again: it goes on from what the branch holds.
   */
  const words = `${message} The push to ${branchName(ref)} was under way, and may have arrived: the next run looks.`;
  return new Failure(reason, words, { cause: error });
}

/** What a ref of the remote points to, if the remote says so at once. */
async function shownTip(git: Git, ref: string): Promise<string | undefined> {
  const { stdout } = await tryGit(git, ['ls-remote', '--end-of-options', remote, ref]);
  return tipIn(stdout.toString('utf8'), ref);
}

/**
 * Whether a ref was not made because the name of another one is a folder of its name, or the reverse:
 * in the words of git (refs.c, `refs_verify_refname_available`), and in those of GitHub.
 */
function saysNameIsTaken(words: string): boolean {
  return /exists; cannot create|directory file conflict/i.test(words);
}

/** The ref of the remote that can not be there together with this one. */
async function refBeside(git: Git, ref: string): Promise<string | undefined> {
  const refs = await remoteRefs(git, 'refs/*');
  return refs.find((other) => ref.startsWith(`${other}/`) || other.startsWith(`${ref}/`));
}

function nameIsTaken(ref: string, other: string): Failure {
  const [wanted, present] = [ref, other].map(branchName);
  return new Failure(
    'config',
    `The branch ${wanted} can not stand beside the branch ${present}: to git, one of them is a folder that holds the other. Name another one in the input branch, or delete ${present}.`,
  );
}

function branchName(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}
