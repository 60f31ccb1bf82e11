import { expect, test } from '@jest/globals';
import { changesInWords, pullRequestBody } from '../../../src/report/pull-request/export.ts';
import { aChange, aConflict, added, aFile, removed } from '../samples.ts';

const nothing = 'Merging changes nothing on the site, which already has this content.';
const follows =
  "After the merge, the import writes git's edits to the site, which already has the rest.";
const stops = expect.stringMatching(
  /^An import leaves rows alone that both sides changed\. .*<code>cms<\/code>.*<code>git<\/code>\.$/,
);

test('counts what changed, in the words of the content', () => {
  const files = [aFile({ changes: [aChange(), added('a'), added('b'), removed('c')] }), aFile()];
  expect(changesInWords(files)).toEqual(['products: 1 changed, 2 added, 1 removed']);
});

test.each([
  ['comes from the site alone', {}, nothing],
  ['was pending in git', { pending: [aChange()] }, follows],
  ['changed on both sides', { conflicts: [aConflict()] }, stops],
])('an export whose content %s says what its merge does', (_name, kept, last) => {
  const body = pullRequestBody([aFile({ changes: [added('a')], ...kept })], []);
  expect(body).toContain('- <code>products</code>: 1 added');
  expect(body.split('\n').at(-1)).toEqual(last);
});

test('an export that removes more than the limits allow says so first', () => {
  const message = '12 of 40 rows would be gone; max-deletes allows 4';
  const body = pullRequestBody([aFile()], [{ limit: 'max-deletes', message }]);
  expect(body).toMatch(/^> \[!CAUTION\]\n> This export removes more rows than the limits allow:\n/);
  expect(body).toContain(message);
});

test('an export says which rows are only back, since the site still has their items', () => {
  const body = pullRequestBody([aFile({ changes: [added('a')], orphans: 1 })], []);
  expect(body).toContain('Added again, because their items are still on the site:');
});
