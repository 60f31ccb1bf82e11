/** How time, memory and requests grow with what there is to do. */
import { type Data, fileOf, M } from './data.ts';
import { type Measured, measure, median } from './measure.ts';

/** One kind of work at several sizes. */
export interface Series {
  readonly work: string;
  /** What is doubled from point to point. */
  readonly unit: string;
  readonly sizes: readonly number[];
  readonly subject: string;
  readonly args: (size: number) => readonly string[];
  /** What of it is looked at, where the subject measures more than one thing. */
  readonly of?: string;
}

export interface Point {
  readonly size: number;
  readonly milliseconds: number;
  /** In bytes. */
  readonly peak: number;
  readonly requests: number | undefined;
}

export interface Growth {
  readonly series: Series;
  readonly points: readonly Point[];
}

const doubled = (first: number) => [first, 2 * first, 4 * first, 8 * first];
const download = (data: Data) => [fileOf({ ...data, order: 'shuffled', quotes: 'loose' })];
const pair = (data: Data, edited: number) => [fileOf(data), fileOf({ ...data, edited })];

export const growths: readonly Series[] = [
  {
    work: 'canonicalise',
    unit: 'rows',
    sizes: doubled(12_500),
    subject: 'canonicalise',
    args: (rows) => download({ ...M, rows }),
  },
  {
    work: 'diff, 1 % changed',
    unit: 'rows',
    sizes: doubled(12_500),
    subject: 'diff',
    args: (rows) => pair({ ...M, rows }, rows / 100),
  },
  {
    work: 'canonicalise',
    unit: 'columns',
    sizes: doubled(15),
    subject: 'canonicalise',
    args: (columns) => download({ rows: 25_000, columns }),
  },
  {
    work: 'diff, 1 % changed',
    unit: 'columns',
    sizes: doubled(15),
    subject: 'diff',
    args: (columns) => pair({ rows: 25_000, columns }, 250),
  },
  {
    work: 'diff',
    unit: 'changed rows',
    sizes: doubled(5_000),
    subject: 'diff',
    args: (edited) => pair(M, edited),
  },
  {
    work: 'first export',
    unit: 'collections',
    sizes: doubled(50),
    subject: 'collections',
    args: (count) => [String(count)],
    of: 'export',
  },
];

const runs = 3;

/** Measures a series, each point several times by turns. */
export async function measureGrowth(series: Series): Promise<Growth> {
  const measured = new Map<number, Measured[]>(series.sizes.map((size) => [size, []]));
  for (let run = 0; run < runs; run += 1) {
    for (const size of series.sizes) {
      const all = await measure(series.subject, series.args(size));
      measured.get(size)?.push(...all.filter(({ of }) => of === series.of));
    }
  }
  return { series, points: series.sizes.map((size) => pointOf(size, measured.get(size) ?? [])) };
}

function pointOf(size: number, measured: readonly Measured[]): Point {
  const requests = measured.flatMap((each) => each.requests ?? []);
  return {
    size,
    milliseconds: median(measured.flatMap((each) => each.milliseconds ?? [])),
    peak: median(measured.flatMap((each) => each.peak ?? [])),
    requests: requests.length === 0 ? undefined : median(requests),
  };
}

/**
 * The exponent of the power of the size by which a quantity grows: the slope of the line through
 * the logarithms, by least squares. 1: linear. Below 1: a part of it does not grow.
 */
export function exponentOf(
  points: readonly Point[],
  quantity: (point: Point) => number | undefined,
): number {
  const logs = points.flatMap((point) => {
    const value = quantity(point);
    return value === undefined || point.size === 0 ? [] : [[Math.log(point.size), Math.log(value)]];
  });
  const mean = (of: (pair: readonly number[]) => number) =>
    logs.reduce((sum, pair) => sum + of(pair), 0) / logs.length;
  const x = mean(([size = 0]) => size);
  const y = mean(([, value = 0]) => value);
  const covariance = mean(([size = 0, value = 0]) => (size - x) * (value - y));
  return covariance / mean(([size = 0]) => (size - x) ** 2);
}
