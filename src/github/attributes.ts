import * as v from 'valibot';
import { askRest } from './ask.ts';
import type { GitHub } from './client.ts';
import type { PullRequest, PullRequestContent } from './pull-request.ts';
import { refusalOf } from './refusal.ts';

/**
 * Adds the labels, reviewers and assignees that a pull request lacks; nothing is taken away. What
 * GitHub refuses becomes a warning that names it: none of this is worth a failed export.
 */
export async function addAttributes(
  github: GitHub,
  pull: PullRequest,
  content: Pick<PullRequestContent, 'labels' | 'reviewers' | 'assignees'>,
): Promise<PullRequest> {
  const lacking = missing(content.reviewers, pull.reviewers);
  const reviewers = await withoutThoseWhoHaveReviewed(github, pull, lacking);
  const labels = missing(content.labels, pull.labels);
  const assignees = missing(content.assignees, pull.assignees);
  return {
    ...pull,
    labels: [...pull.labels, ...(await add(github, pull, { noun: 'label', names: labels }))],
    reviewers: [
      ...pull.reviewers,
      ...(await add(github, pull, { noun: 'reviewer', names: reviewers })),
    ],
    assignees: [
      ...pull.assignees,
      ...(await add(github, pull, { noun: 'assignee', names: assignees })),
    ],
  };
}

interface Attributes {
  readonly noun: 'label' | 'reviewer' | 'assignee';
  readonly names: readonly string[];
}

/** Adds names and returns those that were added. GitHub refuses a whole list for one name in it, so after a refusal they are added one by one. */
async function add(
  github: GitHub,
  pull: PullRequest,
  { noun, names }: Attributes,
): Promise<readonly string[]> {
  if (names.length === 0) return [];
  try {
    const present = await request(github, pull, { noun, names });
    // GitHub passes over those who cannot be assigned, without an error.
    const passedOver = missing(names, present);
    for (const name of passedOver) {
      /**
       * @cause GitHub passes over a name of `pull-request-assignees` that may not read the
       * repository.
       * @remedy Give that person access to the repository, or take the name out of the input.
       */
      warn(github, pull, `the assignee ${name}`, 'GitHub assigns only people who can read it.');
    }
    return missing(names, passedOver);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined || !(error instanceof Error)) throw error;
    if (refusal.status === 422 && names.length > 1) {
      const added: string[] = [];
      for (const name of names) added.push(...(await add(github, pull, { noun, names: [name] })));
      return added;
    }
    const many = names.length > 1 ? 's' : '';
    warn(github, pull, `the ${noun}${many} ${names.join(', ')}`, error.message);
    return [];
  }
}

/** Asks for names to be added, and returns those that the pull request has then. */
async function request(
  github: GitHub,
  { number }: PullRequest,
  { noun, names }: Attributes,
): Promise<readonly string[]> {
  const to = `add ${noun}s to pull request #${number}`;
  switch (noun) {
    case 'label':
      await askRest(github, { to, answer: v.unknown() }, (rest, repository) =>
        rest.issues.addLabels({ ...repository, issue_number: number, labels: [...names] }),
      );
      return names;
    case 'reviewer':
      await askRest(github, { to, answer: v.unknown() }, (rest, repository) =>
        rest.pulls.requestReviewers({
          ...repository,
          pull_number: number,
          reviewers: names.filter((name) => !isTeam(name)),
          team_reviewers: names.filter(isTeam).map(slugOf),
        }),
      );
      return names;
    case 'assignee': {
      const answer = v.object({
        assignees: v.nullish(v.array(v.object({ login: v.string() })), []),
      });
      const { assignees } = await askRest(github, { to, answer }, (rest, repository) =>
        rest.issues.addAssignees({ ...repository, issue_number: number, assignees: [...names] }),
      );
      return assignees.map(({ login }) => login);
    }
  }
}

const reviewsShape = v.array(
  v.object({
    commit_id: v.nullish(v.string()),
    user: v.nullish(v.object({ login: v.string() })),
  }),
);

/** Three thousand reviews. */
const mostPages = 30;

/**
 * Leaves out who has reviewed this very commit: GitHub takes them off its list, and an export that
 * runs every hour would ask them every hour. Which team a reviewer spoke for is not known, so any
 * review of this commit counts for the teams.
 */
async function withoutThoseWhoHaveReviewed(
  github: GitHub,
  pull: PullRequest,
  names: readonly string[],
): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const question = { to: `read the reviews of pull request #${pull.number}`, answer: reviewsShape };
  try {
    const reviews: v.InferOutput<typeof reviewsShape> = [];
    for (let page = 1; page <= mostPages && reviews.length === (page - 1) * 100; page += 1) {
      const some = await askRest(github, question, (rest, repository) =>
        rest.pulls.listReviews({ ...repository, pull_number: pull.number, per_page: 100, page }),
      );
      reviews.push(...some);
    }
    const current = reviews.filter(({ commit_id: commit }) => commit === pull.headSha);
    const reviewers = current.map(({ user }) => user?.login ?? '');
    return missing(names, reviewers).filter((name) => current.length === 0 || !isTeam(name));
  } catch (error) {
    if (refusalOf(error) === undefined) throw error;
    return names;
  }
}

function warn(github: GitHub, pull: PullRequest, what: string, why: string): void {
  /**
   * @cause A label, reviewer or assignee that GitHub refused; its words are at the end.
   * @remedy Correct the name in the input, and give that person or team access to the repository.
   */
  github.log.warning(`Pull request #${pull.number} did not get ${what}. ${why}`);
}

/** The wanted names that are not present; GitHub does not tell upper case from lower. */
function missing(wanted: readonly string[], present: readonly string[]): readonly string[] {
  const known = new Set(present.map((name) => name.toLowerCase()));
  return wanted.filter((name) => !known.has(name.toLowerCase()));
}

function isTeam(name: string): boolean {
  return name.includes('/');
}

function slugOf(team: string): string {
  return team.slice(team.indexOf('/') + 1);
}
