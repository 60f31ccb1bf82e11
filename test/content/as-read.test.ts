import { expect, test } from '@jest/globals';
import { isAsRead } from '../../src/content/as-read.ts';
import type { LiveCollection } from '../../src/content/schema.ts';

const collection: LiveCollection = {
  id: 'products',
  fields: ['title', 'price', 'inStock', 'tags', 'secret'].map((key) => ({
    key,
    type: { price: 'NUMBER', inStock: 'BOOLEAN', tags: 'ARRAY_STRING' }[key] ?? 'TEXT',
    displayName: key,
    systemField: false,
    readOnly: false,
    required: false,
    encrypted: key === 'secret',
    translatable: false,
  })),
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
