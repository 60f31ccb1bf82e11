import { type Budget, fill, utf8Bytes } from './budget.ts';
import { code } from './escape.ts';
import { nextSteps } from './next-steps.ts';
import { headline } from './phrases.ts';
import type { Result } from './result.ts';
import { sectionsOf } from './sections.ts';
import { shorten } from './shorten.ts';

/** GitHub drops a summary of more than 1,024 KiB whole; the difference is a margin. */
const summaryBudget: Budget = { limit: 1_000 * 1024, measure: utf8Bytes };

/**
 * The job summary of a run, as HTML that GitHub's Markdown passes through: what the run came to and
 * what is next, then row by row. Rows that do not fit the budget are counted.
 */
export function summary(result: Result, budget: Budget = summaryBudget): string {
  const { failureMessage } = result;
  const steps = nextSteps(result).map((step) => `<li>${step}</li>`);
  const head = [
    `<h2>${headline(result, (name) => code(shorten(name, 120)))}</h2>`,
    ...(failureMessage === undefined ? [] : [`<p>${code(shorten(failureMessage, 4_000))}</p>`]),
    ...(steps.length === 0 ? [] : ['<ul>', ...steps, '</ul>']),
  ].join('\n');
  const { limit, measure } = budget;
  const rest = { limit: limit - measure(`${head}\n\n`), measure };
  const body = fill(sectionsOf(result), rest, 'the JSON report (output <code>report-json</code>)');
  return `${head}\n${body === '' ? '' : `${body}\n`}`;
}
