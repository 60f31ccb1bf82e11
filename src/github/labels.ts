import * as v from 'valibot';
import { askRest } from './ask.ts';
import { addAttributes } from './attributes.ts';
import type { GitHub } from './client.ts';
import type { PullRequest } from './pull-request.ts';
import { refusalOf } from './refusal.ts';

/** Gives a pull request the wanted labels of a family, and takes the others of it away. */
export async function keepLabels(
  github: GitHub,
  pull: PullRequest,
  { family, wanted }: { readonly family: readonly string[]; readonly wanted: readonly string[] },
): Promise<void> {
  const stale = pull.labels.filter((name) => family.includes(name) && !wanted.includes(name));
  for (const name of stale) await removeLabel(github, pull, name);
  await addAttributes(github, pull, { labels: wanted, reviewers: [], assignees: [] });
}

/** Takes a label away, if it is there. */
export async function removeLabel(github: GitHub, pull: PullRequest, name: string): Promise<void> {
  const question = {
    to: `take the label ${name} from pull request #${pull.number}`,
    answer: v.unknown(),
  };
  try {
    await askRest(github, question, (rest, repository) =>
      rest.issues.removeLabel({ ...repository, issue_number: pull.number, name }),
    );
  } catch (error) {
    if (refusalOf(error)?.status !== 404) throw error;
  }
}
