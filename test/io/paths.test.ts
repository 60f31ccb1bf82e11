import { expect, test } from '@jest/globals';
import { isSafePath } from '../../src/io/paths.ts';

test.each([
  '',
  '/a',
  'a/../b',
  '..',
  './a',
  'a//b',
  '-rf',
  'a/-x',
  '.git/config',
  'a/.GIT/x',
  'con',
  'a/nul.csv',
  'a\\b',
  'a\u0000',
  'a:b',
  'a.',
  'a ',
])('the path %j may lead out of the repository', (path) => expect(isSafePath(path)).toBe(false));

test.each(['a', 'content/collections/Stores-Products.csv', 'ö/茶.csv', '.github/x', 'a.b/c-d'])(
  'the path %j is inside it',
  (path) => expect(isSafePath(path)).toBe(true),
);
