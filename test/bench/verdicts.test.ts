import { describe, expect, test } from '@jest/globals';
import type { Limit } from '../../bench/benchmarks.ts';
import { median } from '../../bench/measure.ts';
import { type Outcome, timesOf, verdictsOf } from '../../bench/run.ts';
import { header, markdownTable, rowsOf, textTable } from '../../bench/table.ts';

/** An outcome that took so long, with what else is said of it. */
function anOutcome(
  name: string,
  milliseconds: number | undefined,
  { limits, ...more }: Partial<Outcome> & { readonly limits?: readonly Limit[] } = {},
): Outcome {
  const nothing = { peak: undefined, requests: undefined, size: undefined, wrong: undefined };
  const benchmark = { name, subject: name, ...(limits && { limits }) };
  return { benchmark, milliseconds, ...nothing, missing: false, ...more };
}

const yardstick = anOutcome('yardstick', 50);

/** The verdict on a limit, beside the yardstick. */
function judged(outcome: Outcome): readonly string[] {
  return verdictsOf(outcome, [yardstick, outcome]).map(
    ({ value, met }) => `${value} ${met ? 'met' : 'missed'}`,
  );
}

test.each([
  [[3], 3],
  [[9, 1, 5], 5],
  [[8, 1, 2, 4], 3],
  [[10, 9], 9.5],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

describe('a limit is met up to its value, and missed above it', () => {
  test.each([
    ['times', 100, '2 met'],
    ['times', 101, '2.02 missed'],
    ['seconds', 2_000, '2 met'],
    ['seconds', 2_001, '2.001 missed'],
  ] as const)('of %s, by the time: %d ms', (unit, milliseconds, expected) => {
    const limit: Limit = unit === 'times' ? { unit, of: 'yardstick', most: 2 } : { unit, most: 2 };
    expect(judged(anOutcome('work', milliseconds, { limits: [limit] }))).toEqual([expected]);
  });

  test.each([
    [{ peak: 2e6 }, '2 met'],
    [{ peak: 2.5e6 }, '2.5 missed'],
    // Of files that are measured themselves, their size counts, and not the memory of who looks.
    [{ peak: 9e6, size: 1e6 }, '1 met'],
  ])('of MB: %j', (measured, expected) => {
    const limits: Limit[] = [{ unit: 'MB', most: 2 }];
    expect(judged(anOutcome('work', 1, { ...measured, limits }))).toEqual([expected]);
  });

  test('of requests', () => {
    const limits: Limit[] = [{ unit: 'requests', most: 2 }];
    expect(judged(anOutcome('work', 1, { requests: 2, limits }))).toEqual(['2 met']);
    expect(judged(anOutcome('work', 1, { requests: 3, limits }))).toEqual(['3 missed']);
  });

  test('each limit for itself', () => {
    const limits: Limit[] = [
      { unit: 'times', of: 'yardstick', most: 1 },
      { unit: 'seconds', most: 1 },
    ];
    expect(judged(anOutcome('work', 200, { limits }))).toEqual(['4 missed', '0.2 met']);
  });

  test('and missed where nothing was measured', () => {
    const limits: Limit[] = [
      { unit: 'times', of: 'yardstick', most: 2 },
      { unit: 'times', of: 'somebody else', most: 2 },
      { unit: 'MB', most: 2 },
      { unit: 'requests', most: 2 },
    ];
    expect(judged(anOutcome('work', undefined, { limits }))).toEqual(Array(4).fill('NaN missed'));
  });
});

test('times are those of another benchmark of the same run', () => {
  const [work, other] = [anOutcome('work', 100), anOutcome('other', 400)];
  expect(timesOf(work, [yardstick, work, other])).toBe(2);
  expect(timesOf(work, [yardstick, work, other], 'other')).toBe(0.25);
  expect(timesOf(work, [work])).toBeUndefined();
});

test('the table says what was measured, what was the target, and whether it was met', () => {
  const outcomes = [
    yardstick,
    anOutcome('quick', 25, {
      peak: 4.25e6,
      requests: 7,
      limits: [{ unit: 'times', of: 'yardstick', most: 1 }],
    }),
    anOutcome('slow', 1_234, {
      peak: 120e6,
      limits: [
        { unit: 'times', of: 'yardstick', most: 5 },
        { unit: 'seconds', most: 1 },
        { unit: 'MB', most: 150 },
      ],
    }),
    anOutcome('of somebody else', undefined, { missing: true }),
    anOutcome('careless', 50, { wrong: 'takes a short row' }),
    anOutcome('size', undefined, { size: 1.1e6, limits: [{ unit: 'MB', most: 1 }] }),
  ];
  expect(`\n${textTable([header, ...rowsOf(outcomes)])}\n`).toBe(`
work              time      × yardstick  peak    requests  target                              verdict
yardstick         50 ms     1.0
quick             25 ms     0.5          4.3 MB  7         faster than yardstick               met
slow              1.2 s     25           120 MB            ≤ 5 × yardstick · ≤ 1 s · ≤ 150 MB  missed: 25 × · missed: 1.2 · met
of somebody else  not here
careless          50 ms     1.0                                                                takes a short row
size                                     1.1 MB            ≤ 1 MB                              missed: 1.1
`);
});

test('a table of Markdown has a rule below its head', () => {
  const rows = [
    ['work', 'time'],
    ['diff', '3 ms'],
  ];
  expect(markdownTable(rows)).toBe('| work | time |\n| --- | --- |\n| diff | 3 ms |');
});
