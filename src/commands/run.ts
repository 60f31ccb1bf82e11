import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Config, Content } from '../config/config.ts';
import { CsvError } from '../csv/errors.ts';
import type { Environment } from '../environment.ts';
import { Failure } from '../errors.ts';
import type { GitHub } from '../github/client.ts';
import type { Clock } from '../io/clock.ts';
import type { StepLog } from '../io/log.ts';
import type { Redact } from '../report/secrets.ts';
import type { Git } from '../repository/run-git.ts';
import type { Job } from '../wix/wire.ts';

/** What every command works with, besides its own inputs. */
export interface Run {
  readonly config: Config;
  readonly environment: Environment;
  /** The checked-out repository's top folder. */
  readonly workspace: string;
  /** A folder for this run alone, under the runner's temp folder. */
  readonly temp: string;
  /** `undefined` outside a git repository. */
  readonly git: Git | undefined;
  /** Connects to GitHub when that is first needed, so that other runs start lean. */
  readonly github: () => Promise<GitHub>;
  readonly clock: Clock;
  readonly log: StepLog;
  /** Removes the secrets of the run from a text; the log does so by itself. */
  readonly redact: Redact;
  /** Called with the state of the jobs, each time they are asked for. */
  readonly onProgress: (jobs: readonly Job[]) => void;
  /** Aborts when the run is cancelled. */
  readonly signal: AbortSignal;
}

/** A run in a git repository. */
export type GitRun = Run & { readonly git: Git };

/** What a content is called in messages: a collection's id, or a localization's languages. */
export function nameOf(content: Content): string {
  return content.kind === 'collection'
    ? content.id
    : `localization ${content.languages.join(', ')}`;
}

/**
 * The failure of one file, which does not stop the others. Rethrows what stops the whole run: a defect of
 * the action, a cancellation, a key that the site does not accept.
 */
export function failureOf(error: unknown, content: Content): Failure {
  if (!(error instanceof Failure)) throw error;
  if (['cancelled', 'timeout', 'auth'].includes(error.reason)) throw error;
  if (!(error instanceof CsvError)) return error;
  const { reason, message, place } = error;
  return new Failure(reason, `${nameOf(content)}: ${message}`, { place, cause: error });
}

/** Asks the first time, and gives the same answer from then on. */
export function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}

/**
 * Works on entries one after the other. Reading a file blocks the process, so a cancellation is looked for
 * before each entry.
 */
export async function oneByOne<Entry, Answer>(
  { signal }: Pick<Run, 'signal'>,
  entries: readonly Entry[],
  work: (entry: Entry) => Answer | Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const entry of entries) {
    await nextTurn();
    signal.throwIfAborted();
    answers.push(await work(entry));
  }
  return answers;
}
