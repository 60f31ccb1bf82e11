import type { Chapter } from './chapter.ts';

/** Why messages about the files in git come. */
export const files: Chapter = {
  title: 'The files in git',
  causes: [
    {
      says: 'stands on the lines',
      why: 'Rows were copied with their id.',
      help: 'For a new item, empty the id of the copy; else delete one.',
    },
    {
      says: 'the file has lost all its',
      why: 'A warning: a file with a header alone says nothing of its items.',
    },
    {
      says: 'the file is gone, so nothing of it is imported',
      why: 'A warning: git had the file, and a commit removed, renamed or moved it.',
    },
    {
      says: 'so an edit in it reaches nobody',
      why: 'A warning: no entry of the configuration has this file. Mostly it is a copy, or has another case, ending or folder than a file of the content.',
    },
    {
      says: 'below the directory: …. Move what',
      why: 'A remark on files that look like no content.',
    },
    {
      says: 'so no row can be told from a new one',
      why: 'Without its keys, an import would create every item once more.',
    },
    {
      says: 'is in the commit, but not in the checkout',
      why: '`actions/checkout` has `sparse-checkout`, or a step before this one removed the file. Edits in it would go unnoticed.',
    },
    {
      says: 'this is a pointer of Git LFS',
      why: 'The repository keeps CSV files in Git LFS, so git holds pointers to them. What changed can only be told from the content.',
    },
    {
      says: 'this is not a schema file',
      why: 'The file beside the CSV was edited or merged by hand. Exports write it.',
    },
    {
      says: 'the collection has no field',
      why: 'A remark. What no field goes by is not sent.',
      help: 'Correct the name. A field that was just added in the CMS needs an export first, which renews the schema file.',
    },
    {
      says: 'so it is not imported. Remove it.',
      why: 'A warning. Wix sets or computes the field.',
    },
    { says: 'but the field is required', why: 'Wix would reject the row.' },
    {
      says: 'the field is a',
      why: 'The cell does not fit the type of its field. Spreadsheets rewrite numbers and dates.',
      help: 'Write the cell as the message says; open the file in a spreadsheet [as text](editing-content.md#with-a-spreadsheet).',
    },
    { says: 'the field holds', why: 'The cell is a list or an object, written as JSON.' },
    {
      says: 'no file has the item of this row',
      why: 'Rows come from items and their translatable fields.',
      help: 'Remove the row, add the item in the collection, and export.',
    },
    {
      says: 'but only translations come from this file',
      why: 'The ID and the source text come from the CMS.',
      help: 'Restore the cell, and edit the source in the file of the collection.',
    },
    {
      says: 'stands beside its own parts',
      why: 'A table was split or joined, and the old form came back, mostly by a merge.',
      help: 'Delete the older of the two; `git log` shows which that is.',
    },
    {
      says: '… is …. … there.',
      why: 'A folder or a link stands where a file is to be, or the reverse.',
      help: 'Put there what the message names.',
    },
    {
      says: 'can not stand there. Move it elsewhere.',
      why: 'A folder has the name of a file of the content, or a file that of a folder.',
    },
    {
      says: 'is in the way of a file that is to be committed',
      why: 'The same on the branch that is written to, where the commit would remove what stands there.',
    },
    {
      says: '… line …, character …: …',
      why: 'Where the file stops being CSV.',
      help: 'What the rest of the message says; it is in this table, too.',
    },
    {
      says: 'cells, but the header has',
      why: 'With fewer cells, a line break stands in a cell without quotes; with more, a comma does.',
      help: 'Quote that cell, or add or remove commas.',
    },
    {
      says: 'a quote in the middle of a cell',
      why: 'The file was edited as text and is no CSV there.',
    },
    { says: 'the cell goes on after its closing quote', why: 'A quote inside the cell is single.' },
    { says: 'this quote is never closed', why: 'The line named is where the quote opens.' },
    {
      says: 'rows have no key',
      why: 'Rows that are new get their ids from an import, 50,000 at once.',
    },
    {
      says: 'no column holds the keys of the rows',
      why: 'The header was lost or is another one: a collection’s file has `_id`, a localization’s `ID`.',
    },
    {
      says: 'longer than 64 MiB',
      why: 'A quote that is not closed swallows the rest of the file.',
    },
    { says: 'not UTF-8', why: 'A spreadsheet saved it in the code page of the machine.' },
    {
      says: 'is empty. Restore its header line',
      why: 'The file has no line at all.',
      help: 'Restore the header from git; to stop managing the file, delete it.',
    },
    {
      says: 'the header differs from that of the other parts',
      why: 'A column was edited in one part alone.',
    },
    {
      says: 'Add the missing commas',
      why: 'The end of the message above, where the row has fewer cells.',
    },
    {
      says: 'If two rows stand on this line',
      why: 'The same, where the row has about twice as many cells: a line break was deleted.',
    },
    {
      says: 'holds a line break. Write it on one line',
      why: 'The first line names the columns. A quote that is not closed takes the next lines into a name.',
    },
    {
      says: 'the line ends with CR CR LF',
      why: 'A program wrote the line ends twice. Rows could not be told apart.',
      help: 'Save the file once more, with LF line ends.',
    },
    {
      says: 'a carriage return (CR) that is not followed by LF',
      why: 'Old programs end lines with CR alone, and then the file looks like one long header.',
      help: 'Save the file as CSV UTF-8, or set the line ends of the editor to LF.',
    },
    {
      says: 'Quote the cells that hold a comma',
      why: 'The end of the same message, where the row has more cells.',
    },
    {
      says: '… is a symbolic link',
      why: 'A link could lead out of the repository; the action follows none.',
    },
    {
      says: 'stands more than once in the header',
      why: 'Which column would win is anybody’s guess.',
    },
    {
      says: 'is not one that a file in the repository may have',
      why: 'A path of the configuration leads, or may lead, out of the repository.',
    },
  ],
};
