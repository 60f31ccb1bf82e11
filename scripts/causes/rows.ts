import type { Chapter } from './chapter.ts';

/** Why messages on the lines of files come, and the few about the run as such. */
export const rows: Chapter = {
  title: 'Rows, and the run itself',
  causes: [
    {
      says: '; in git it is …, on the site …',
      why: 'A conflict in this cell: what both agreed on last, and what each has now.',
      help: 'Take what the site has into git, or import with `on-conflict: git`: see [conflicts and drift](conflicts-and-drift.md#conflicts).',
    },
    {
      says: 'the row was removed in git',
      why: 'A conflict: one side removed what the other edited.',
      help: 'Restore the row from git to keep the item, or import with `on-conflict: git` to remove it.',
    },
    {
      says: 'the row was removed on the site',
      why: 'A conflict: one side removed what the other edited.',
      help: 'Remove the row in git to let the item go, or import with `on-conflict: git` to make it again.',
    },
    {
      says: 'the row was changed in git and on the site',
      why: 'A conflict in a row of which base knows nothing.',
      help: 'Take what the site has into git, or say who wins with `on-conflict`.',
    },
    {
      says: 'the site does not hold the row.',
      why: 'The job said nothing of this row, and the read-back does not have it.',
      help: 'Run the import again; if it stays, look the row up in the CMS.',
    },
    {
      says: 'but not with its type',
      why: 'Wix keeps a text where the field wants a number, a date or the like, so queries and pages may not find it.',
      help: 'What it says: set `upload-format: jsonl` for the collection, and write the cell again.',
    },
    {
      says: 'was sent as …, but the site holds …',
      why: 'Wix stored another value than it was sent, or somebody edited the cell meanwhile.',
      help: 'Where the value of the site is right, take it into git; else edit the cell again.',
    },
    {
      says: '…, row …: …',
      why: 'The row as Wix rejected it, with the code and the words of Wix.',
      help: 'Correct the row, by [the codes of Wix](#codes-of-wix); the next import tries it again.',
    },
    {
      says: 'is encrypted, and is empty or another since this import',
      why: 'Wix did not take the encrypted value back as it had exported it.',
      help: 'Enter it again in the CMS, and edit this collection there alone.',
    },
    {
      says: 'before this import, which does not carry it',
      why: 'A multi-reference went with the import.',
      help: 'Put the listed items back in the CMS: see [what is left out](files.md#what-is-left-out-and-where-it-is-said).',
    },
    {
      says: 'Not shown here',
      why: 'GitHub shows ten annotations of a level.',
      help: 'Read the job summary, or the report as JSON, which has all of them.',
    },
    {
      says: 'rows would be gone',
      why: 'The arithmetic of `max-deletes` and `allow-empty`.',
      help: 'Restore the rows, or approve the change: see [limits](limits.md).',
    },
    {
      says: 'rows would change',
      why: 'The arithmetic of `max-changes`.',
      help: 'Make fewer changes at once, or approve them: see [limits](limits.md).',
    },
    {
      says: 'Can not write …',
      why: 'A warning: the runner’s disk is full, or its temporary folder can not be written. The run itself went on.',
      help: 'Free space on the runner. The result is in the log.',
    },
    {
      says: 'This is a defect of the action',
      why: 'Something happened that nobody foresaw. Nothing that was said before it is wrong.',
      help: 'Report it, and run again.',
    },
  ],
};
