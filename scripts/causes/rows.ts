import type { Chapter } from './chapter.ts';

/** Why messages on the lines of files come, and the few about the run as such. */
export const rows: Chapter = {
  title: 'Rows, and the run itself',
  causes: [
    {
      says: '; in git it is …, on the site …',
      why: 'A conflict in this cell: what both agreed on last, and what each has now. Take what the site has into git, or import with `on-conflict: git`: see [conflicts and drift](conflicts-and-drift.md#conflicts).',
    },
    {
      says: 'the row was removed in git',
      why: 'A conflict. Restore the row from git to keep the item, or import with `on-conflict: git` to remove it.',
    },
    {
      says: 'the row was removed on the site',
      why: 'A conflict. Remove the row in git to let the item go, or import with `on-conflict: git` to make it again.',
    },
    {
      says: 'the row was changed in git and on the site',
      why: 'A conflict. Take what the site has into git, or say who wins with `on-conflict`.',
    },
    {
      says: 'the site does not hold the row.',
      why: 'The job said nothing of this row, and the read-back does not have it. The next import tries it again; if it stays, look the row up in the CMS.',
    },
    {
      says: 'was sent as …, but the site holds …',
      why: 'Wix stored another value than it was sent, or somebody edited the cell meanwhile. Where the value of the site is right, take it into git; else edit the cell again.',
    },
    {
      says: '…, row …: …',
      why: 'The row as Wix rejected it, with the code and the words of Wix: see [its codes](#codes-of-wix). Correct the row; the next import tries it again.',
    },
    {
      says: 'is encrypted, and is empty or another since this import',
      why: 'Wix did not take the encrypted value back as it had exported it. Enter it again in the CMS, and edit this collection there alone.',
    },
    {
      says: 'before this import, which does not carry it',
      why: 'A multi-reference went with the import. Put the listed items back in the CMS: see [what is left out](files.md#what-is-left-out-and-where-it-is-said).',
    },
    {
      says: 'Not shown here',
      why: 'GitHub shows ten annotations of a level. The job summary and the report as JSON have all of them.',
    },
    {
      says: 'rows would be gone',
      why: 'The arithmetic of `max-deletes` and `allow-empty`: see [limits](limits.md).',
    },
    {
      says: 'rows would change',
      why: 'The arithmetic of `max-changes`: see [limits](limits.md).',
    },
    {
      says: 'Can not write …',
      why: 'A warning: the runner’s disk is full, or its temporary folder can not be written. The run itself went on.',
    },
    {
      says: 'This is a defect of the action',
      why: 'Something happened that nobody foresaw. Nothing that was said before it is wrong; report it, and run again.',
    },
  ],
};
