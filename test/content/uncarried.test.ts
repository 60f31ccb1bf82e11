import { expect, test } from '@jest/globals';
import {
  lostValues,
  type UncarriedField,
  uncarriedFields,
  uncarriedValues,
} from '../../src/content/uncarried.ts';

const fields: readonly UncarriedField[] = [
  { key: 'related', kind: 'multi-reference' },
  { key: 'phone', kind: 'encrypted' },
];

function lost(before: Record<string, unknown>, after: Record<string, unknown>) {
  return lostValues(fields, uncarriedValues(fields, before), uncarriedValues(fields, after));
}

test('multi-references and encrypted fields may be lost; what Wix sets itself is not', () => {
  const field = (key: string, type: string, more: object = {}) => ({
    ...{ key, type, displayName: key, systemField: false, readOnly: false, required: false },
    ...{ encrypted: false, translatable: false, ...more },
  });
  const found = uncarriedFields({
    id: 'products',
    fields: [
      field('_owner', 'TEXT', { systemField: true, encrypted: true }),
      field('title', 'TEXT'),
      field('link', 'PAGE_LINK', { encrypted: true }),
      field('related', 'MULTI_REFERENCE', { encrypted: true }),
      field('phone', 'TEXT', { encrypted: true }),
    ],
  });
  expect(found).toEqual(fields);
});

test.each([
  ['items that come whole', [{ _id: 'a', title: 'A' }, { _id: 'b' }], ['a', 'b']],
  ['items in their envelope', [{ id: 'a', data: {} }], ['a']],
  ['ids', ['a', 'b'], ['a', 'b']],
  ['something else', [7, {}], ['?', '?']],
])('references that come as %s are lost when they are empty', (_, related, held) => {
  expect(lost({ related }, { related: [] })).toEqual([{ field: 'related', held }]);
  expect(lost({ related }, {})).toEqual([{ field: 'related', held }]);
  expect(lost({ related }, { related })).toEqual([]);
});

test.each([
  ['were not there', {}, {}],
  ['somebody has changed meanwhile', { related: ['a', 'b'] }, { related: ['c'] }],
])('references that %s are not lost', (_, before, after) => {
  expect(lost(before, after)).toEqual([]);
});

test.each([
  ['gone', {}],
  ['empty', { phone: '' }],
  ['another', { phone: '***' }],
  ['a text', { phone: '5' }],
])('an encrypted value that is %s is lost, and not told', (_, after) => {
  expect(lost({ phone: 5 }, after)).toEqual([{ field: 'phone', held: [] }]);
});

test.each([
  [{ phone: 5 }, { phone: 5 }],
  [{ phone: '' }, { phone: null }],
  [{}, { phone: 5 }],
])('an encrypted value that was %j and is %j is not lost', (before, after) => {
  expect(lost(before, after)).toEqual([]);
});
