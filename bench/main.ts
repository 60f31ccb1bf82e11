/** `npm run bench -- [--full] [--only <words>] [--check] [--write]`: see CONTRIBUTING. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Benchmark, benchmarks } from './benchmarks.ts';
import { performanceDocument } from './document.ts';
import { type Growth, growthVerdicts, measureGrowth } from './growth.ts';
import { growthHeader, growthRow } from './growth-table.ts';
import { growths } from './growths.ts';
import { runAll, usualRuns, verdictsOf } from './run.ts';
import { header, rowsOf, textTable } from './table.ts';

const { values: options } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    only: { type: 'string' },
    check: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
if (options.write && !options.full) throw new Error('--write needs --full');

const chosen = options.full
  ? benchmarks.map((benchmark) => ({
      ...benchmark,
      runs: Math.max(benchmark.runs ?? usualRuns, 2),
    }))
  : benchmarks.filter(({ full }) => full === undefined);
const outcomes = await runAll(selected(options.only), say);
process.stdout.write(`${textTable([header, ...rowsOf(outcomes)])}\n`);

const grown: Growth[] = [];
if (options.full && options.only === undefined) {
  for (const series of growths) {
    say(`${series.work} by ${series.unit}`);
    grown.push(await measureGrowth(series));
  }
  process.stdout.write(`\n${textTable([growthHeader, ...grown.map(growthRow)])}\n`);
}
if (options.write) {
  const path = join(import.meta.dirname, '../docs/performance.md');
  writeFileSync(path, performanceDocument(outcomes, grown));
}
const verdicts = [
  ...outcomes.flatMap((outcome) => verdictsOf(outcome, outcomes)),
  ...grown.flatMap(growthVerdicts),
];
if (options.check && verdicts.some(({ met }) => !met)) process.exitCode = 1;

/** The benchmarks whose names hold these words, and those that they are held against. */
function selected(words: string | undefined): readonly Benchmark[] {
  if (words === undefined) return chosen;
  const named = chosen.filter(({ name }) => name.includes(words));
  const needed = new Set(['yardstick', ...named.map(({ name }) => name)]);
  for (const { limits = [] } of named) {
    for (const limit of limits) if ('of' in limit) needed.add(limit.of);
  }
  for (const { name, along } of chosen)
    if (along !== undefined && needed.has(name)) needed.add(along);
  return chosen.filter(({ name }) => needed.has(name));
}

/** What is going on, for whoever waits. */
function say(words: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${words}\n`);
}
