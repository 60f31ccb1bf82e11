import * as v from 'valibot';
import { askRest } from './ask.ts';
import { addAttributes } from './attributes.ts';
import type { GitHub } from './client.ts';
import type { PullRequest } from './pull-request.ts';
import { refusalOf } from './refusal.ts';

/**
 * Brings those labels of a pull request up to date that this action alone gives and takes.
 *
 * @param family all the labels of that kind; those not wanted are taken away.
 */
export async function keepLabels(
  github: GitHub,
  pull: PullRequest,
  { family, wanted }: { readonly family: readonly string[]; readonly wanted: readonly string[] },
): Promise<void> {
  const stale = pull.labels.filter((name) => family.includes(name) && !wanted.includes(name));
  for (const name of stale) await removeLabel(github, pull, name);
  await addAttributes(github, pull, { labels: wanted, reviewers: [], assignees: [] });
}

/** Takes a label away; one that is gone already is fine. Throws a Failure `api` or `auth`. */
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
