import * as v from 'valibot';
import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import { account, accounts, type PullRequest, type PullRequestContent } from './pull-request.ts';
import { refusalOf } from './refusal.ts';

/** Adds what a pull request lacks. What GitHub refuses becomes a warning: none of it is worth a failed export. */
export async function addAttributes(
  github: GitHub,
  pull: PullRequest,
  content: Pick<PullRequestContent, 'labels' | 'reviewers' | 'assignees'>,
): Promise<void> {
  const lacking = missing(content.reviewers, pull.reviewers);
  const reviewers = await withoutThoseWhoHaveReviewed(github, pull, lacking);
  await add(github, pull, 'label', missing(content.labels, pull.labels));
  await add(github, pull, 'reviewer', reviewers);
  await add(github, pull, 'assignee', missing(content.assignees, pull.assignees));
}

/** Gives a pull request the wanted labels of a family, and takes the others of it away. */
export async function keepLabels(
  github: GitHub,
  pull: PullRequest,
  { family, wanted }: { readonly family: readonly string[]; readonly wanted: readonly string[] },
): Promise<void> {
  const stale = pull.labels.filter((name) => family.includes(name) && !wanted.includes(name));
  for (const name of stale) await removeLabel(github, pull, name);
  await add(github, pull, 'label', missing(wanted, pull.labels));
}

/** Takes a label away, if it is there. */
export async function removeLabel(github: GitHub, pull: PullRequest, name: string): Promise<void> {
  const to = `take the label ${name} from pull request #${pull.number}`;
  try {
    const path = `DELETE /issues/${pull.number}/labels/{name}`;
    await ask(github, { to, answer: v.unknown() }, path, { name });
  } catch (error) {
    if (refusalOf(error)?.status !== 404) throw error;
  }
}

/** Adds a name of each kind to the pull request of a number: by which route, with which body. */
const additions = {
  label: (number: number, name: string) => [`POST /issues/${number}/labels`, { labels: [name] }],
  reviewer: (number: number, name: string) => {
    const [user, team] = name.split('/');
    const who = team === undefined ? { reviewers: [user] } : { team_reviewers: [team] };
    return [`POST /pulls/${number}/requested_reviewers`, who];
  },
  assignee: (number: number, name: string) => [
    `POST /issues/${number}/assignees`,
    { assignees: [name] },
  ],
} satisfies Record<string, (number: number, name: string) => readonly [string, object]>;

const addedShape = v.fallback(v.object({ assignees: accounts }), { assignees: [] });

/** Adds names one by one, since one wrong name makes GitHub refuse a whole list. */
async function add(
  github: GitHub,
  pull: PullRequest,
  kind: keyof typeof additions,
  names: readonly string[],
): Promise<void> {
  const question = { to: `add ${kind}s to pull request #${pull.number}`, answer: addedShape };
  for (const name of names) {
    const [route, body] = additions[kind](pull.number, name);
    try {
      const { assignees } = await ask(github, question, route, body);
      const assigned = assignees.map(({ login }) => login);
      // GitHub passes over those who cannot be assigned without an error.
      if (kind !== 'assignee' || missing([name], assigned).length === 0) continue;
      /**
       * @cause Somebody in `pull-request-assignees` may not read the repository.
       * @remedy Give that person access to the repository, or take the name out of the input.
       */
      warn(github, pull, `the assignee ${name}`, 'GitHub assigns only people who can read it.');
    } catch (error) {
      if (refusalOf(error) === undefined || !(error instanceof Error)) throw error;
      warn(github, pull, `the ${kind} ${name}`, error.message);
    }
  }
}

const reviewShape = v.object({ commit_id: v.nullish(v.string()), user: v.nullish(account) });

/** Leaves out who has reviewed this commit: GitHub takes them off its list. Any review counts for the teams. */
async function withoutThoseWhoHaveReviewed(
  github: GitHub,
  pull: PullRequest,
  names: readonly string[],
): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const to = `read the reviews of pull request #${pull.number}`;
  const question = { to, answer: v.array(reviewShape) };
  try {
    const path = `GET /pulls/${pull.number}/reviews`;
    const reviews = await ask(github, question, path, { per_page: 100 });
    const current = reviews.filter(({ commit_id: commit }) => commit === pull.headSha);
    const reviewers = current.map(({ user }) => user?.login ?? '');
    return missing(names, reviewers).filter((name) => current.length === 0 || !name.includes('/'));
  } catch (error) {
    if (refusalOf(error) === undefined) throw error;
    return names;
  }
}

function warn(github: GitHub, pull: PullRequest, what: string, why: string): void {
  /**
   * @cause GitHub refused a label, reviewer or assignee; the message ends with its reason.
   * @remedy Correct the name in the input, and give that person or team access to the repository.
   */
  github.log.warning(`Pull request #${pull.number} did not get ${what}. ${why}`);
}

function missing(wanted: readonly string[], present: readonly string[]): readonly string[] {
  const known = new Set(present.map((name) => name.toLowerCase()));
  return wanted.filter((name) => !known.has(name.toLowerCase()));
}
