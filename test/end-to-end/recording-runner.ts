import type { Variables } from '../../src/action.ts';
import { type Console, type Runner, terminal } from '../../src/report/runner.ts';

/** What a runner was told. */
interface Told {
  /** The log as it is printed, with the workflow commands in it. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** A runner that keeps what it is told: workflow commands, or the lines of a terminal. */
export function recordingRunner(variables: Variables): {
  readonly runner: Runner;
  readonly told: () => Told;
} {
  const lines: string[] = [];
  const outputs: Record<string, string> = {};
  let summary = '';
  const print = (line: string) => void lines.push(line);
  const isStep = variables.GITHUB_ACTIONS === 'true';
  const runner: Runner = {
    ...(isStep ? workflowCommands(print) : terminal(print, variables.RUNNER_DEBUG === '1')),
    setOutput(name, value) {
      outputs[name] = value;
    },
    async addToSummary(text) {
      summary += text;
    },
  };
  return { runner, told: () => ({ log: `${lines.join('\n')}\n`, outputs, summary }) };
}

/** Prints what `@actions/core` prints, which writes to the process's own output alone. */
function workflowCommands(print: (line: string) => void): Console {
  const command = (name: string, message: string, properties = '') =>
    print(`::${name}${properties}::${escaped(message)}`);
  return {
    info: print,
    warning: (line) => command('warning', line),
    debug: (line) => command('debug', line),
    startGroup: (title) => command('group', title),
    endGroup: () => command('endgroup', ''),
    mask: (secret) => command('add-mask', secret),
    annotate({ level, title, message, place: { file, line, column } = {} }) {
      const given = Object.entries({ title, file, line, col: line && column })
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${name}=${escapedProperty(String(value))}`);
      command(level, message, ` ${given.join(',')}`);
    },
  };
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
