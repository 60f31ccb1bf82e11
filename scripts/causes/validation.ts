import type { Chapter } from './chapter.ts';

const spreadsheet =
  'Spreadsheets rewrite what looks like a number or a date when a file is opened by double-click.';
const asText =
  'Restore what it was, and open the file [as text](editing-content.md#with-a-spreadsheet).';

/** Why messages about what git changed come. */
export const validation: Chapter = {
  title: 'What git changed',
  causes: [
    {
      says: 'can not be read, so all its rows look new',
      why: 'A warning: the pull request mends a file that was broken before.',
      help: 'Nothing, where the rows of the plan are right.',
    },
    {
      says: 'byte order mark',
      why: 'A warning: some spreadsheets put three bytes before the text.',
    },
    {
      says: 'but the field takes at most',
      why: 'The CMS limits the length, the size or the number of entries of the field.',
      help: 'Shorten the cell, lower its number or remove entries; or raise the limit of the field in the CMS.',
    },
    {
      says: 'but the field takes at least',
      why: 'The CMS asks for a least length, size or number of entries.',
      help: 'Write more, raise the number or add entries; or lower the limit of the field in the CMS.',
    },
    {
      says: 'Write a smaller number.',
      why: 'The end of a message above, on a number that is too large.',
    },
    {
      says: 'Write a larger number.',
      why: 'The end of a message above, on a number that is too small.',
    },
    {
      says: 'Remove some entries.',
      why: 'The end of a message above, on a list that is too long.',
    },
    { says: 'Add entries.', why: 'The end of a message above, on a list that is too short.' },
    { says: 'Shorten it.', why: 'The end of a message above, on a text that is too long.' },
    { says: 'Write more.', why: 'The end of a message above, on a text that is too short.' },
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
      says: 'the row holds nothing, so it is left out',
      why: 'A remark. Spreadsheets leave such rows behind the last one; they never become items.',
    },
    {
      says: 'hold nothing, so they are left out',
      why: 'The same, of several rows.',
    },
    {
      says: 'remove the lines with the markers',
      why: 'A conflict of git, across rows, was committed as it was.',
    },
    { says: 'a spreadsheet writes long numbers', why: spreadsheet, help: asText },
    { says: 'a spreadsheet takes such a text for a number', why: spreadsheet, help: asText },
    { says: 'a spreadsheet rewrites what looks like a date', why: spreadsheet, help: asText },
    { says: 'was written by a spreadsheet, which drops digits', why: spreadsheet, help: asText },
    {
      says: 'a program took the UTF-8 of the file for another encoding',
      why: 'The file was opened and saved by a program that does not expect UTF-8; mostly Excel, by a double-click.',
    },
    {
      says: 'a change of more than 50 %',
      why: 'A warning, since prices seldom do. A lost point makes 450 of 4.50. Fields that count or order, such as `stock` or `sortOrder`, are left alone.',
    },
    {
      says: 'characters and had',
      why: 'A warning: a long text lost four fifths or more, or stops where a cell of a spreadsheet does.',
    },
    {
      says: 'leads to … and led to',
      why: 'A warning: the link goes to another site than before.',
    },
    {
      says: 'went … in … of … rows',
      why: 'A warning: a status or visibility changed in the same way for many rows.',
    },
    {
      says: 'bytes, but Wix takes',
      why: 'An item may have 500 kB. Pictures and files belong into the media manager, not into a cell.',
    },
    {
      says: 'characters that cannot be seen',
      why: 'The id was copied with a blank, a no-break space or a character of no width.',
    },
    {
      says: 'but for case or blanks',
      why: 'The header would name a field that there is not, and the field would get nothing.',
    },
    {
      says: 'but Wix knows its columns by their headers',
      why: 'A header of a localization was edited or translated.',
    },
    {
      says: 'but Wix makes the columns of a localization',
      why: 'The column is not sent.',
    },
    {
      says: 'Caution: this pull request changes',
      why: 'A warning: the configuration decides what becomes of content, so a change of it is planned like one of content.',
    },
    ...[
      'the limits of the base branch judge',
      'the merge deletes the items of',
      'an item stays when its row leaves git',
      'every import empties the collection',
      'its file is managed no more',
      'the next export brings it to git',
      'the next export brings other content',
      'this holds from the merge on',
    ].map((says) => ({
      says,
      why: 'A part of the message above: what the change does.',
      help: 'Check that it is meant.',
    })),
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
