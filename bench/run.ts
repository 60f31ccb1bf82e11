/** Runs benchmarks, and holds what they took against their limits. */
import type { Benchmark, Limit } from './benchmarks.ts';
import { type Measured, measure, median } from './measure.ts';

/** What a benchmark took: medians of its runs. */
export interface Outcome {
  readonly benchmark: Benchmark;
  readonly milliseconds: number | undefined;
  /** In bytes. */
  readonly peak: number | undefined;
  readonly requests: number | undefined;
  readonly size: number | undefined;
  /** Whether it is a program that this machine does not have. */
  readonly missing: boolean;
  /** What is wrong with how it does the work, if anything is. */
  readonly wrong: string | undefined;
}

/** One limit, and what was measured. */
export interface Verdict {
  readonly limit: Limit;
  readonly value: number;
  readonly met: boolean;
}

/** How often a benchmark is run that does not say so. */
export const usualRuns = 5;

/**
 * Runs benchmarks by turns, each in a fresh process, so that what else the machine does meets all
 * of them.
 *
 * @param onStart told what is run next.
 */
export async function runAll(
  benchmarks: readonly Benchmark[],
  onStart: (name: string) => void,
): Promise<readonly Outcome[]> {
  const measured = new Map<string, Measured[]>(benchmarks.map(({ name }) => [name, []]));
  for (const { args } of benchmarks) args?.();
  const rounds = Math.max(...benchmarks.map(({ runs = usualRuns }) => runs));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, subject, args, along, runs = usualRuns } of benchmarks) {
      if (along !== undefined || round >= runs) continue;
      onStart(name);
      for (const each of await measure(subject, args?.() ?? [])) {
        measured.get(each.of ?? name)?.push(each);
      }
    }
  }
  return benchmarks.map((benchmark) => outcomeOf(benchmark, measured.get(benchmark.name) ?? []));
}

function outcomeOf(benchmark: Benchmark, measured: readonly Measured[]): Outcome {
  const middle = (of: 'milliseconds' | 'peak' | 'requests' | 'size') => {
    const values = measured.flatMap((each) => each[of] ?? []);
    return values.length === 0 ? undefined : median(values);
  };
  return {
    benchmark,
    milliseconds: middle('milliseconds'),
    peak: middle('peak'),
    requests: middle('requests'),
    size: middle('size'),
    missing: measured.some(({ missing }) => missing),
    wrong: measured.find(({ wrong }) => wrong !== undefined)?.wrong,
  };
}

/** How a benchmark stands to its limits. */
export function verdictsOf(outcome: Outcome, all: readonly Outcome[]): readonly Verdict[] {
  return (outcome.benchmark.limits ?? []).map((limit) => {
    const value = measuredIn(limit, outcome, all);
    return { limit, value, met: value <= limit.most };
  });
}

function measuredIn(limit: Limit, outcome: Outcome, all: readonly Outcome[]): number {
  switch (limit.unit) {
    case 'times':
      return timesOf(outcome, all, limit.of) ?? Number.NaN;
    case 'times the peak':
      return (outcome.peak ?? Number.NaN) / (named(all, limit.of)?.peak ?? Number.NaN);
    case 'seconds':
      return (outcome.milliseconds ?? Number.NaN) / 1_000;
    case 'MB':
      return (outcome.size ?? outcome.peak ?? Number.NaN) / 1e6;
    case 'requests':
      return outcome.requests ?? Number.NaN;
  }
}

/** How many times as long as another benchmark it took. */
export function timesOf(
  { milliseconds }: Outcome,
  all: readonly Outcome[],
  name = 'yardstick',
): number | undefined {
  const other = named(all, name)?.milliseconds;
  return milliseconds === undefined || other === undefined ? undefined : milliseconds / other;
}

function named(all: readonly Outcome[], name: string): Outcome | undefined {
  return all.find(({ benchmark }) => benchmark.name === name);
}
