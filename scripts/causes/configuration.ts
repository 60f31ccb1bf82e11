import type { Chapter } from './chapter.ts';

/** Why messages about the configuration file come. */
export const configuration: Chapter = {
  title: 'The configuration file',
  causes: [
    { says: 'Nothing is configured', why: 'The file names no collection and no localization.' },
    {
      says: '… line …: …',
      why: 'How every message about the file begins: its name and the line.',
      help: 'What the rest of the message says; it is in this table, too.',
    },
    {
      says: 'there is no setting …',
      why: 'A typing error; an unknown setting is never ignored.',
      help: 'Write the name as [the configuration](configuration.md) has it, or remove the line.',
    },
    { says: 'Correct the YAML', why: 'The file is not YAML; mostly an indent.' },
    {
      says: 'and a configuration of more than',
      why: 'Mostly another file under this name; a real one has a few kilobytes.',
    },
    { says: 'aliases such as', why: 'A small file with aliases can unfold into a huge one.' },
    { says: '… is missing. Add it.', why: 'The setting is needed here.' },
    { says: '… …, but is …. Correct it.', why: 'The value is of another type than the setting.' },
    {
      says: 'but is a list. Correct it',
      why: 'The value is a list, and the setting has settings of its own.',
    },
    {
      says: 'which the configuration file does not have',
      why: 'Beside a file, the inputs select among its entries, and every setting of an entry stays in force.',
    },
    {
      says: 'Did you mean',
      why: 'The end of the message above: a setting has nearly this name.',
      help: 'Write that name.',
    },
    { says: 'Remove it.', why: 'The end of the same message: no setting has a name like this.' },
    {
      says: 'is not a path inside the repository',
      why: 'Files are written there, so `..`, absolute paths and `.git` are refused.',
    },
    { says: 'should end with .csv', why: 'The schema and the parts of a file are named after it.' },
    {
      says: 'or into its parts',
      why: 'Two entries would overwrite each other, or write into the folder of the other.',
    },
    {
      says: 'Keep each collection in one entry',
      why: 'An import replaces items whole, so each of the two would take the edits of the other back.',
    },
    {
      says: 'truncate-before would delete what lies outside',
      why: 'That policy empties the whole collection first, and the file holds only a part of it.',
    },
    {
      says: 'truncate-before deletes items',
      why: 'Emptying a collection has to be allowed where the policy is set.',
    },
    { says: 'two to 64 languages', why: 'Wix takes no other number.' },
    { says: 'stands twice. Remove one', why: 'A language can have one column.' },
  ],
};
