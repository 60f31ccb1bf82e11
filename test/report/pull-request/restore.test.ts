import { expect, test } from '@jest/globals';
import { restoreBody } from '../../../src/report/pull-request/restore.ts';

test('a restore names every field that cannot come back', () => {
  const past = { id: 'a5c3785ed8d6a35868bc169f07e40e889087fd2e', date: '2026-11-20T03:00:00Z' };
  const goneFields = ['origin', 'harvest', 'grade'];
  const teas = {
    name: 'teas',
    kind: 'collection',
    deletes: 'keep',
    changes: [],
    goneFields,
  } as const;
  expect(restoreBody(past, [teas], undefined)).toContain(
    'no fields <code>origin</code>, <code>harvest</code>, <code>grade</code> any more.',
  );
});
