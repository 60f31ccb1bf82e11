import { Failure } from '../errors.ts';
import { isShallow, localCommit } from './history.ts';
import { fetchQuietly, tryRemote } from './over-network.ts';
import { type Git, type GitOutcome, gitFailure, inShort, remote, tryGit } from './run-git.ts';

/** Where refs of the remote are, by patterns such as `refs/heads/*`. */
export async function remoteTips(
  git: Git,
  patterns: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const args = listing(patterns);
  const { code, stdout, stderr } = await tryRemote(git, args);
  if (code !== 0) throw gitFailure(args, stderr);
  return tipsIn(stdout);
}

export async function remoteTip(git: Git, ref: string): Promise<string | undefined> {
  return (await remoteTips(git, [ref])).get(ref);
}

function listing(patterns: readonly string[]): readonly string[] {
  return ['ls-remote', '--end-of-options', remote, ...patterns];
}

function tipsIn(lines: string): ReadonlyMap<string, string> {
  return new Map([...lines.matchAll(/^(.+)\t(.+)$/gm)].map(([, tip = '', ref = '']) => [ref, tip]));
}

/** Fetches the commits that the clone lacks; returns those that the remote lacks, too. */
export async function fetchCommits(
  git: Git,
  commits: readonly string[],
): Promise<readonly string[]> {
  const lacking = await lackingOf(git, commits);
  if (lacking.length === 0) return [];
  const { code, stderr } = await tryRemote(git, fetchArguments(git, lacking));
  if (code === 0) return lackingOf(git, lacking);
  if (lacking.length === 1) return nothing(['fetch'], stderr) ?? lacking;
  // One that the remote lacks keeps the others from coming.
  const alone = [];
  for (const commit of lacking) alone.push(...(await fetchCommits(git, [commit])));
  return alone;
}

async function lackingOf(git: Git, commits: readonly string[]): Promise<readonly string[]> {
  const lacking = [];
  for (const commit of commits) {
    if ((await git.objects.commit(commit)) === undefined) lacking.push(commit);
  }
  return lacking;
}

function fetchArguments(git: Git, revisions: readonly string[]): readonly string[] {
  const depth = isShallow(git) ? ['--depth=1'] : [];
  return [...fetchQuietly, ...depth, '--end-of-options', remote, ...revisions];
}

/** Fetches a commit by its id, or by a branch, tag or ref of the remote; returns its id, or `undefined`. */
export async function fetchCommit(git: Git, revision: string): Promise<string | undefined> {
  if (revision.startsWith('-')) return undefined;
  if (/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(revision)) {
    return (await fetchCommits(git, [revision])).length === 0 ? revision : undefined;
  }
  const args = fetchArguments(git, [revision]);
  const { code, stderr } = await tryRemote(git, args);
  if (code !== 0) return (await localCommit(git, revision)) ?? nothing(args, stderr);
  return localCommit(git, 'FETCH_HEAD');
}

/** That the remote lacks a revision is an answer; all else is trouble. */
function nothing(args: readonly string[], stderr: string): undefined {
  const answers =
    /couldn't find remote ref|not our ref|unadvertised object|invalid refspec|not appear to be a git repository/i;
  if (!answers.test(stderr)) throw gitFailure(args, stderr);
}

export interface Move {
  readonly ref: string;
  readonly commit: string;
  /** Where the ref was seen, if it existed. */
  readonly expected: string | undefined;
}

/**
 * Moves refs of the remote, all or none, if they still are where they were seen.
 * @returns `not-atomic` if the remote can move only one ref at a time, and none has moved.
 * @throws Failure for anything but a lost race, such as a protected branch.
 */
export async function pushRefs(
  git: Git,
  moves: readonly Move[],
): Promise<'pushed' | 'lost-race' | 'not-atomic'> {
  const args = [
    ...['push', '--quiet', '--porcelain', '--no-verify', '--no-recurse-submodules'],
    ...(moves.length > 1 ? ['--atomic'] : []),
    ...moves.map(({ ref, expected }) => `--force-with-lease=${ref}:${expected ?? ''}`),
    remote,
    ...moves.map(({ ref, commit }) => `${commit}:${ref}`),
  ];
  const { code, stdout, stderr } = await tryRemote(git, args).catch((error: unknown) => {
    throw git.signal.aborted ? cutShort(moves, error) : error;
  });
  if (code === 0) return 'pushed';
  const words = `${stdout} ${stderr}`;
  if (/does not support --atomic/i.test(words)) return 'not-atomic';
  // In the words of git (refs.c) or of GitHub: the name of another ref is a folder of this one, or the reverse.
  if (/exists; cannot create|directory file conflict/i.test(words)) {
    for (const { ref } of moves) {
      const other = await refBeside(git, ref);
      if (other !== undefined) throw nameIsTaken(ref, other);
    }
  }
  if (/stale info|fetch first|non-fast-forward|cannot lock ref|incorrect old value/i.test(words)) {
    // libcurl may have sent the push twice, and then the second one lost.
    return (await areThere(git, moves)) ? 'pushed' : 'lost-race';
  }
  throw pushRefusal(git, moves, { stdout, stderr });
}

/** A cancelled push may have moved the branch. */
function cutShort(moves: readonly Move[], error: unknown): unknown {
  const branch = moves.find(({ ref }) => ref.startsWith('refs/heads/'));
  if (!(error instanceof Failure) || branch === undefined) return error;
  const { reason, message } = error;
  const words = `${message} The push to ${branchName(branch.ref)} may have arrived: the next run checks.`;
  return new Failure(reason, words, { cause: error });
}

/** Whether the refs are where they were to go. */
async function areThere(git: Git, moves: readonly Move[]): Promise<boolean> {
  const { stdout } = await tryGit(git, listing(moves.map(({ ref }) => ref)));
  const tips = tipsIn(stdout);
  return moves.every(({ ref, commit }) => tips.get(ref) === commit);
}

/** The ref that is a folder of this one, or the reverse. */
async function refBeside(git: Git, ref: string): Promise<string | undefined> {
  const refs = await remoteTips(git, ['refs/*']);
  return [...refs.keys()].find(
    (other) => ref.startsWith(`${other}/`) || other.startsWith(`${ref}/`),
  );
}

function nameIsTaken(ref: string, other: string): Failure {
  const [wanted, present] = [ref, other].map(branchName);
  const message = `The branch ${wanted} cannot exist beside the branch ${present}, because one name begins with the other. Name another one in the input branch, or delete ${present}.`;
  return new Failure('config', message);
}

function branchName(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}

/**
 * Says why a server refused a push: a rule, a hook, or a missing permission.
 * @param verdict what git printed, with the server's word on each ref in brackets.
 * @internal
 */
export function pushRefusal(
  git: Git,
  moves: readonly Pick<Move, 'ref'>[],
  { stdout: verdict, stderr }: Pick<GitOutcome, 'stdout' | 'stderr'>,
): Failure {
  // Every ref of an atomic push is refused; the one to blame has a reason of its own.
  const lines = verdict.split('\n').filter((line) => line.startsWith('!'));
  const own = lines.filter((line) => !/\(atomic /.test(line));
  const isBlamed = ({ ref }: Pick<Move, 'ref'>) => own.some((line) => line.includes(`:${ref}\t`));
  const blamed = moves.some(isBlamed) ? moves.filter(isBlamed) : moves;
  const names = blamed.map(({ ref }) => branchName(ref)).join(' and ');
  const reason = /\[(?:remote )?rejected\] \((.+)\)/.exec(own.join('\n') || verdict)?.[1];
  // The lines of the server say more, such as which secret it has found.
  const words = stderr.replace(/;? ?failed to push some refs to \S+/i, '');
  const said = inShort([reason, words].filter(Boolean).join(': '));
  const rule = rules.find(([pattern]) => pattern.test(said));
  if (rule !== undefined) {
    const [, forbids, remedy, ofRefs = remedy] = rule;
    const advice = blamed.some(({ ref }) => ref.startsWith('refs/heads/')) ? remedy : ofRefs;
    const message = `The push to ${names} was refused: ${forbids} (${said}). ${advice}`;
    return new Failure('config', message);
  }
  if (/returned error: 40[13]|denied|authentication|could not read Username/i.test(stderr)) {
    return new Failure(
      'auth',
      /**
       * @cause `contents: write` is missing, or `persist-credentials: false` is set where the job
       * writes.
       */
      `The push to ${names} was not permitted (${inShort(stderr)}). Give the job the permissions ${git.permissions ?? '"contents: write"'}, and let actions/checkout keep its credentials.`,
    );
  }
  return gitFailure(['push'], said);
}

/** Rules that forbid a push, in GitHub's words; with what to do, also if only refs of this action were refused. */
const rules: readonly (readonly [RegExp, words: string, remedy: string, ofRefs?: string])[] = [
  [
    /push protection|cannot contain secrets|GH009/i,
    'push protection has found what looks like a secret',
    'Take the secret out of the CMS, or allow it on the page that the server names, and run again.',
  ],
  [
    /signature/i,
    'a rule of the repository takes signed commits only',
    'Set the input sign-commits to true, so that GitHub signs them.',
  ],
  [
    /protected branch|GH006|GH013|rule violations/i,
    'a rule of the repository forbids it',
    "Let the workflow's token pass the branch's rules, or use commit: pull-request.",
    /** @cause A push rule of the repository or the server covers all refs. @remedy Exempt `refs/wix-cms/**`. */
    "Exempt this ref from the repository's rules, or let the workflow's token pass them.",
  ],
  [
    /hook declined/i,
    'a hook of the server declined it',
    'Correct what it names, or ask whoever runs the server.',
  ],
];
