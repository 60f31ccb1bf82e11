import { counted, numberInWords } from './phrases.ts';

/** A table of a report. Its rows are asked for one by one, as long as there is room. */
export interface Section {
  /** A heading in words of this action; content has no place in it. */
  readonly title: string;
  /** HTML for a paragraph under the heading; empty for none. */
  readonly note: string;
  readonly columns: readonly string[];
  /** What one of `rows` is called: `conflict`. */
  readonly unit: string;
  /** How many there are, which may be more than `rows` gives. */
  readonly total: number;
  /** Where a reader finds those that are left out, if not where those of other sections are. */
  readonly elsewhere?: string;
  /** Each one or more `<tr>` in HTML, in one line. */
  readonly rows: Iterable<string>;
}

/** How much a report may hold, and in what that is counted. */
export interface Budget {
  readonly limit: number;
  readonly measure: (text: string) => number;
}

export const utf8Bytes = (text: string): number => Buffer.byteLength(text, 'utf8');

/**
 * Renders the sections in their order into a budget, each one as an HTML block without an empty
 * line. The first ones get the room; what is left out is counted in its section. The headings alone
 * take some kilobytes: less than that is not a budget.
 *
 * @param elsewhere where a reader finds the rows that are left out: `the JSON report`.
 */
export function fill(sections: readonly Section[], budget: Budget, elsewhere: string): string {
  const { limit, measure } = budget;
  const shown = sections.filter(({ total }) => total > 0);
  const frames = shown.map((section) => [
    ...frame(section, ['']),
    leftOut(section, section.total, elsewhere),
  ]);
  let left = limit - measure(frames.flat().join('\n')) - frames.length * measure('more ');
  const blocks = shown.map((section) => {
    const rows: string[] = [];
    for (const row of section.rows) {
      const size = measure(row) + 1;
      if (size > left) break;
      left -= size;
      rows.push(row);
    }
    const missing = section.total - rows.length;
    const tail = missing === 0 ? [] : [leftOut(section, missing, elsewhere)];
    return [...frame(section, rows), ...tail].join('\n');
  });
  return blocks.join('\n');
}

function frame({ title, total, note, columns }: Section, rows: readonly string[]): string[] {
  const headers = columns.map((column) => `<th align="left">${column}</th>`).join('');
  return [
    `<h3>${title} (${numberInWords(total)})</h3>`,
    ...(note === '' ? [] : [`<p>${note}</p>`]),
    ...(rows.length === 0 ? [] : ['<table>', `<tr>${headers}</tr>`, ...rows, '</table>']),
  ];
}

function leftOut({ unit, total, elsewhere }: Section, missing: number, usually: string): string {
  const words = counted(missing, missing === total ? unit : `more ${unit}`);
  return `<p>${words} ${missing === 1 ? 'is' : 'are'} not shown here, but in ${elsewhere ?? usually}.</p>`;
}
