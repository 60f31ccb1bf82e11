import type { Result } from '../../src/report/result.ts';
import { play, type Scene, type Stage, type StagedRun } from './stage.ts';
import type { WixFault } from './wix-faults.ts';
import type { Command, WixRequestKind } from './wix-requests.ts';

/** How a command goes that nothing disturbs. */
export interface Undisturbed {
  readonly result: string;
  /** Both sides before it and after it. */
  readonly before: string;
  readonly after: string;
  /** How many jobs it takes, in words. */
  readonly jobs: string;
  /** What is logged. */
  readonly lines: readonly string[];
}

export const inputsOf: Readonly<Record<Command, Readonly<Record<string, string>>>> = {
  export: { command: 'export' },
  plan: { command: 'plan' },
  import: { command: 'import', deletes: 'apply' },
};

/** Plays a command without a fault. */
export async function undisturbed(scene: Scene, command: Command): Promise<Undisturbed> {
  await using stage = await play(scene);
  const before = stage.state();
  const { result, lines } = await stage.run(inputsOf[command]);
  return { before, result: said(result), after: stage.state(), jobs: jobsOf(stage), lines };
}

/**
 * Plays a command in which one request meets one fault, and says how it went:
 *
 * - `ridden out`: the same result, the same bytes on both sides, and no job more than undisturbed;
 * - `log`, `warning`: the same, but for one clear line about what could not be looked at; where no
 *   first row can show anything, there is no job for it;
 * - `api, nothing written`, or another failure-reason: one clear error, and both sides as they were;
 * - `api, rows written`: one clear error, though the site has got all the rows.
 *
 * Whatever else happens is a problem, and told at length. In each case the next run converges.
 */
export async function outcomeOf(
  scene: Scene,
  { command, match, provoke }: WixRequestKind,
  fault: WixFault,
  expected: Undisturbed,
  converges: Converges,
): Promise<string> {
  await using stage = await play(scene);
  provoke?.(stage.emulator);
  const struck = strike(stage, fault, match(stage.emulator));
  const run = await stage.run(inputsOf[command]);
  if (!struck()) return 'PROBLEM: the fault met no request';
  const state = stage.state();
  const outcome = judge(stage, run, state, expected);
  if (outcome.startsWith('PROBLEM')) return outcome;
  stage.emulator.faults.clear();
  return (await converges(stage, state, command, expected)) ?? outcome;
}

/** Lets the fault strike; the answer says whether it did. */
function strike(
  { emulator }: Stage,
  fault: WixFault,
  match: ReturnType<WixRequestKind['match']>,
): () => boolean {
  let met = false;
  const { where = () => true } = match;
  fault.strike(emulator, {
    ...match,
    where: (body) => {
      const meets = where(body);
      met ||= meets;
      return meets;
    },
  });
  return () => met || fault.name === 'URL expired';
}

function judge(stage: Stage, run: StagedRun, state: string, expected: Undisturbed): string {
  const { result } = run;
  const doubled = doubledNames(stage);
  if (doubled !== undefined) return `PROBLEM: the job "${doubled}" was submitted twice`;
  if (result.failureReason === undefined) return judgeSuccess(stage, run, state, expected);
  const unclear = unclearIn(result, stage.emulator.apiKey);
  if (unclear !== undefined) return `PROBLEM: ${unclear}: ${said(result)}`;
  const extent = extentOf(state, expected);
  if (extent.endsWith('written') && extent !== 'nothing written' && !tellsOfRows(result)) {
    return `PROBLEM: ${extent}, and nobody is told: ${said(result)}`;
  }
  return `${result.failureReason}, ${extent}`;
}

function judgeSuccess(
  stage: Stage,
  { result, lines }: StagedRun,
  state: string,
  expected: Undisturbed,
): string {
  const text = said({ ...result, warnings: [] });
  if (state !== expected.after) return `PROBLEM: a success that left ${state}`;
  if (text !== expected.result) return `PROBLEM: a success that said ${text}`;
  const jobs = jobsOf(stage);
  const isUnseen = result.warnings.length > 0 && jobs === 'export, export, import';
  if (jobs !== expected.jobs && !isUnseen) return `PROBLEM: a success that took ${jobs}`;
  const logged = furtherLines(lines, expected);
  const [line, ...more] = [...result.warnings, ...logged];
  if (line === undefined) return 'ridden out';
  if (more.length > 0 || !isSentence(line)) return `PROBLEM: the log says ${[line, ...more]}`;
  return result.warnings.length > 0 ? 'warning' : 'log';
}

/** What is logged that is not in a run that nothing disturbs; what is waited for does not count. */
export function furtherLines(
  lines: readonly string[],
  expected: Pick<Undisturbed, 'lines'>,
): readonly string[] {
  return lines.filter((line) => !expected.lines.includes(line) && !line.startsWith('Waiting for '));
}

/** Whether a run that failed names rows as written, or a job that may write some. */
export function tellsOfRows({ files, failureMessage = '' }: Result): boolean {
  const messages = [failureMessage, ...files.map(({ failure }) => failure?.message ?? '')];
  const warns = messages.some((message) =>
    /may (still write|be running|have been written)/.test(message),
  );
  return warns || files.some(({ changes }) => changes.length > 0);
}

/** What was done, of a run that failed. */
function extentOf(state: string, { before, after }: Undisturbed): string {
  // A note of what was to be written is part of the record until somebody has looked.
  if (state.replace('"noted":true', '"noted":false') === before) return 'nothing written';
  const [now, first, last] = [state, before, after].map(sitesRowsOf);
  if (now === first) return `PROBLEM: git alone was changed, to ${state}`;
  if (now === last) return 'all written';
  return 'rows written';
}

function sitesRowsOf(state: string): string {
  return state.slice(0, state.indexOf('"refs"'));
}

/** Whether a run that failed does not say so in one clear line. */
function unclearIn(result: Result, apiKey: string): string | undefined {
  const failed = result.files.flatMap(({ failure }) => failure ?? []);
  const messages = [result.failureMessage ?? [], failed.map(({ message }) => message)].flat();
  const [message = ''] = messages;
  if (result.status !== 'failed') return `the status is ${result.status}`;
  if (messages.length !== 1) return `there are ${messages.length} errors`;
  if (!isSentence(message)) return 'the error is no sentence on one line';
  if (message.includes(apiKey)) return 'the error tells the key';
  if (/\/(files|temporary)\//.test(message)) return 'the error tells a bearer link';
  return undefined;
}

/** Whether a person can read it: one line that is neither curt nor endless. */
export function isSentence(message: string): boolean {
  return /^[^\n]{30,700}\.$/.test(message);
}

function doubledNames({ emulator }: Stage): string | undefined {
  const names = emulator.jobs().map(({ name }) => name ?? '');
  return names.find((name, i) => names.indexOf(name) !== i);
}

function jobsOf({ emulator }: Stage): string {
  const kinds = emulator.jobs().map(({ name }) => name?.split(' ')[1] ?? '');
  return kinds.sort().join(', ');
}

/** What a result says of the contents and of the commit, without what differs from run to run. */
function said(result: Result): string {
  const { backupDirectory, commit, commitPlanned, failurePlace, lastExport, ...rest } = result;
  return JSON.stringify(rest).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id');
}

/** Runs the command once more, undisturbed. Answers what is wrong with that, if anything is. */
export type Converges = (
  stage: Stage,
  state: string,
  command: Command,
  expected: Undisturbed,
) => Promise<string | undefined>;

/** States that are equal have one future, so each is only tried once. */
export function convergence(): Converges {
  const tried = new Map<string, Promise<string | undefined>>();
  return (stage, state, command, expected) => {
    const found = tried.get(`${command} ${state}`);
    if (found !== undefined) return found;
    const outcome = converge(stage, command, expected);
    tried.set(`${command} ${state}`, outcome);
    return outcome;
  };
}

async function converge(
  stage: Stage,
  command: Command,
  { after }: Undisturbed,
): Promise<string | undefined> {
  const { result } = await stage.run(inputsOf[command]);
  const state = stage.state();
  if (result.status === 'failed') return `PROBLEM: the next run failed: ${said(result)}`;
  if (state !== after) return `PROBLEM: the next run left ${state}, not ${after}`;
  return undefined;
}
