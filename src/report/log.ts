import type { Clock } from '../io/clock.ts';
import type { StepLog } from '../io/log.ts';
import {
  countIn,
  countOfKind,
  errorKinds,
  type Group,
  groupsOf,
  type Kind,
  usedKinds,
} from './entries.ts';
import { logLine } from './escape.ts';
import { verdict } from './headline.ts';
import { type JobProgress, progressLines } from './progress.ts';
import type { Result } from './result.ts';
import type { Runner } from './runner.ts';
import type { Redact } from './secrets.ts';
import { durationInWords, joined, shorten, spanInWords } from './text.ts';

/** The log of a run, with what only its outermost parts need. */
export interface RunLog extends StepLog {
  /** Says how jobs are getting on, told at each look at them. */
  progress(jobs: readonly JobProgress[]): void;
}

/** How lines look: a function per meaning, that leaves the text alone where colours are off. */
export type Style = Readonly<Record<'bold' | 'good' | 'bad' | 'faint', (text: string) => string>>;

/** @internal */
export const plain: Style = { bold: same, good: same, bad: same, faint: same };

const colourful: Style = {
  bold: ansi(1, 22),
  good: ansi(32, 39),
  bad: ansi(31, 39),
  faint: ansi(90, 39),
};

function ansi(on: number, off: number) {
  return (text: string) => `\u001B[${on}m${text}\u001B[${off}m`;
}

function same(text: string): string {
  return text;
}

/** Colours where they are wanted: `FORCE_COLOR`, `NO_COLOR`, GitHub's log, else a terminal. */
export function styleOf(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): Style {
  const { FORCE_COLOR: force, NO_COLOR: no, GITHUB_ACTIONS: actions } = env;
  const isColourful = force ? force !== '0' : !no && (actions === 'true' || isTerminal);
  return isColourful ? colourful : plain;
}

/** A step that had nothing to say is told of all the same if it took so many milliseconds. */
const notable = 2_000;

/** A log in which no line can act as a workflow command or show how an address was signed. */
export function createLog(runner: Runner, redact: Redact, clock: Clock, style: Style): RunLog {
  const line = (text: string) => logLine(redact(text));
  const progress = progressLines(clock);
  let untold: string | undefined;
  const open = () => {
    if (untold !== undefined) runner.startGroup(line(untold));
    untold = undefined;
  };
  const info = (text: string, looks = same) => {
    open();
    runner.info(looks(line(text)));
  };
  return {
    info: (text) => info(text),
    warning(text) {
      open();
      runner.warning(line(text));
    },
    debug: (text) => runner.debug(line(text)),
    async step(title, work) {
      const start = clock.now();
      untold = title;
      try {
        return await work();
      } finally {
        const took = clock.now() - start;
        if (untold === undefined || took >= notable) {
          info(`took ${durationInWords(took)}`, style.faint);
          runner.endGroup();
        }
        untold = undefined;
      }
    },
    progress(jobs) {
      for (const text of progress(jobs)) info(text, style.faint);
    },
  };
}

/**
 * The closing lines of a run. Content is counted in them, not shown; what is wrong and where stands
 * in the annotations that follow.
 */
export function runLog(result: Result, style: Style = plain): string {
  const { command, status, failureReason, commit, branch, pullRequest, lastExport } = result;
  // What an import commits is on the site already, but for the ids that the new rows got there.
  const what = command === 'import' ? ' with the ids of new rows' : '';
  const end = status === 'failed' || failureReason !== undefined ? style.bad : style.good;
  const where = branch === undefined ? '' : ` on ${branch}`;
  return joined('\n', [
    end(style.bold(logLine(`${command}: ${shorten(verdict(result), 1_000)}`))),
    ...groupsOf(result).flatMap((group) => groupLines(group, style)),
    commit && logLine(`  commit${what}: ${commit.slice(0, 12)}${where}`),
    pullRequest && logLine(`  pull request${what}: ${pullRequest.url}`),
    lastExport && style.faint(`  last export before this run: ${spanInWords(lastExport.age)} ago`),
  ]);
}

const faintKinds: ReadonlySet<Kind> = new Set(['drift', 'pending', 'caught-up', 'remark']);

function groupLines(group: Group, { bad, faint }: Style): readonly string[] {
  const { name, entries } = group;
  const counts = usedKinds([group]).map((kind) => {
    const looks = errorKinds.has(kind) ? bad : faintKinds.has(kind) ? faint : same;
    return looks(countOfKind(countIn(group, kind), kind));
  });
  const failures = (entries.get('failure') ?? []).map(({ words = '' }) =>
    bad(`  ${logLine(words.startsWith(name) ? words : `${name}: ${words}`)}`),
  );
  return counts.length === 0 ? failures : [`  ${logLine(name)}: ${counts.join(', ')}`, ...failures];
}
