import { readFile, stat } from 'node:fs/promises';
import * as v from 'valibot';
import { Failure } from '../errors.ts';
import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import { moveBranch, tipAfterRefusal, tipOf } from './refs.ts';
import { refusalOf } from './refusal.ts';

export interface SignedCommit {
  readonly branch: string;
  readonly parent: string;
  /** The branch's tip when it was seen, if it existed. */
  readonly expected: string | undefined;
  /** Repository paths to local files; `null` deletes a path of the parent. */
  readonly files: ReadonlyMap<string, string | null>;
  readonly message: { readonly headline: string; readonly body: string };
}

/**
 * Commits through the API, so that GitHub signs the commit, and moves the branch from where it was seen.
 * On another commit than its tip, it is made on a temporary branch first: GitHub signs only on branches,
 * and one that passes through its target on the way would close its pull request.
 */
export async function commitThroughApi(
  github: GitHub,
  commit: SignedCommit,
): Promise<{ readonly sha: string } | 'lost-race'> {
  const { branch, parent, expected } = commit;
  const fileChanges = await fileChangesOf(commit.files);
  const append = (onto: string) => appendCommit(github, { ...commit, branch: onto }, fileChanges);
  if (parent === expected) return append(branch);
  const temporary = temporaryBranch(github, branch);
  try {
    await createBranch(github, temporary, parent);
    const made = await append(temporary);
    // Nobody else knows the branch, so this commit is the one whose answer was lost.
    const sha = made === 'lost-race' ? await tipOf(github, temporary) : made.sha;
    if (sha === undefined) return 'lost-race';
    const moved = await moveBranch(github, { branch, from: expected, to: sha });
    return moved === 'lost-race' ? moved : { sha };
  } finally {
    await deleteTemporary(github, temporary);
  }
}

const mostBytes = 30_000_000;

interface FileChanges {
  readonly additions: readonly { readonly path: string; readonly contents: string }[];
  readonly deletions: readonly { readonly path: string }[];
}

async function fileChangesOf(files: SignedCommit['files']): Promise<FileChanges> {
  const entries = [...files];
  const written = entries.flatMap(([path, file]) => (file === null ? [] : [{ path, file }]));
  const sizes = await Promise.all(written.map(async ({ file }) => (await stat(file)).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes > mostBytes) {
    const megabytes = (bytes / 1_000_000).toFixed(1);
    const message = `The commit holds ${megabytes} MB, and GitHub signs at most 30 MB at once. Set sign-commits: false, or export fewer collections per run.`;
    throw new Failure('config', message);
  }
  return {
    additions: await Promise.all(
      written.map(async ({ path, file }) => ({ path, contents: await readFile(file, 'base64') })),
    ),
    deletions: entries.flatMap(([path, file]) => (file === null ? [{ path }] : [])),
  };
}

/** Appends to a branch. If the answer was lost, that is a lost race: the caller finds its files there. */
async function appendCommit(
  github: GitHub,
  { branch, parent, message }: SignedCommit,
  fileChanges: FileChanges,
): Promise<{ readonly sha: string } | 'lost-race'> {
  const input = {
    branch: { repositoryNameWithOwner: `${github.owner}/${github.repo}`, branchName: branch },
    expectedHeadOid: parent,
    message,
    fileChanges,
  };
  const question = { to: `commit to the branch ${branch}`, answer: createdShape };
  try {
    const answer = await ask(github, question, createCommitOnBranch, { input });
    return { sha: answer.createCommitOnBranch.commit.oid };
  } catch (error) {
    if ((await tipAfterRefusal(github, branch, error)) !== parent) return 'lost-race';
    throw error;
  }
}

const createdShape = v.object({
  createCommitOnBranch: v.object({ commit: v.object({ oid: v.string() }) }),
});

const createCommitOnBranch = `mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}`;

/** Not below the branch: git has no `a/b` beside a branch `a`. */
function temporaryBranch(github: GitHub, branch: string): string {
  const unique = Math.floor(github.random() * 2 ** 48).toString(36);
  return `${branch}-signing-${unique}`;
}

async function createBranch(github: GitHub, branch: string, sha: string): Promise<void> {
  const question = { to: `create the temporary branch ${branch}`, answer: v.unknown() };
  try {
    await ask(github, question, 'POST /git/refs', { ref: `refs/heads/${branch}`, sha });
  } catch (error) {
    // Nobody else knows the name, so the request whose answer was lost made it.
    if (!/already exists/i.test(refusalOf(error)?.words ?? '')) throw error;
  }
}

/** A leftover does no harm. */
async function deleteTemporary(github: GitHub, branch: string): Promise<void> {
  const question = { to: `delete the branch ${branch}`, answer: v.unknown() };
  try {
    await ask(github, question, 'DELETE /git/refs/{ref}', { ref: `heads/${branch}` });
  } catch (error) {
    if (/does not exist/i.test(refusalOf(error)?.words ?? '')) return;
    const reason = error instanceof Error ? error.message : String(error);
    github.log.warning(`The temporary branch ${branch} was left behind; delete it. ${reason}`);
  }
}
