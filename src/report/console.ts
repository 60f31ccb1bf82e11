import type { Annotation } from './annotations.ts';
import type { LineSink } from './log.ts';
import { command } from './workflow-commands.ts';

/** Where all lines of a run go, and what else its reader is told. */
export interface Console extends LineSink {
  /** Marks a line of a file, or the run, in the colour of the level. */
  annotate(annotation: Annotation): void;
  /** Keeps a text out of the log. */
  mask(secret: string): void;
}

type Env = Readonly<Record<string, string | undefined>>;

/** The runner's log in a step of a workflow, else plain lines for whoever started the action. */
export function consoleOf(env: Env): Console {
  return env.GITHUB_ACTIONS === 'true' ? runner : terminal(env.RUNNER_DEBUG === '1');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The runner reads these, and shows none of them as they are. */
const runner: Console = {
  info: print,
  warning: (line) => print(command('warning', {}, line)),
  debug: (line) => print(command('debug', {}, line)),
  startGroup: (title) => print(command('group', {}, title)),
  endGroup: () => print(command('endgroup', {}, '')),
  annotate({ level, title, message, place }) {
    const { file, line, column } = place ?? {};
    const col = line === undefined ? undefined : column;
    print(command(level, { title, file, line, col }, message));
  },
  mask: (secret) => print(command('add-mask', {}, secret)),
};

/** Nobody reads commands here: to mask a secret would be to show it. */
function terminal(debugs: boolean): Console {
  let indent = '';
  const say = (line: string) => print(`${indent}${line}`);
  return {
    info: say,
    warning: (line) => say(`warning: ${line}`),
    debug: (line) => debugs && say(`debug: ${line}`),
    startGroup(title) {
      say(title);
      indent = '  ';
    },
    endGroup() {
      indent = '';
    },
    annotate: ({ level, message }) => print(`${level}: ${message}`),
    mask() {},
  };
}
