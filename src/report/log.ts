import type { Clock } from '../io/clock.ts';
import type { StepLog } from '../io/log.ts';
import { faultsIn } from './danger.ts';
import { logLine } from './escape.ts';
import {
  counted,
  countsInWords,
  durationInWords,
  rejectedInWords,
  verdictInWords,
} from './phrases.ts';
import { mergeSentence } from './plan-phrases.ts';
import { type JobProgress, progressLines } from './progress.ts';
import { countsIn, type FileResult, type Result } from './result.ts';
import type { Runner } from './runner.ts';
import type { Redact } from './secrets.ts';
import { shorten } from './shorten.ts';

/** The log of a run, with what only its outermost parts need. */
export interface RunLog extends StepLog {
  /** Says how jobs are getting on, told at each look at them. */
  progress(jobs: readonly JobProgress[]): void;
}

/** How lines look: a function per meaning, that leaves the text alone where colours are off. */
export interface Style {
  bold(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  faint(text: string): string;
}

/** @internal */
export const plain: Style = { bold: same, good: same, bad: same, faint: same };

const colourful: Style = {
  bold: (text) => `\u001B[1m${text}\u001B[22m`,
  good: (text) => `\u001B[32m${text}\u001B[39m`,
  bad: (text) => `\u001B[31m${text}\u001B[39m`,
  faint: (text) => `\u001B[90m${text}\u001B[39m`,
};

function same(text: string): string {
  return text;
}

/** Colours where they are wanted: `FORCE_COLOR`, `NO_COLOR`, GitHub's log, else a terminal. */
export function styleOf(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): Style {
  const { FORCE_COLOR: force, NO_COLOR: no, GITHUB_ACTIONS: actions } = env;
  if (force !== undefined && force !== '') return force === '0' ? plain : colourful;
  if (no !== undefined && no !== '') return plain;
  return actions === 'true' || isTerminal ? colourful : plain;
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
  const info = (text: string, looks = plain.faint) => {
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
  const { status, files, failureReason, commit, branch, pullRequest } = result;
  // What an import commits is on the site already, but for the ids that the new rows got there.
  const what = result.command === 'import' ? ' with the ids of new rows' : '';
  const end = status === 'failed' || failureReason !== undefined ? style.bad : style.good;
  const errors = faultsIn(result).filter(({ severity }) => severity === 'error').length;
  return [
    end(style.bold(logLine(`${result.command}: ${verdictOf(result)}`))),
    ...files.flatMap((file) => fileLines(file, style)),
    ...(errors === 0 || failureReason === 'validation'
      ? []
      : [style.bad(`  ${counted(errors, 'error')} in the files`)]),
    ...(commit === undefined
      ? []
      : [
          logLine(
            `  commit${what}: ${commit.slice(0, 12)}${branch === undefined ? '' : ` on ${branch}`}`,
          ),
        ]),
    ...(pullRequest === undefined ? [] : [logLine(`  pull request${what}: ${pullRequest.url}`)]),
  ].join('\n');
}

function verdictOf(result: Result): string {
  if (result.command !== 'plan' || result.status === 'failed') return verdictInWords(result);
  const sentence = mergeSentence(result, 'changes', (name) => shorten(name, 80));
  return `${result.status}: ${sentence.slice(0, 1).toLowerCase()}${sentence.slice(1)}`;
}

function fileLines(file: FileResult, style: Style): readonly string[] {
  const { name, failure, conflicts, mismatches, losses, pending, drift } = file;
  const good = [countsInWords(countsIn(file))];
  const bad = [
    rejectedInWords(file.rejections.length),
    some(conflicts, 'conflict'),
    some(mismatches, 'cell stored differently', 'cells stored differently'),
    some(losses, 'value lost', 'values lost'),
  ];
  const rest = [
    some(pending, 'row not yet on the site', 'rows not yet on the site'),
    some(drift, 'row edited on the site', 'rows edited on the site'),
  ];
  const words = [
    ...good.filter(Boolean),
    ...bad.filter(Boolean).map(style.bad),
    ...rest.filter(Boolean).map(style.faint),
  ].join('; ');
  const label = logLine(name);
  return [
    ...(words === '' ? [] : [`  ${label}: ${words}`]),
    ...file.remarks.map((remark) => style.faint(logLine(`  ${remark}`))),
    ...(failure === undefined ? [] : [style.bad(`  ${failureInWords(file, failure.message)}`)]),
  ];
}

/** Most messages name their file's content themselves. */
function failureInWords({ name }: FileResult, message: string): string {
  return logLine(message.startsWith(name) ? message : `${name}: ${message}`);
}

function some(list: readonly unknown[], one: string, many?: string): string {
  return list.length === 0 ? '' : counted(list.length, one, many);
}
