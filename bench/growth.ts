/** How time, memory and requests grow with what there is to do. */
import { type Measured, measure, median } from './measure.ts';

/** What may grow. */
export const quantities = ['milliseconds', 'peak', 'requests'] as const;
export type Quantity = (typeof quantities)[number];

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
  /** The highest exponents, where they are not those of what is linear. */
  readonly most?: Readonly<Partial<Record<Quantity, number>>>;
}

/** A size, and what the work took there. */
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

/** By which power of the size a quantity grows, and by which it may. */
export interface GrowthVerdict {
  readonly quantity: Quantity;
  readonly exponent: number;
  readonly most: number;
  readonly met: boolean;
}

const runs = 3;

/** Linear, and a little for the noise of the machine. */
const linear = 1.1;

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

/** How a series stands to its limits, for each quantity that it has. */
export function growthVerdicts({ series, points }: Growth): readonly GrowthVerdict[] {
  return quantities.flatMap((quantity) => {
    if (points.every((point) => point[quantity] === undefined)) return [];
    const exponent = exponentOf(points, quantity);
    const most = series.most?.[quantity] ?? linear;
    return [{ quantity, exponent, most, met: exponent <= most }];
  });
}

/**
 * The exponent of the power of the size by which a quantity grows: the slope of the line through
 * the logarithms, by least squares. 1: linear. Below 1: a part of it does not grow.
 */
function exponentOf(points: readonly Point[], quantity: Quantity): number {
  const logs = points.map((point) => [
    Math.log(point.size),
    Math.log(point[quantity] ?? Number.NaN),
  ]);
  const mean = (of: (pair: readonly number[]) => number) =>
    logs.reduce((sum, pair) => sum + of(pair), 0) / logs.length;
  const x = mean(([size = 0]) => size);
  const y = mean(([, value = 0]) => value);
  const covariance = mean(([size = 0, value = 0]) => (size - x) * (value - y));
  return covariance / mean(([size = 0]) => (size - x) ** 2);
}
