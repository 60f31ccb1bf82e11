import { expect, test } from '@jest/globals';
import { progressLines } from '../../src/report/progress.ts';

/** Lines for reports that come at these seconds. */
function linesOf(
  reports: readonly (readonly [second: number, id: string, status: string, items?: number])[],
): readonly (string | undefined)[] {
  let now = 0;
  const line = progressLines({ now: () => now, sleep: async () => {} });
  return reports.map(([second, id, status, items]) => {
    now = second * 1_000;
    return line({ id, name: id, status, items });
  });
}

test('says each change of a status, with what is known of it', () => {
  expect(
    linesOf([
      [0, 'products', 'INITIALIZING'],
      [4, 'products', 'IN_PROGRESS', 120],
      [5, 'products', 'COMPLETED', 200],
    ]),
  ).toEqual([
    'products: initializing, 0 s',
    'products: in progress, 120 items, 4 s',
    'products: completed, 200 items, 5 s',
  ]);
});

test('says at most one line of progress in ten seconds, for all the jobs together', () => {
  const lines = linesOf([
    [0, 'products', 'IN_PROGRESS', 1],
    [0, 'tags', 'IN_PROGRESS', 1],
    [5, 'products', 'IN_PROGRESS', 2],
    [10, 'products', 'IN_PROGRESS', 3],
    [11, 'tags', 'IN_PROGRESS', 2],
    [20, 'tags', 'IN_PROGRESS', 3],
  ]);
  expect(lines.slice(2)).toEqual([
    undefined,
    'products: in progress, 3 items, 10 s',
    undefined,
    'tags: in progress, 3 items, 20 s',
  ]);
});

test('says nothing while nothing moves', () => {
  const lines = linesOf([
    [0, 'products', 'IN_PROGRESS', 1],
    [60, 'products', 'IN_PROGRESS', 1],
  ]);
  expect(lines[1]).toBeUndefined();
});

test('tells two jobs of one name apart', () => {
  const line = progressLines({ now: () => 0, sleep: async () => {} });
  const job = { name: 'products', status: 'IN_PROGRESS', items: undefined };
  expect(line({ id: 'part-1', ...job })).toBe('products: in progress, 0 s');
  expect(line({ id: 'part-2', ...job })).toBe('products: in progress, 0 s');
});
