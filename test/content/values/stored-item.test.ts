import { expect, test } from '@jest/globals';
import type { LiveCollection } from '../../../src/content/schema.ts';
import {
  cutTimes,
  isAsRead,
  lostType,
  lostValues,
} from '../../../src/content/values/stored-item.ts';

function field(key: string, type = 'TEXT', more: object = {}): LiveCollection['fields'][number] {
  return {
    ...{ key, type, displayName: key, systemField: false, readOnly: false, required: false },
    ...{ encrypted: false, translatable: false, ...more },
  };
}

const collection: LiveCollection = {
  id: 'products',
  fields: [
    field('title'),
    field('price', 'NUMBER'),
    field('inStock', 'BOOLEAN'),
    field('tags', 'ARRAY_STRING'),
    field('opened', 'DATETIME'),
    field('secret', 'TEXT', { encrypted: true }),
    field('related', 'MULTI_REFERENCE'),
    field('link', 'PAGE_LINK', { encrypted: true }),
    field('_owner', 'TEXT', { systemField: true, encrypted: true }),
  ],
};
const header = ['_id', 'title', 'price', 'inStock', 'tags', 'secret', '_updatedDate'];
const positions = new Map(header.map((key, position) => [key, position]));
const read = ['p1', 'Green tea', '4.50', 'true', '["a"]', 'x', '2026-11-25T10:00:00Z'];
const item = {
  title: 'Green tea',
  price: 4.5,
  inStock: true,
  tags: ['a'],
  secret: 'another',
  _updatedDate: { $date: '2026-11-25T10:00:00.831Z' },
};

test.each([
  ['is as it was read', {}, true],
  ['was changed a second later', { _updatedDate: { $date: '2026-11-25T10:00:01.000Z' } }, false],
  ['has another text', { title: 'Sencha' }, false],
  ['has another number', { price: 5 }, false],
  ['has another boolean', { inStock: false }, false],
  ['has lost a value', { title: undefined }, false],
  ['has a number that is stored as text', { price: '4.50' }, true],
])('an item that %s', (_what, changes, expected) => {
  expect(isAsRead(collection, { positions }, read, { ...item, ...changes })).toBe(expected);
});

test('an export without dates is compared by its values', () => {
  const undated = new Map([...positions].filter(([key]) => key !== '_updatedDate'));
  const later = { ...item, _updatedDate: { $date: '2026-11-26T00:00:00.000Z' } };
  expect(isAsRead(collection, { positions: undated }, read, later)).toBe(true);
  expect(isAsRead(collection, { positions: undated }, read, { ...later, price: 1 })).toBe(false);
});

function lost(before: Record<string, unknown>, after: Record<string, unknown>) {
  return lostValues(collection, before, after).map((value) => [value.field, value.held]);
}

test.each([
  ['items that come whole', [{ _id: 'a', title: 'A' }, { _id: 'b' }], ['a', 'b']],
  ['items in their envelope', [{ id: 'a', data: {} }], ['a']],
  ['ids', ['a', 'b'], ['a', 'b']],
  ['something else', [7, {}], ['?', '?']],
])('references that come as %s are lost when they are empty', (_, related, held) => {
  expect(lost({ related }, { related: [] })).toEqual([['related', held]]);
  expect(lost({ related }, {})).toEqual([['related', held]]);
  expect(lost({ related }, { related })).toEqual([]);
});

test.each([
  ['references that were not there', {}, {}],
  ['references that somebody has changed meanwhile', { related: ['a', 'b'] }, { related: ['c'] }],
  ['a secret that was not there', { secret: '' }, { secret: null }],
  ['a secret that is new', {}, { secret: 5 }],
  ['what the site sets itself', { _owner: 'a', link: '/a', _updatedDate: 'a' }, {}],
  ['what the file carries', { title: 'a', price: 1 }, {}],
])('%s: nothing is lost that no row carries', (_, before, after) => {
  expect(lost(before, after)).toEqual([]);
});

test.each([
  ['gone', {}],
  ['empty', { secret: '' }],
  ['another', { secret: '***' }],
  ['a text', { secret: '5' }],
])('an encrypted value that is %s is lost, and not told', (_, after) => {
  expect(lost({ secret: 5 }, after)).toEqual([['secret', []]]);
});

test('a property that no field declares is lost when it is gone, or has another type', () => {
  const before = { _manualSort_1: '0fo', rank: 7, open: true };
  expect(lost(before, { ...before })).toEqual([]);
  expect(lost(before, { rank: '7', open: true })).toEqual([
    ['_manualSort_1', ['0fo']],
    ['rank', ['7']],
  ]);
});

test.each([
  ['NUMBER', '4', '4', 'text'],
  ['BOOLEAN', 'true', 'true', 'text'],
  ['DATETIME', '2026-07-03T14:04:31Z', '2026-07-03T14:04:31Z', 'text'],
  ['ARRAY_STRING', '["a"]', '["a"]', 'text'],
  ['NUMBER', '4', 4, undefined],
  ['NUMBER', '4', null, undefined],
  ['NUMBER', 'four', 'four', undefined],
  ['TEXT', '4', '4', undefined],
  ['ANY', '{}', '{}', undefined],
])('a %s %j that is stored as %j has lost its type: %j', (type, sent, stored, expected) => {
  expect(lostType(type, sent, stored)).toBe(expected);
});

test.each([
  ['cut', '2026-07-03T14:04:31.250Z', '2026-07-03T14:04:31.000Z', ['opened']],
  ['kept', '2026-07-03T14:04:31.250Z', '2026-07-03T14:04:31.250Z', []],
  ['edited meanwhile', '2026-07-03T14:04:31.250Z', '2026-07-03T15:04:31.000Z', []],
])('milliseconds that are %s', (_, then, now, expected) => {
  const [before, after] = [{ opened: { $date: then } }, { opened: { $date: now } }];
  expect(cutTimes(collection, () => false, before, after)).toEqual(expected);
  expect(cutTimes(collection, () => true, before, after)).toEqual([]);
});
