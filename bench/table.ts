/** Outcomes as the cells of a table. */
import type { Limit } from './benchmarks.ts';
import { type Outcome, timesOf, type Verdict, verdictsOf } from './run.ts';

export const header = ['work', 'time', '× yardstick', 'peak', 'requests', 'target', 'verdict'];

/** One row per benchmark. */
export function rowsOf(outcomes: readonly Outcome[]): readonly (readonly string[])[] {
  return outcomes.map((outcome) => {
    const { benchmark, peak, requests, size, wrong } = outcome;
    const times = timesOf(outcome, outcomes);
    const verdicts = verdictsOf(outcome, outcomes);
    return [
      benchmark.name,
      timeInWords(outcome),
      times === undefined ? '' : numberInWords(times),
      megabytesInWords(peak ?? size),
      requests === undefined ? '' : String(requests),
      verdicts.map(({ limit }) => limitInWords(limit)).join(' · '),
      [...verdicts.map(verdictInWords), ...(wrong === undefined ? [] : [wrong])].join(' · '),
    ];
  });
}

function timeInWords({ milliseconds, missing }: Outcome): string {
  if (missing) return 'not here';
  return milliseconds === undefined ? '' : secondsInWords(milliseconds);
}

function limitInWords(limit: Limit): string {
  switch (limit.unit) {
    case 'times':
      return limit.most === 1 ? `faster than ${limit.of}` : `≤ ${limit.most} × ${limit.of}`;
    case 'times the peak':
      return `≤ ${limit.most} × the peak of ${limit.of}`;
    case 'seconds':
      return `≤ ${limit.most} s`;
    default:
      return `≤ ${limit.most} ${limit.unit}`;
  }
}

function verdictInWords({ limit, value, met }: Verdict): string {
  return met ? 'met' : `missed: ${numberInWords(value)}${'of' in limit ? ' ×' : ''}`;
}

/** Two digits that count. */
export function numberInWords(value: number): string {
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

export function secondsInWords(milliseconds: number): string {
  return milliseconds < 1_000
    ? `${milliseconds.toFixed(0)} ms`
    : `${(milliseconds / 1_000).toFixed(1)} s`;
}

export function megabytesInWords(bytes: number | undefined): string {
  return bytes === undefined ? '' : `${numberInWords(bytes / 1e6)} MB`;
}

/** A table as lines of text, its columns padded. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}
