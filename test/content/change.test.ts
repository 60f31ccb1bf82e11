import { expect, test } from '@jest/globals';
import { type Conflict, rowsInConflict } from '../../src/content/change.ts';

const conflict = (key: string): Conflict => {
  return {
    key,
    column: undefined,
    base: undefined,
    git: 'changed',
    cms: 'changed',
    place: undefined,
  };
};

test('a row counts once, and rows of two files with one id count twice', () => {
  const words = (...files: string[][]) =>
    rowsInConflict(files.map((keys) => ({ conflicts: keys.map(conflict) })));
  expect(words(['p1', 'p1'], [])).toMatch(/^One row was changed /);
  expect(words(['p1'], ['p1'])).toMatch(/^2 rows were changed /);
});
