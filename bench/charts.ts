/** Charts for a page on GitHub, which draws Mermaid. */
import { numberInWords } from './table.ts';

/** A value and the words that stand beside it. */
export interface Mark {
  readonly label: string;
  readonly value: number;
}

/** Bars side by side. */
export function barChart(title: string, unit: string, marks: readonly Mark[]): string {
  return chart('xychart-beta horizontal', title, unit, 'bar', marks);
}

/** A line from point to point. */
export function lineChart(title: string, unit: string, marks: readonly Mark[]): string {
  return chart('xychart-beta', title, unit, 'line', marks);
}

function chart(
  kind: string,
  title: string,
  unit: string,
  drawn: 'bar' | 'line',
  marks: readonly Mark[],
): string {
  const values = marks.map(({ value }) => numberInWords(value));
  // The axis begins at nothing, or a little more would look like a lot.
  const top = Math.ceil(Math.max(...marks.map(({ value }) => value)) * 1.05);
  return [
    '```mermaid',
    kind,
    `  title "${title}"`,
    `  x-axis [${marks.map(({ label }) => `"${label}"`).join(', ')}]`,
    `  y-axis "${unit}" 0 --> ${top}`,
    `  ${drawn} [${values.join(', ')}]`,
    '```',
  ].join('\n');
}
