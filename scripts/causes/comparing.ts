import type { Chapter } from './chapter.ts';

/** Why messages about the comparison of git and the site come. */
export const comparing: Chapter = {
  title: 'Comparing git and the site',
  causes: [
    {
      says: 'There is no record yet',
      why: 'A warning on the first run, and on each where the token may not write `refs/wix-cms/`.',
      help: 'Run an export with `contents: write`.',
    },
    {
      says: 'There is no record of what both agreed on',
      why: 'The import found rows that differ, and no export ran before it.',
      help: 'Export first: it keeps git’s rows and records the site. Then [decide the conflicts](conflicts-and-drift.md#conflicts).',
    },
    {
      says: 'sites are recorded, and the input site-id is empty',
      why: 'A warning. The plan of a pull request from a fork gets no variables, so `vars.WIX_SITE_ID` is empty there; with a single site, its record is found without.',
      help: 'Write the id itself into the workflow: it is no secret.',
    },
    {
      says: 'changed in the same place both in git and in the CMS',
      why: 'Conflicts, each with its three values on its line.',
      help: 'What the message ends with; see [conflicts and drift](conflicts-and-drift.md#conflicts).',
    },
    {
      says: 'Take what the site has into git to give way',
      why: 'A conflict. Each is an annotation with all three values.',
      help: 'See [conflicts and drift](conflicts-and-drift.md#conflicts). Any other value of your own stays a conflict.',
    },
    {
      says: 'the input fail-on-drift makes a failure',
      why: 'The drift check did what it is for: somebody edited the CMS. The report lists the rows.',
    },
    {
      says: 'Nothing was written. If this is meant',
      why: 'The change is larger than `max-deletes`, `max-changes` or `allow-empty` allow.',
      help: 'Read the rows; if they are right, approve them: see [limits](limits.md).',
    },
    {
      says: '. The label … allows it.',
      why: 'A warning: the plan passes a limit, and somebody has approved just these changes.',
      help: 'Nothing. The label is taken away when the changes become others.',
    },
    {
      says: 'Else make smaller changes',
      why: 'The import of this pull request would stop.',
      help: 'Read the rows; if they are right, approve them: see [limits](limits.md).',
    },
    {
      says: 'If the items are meant to be gone',
      why: 'The site holds far fewer items than git, and a push would take the rows out unseen. A pull request becomes a draft with a label instead.',
    },
    {
      says: 'Whether a pull request has the label can not be seen',
      why: 'The end of the message above: GitHub did not answer, or the token may not read pull requests.',
      help: 'Give the job `pull-requests: read`, or run again: the words at the end say which.',
    },
    {
      says: 'was taken away, since the changes are not those',
      why: 'A warning: an approval stands for the changes that the plan showed, and they are others now.',
      help: 'Review them, and set the label again: see [limits](limits.md).',
    },
    {
      says: 'No plan of a merged pull request has shown',
      why: 'With `require-plan`, something came to the branch past a plan, or the token did not write the comments itself.',
      help: 'See [limits](limits.md#only-what-was-reviewed).',
    },
    {
      says: 'which comes after it',
      why: 'An old workflow run was run again; what was merged since would look taken back.',
    },
    {
      says: 'could not be noted in the record, so nothing was written',
      why: 'An import notes what it is about to write, so that a run which is cut off can not make it look like edits of the CMS.',
      help: 'Give the job `contents: write`, or run again: the words at the end say which.',
    },
    {
      says: 'Other runs moved the record',
      why: 'Runs on the same site worked at once, over and over.',
      help: 'Give them one `concurrency` group, and run again.',
    },
    {
      says: 'is there, but could not be fetched',
      why: 'The connection to the repository broke, or the ref was damaged. Without it, edits of git and of the CMS can not be told apart, so the run stops.',
    },
    {
      says: 'was edited on the site while this import ran',
      why: 'The row left git, and somebody edited its item after the import had read the site. The item stays.',
    },
    {
      says: 'was removed, but it is still there',
      why: 'The items were looked at once more, and Wix still gave some of them.',
      help: 'Nothing: the next import tries again. If it stays, remove the item in the CMS.',
    },
    {
      says: 'Until it is, an edit',
      why: 'A warning. The token may not write the ref, or git failed.',
      help: 'What the words in the middle say; mostly, give the job `contents: write`.',
    },
    {
      says: 'could not be recorded, so nothing was committed',
      why: 'An export records what it read before git is offered it: else a value that the CMS takes back later would look like an edit of git.',
      help: 'What the words at the end say; mostly, give the job `contents: write`. Then run it again.',
    },
    {
      says: 'Another run has read or written',
      why: 'A run on the same site ended while the export was reading, so what it read may be older.',
      help: 'Run it again. Give all workflows of a site one `concurrency` group.',
    },
    {
      says: 'an import was writing it while it was read',
      why: 'What was read is the site neither before the import nor after it. The other files were exported.',
      help: 'Run it again. Give all workflows of a site one `concurrency` group.',
    },
    {
      says: 'Another run has imported or exported another commit',
      why: 'A run of another commit ended while this import was reading the site. Nothing was written.',
      help: 'Run the import by hand on the branch. Give all workflows of a site one `concurrency` group.',
    },
    {
      says: 'Other runs moved it',
      why: 'A warning. Runs on the same site worked at once.',
      help: 'Give all workflows of a site one `concurrency` group.',
    },
    {
      says: 'The ids of the new rows could not be written back',
      why: 'A warning: the items are on the site, but git does not know their ids.',
      help: 'Run an export, or leave it to the next: it brings the ids. What the words in the middle say keeps it from happening again.',
    },
    {
      says: 'the plan may show edits that the site has already',
      why: 'A warning: `refs/wix-cms/` could not be fetched, so the pull request is compared with its target alone.',
      help: 'Run the plan again; if it stays, do what the words at the end say.',
    },
    {
      says: 'The plan is in the job summary alone',
      why: 'A warning: the token may not comment, as on a pull request from a fork.',
      help: 'Give the job `pull-requests: write`. Where a fork can not have it, read the job summary.',
    },
  ],
};
