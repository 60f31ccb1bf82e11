import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import type { PullRequest, PullRequestContent } from './pull-request.ts';
import { refusalOf } from './refusal.ts';

/**
 * Adds the labels, reviewers and assignees that a pull request lacks; nothing is taken away. What
 * GitHub refuses becomes a warning that names it.
 */
export async function addAttributes(
  github: GitHub,
  pull: PullRequest,
  content: Pick<PullRequestContent, 'labels' | 'reviewers' | 'assignees'>,
): Promise<PullRequest> {
  return {
    ...pull,
    labels: [...pull.labels, ...(await addLabels(github, pull, content.labels))],
    reviewers: [...pull.reviewers, ...(await requestReviews(github, pull, content.reviewers))],
    assignees: [...pull.assignees, ...(await addAssignees(github, pull, content.assignees))],
  };
}

/** Adds what is asked for and returns what was added. */
async function addLabels(
  github: GitHub,
  pull: PullRequest,
  wanted: readonly string[],
): Promise<readonly string[]> {
  const labels = missing(wanted, pull.labels);
  const add = async (some: readonly string[]) => {
    const { octokit, owner, repo } = github;
    const issue = { owner, repo, issue_number: pull.number };
    await octokit.rest.issues.addLabels({ ...issue, labels: [...some] });
    return some;
  };
  return addEach(github, pull, { noun: 'label', names: labels, add });
}

async function addAssignees(
  github: GitHub,
  pull: PullRequest,
  wanted: readonly string[],
): Promise<readonly string[]> {
  const assignees = missing(wanted, pull.assignees);
  const add = async (some: readonly string[]) => {
    const { octokit, owner, repo } = github;
    const issue = { owner, repo, issue_number: pull.number };
    const { data } = await octokit.rest.issues.addAssignees({ ...issue, assignees: [...some] });
    const present = (data.assignees ?? []).map(({ login }) => login);
    // GitHub passes over those who can not be assigned, without an error.
    for (const name of missing(some, present)) {
      warn(github, pull, `the assignee ${name}`, 'GitHub assigns only people who can read it.');
    }
    return some.filter((name) => missing([name], present).length === 0);
  };
  return addEach(github, pull, { noun: 'assignee', names: assignees, add });
}

async function requestReviews(
  github: GitHub,
  pull: PullRequest,
  wanted: readonly string[],
): Promise<readonly string[]> {
  const lacking = missing(wanted, pull.reviewers);
  if (lacking.length === 0) return [];
  const names = await withoutThoseWhoHaveReviewed(github, pull, lacking);
  const add = async (some: readonly string[]) => {
    const { octokit, owner, repo } = github;
    await octokit.rest.pulls.requestReviewers({
      owner,
      repo,
      pull_number: pull.number,
      reviewers: some.filter((name) => !isTeam(name)),
      team_reviewers: some.filter(isTeam).map(slugOf),
    });
    return some;
  };
  return addEach(github, pull, { noun: 'reviewer', names, add });
}

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
  const { octokit, owner, repo } = github;
  const wish = {
    to: `read the reviews of pull request #${pull.number}`,
    needs: 'pull-requests: read',
  } as const;
  try {
    const reviews = await ask(github, { ...wish, whenUncertain: 'repeat' }, () =>
      octokit.paginate(octokit.rest.pulls.listReviews, {
        owner,
        repo,
        pull_number: pull.number,
        per_page: 100,
      }),
    );
    const current = reviews.filter(({ commit_id: commit }) => commit === pull.headSha);
    const reviewers = current.map(({ user }) => user?.login ?? '');
    return missing(names, reviewers).filter((name) => current.length === 0 || !isTeam(name));
  } catch (error) {
    if (refusalOf(error) === undefined) throw error;
    return names;
  }
}

/**
 * GitHub refuses a whole list for one name in it, so after a refusal they are added one by one.
 * None of this is worth a failed export.
 */
async function addEach(
  github: GitHub,
  pull: PullRequest,
  attributes: {
    readonly noun: string;
    readonly names: readonly string[];
    readonly add: (names: readonly string[]) => Promise<readonly string[]>;
  },
): Promise<readonly string[]> {
  const { noun, names, add } = attributes;
  if (names.length === 0) return [];
  const to = `add ${noun}s to pull request #${pull.number}`;
  try {
    return await ask(github, { to, needs: 'pull-requests: write', whenUncertain: 'repeat' }, () =>
      add(names),
    );
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    const [name, ...others] = names;
    if (refusal.status === 422 && others.length > 0) {
      const added: string[] = [];
      for (const one of names) {
        added.push(...(await addEach(github, pull, { ...attributes, names: [one] })));
      }
      return added;
    }
    const what = others.length > 0 ? `the ${noun}s ${names.join(', ')}` : `the ${noun} ${name}`;
    warn(github, pull, what, error instanceof Error ? error.message : '');
    return [];
  }
}

function warn(github: GitHub, pull: PullRequest, what: string, why: string): void {
  github.log.warning(`Pull request #${pull.number} did not get ${what}. ${why}`.trim());
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
