import * as v from 'valibot';
import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import { refusalOf } from './refusal.ts';

/** Where a branch was seen and where it is to go; `undefined` for nowhere. */
export interface BranchMove {
  readonly branch: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export async function tipOf(github: GitHub, branch: string): Promise<string | undefined> {
  const answer = v.object({ object: v.object({ sha: v.string() }) });
  try {
    const question = { to: `read the branch ${branch}`, answer };
    return (await ask(github, question, 'GET /git/ref/{ref}', { ref: `heads/${branch}` })).object
      .sha;
  } catch (error) {
    if (refusalOf(error)?.status === 404) return undefined;
    throw error;
  }
}

/** Creates, moves or deletes a branch if it is where it was seen, which only GraphQL's `updateRefs` can. */
export async function moveBranch(
  github: GitHub,
  { branch, from, to }: BranchMove,
): Promise<'moved' | 'lost-race'> {
  const refUpdate = {
    name: `refs/heads/${branch}`,
    beforeOid: from ?? noCommit,
    afterOid: to ?? noCommit,
    force: true,
  };
  const repositoryId = await repositoryIdOf(github);
  const question = { to: `move the branch ${branch}`, answer: v.unknown() };
  const input = { repositoryId, refUpdates: [refUpdate] };
  try {
    await ask(github, question, updateRefs, { input });
    return 'moved';
  } catch (error) {
    const tip = await tipAfterRefusal(github, branch, error);
    // The repeat of a request that was carried out is refused.
    if (tip === to) return 'moved';
    if (tip !== from) return 'lost-race';
    throw error;
  }
}

/** Where a branch is, since GitHub words a lost race in several ways. Rethrows an error that says more. */
export async function tipAfterRefusal(
  github: GitHub,
  branch: string,
  error: unknown,
): Promise<string | undefined> {
  const refusal = refusalOf(error);
  if (refusal?.status !== 200 || refusal.types.includes('FORBIDDEN')) throw error;
  return tipOf(github, branch);
}

const noCommit = '0'.repeat(40);

const updateRefs = `mutation ($input: UpdateRefsInput!) {
  updateRefs(input: $input) { clientMutationId }
}`;

async function repositoryIdOf(github: GitHub): Promise<string> {
  const { owner, repo } = github;
  const answer = v.object({ repository: v.object({ id: v.string() }) });
  const query =
    'query ($owner: String!, $repo: String!) { repository(owner: $owner, name: $repo) { id } }';
  const question = { to: `read ${owner}/${repo}`, answer };
  const { repository } = await ask(github, question, query, { owner, repo });
  return repository.id;
}
