import { expect, test } from '@jest/globals';
import { benchmarks } from '../../bench/benchmarks.ts';
import { growths } from '../../bench/growths.ts';
import { pages } from './commands.ts';

const page = pages.get('docs/performance.md') ?? '';

/** The rows of the table under these columns, as lists of cells. */
function rowsUnder(header: string): readonly (readonly string[])[] {
  const lines = page.split('\n');
  const begin = lines.findIndex((line) => line.startsWith(header)) + 2;
  const end = lines.findIndex((line, i) => i >= begin && !line.startsWith('|'));
  return lines.slice(begin, end).map((line) => line.split('|').map((cell) => cell.trim()));
}

test('the page on performance has every benchmark, and none that is gone', () => {
  const measured = rowsUnder('| work | time |').map(([, name]) => name);
  expect(measured).toEqual(benchmarks.map(({ name }) => name));
});

test('the page on performance has the growth of everything that is doubled', () => {
  const grown = rowsUnder('| work | sizes |').map(([, work, sizes]) => `${work}: ${sizes}`);
  expect(grown).toEqual(
    growths.map(({ work, sizes, unit }) => `${work}: ${sizes.join(' · ')} ${unit}`),
  );
});
