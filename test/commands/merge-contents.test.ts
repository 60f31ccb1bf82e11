import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { differing } from '../../src/commands/export/merge-contents.ts';
import { freshFolder } from '../repository/support.ts';

test('a file that goes differs where it stands, and not where it is gone already', () => {
  const folder = freshFolder();
  writeFileSync(join(folder, 'whole.csv'), '_id\n');
  const staged = new Map([
    ['whole.csv', null],
    ['gone.csv', null],
  ]);
  expect([...differing(staged, folder).keys()]).toEqual(['whole.csv']);
});
