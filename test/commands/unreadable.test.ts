import { expect, test } from '@jest/globals';
import { findingsIn, teas } from './validating.ts';

test.each([
  ['Our teas,,,,,\n', 'If this is a title, delete the line, so that the header is the first'],
  ['Our teas\n', 'If line 1 is a title, delete it, so that the header is the first line'],
])('a title above the header, %j, is told as one', async (title, words) => {
  const [found, ...others] = await findingsIn({ 'teas.csv': title + teas });
  expect(others).toEqual([]);
  expect(found?.message).toContain(words);
});

test('two rows on one line are told as such', async () => {
  const [found] = await findingsIn({ 'teas.csv': teas.replace('\ne,', 'e,') });
  expect(found?.message).toContain('put a line break between them');
});
