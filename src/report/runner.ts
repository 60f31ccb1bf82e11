import * as core from '@actions/core';
import type { Place } from '../errors.ts';
import type { Annotation } from './annotations.ts';

/** Takes what a run says: harmless texts, and lines without their ends. */
export interface Runner {
  info(line: string): void;
  warning(line: string): void;
  debug(line: string): void;
  startGroup(title: string): void;
  endGroup(): void;
  annotate(annotation: Annotation): void;
  /** Keeps a text out of the log. */
  mask(secret: string): void;
  setOutput(name: string, value: string): void;
  addToSummary(text: string): Promise<void>;
}

type Env = Readonly<Record<string, string | undefined>>;

/** The runner of a workflow's step; outside of a workflow, plain lines. */
export function runnerOf(env: Env): Runner {
  const { GITHUB_OUTPUT: outputs, GITHUB_STEP_SUMMARY: summary } = env;
  return {
    ...(env.GITHUB_ACTIONS === 'true' ? commands : terminal(core.info, env.RUNNER_DEBUG === '1')),
    setOutput(name, value) {
      if (outputs) core.setOutput(name, value);
    },
    async addToSummary(text) {
      if (summary) await core.summary.addRaw(text).write();
    },
  };
}

/**
 * A runner without a place for outputs and a summary.
 *
 * @internal
 */
export type Console = Omit<Runner, 'setOutput' | 'addToSummary'>;

const annotators = { error: core.error, warning: core.warning, notice: core.notice };

const commands: Console = {
  info: core.info,
  warning: (line) => core.warning(line),
  debug: core.debug,
  startGroup: core.startGroup,
  endGroup: core.endGroup,
  annotate({ level, title, message, place }) {
    annotators[level](message, { title, ...(place && propertiesOf(place)) });
  },
  mask: core.setSecret,
};

function propertiesOf({ file, line, column }: Place): core.AnnotationProperties {
  if (line === undefined) return { file };
  return { file, startLine: line, ...(column !== undefined && { startColumn: column }) };
}

/**
 * Plain lines. A command to mask a secret would show it.
 *
 * @internal
 */
export function terminal(print: (line: string) => void, debugs: boolean): Console {
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
