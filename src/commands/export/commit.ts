import { Failure, onOneLine } from '../../errors.ts';
import { commitThroughApi } from '../../github/signed-commit.ts';
import type { CommitInputs } from '../../inputs.ts';
import type { Learned } from '../../record/content-record.ts';
import { pushRecord, recordCommit, recordOrWarn } from '../../record/record-commit.ts';
import type { Sync } from '../../record/sync.ts';
import { recordRef } from '../../record/sync-record.ts';
import { changesInWords } from '../../report/pull-request/export.ts';
import type { FileResult } from '../../report/result.ts';
import { makeCommits, type NewCommit } from '../../repository/commit-files.ts';
import type { Commit } from '../../repository/objects.ts';
import { type Move, pushRefs } from '../../repository/remote.ts';
import type { Git } from '../../repository/run-git.ts';
import type { Run } from '../run.ts';
import type { StagedFiles } from './staged-files.ts';

/** The inputs that say how files are committed. */
export type Publishing = CommitInputs & { readonly siteId: string };

/** Marks the commits of this action, so that those of people are kept. */
const trailer = 'Wix-Site';

/** Names the commit that a restore brings back. */
export const restoreTrailer = 'Wix-Restore';

/** The committers of this action's commits: itself, or GitHub, which signs them. */
const committers: ReadonlySet<string> = new Set([
  '41898282+github-actions[bot]@users.noreply.github.com',
  'noreply@github.com',
]);

export interface Message {
  readonly headline: string;
  readonly body: string;
}

/** The commit message of an export: what changed in each content. */
export function messageOf(inputs: Publishing, results: readonly FileResult[]): Message {
  const lines = changesInWords(results);
  return {
    headline: onOneLine(inputs.commitMessage),
    body: `${lines.join('\n')}\n\n${trailer}: ${inputs.siteId}`,
  };
}

/** Whether this action made a commit to restore files. */
export function isRestore({ trailers, committer }: Commit): boolean {
  return trailers.has(restoreTrailer) && committers.has(committer);
}

/** Whether this action made a commit for this site, and nobody has amended it. */
export function isOwn({ trailers, committer }: Commit, siteId: string): boolean {
  return trailers.get(trailer) === siteId && committers.has(committer);
}

/** A commit that a branch is moved to. */
export interface BranchCommit {
  readonly branch: string;
  /** The branch's tip when it was read; `undefined` if there was none. */
  readonly expected: string | undefined;
  readonly parents: readonly string[];
  /** The commit or tree that the files are laid over. */
  readonly onto: string;
  readonly files: StagedFiles;
  readonly message: Message;
}

/** What is recorded with a commit: in the same push, or in a push before it. */
interface Recording {
  readonly together: readonly Learned[];
  /** `undefined`: the same. */
  readonly before?: () => Promise<readonly Learned[]>;
}

/**
 * Moves a branch to a new commit, and the record with it, in one push: git never has an offer that the
 * record does not know. If one push is not possible, as for commits that GitHub signs, the record moves
 * first.
 *
 * @param commit `undefined`: only the record moves.
 *
 * @throws Failure if there is a record and it cannot be moved: then the branch stays, too.
 */
export async function commitAndRecord(
  run: Run,
  inputs: Publishing,
  sync: Sync,
  commit: BranchCommit | undefined,
  recording: Recording,
): Promise<Made | 'lost-race'> {
  const { together, before } = recording;
  if (commit === undefined) {
    const warnings = await recordOrWarn(sync, together);
    return warnings === 'lost-race' ? warnings : { warnings };
  }
  if (!inputs.signCommits) {
    const moved = await moveTogether(run, sync, commit, together);
    if (moved !== 'not-atomic') return moved;
  }
  const recorded = await recordFirst(sync, before ? await before() : together);
  if (recorded === 'lost-race') return recorded;
  const made = await commitAlone(run, inputs, sync.git, commit);
  return made === 'lost-race' ? made : { commit: made, warnings: recorded };
}

interface Made {
  readonly commit?: string;
  readonly warnings: readonly string[];
}

async function moveTogether(
  run: Run,
  sync: Sync,
  commit: BranchCommit,
  together: readonly Learned[],
): Promise<Made | 'lost-race' | 'not-atomic'> {
  const { git, siteId, record } = sync;
  const isTip = commit.branch === sync.branch;
  const [made = '', recorded] = await makeCommits(git, [
    plainCommit(run, commit),
    (id) => recordCommit(sync, together, isTip ? id : sync.tip),
  ]);
  const moves = [branchMove(commit, made)];
  if (recorded !== undefined) {
    moves.push({ ref: recordRef(siteId), commit: recorded, expected: record.commit });
  }
  try {
    const outcome = await pushRefs(git, moves);
    return outcome === 'pushed' ? { commit: made, warnings: [] } : outcome;
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    if (recorded === undefined) throw error;
    if (record.commit !== undefined) throw notCommitted(error);
    // Without a record, nothing can be lost. Separate pushes show which of them is refused.
    return 'not-atomic';
  }
}

function plainCommit(run: Run, { parents, onto, files, message }: BranchCommit): NewCommit {
  const { headline, body } = run.redact(message);
  return {
    parents,
    onto,
    files: new Map([...files].map(([path, file]) => [path, file === null ? null : { file }])),
    message: `${headline}\n\n${body}\n`,
  };
}

/** Moves a branch to a new commit, without the record. */
export async function commitAlone(
  run: Run,
  { signCommits }: Pick<Publishing, 'signCommits'>,
  git: Git,
  commit: BranchCommit,
): Promise<string | 'lost-race'> {
  if (signCommits) {
    const [parent = ''] = commit.parents;
    const message = run.redact(commit.message);
    const signed = await commitThroughApi(await run.github(), { ...commit, parent, message });
    return signed === 'lost-race' ? signed : signed.sha;
  }
  const [made = ''] = await makeCommits(git, [plainCommit(run, commit)]);
  const outcome = await pushRefs(git, [branchMove(commit, made)]);
  return outcome === 'pushed' ? made : 'lost-race';
}

function branchMove({ branch, expected }: BranchCommit, made: string): Move {
  return { ref: `refs/heads/${branch}`, commit: made, expected };
}

/** Records an offer before the commit: one that cannot be recorded is not committed. */
async function recordFirst(
  sync: Sync,
  offers: readonly Learned[],
): Promise<readonly string[] | 'lost-race'> {
  // Without a record, nothing can be lost.
  if (sync.record.commit === undefined) return recordOrWarn(sync, offers);
  try {
    const recorded = await pushRecord(sync, offers);
    return recorded === 'lost-race' ? recorded : [];
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    throw notCommitted(error);
  }
}

function notCommitted(error: Failure): Failure {
  const words = `Nothing was committed, because a commit and its record move together: ${error.message}`;
  return new Failure(error.reason, words, { place: error.place, cause: error });
}
