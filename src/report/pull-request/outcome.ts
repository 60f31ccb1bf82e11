import { code, htmlText } from '../escape.ts';
import { counted } from '../text.ts';

/** What became of a plan when its pull request was merged. */
export type ImportOutcome =
  | { readonly kind: 'applied' }
  /** Some rows did not arrive. */
  | { readonly kind: 'partly'; readonly rows: readonly MissedRow[] }
  /** Nothing was written. */
  | { readonly kind: 'stopped'; readonly why: string };

export interface MissedRow {
  readonly name: string;
  readonly key: string;
  readonly why: string;
}

const begin = /^<!-- outcome (applied|partly|stopped) -->\n[\s\S]*?<!-- \/outcome -->\n\n/m;

/** The outcome that a plan's comment shows so far. */
export function outcomeIn(body: string): ImportOutcome['kind'] | undefined {
  const found = begin.exec(body)?.[1];
  return (['applied', 'partly', 'stopped'] as const).find((kind) => kind === found);
}

/** A plan's comment with its outcome at the top, below the hidden marks, in place of an earlier one. */
export function withOutcome(
  body: string,
  outcome: ImportOutcome,
  runUrl: string | undefined,
): string {
  const plain = body.replace(begin, '');
  const at = plain.indexOf('<h3>');
  const words = linesOf(outcome, runUrl).map((line) => `> ${line}`);
  const section = [`<!-- outcome ${outcome.kind} -->`, ...words, '<!-- /outcome -->', '', ''];
  return plain.slice(0, at) + section.join('\n') + plain.slice(at);
}

const namedRows = 10;

function linesOf(outcome: ImportOutcome, runUrl: string | undefined): readonly string[] {
  const run = runUrl === undefined ? 'the import' : `<a href="${htmlText(runUrl)}">the import</a>`;
  switch (outcome.kind) {
    case 'applied':
      return ['[!NOTE]', `<b>On the site.</b> All of this was applied by ${run}.`];
    case 'partly': {
      const { rows } = outcome;
      const shown = rows
        .slice(0, namedRows)
        .map(({ name, key, why }) => `- ${code(name, 80)}, ${code(key, 80)}: ${code(why, 200)}`);
      const hidden = rows.length - shown.length;
      return [
        '[!WARNING]',
        `<b>Partly on the site.</b> ${counted(rows.length, 'row')} did not arrive with ${run}; the next one tries again:`,
        ...shown,
        ...(hidden > 0 ? [`- and ${counted(hidden, 'more row')}`] : []),
      ];
    }
    case 'stopped':
      return [
        '[!CAUTION]',
        `<b>Not on the site.</b> ${run} stopped before it wrote anything: ${code(outcome.why, 1_000)}`,
      ];
  }
}
