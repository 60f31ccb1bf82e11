import { expect, test } from '@jest/globals';
import { arrivalOf } from '../../../src/content/values/arrival.ts';

const row = [
  { field: 'title', type: 'TEXT', text: 'Green tea' },
  { field: 'price', type: 'NUMBER', text: '4' },
  { field: 'notes', type: 'TEXT', text: '' },
];
const before = { title: 'Tea', price: 4 };
const onlyTitle = (field: string) => field === 'title';

test.each([
  ['as it was sent', { title: 'Green tea', price: 4 }, 'taken'],
  ['in a form of the site', { title: 'Green tea ', price: 4 }, 'taken'],
  ['with an edited cell only', { title: 'Green tea', price: 5 }, 'taken'],
  ['not there', undefined, 'elsewhere'],
  ['empty', {}, 'elsewhere'],
  ['in a form that nobody knows', { title: 'GREEN TEA!', price: 4 }, 'taken'],
  ['as it was before', before, 'nothing'],
  ['with a number as text', { title: 'Green tea', price: '4' }, 'types-lost'],
])('an item that is %s', (_what, item, kind) => {
  expect(arrivalOf(row, onlyTitle, item, before).kind).toBe(kind);
});

test('a cell that was emptied has arrived where it is empty', () => {
  const isEdited = (field: string) => field === 'notes';
  const item = { title: 'Green tea', price: 4 };
  const old = { ...item, notes: 'old' };
  expect(arrivalOf(row, isEdited, item, old).kind).toBe('taken');
  expect(arrivalOf(row, isEdited, old, old).kind).toBe('nothing');
});

test('a new item has arrived only if one of its cells is as it was sent', () => {
  const isEdited = () => true;
  expect(arrivalOf(row, isEdited, { title: 'Green tea' }, undefined).kind).toBe('taken');
  expect(arrivalOf(row, isEdited, { title: 'GREEN TEA!' }, undefined).kind).toBe('elsewhere');
});
