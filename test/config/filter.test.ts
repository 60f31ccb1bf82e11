import { expect, test } from '@jest/globals';
import { wrongOperator } from '../../src/config/filter.ts';

test.each([
  [{ price: { lt: 9 } }, '"lt" in the filter lacks its $. Write $lt.'],
  [
    { $or: [{ tags: { $hassome: ['tea'] } }] },
    '$hassome, which is not an operator of Wix. Did you mean $hasSome?',
  ],
  [{ $not: { price: { $gt2: 9 } } }, '$gt2, which is not an operator of Wix. Did you mean $gt?'],
  [{ $where: { price: 9 } }, '$where, which is not an operator of Wix. Correct it.'],
  [{ status: { $in: 'draft' } }, '$in with "draft", but it takes a list. Correct it.'],
  [{ price: { $gt: {} } }, '$gt with {}, but it takes a number, a text or { $date: … }.'],
  [{ title: { $startsWith: 4 } }, '$startsWith with 4, but it takes a text.'],
  [{ title: { $exists: 'yes' } }, '$exists with "yes", but it takes true or false.'],
  [{ $or: { price: 9 } }, '$or with {"price":9}, but it takes a list.'],
])('%j is refused', (filter, words) => {
  expect(wrongOperator(filter)).toContain(words);
});

test.each([
  undefined,
  { status: 'published', 'address.city': { $ne: null } },
  { $and: [{ price: { $gte: 4, $lt: 9 } }, { $not: { tags: { $hasAll: ['tea'] } } }] },
  { soldOn: { $gt: { $date: '2026-01-31T00:00:00.000Z' } } },
])('%j is a filter', (filter) => {
  expect(wrongOperator(filter)).toBeUndefined();
});
