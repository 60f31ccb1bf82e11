/** `npm run bench -- [--full] [--only <words>] [--check] [--write]`: see CONTRIBUTING. */
import { parseArgs } from 'node:util';
import { benchmarks } from './benchmarks.ts';
import { runAll, verdictsOf } from './run.ts';
import { header, rowsOf, textTable } from './table.ts';

const { values: options } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    only: { type: 'string' },
    check: { type: 'boolean', default: false },
  },
});

const chosen = benchmarks.filter((benchmark) => options.full || benchmark.full === undefined);
const outcomes = await runAll(selected(options.only), (name) => process.stderr.write(`${name}\n`));
process.stdout.write(`${textTable([header, ...rowsOf(outcomes)])}\n`);
const verdicts = outcomes.flatMap((outcome) => verdictsOf(outcome, outcomes));
if (options.check && verdicts.some(({ met }) => !met)) process.exitCode = 1;

/** The benchmarks whose names hold these words, and those that they are held against. */
function selected(words: string | undefined) {
  if (words === undefined) return chosen;
  const named = chosen.filter(({ name }) => name.includes(words));
  const needed = new Set(['yardstick', ...named.map(({ name }) => name)]);
  for (const { limits = [], along } of named) {
    for (const limit of limits) if (limit.unit === 'times') needed.add(limit.of);
    if (along !== undefined) needed.add(along);
  }
  return chosen.filter(({ name }) => needed.has(name));
}
