/**
 * Carries a subject out once and says what it took: `node child.ts <subject> <argument>…`.
 *
 * A subject is a module whose `prepare` makes ready and answers the work to be timed, or whose
 * `run` measures by itself what happens in other processes.
 */
import type { Measured } from './measure.ts';

/** The work to be timed. */
export type Work = () => unknown;

interface Subject {
  readonly prepare?: (...args: readonly string[]) => Promise<Work> | Work;
  /** What is wrong with what was done; asked for behind the work. */
  readonly judge?: (...args: readonly string[]) => Promise<string | undefined>;
  readonly run?: (...args: readonly string[]) => Promise<readonly Measured[]>;
}

const [, , name = '', ...args] = process.argv;
const subject: Subject = await import(`./subjects/${name}.ts`);
const measured = subject.run ? await subject.run(...args) : [await timed()];
process.stdout.write(`${JSON.stringify(measured)}\n`);

async function timed(): Promise<Measured> {
  const work = await subject.prepare?.(...args);
  if (work === undefined) throw new Error(`${name} prepares nothing to be timed`);
  const started = performance.now();
  await work();
  const milliseconds = performance.now() - started;
  const peak = process.resourceUsage().maxRSS * 1024;
  const wrong = await subject.judge?.(...args);
  return { milliseconds, peak, ...(wrong !== undefined && { wrong }) };
}
