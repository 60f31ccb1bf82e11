import type { Chapter } from './chapter.ts';

/** Why messages about a restore come. */
export const restore: Chapter = {
  title: 'Restore',
  causes: [
    { says: 'The input to is empty', why: 'A restore has to know how far back to go.' },
    { says: 'which is no day of the calendar', why: 'A typing error in the date.' },
    {
      says: 'The branch has no commit before',
      why: 'The repository is younger than that day.',
    },
    {
      says: 'which is no commit, tag or branch of the repository',
      why: 'A typing error, or the commit is of another repository.',
    },
    {
      says: 'has none of the configured files',
      why: 'The files were kept in git only later, or elsewhere.',
    },
    {
      says: 'has commits of somebody else, which a restore would undo',
      why: "A person has committed to the restore's branch, and the restore makes that branch anew.",
    },
    {
      says: 'The plan on the pull request is red',
      why: 'What comes back passes the limits, is in conflict with the site, or has errors that validation finds today.',
      help: 'Read the plan on the pull request: it says what to do before the merge.',
    },
  ],
};
