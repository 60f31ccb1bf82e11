import type { Age } from '../content/last-export.ts';
import type { Clock } from '../io/clock.ts';
import type { StepLog } from '../io/log.ts';
import { countIn, errorKinds, type Group, groupsOf, kindCounts } from './entries.ts';
import { logLine } from './escape.ts';
import { headline } from './headline.ts';
import type { Result } from './result.ts';
import type { Runner } from './runner.ts';
import type { Redact } from './secrets.ts';
import { durationInWords, joined, shorten, spanInWords } from './text.ts';

const looks = { bold: [1, 22], good: [32, 39], bad: [31, 39], faint: [90, 39] } as const;

/** Gives a text its look, or leaves it alone where colours are off. */
export type Style = (text: string, look?: keyof typeof looks) => string;

/** @internal */
export const plain: Style = (text) => text;

const colourful: Style = (text, look) => {
  if (look === undefined) return text;
  const [on, off] = looks[look];
  return `\u001B[${on}m${text}\u001B[${off}m`;
};

/** Colours where they are wanted: `FORCE_COLOR`, `NO_COLOR`, GitHub's log, else a terminal. */
export function styleOf(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): Style {
  const { FORCE_COLOR: force, NO_COLOR: no, GITHUB_ACTIONS: actions } = env;
  const isColourful = force ? force !== '0' : !no && (actions === 'true' || isTerminal);
  return isColourful ? colourful : plain;
}

/** A step that took so many milliseconds is mentioned even if it said nothing. */
const longStep = 2_000;

/** A log in which no line is a workflow command, or shows a secret or how an address was signed. */
export function createLog(runner: Runner, redact: Redact, clock: Clock, style: Style): StepLog {
  const line = (text: string) => logLine(redact(text));
  let silentStep: string | undefined;
  const open = () => {
    if (silentStep !== undefined) runner.startGroup(line(silentStep));
    silentStep = undefined;
  };
  const info = (text: string, look?: 'faint') => {
    open();
    runner.info(style(line(text), look));
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
      silentStep = title;
      try {
        return await work();
      } finally {
        const took = clock.now() - start;
        if (silentStep === undefined || took >= longStep) {
          info(`took ${durationInWords(took)}`, 'faint');
          runner.endGroup();
        }
        silentStep = undefined;
      }
    },
  };
}

/** The closing lines of a run. They only count; the annotations that follow say what is wrong where. */
export function runLog(result: Result, style: Style = plain): string {
  const { command, status, failureReason, commit, branch, pullRequest } = result;
  // An import commits nothing but the ids that new rows got on the site.
  const what = command === 'import' ? ' with the ids of new rows' : '';
  const end = status === 'failed' || failureReason !== undefined ? 'bad' : 'good';
  const where = branch === undefined ? '' : ` on ${branch}`;
  return joined('\n', [
    style(style(logLine(shorten(headline(result, String), 1_000)), 'bold'), end),
    failureReason && `  failure-reason: ${failureReason}`,
    ...groupsOf(result).flatMap((group) => groupLines(group, style)),
    commit && logLine(`  commit${what}: ${commit.slice(0, 12)}${where}`),
    pullRequest && logLine(`  pull request${what}: ${pullRequest.url}`),
    ageLine('export', result.lastExport, style),
    ageLine('drill', result.lastDrill, style),
  ]);
}

function ageLine(what: string, last: Age | undefined, style: Style): string | undefined {
  return last && style(`  last ${what} before this run: ${spanInWords(last.age)} ago`, 'faint');
}

function groupLines(group: Group, style: Style): readonly string[] {
  const { name, entries } = group;
  const counts = kindCounts((kind) => (kind === 'failure' ? 0 : countIn([group], kind)));
  const look = [...errorKinds].some((kind) => entries.has(kind)) ? 'bad' : undefined;
  const failures = (entries.get('failure') ?? []).map(({ words = '' }) =>
    words.startsWith(name) ? words : `${name}: ${words}`,
  );
  const lines = counts === '' ? failures : [`${name}: ${counts}`, ...failures];
  return lines.map((line) => style(`  ${logLine(line)}`, look));
}
