/** How work grows, as the cells of a table. */
import {
  type Growth,
  type GrowthVerdict,
  growthVerdicts,
  type Point,
  type Quantity,
  quantities,
} from './growth.ts';
import { megabytesInWords, secondsInWords } from './table.ts';

/** A quantity as its column calls it. */
export const names: Readonly<Record<Quantity, string>> = {
  milliseconds: 'time',
  peak: 'peak',
  requests: 'requests',
};

export const growthHeader = [
  'work',
  'sizes',
  ...quantities.flatMap((of) => [names[of], '^']),
].concat('verdict');

/** A series as a row: its values, by which power they grow, and whether they may. */
export function growthRow(growth: Growth): readonly string[] {
  const { series, points } = growth;
  const verdicts = growthVerdicts(growth);
  const cells = quantities.flatMap((quantity) => {
    const verdict = verdicts.find((each) => each.quantity === quantity);
    if (verdict === undefined) return ['', ''];
    return [list(points.map((point) => inWords(quantity, point))), verdict.exponent.toFixed(2)];
  });
  const sizes = `${list(points.map(({ size }) => String(size)))} ${series.unit}`;
  return [series.work, sizes, ...cells, verdictInWords(verdicts)];
}

function list(words: readonly string[]): string {
  return words.join(' · ');
}

function inWords(quantity: Quantity, { milliseconds, peak, requests }: Point): string {
  switch (quantity) {
    case 'milliseconds':
      return secondsInWords(milliseconds);
    case 'peak':
      return megabytesInWords(peak);
    case 'requests':
      return String(requests);
  }
}

function verdictInWords(verdicts: readonly GrowthVerdict[]): string {
  const missed = verdicts.filter(({ met }) => !met);
  if (missed.length === 0) return 'met';
  return `missed: ${missed.map(({ quantity, most }) => `${names[quantity]} ^ ≤ ${most}`).join(', ')}`;
}
