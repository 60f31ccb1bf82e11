import { appendFileSync } from 'node:fs';

/** What came of every row and column of a table of faults. */
export interface Matrix {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly outcomes: readonly string[] }[];
}

/** A matrix as a table of Markdown, which reads well as it is, too. */
function markdownOf({ title, columns, rows }: Matrix): string {
  const lines = [
    [title, ...columns],
    ...rows.map(({ name, outcomes }) => [name, ...outcomes.map(symbolOf)]),
  ];
  const widths = lines[0]?.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths?.[i] ?? 0)).join(' | ')} |\n`;
  const [head = [], ...body] = lines;
  const rule = head.map((_, i) => '-'.repeat(widths?.[i] ?? 3));
  return [row(head), row(rule), ...body.map(row)].join('');
}

/** `✓` for ridden out, else the failure-reason; with `*` where the site has got rows by then. */
function symbolOf(outcome: string): string {
  if (outcome === 'ridden out') return '✓';
  if (outcome.startsWith('PROBLEM')) return '!!';
  const [reason = '', extent] = outcome.split(', ');
  if (extent === undefined || extent === 'nothing written') return reason;
  return extent === 'all written' ? `${reason}**` : `${reason}*`;
}

/**
 * Prints matrices, and adds them to the Markdown file that the environment variable `FAULT_MATRIX`
 * names, if it names one.
 */
export function publishMatrices(matrices: readonly Matrix[]): void {
  const text = matrices.map(markdownOf).join('\n');
  process.stdout.write(`\n${text}\n`);
  const file = process.env.FAULT_MATRIX;
  if (file !== undefined && file !== '') appendFileSync(file, `${text}\n`);
}
