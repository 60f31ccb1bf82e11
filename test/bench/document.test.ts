import { expect, test } from '@jest/globals';
import { barChart, lineChart } from '../../bench/charts.ts';
import { performanceDocument } from '../../bench/document.ts';
import type { Growth } from '../../bench/growth.ts';
import type { Outcome } from '../../bench/run.ts';

const nothing = { requests: undefined, size: undefined, missing: false, wrong: undefined };

function anOutcome(benchmark: Partial<Outcome['benchmark']>, milliseconds?: number): Outcome {
  const named = { name: 'work', subject: 'work', ...benchmark };
  return { benchmark: named, milliseconds, peak: 60e6, ...nothing };
}

test('a chart begins at nothing, ends above its highest value, and names its marks', () => {
  const marks = [
    { label: 'ours', value: 4.25 },
    { label: 'csv-parse', value: 13.4 },
  ];
  expect(barChart('M: parse', 'times', marks)).toBe(
    [
      ...['```mermaid', 'xychart-beta horizontal', '  title "M: parse"'],
      ...['  x-axis ["ours", "csv-parse"]', '  y-axis "times" 0 --> 15', '  bar [4.3, 13]', '```'],
    ].join('\n'),
  );
  expect(lineChart('M: parse', 'times', marks)).toContain('  line [4.3, 13]\n');
});

test('the page holds every outcome once, and draws each where it belongs', () => {
  const outcomes = [
    anOutcome({ name: 'yardstick' }, 50),
    anOutcome({ name: 'parse' }, 200),
    anOutcome({ name: 'parse: csv-parse' }, 1_000),
    anOutcome({ name: 'canonicalise: miller' }),
    anOutcome({ name: 'S: validate all', size: 'S' }, 30),
    anOutcome({ name: 'validate all', size: 'M' }, 400),
  ];
  const page = performanceDocument(outcomes, []);
  expect(page.match(/^\| yardstick \|.*$/gm)).toEqual([
    '| yardstick | 50 ms | 1.0 | 60 MB |  |  |  |',
  ]);
  expect(chartsIn(page)).toEqual({
    'M: parse, in times of the yardstick': '"parse", "csv-parse": 4.0, 20',
    // What could not be measured has no bar.
    'M: canonicalise, in times of the yardstick': ': ',
    'M: diff, in times of the yardstick': ': ',
    'S: own work, in milliseconds': '"validate all": 30',
    'M: own work, in milliseconds': '"validate all": 400',
    'L: own work, in milliseconds': ': ',
  });
});

test('the page draws how each series grows, by each quantity that it has', () => {
  const point = (size: number) => ({
    ...{ size, milliseconds: size / 10, peak: 2e6 * size, requests: undefined },
  });
  const growth: Growth = {
    series: { work: 'diff', unit: 'rows', sizes: [10, 20], subject: 'diff', args: () => [] },
    points: [point(10), point(20)],
  };
  const charts = chartsIn(performanceDocument([anOutcome({ name: 'yardstick' }, 50)], [growth]));
  expect(charts).toMatchObject({
    'diff: time by rows': '"10", "20": 1.0, 2.0',
    'diff: peak by rows': '"10", "20": 20, 40',
  });
  expect(Object.keys(charts)).not.toContain('diff: requests by rows');
});

/** The charts of a page by their titles: labels and values. */
function chartsIn(page: string): Readonly<Record<string, string>> {
  const pattern = /title "(.*)"\n {2}x-axis \[(.*)\]\n.*\n {2}(?:bar|line) \[(.*)\]/g;
  return Object.fromEntries(
    [...page.matchAll(pattern)].map(([, title, labels, values]) => [title, `${labels}: ${values}`]),
  );
}
