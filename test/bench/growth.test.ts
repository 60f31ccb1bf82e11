import { describe, expect, test } from '@jest/globals';
import { type Growth, growthVerdicts, type Point, type Series } from '../../bench/growth.ts';
import { growthHeader, growthRow } from '../../bench/growth-table.ts';

const series: Series = {
  work: 'diff',
  unit: 'rows',
  sizes: [1_000, 2_000, 4_000, 8_000],
  subject: 'diff',
  args: () => [],
};

/** A series whose quantities grow as these say. */
function growing(
  by: Readonly<Record<'milliseconds' | 'peak', (size: number) => number>> & {
    readonly requests?: (size: number) => number;
  },
  most: Series['most'] = {},
): Growth {
  const points = series.sizes.map(
    (size): Point => ({
      size,
      milliseconds: by.milliseconds(size),
      peak: by.peak(size),
      requests: by.requests?.(size),
    }),
  );
  return { series: { ...series, most }, points };
}

const linear = (size: number) => 3 * size;
const flat = () => 50e6;

/** The exponents with two digits, and whether they are met. */
function verdictsOf(growth: Growth): Readonly<Record<string, string>> {
  const verdicts = growthVerdicts(growth).map(
    ({ quantity, exponent, most, met }) =>
      [quantity, `${exponent.toFixed(2)} of ${most}, ${met ? 'met' : 'missed'}`] as const,
  );
  return Object.fromEntries(verdicts);
}

describe('the exponent is that of the power of the size', () => {
  test.each([
    ['nothing grows', flat, '0.00 of 1.1, met'],
    ['the square root', Math.sqrt, '0.50 of 1.1, met'],
    ['as the size, by any factor', linear, '1.00 of 1.1, met'],
    ['a part does not grow', (size: number) => 5_000 + size, '0.37 of 1.1, met'],
    ['each with each', (size: number) => size ** 2 / 1_000, '2.00 of 1.1, missed'],
    ['a little more than linear', (size: number) => size ** 1.11, '1.11 of 1.1, missed'],
  ])('%s', (_name, milliseconds, expected) => {
    expect(verdictsOf(growing({ milliseconds, peak: flat })).milliseconds).toBe(expected);
  });

  test('of the line through all the points, where one of them is off it', () => {
    const milliseconds = (size: number) => (size === 8_000 ? 2 * size : size);
    const { milliseconds: verdict } = verdictsOf(growing({ milliseconds, peak: flat }));
    expect(verdict).toBe('1.30 of 1.1, missed');
  });
});

test('a series may have limits of its own', () => {
  const growth = growing({ milliseconds: linear, peak: Math.sqrt }, { peak: 0.15 });
  expect(verdictsOf(growth)).toEqual({
    milliseconds: '1.00 of 1.1, met',
    peak: '0.50 of 0.15, missed',
  });
});

test('requests are looked at where there are any', () => {
  const growth = growing({ milliseconds: linear, peak: flat, requests: (size) => size ** 1.5 });
  expect(verdictsOf(growth).requests).toBe('1.50 of 1.1, missed');
});

test('a row says how each quantity grows, and which of them may not grow so', () => {
  const quadratic = (size: number) => size ** 2 / 1_000;
  const growth = growing(
    { milliseconds: quadratic, peak: (size) => 1_000 * size, requests: () => 7 },
    { peak: 0.15 },
  );
  expect(Object.fromEntries(growthHeader.map((name, i) => [name, growthRow(growth)[i]]))).toEqual({
    work: 'diff',
    sizes: '1000 · 2000 · 4000 · 8000 rows',
    time: '1.0 s · 4.0 s · 16.0 s · 64.0 s',
    peak: '1.0 MB · 2.0 MB · 4.0 MB · 8.0 MB',
    requests: '7 · 7 · 7 · 7',
    '^': '0.00',
    verdict: 'missed: time ^ ≤ 1.1, peak ^ ≤ 0.15',
  });
  expect(growthRow(growth).filter((cell) => /^\d\.\d\d$/.test(cell))).toEqual([
    '2.00',
    '1.00',
    '0.00',
  ]);
  const met = growing({ milliseconds: linear, peak: flat });
  expect(growthRow(met).slice(-3)).toEqual(['', '', 'met']);
});
