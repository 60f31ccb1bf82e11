import { test } from '@jest/globals';
import { undoes } from './shop.ts';

// The files of a localization never block: the whole matrix is in matrix.long.test.ts.

test.each([
  ['a text that is translated was edited', 'git revert'],
  ['an item was deleted', 'git restore'],
  ['an item was replaced by a copy', 'git revert'],
  ['a collection was emptied', 'old files uploaded on github.com'],
  ['a field was deleted and a price edited', 'git revert'],
])('after %s and was exported, %s brings the site back', (damage, way) =>
  undoes(damage, way, 'squash'),
);
