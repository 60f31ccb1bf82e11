import { expect, test } from '@jest/globals';
import { withNames } from '../../src/report/references.ts';

const titles = new Map([
  ['a', 'Blue mug'],
  ['b', 'Red mug'],
  ['c', 'Spoon'],
  ['c2', 'Spoon'],
]);
const references = new Map([
  ['related', titles],
  ['maker', titles],
]);

test.each([
  [
    'one goes and one comes',
    '["a","c"]',
    '["b","c"]',
    '− Blue mug and 1 other',
    '+ Red mug and 1 other',
  ],
  ['one comes', '["a"]', '["a","b","c"]', '1 other', '+ Red mug, + Spoon and 1 other'],
  ['the first ones come', '', '["a","b"]', '', 'Blue mug and Red mug'],
  ['all go', '["a"]', '', 'Blue mug', ''],
  ['the row is new', undefined, '["a"]', undefined, 'Blue mug'],
  ['nobody knows the title', '["a"]', '["x"]', '− Blue mug', '+ x'],
  ['two have one title', '["c"]', '["c2"]', '− Spoon (c)', '+ Spoon (c2)'],
  ['the text is no list', '["a"]', 'b, c', 'Blue mug', 'b, c'],
])('a cell of references, where %s', (_where, old, next, before, after) => {
  const cell = { column: { key: 'related', type: 'MULTI_REFERENCE' }, old, new: next };
  expect(withNames(references, cell)).toMatchObject({ old: before, new: after });
});

test('a single reference', () => {
  const cell = { column: { key: 'maker', type: 'REFERENCE' }, old: 'a', new: 'b' };
  const shown = { old: '− Blue mug', new: '+ Red mug' };
  expect(withNames(references, cell)).toMatchObject(shown);
});

test('a cell whose items are not in git stays as it is', () => {
  const cell = { column: { key: 'shelf', type: 'REFERENCE' }, old: 'a', new: 'b' };
  expect(withNames(references, cell)).toBe(cell);
});
