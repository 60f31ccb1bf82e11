import type { BareRepository } from './bare-repository.ts';

/** A pull request as the stand-in keeps it. */
export interface Pull {
  readonly number: number;
  readonly author: string;
  readonly headBranch: string;
  readonly createdAt: string;
  headSha: string;
  baseBranch: string;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  draft: boolean;
  merged: boolean;
  mergeCommit: string | undefined;
  /** Its commits when it was merged, newest first. */
  mergedCommits: readonly string[];
  closedAt: string | undefined;
  labels: string[];
  reviewers: string[];
  /** Slugs. */
  teams: string[];
  assignees: string[];
  /** Who made it a draft or ready for review, oldest first. */
  readonly draftings: { readonly to: 'draft' | 'ready'; readonly actor: string }[];
  readonly reviews: { readonly id: number; readonly user: string; readonly commit: string }[];
}

export interface Comment {
  readonly id: number;
  readonly issue: number;
  readonly author: string;
  readonly createdAt: string;
  body: string;
  updatedAt: string;
  /** Who edited it last. */
  editor?: string;
}

/** Everything that the stand-in knows. */
export interface State {
  readonly owner: string;
  readonly repo: string;
  readonly defaultBranch: string;
  /** The REST root. */
  readonly url: string;
  readonly bare: BareRepository;
  readonly collaborators: readonly string[];
  readonly teams: readonly string[];
  /** Whether the repository's plan has draft pull requests. */
  readonly drafts: boolean;
  readonly pulls: Pull[];
  readonly comments: Comment[];
  /** The repository's labels by their names in lower case. */
  readonly labels: Map<string, string>;
  /** The branches as of the moves that the pull requests have followed. */
  readonly tips: Map<string, string>;
  followed: number;
  lastId: number;
}

/** A number that nothing had before. */
export function nextId(state: State): number {
  state.lastId += 1;
  return state.lastId;
}

export function now(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}

export function addComment(
  state: State,
  comment: Pick<Comment, 'issue' | 'author' | 'body'>,
): Comment {
  const time = now();
  const added = { ...comment, id: nextId(state), createdAt: time, updatedAt: time };
  state.comments.push(added);
  return added;
}

/**
 * Lets the pull requests follow the branches, move by move, as GitHub does: a head that is gone
 * or holds nothing new closes them, a base that holds the head merges them.
 */
export async function followBranches(state: State): Promise<void> {
  const moves = state.bare.moves();
  for (const { ref, to } of moves.slice(state.followed)) {
    if (!ref.startsWith('refs/heads/')) continue;
    const branch = ref.slice('refs/heads/'.length);
    if (to === undefined) state.tips.delete(branch);
    else state.tips.set(branch, to);
    for (const pull of state.pulls) {
      if (pull.state === 'open') await followBranch(state, pull, { branch, to });
    }
  }
  state.followed = moves.length;
}

async function followBranch(
  state: State,
  pull: Pull,
  { branch, to }: { readonly branch: string; readonly to: string | undefined },
): Promise<void> {
  if (branch !== pull.headBranch && branch !== pull.baseBranch) return;
  if (to === undefined) return close(pull);
  if (branch === pull.headBranch) pull.headSha = to;
  const base = state.tips.get(pull.baseBranch) ?? '';
  if (!(await state.bare.isAncestor(pull.headSha, base))) return;
  if (branch === pull.headBranch) close(pull);
  else merge(pull, to, [pull.headSha]);
}

export function close(pull: Pull): void {
  pull.state = 'closed';
  pull.closedAt = now();
}

export function merge(pull: Pull, commit: string, commits: readonly string[]): void {
  close(pull);
  pull.merged = true;
  pull.mergeCommit = commit;
  pull.mergedCommits = commits;
}
