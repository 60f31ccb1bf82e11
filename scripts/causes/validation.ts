import type { Chapter } from './chapter.ts';

const spreadsheet =
  'Spreadsheets rewrite what looks like a number or a date when a file is opened by double-click. Import it [as text](editing-content.md#with-a-spreadsheet).';

/** Why messages about what git changed come. */
export const validation: Chapter = {
  title: 'What git changed',
  causes: [
    {
      says: 'can not be read, so all its rows look new',
      why: 'A warning: the pull request mends a file that was broken before.',
    },
    {
      says: 'byte order mark',
      why: 'A warning: some spreadsheets put three bytes before the text.',
    },
    {
      says: 'but the field takes at most',
      why: 'The CMS limits the length of the field, or its size. The message ends with what to do.',
    },
    {
      says: 'but the field takes at least',
      why: 'The CMS asks for a least length or size. The message ends with what to do.',
    },
    { says: 'Write a smaller number.' },
    { says: 'Write a larger number.' },
    { says: 'Remove some entries.' },
    { says: 'Add entries.' },
    { says: 'Shorten it.' },
    { says: 'Write more.' },
    {
      says: 'is now called',
      why: 'A warning: renaming a column in git renames no field in the CMS.',
    },
    {
      says: 'is gone. The site keeps its values',
      why: 'A warning: a column left the file. Nothing is erased on the site.',
    },
    {
      says: 'went empty. Restore them',
      why: 'A warning: mostly a wrong paste or a formula that failed.',
    },
    {
      says: 'holds U+FFFD',
      why: 'The file was saved in another encoding, and what it lacks is lost.',
    },
    {
      says: 'holds the markers of an unfinished merge',
      why: 'A conflict of git was committed as it was.',
    },
    {
      says: 'remove the lines with the markers',
      why: 'A conflict of git, across rows, was committed as it was.',
    },
    { says: 'a spreadsheet writes long numbers', why: spreadsheet },
    { says: 'a spreadsheet drops leading zeros', why: spreadsheet },
    { says: 'a spreadsheet rewrites what looks like a date', why: spreadsheet },
    { says: 'was written by a spreadsheet, which drops digits', why: spreadsheet },
    { says: 'the ID cell is empty', why: 'Only Wix gives the ids of a localization.' },
    {
      says: 'under the new id',
      why: 'The ids were made anew, as by a tool that exports without them. The site would get second items.',
    },
    {
      says: 'has no such row',
      why: 'The reference points to an item that the other collection’s file does not have.',
    },
    {
      says: 'which is removed from',
      why: 'With `deletes: apply` the item would go, and the reference would point nowhere.',
    },
    {
      says: 'row left the file. The site keeps its translation',
      why: 'A warning: removing a row removes nothing.',
    },
    {
      says: 'rows left the file. The site keeps their translations',
      why: 'A warning: removing rows removes nothing.',
    },
    {
      says: 'but the translation into',
      why: 'A warning: the source text was edited, its translation was not.',
    },
    {
      says: 'Restore what stands in the source',
      why: 'A warning: a placeholder such as `{name}` was lost or made up.',
    },
    { says: 'Use the tags of the source', why: 'A warning: an HTML tag was lost or made up.' },
    {
      says: 'the cells are separated by',
      why: 'Spreadsheets in some countries write semicolons or tabs.',
    },
  ],
};
