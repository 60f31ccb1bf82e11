import { expect, test } from '@jest/globals';
import { progressLines, type SeenJob } from '../../src/report/progress.ts';

type Seen = readonly [id: string, status: string, items?: number];

/** The lines of each look at jobs, which comes at its second. */
function linesOf(
  looks: readonly (readonly [second: number, ...jobs: readonly Seen[]])[],
): readonly (readonly string[])[] {
  let now = 0;
  const lines = progressLines({ now: () => now, sleep: async () => {} });
  return looks.map(([second, ...jobs]) => {
    now = second * 1_000;
    return lines(jobs.map(jobOf));
  });
}

function jobOf([id, status, successful = 0]: Seen): SeenJob {
  return { id, name: `wix-cms-sync export ${id}`, status, successful };
}

test('says of each job how it ended, once, with its items and how long it took', () => {
  expect(
    linesOf([
      [0, ['products', 'INITIALIZING'], ['tags', 'INITIALIZING'], ['teas', 'INITIALIZING']],
      [4, ['products', 'COMPLETED', 200], ['tags', 'IN_PROGRESS', 7], ['teas', 'FAILED']],
      [9, ['products', 'COMPLETED', 200], ['tags', 'PARTIALLY_SUCCESSFUL', 1]],
    ]),
  ).toEqual([
    [],
    ['reading products: completed, 200 items, 4 s', 'reading teas: failed, 0 items, 4 s'],
    ['reading tags: completed in part, 1 item, 9 s'],
  ]);
});

test('says what goes on after ten seconds, and then once a minute', () => {
  const looks = Array.from({ length: 150 }, (_, second) => second);
  const lines = linesOf(looks.map((second) => [second, ['products', 'IN_PROGRESS', second * 10]]));
  expect(lines.flat()).toEqual([
    'reading products: in progress, 100 items, 10 s',
    'reading products: in progress, 700 items, 1 min 10 s',
    'reading products: in progress, 1,300 items, 2 min 10 s',
  ]);
});

test('says it of jobs that are stuck too, and what they are stuck in', () => {
  const lines = linesOf([
    [0, ['products', 'UNINITIALIZED'], ['tags', 'INITIALIZING'], ['teas', 'IN_PROGRESS', 5]],
    [12, ['products', 'UNINITIALIZED'], ['tags', 'INITIALIZING'], ['teas', 'IN_PROGRESS', 5]],
  ]);
  expect(lines[1]).toEqual([
    'reading products: waiting for Wix to start, 12 s',
    'reading tags: starting, 12 s',
    'reading teas: in progress, 5 items, 12 s',
  ]);
});

test('names a few of many jobs, and counts the rest', () => {
  const jobs = Array.from({ length: 40 }, (_, i): Seen => [`c${i}`, 'IN_PROGRESS', i]);
  const [, lines = []] = linesOf([
    [0, ...jobs],
    [10, ...jobs],
  ]);
  expect(lines).toHaveLength(6);
  expect(lines.at(-1)).toBe('and 35 more jobs in progress');
});

test('does not start over with each of many jobs in a row', () => {
  const lines = linesOf([
    [0, ['one', 'IN_PROGRESS']],
    [10, ['one', 'IN_PROGRESS']],
    [20, ['one', 'COMPLETED']],
    [21, ['two', 'IN_PROGRESS']],
    [40, ['two', 'IN_PROGRESS']],
    [69, ['two', 'IN_PROGRESS']],
    [70, ['two', 'IN_PROGRESS']],
  ]);
  expect(lines.map(({ length }) => length)).toEqual([0, 1, 1, 0, 0, 0, 1]);
});

test('tells two jobs of one name apart', () => {
  const lines = progressLines({ now: () => 0, sleep: async () => {} });
  const job = { name: 'products', status: 'COMPLETED', successful: 1 };
  expect(
    lines([
      { id: 'part-1', ...job },
      { id: 'part-2', ...job },
    ]),
  ).toHaveLength(2);
});
