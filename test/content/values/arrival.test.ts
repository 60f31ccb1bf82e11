import { expect, test } from '@jest/globals';
import { arrivalOf } from '../../../src/content/values/arrival.ts';

const row = [
  { field: 'title', type: 'TEXT', text: 'Green tea' },
  { field: 'price', type: 'NUMBER', text: '4' },
  { field: 'notes', type: 'TEXT', text: '' },
];
const onlyTitle = (field: string) => field === 'title';

test.each([
  ['as it was sent', { title: 'Green tea', price: 4 }, 'taken'],
  ['in a form of the site', { title: 'Green tea ', price: 4 }, 'taken'],
  ['with an edited cell only', { title: 'Green tea', price: 5 }, 'taken'],
  ['not there', undefined, 'elsewhere'],
  ['empty', {}, 'elsewhere'],
  ['as it was before', { title: 'Tea', price: 4 }, 'nothing'],
  ['with a number as text', { title: 'Green tea', price: '4' }, 'types-lost'],
])('an item that is %s', (_what, item, kind) => {
  expect(arrivalOf(row, onlyTitle, item).kind).toBe(kind);
});

test('a cell that was emptied has arrived where it is empty', () => {
  const isEdited = (field: string) => field === 'notes';
  const item = { title: 'Green tea', price: 4 };
  expect(arrivalOf(row, isEdited, item).kind).toBe('taken');
  expect(arrivalOf(row, isEdited, { ...item, notes: 'old' }).kind).toBe('nothing');
});
