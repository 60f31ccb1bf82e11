import { expect, test } from '@jest/globals';
import { whyUnwritable } from '../../src/content/writable.ts';

const stores = { id: 'Stores/Products', fields: [] };

test.each([
  ['says nothing of it', {}, undefined],
  ['lists nothing at all', { operations: [] }, undefined],
  ['takes rows', { operations: ['FIND', 'BULK_SAVE'] }, undefined],
  ['can only be read', { operations: ['FIND', 'COUNT'] }, /not allow writing to it/],
  ['holds one item', { operations: ['BULK_SAVE'], singleItem: 'a' }, /a single item/],
  ['has drafts elsewhere', { draftsCollection: 'p__drafts' }, /edits belong in p__drafts/],
])('a collection that %s', (_what, more, words) => {
  const why = whyUnwritable({ ...stores, ...more }, 'overwrite');
  if (words === undefined) expect(why).toBeUndefined();
  else expect(why).toMatch(words);
});

test('a collection that cannot be emptied takes no truncate-before', () => {
  const collection = { ...stores, operations: ['BULK_SAVE'] };
  expect(whyUnwritable(collection, 'truncate-before')).toMatch(/write-policy overwrite/);
  const emptied = { ...stores, operations: ['BULK_SAVE', 'TRUNCATE'] };
  expect(whyUnwritable(emptied, 'truncate-before')).toBeUndefined();
});
