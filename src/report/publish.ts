import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../io/clock.ts';
import { annotationsOf } from './annotations.ts';
import { planSummary } from './comment.ts';
import { type Console, consoleOf } from './console.ts';
import { logLine } from './escape.ts';
import { reportJson } from './json.ts';
import { createLog, type RunLog, runLog, styleOf } from './log.ts';
import { outputsOf } from './outputs.ts';
import { page } from './page/page.ts';
import type { Result } from './result.ts';
import { summary } from './summary.ts';
import { addToSummary, setOutput } from './workflow-commands.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The log of a run on standard output. */
export function runnerLog(clock: Clock, env: Env): RunLog {
  return createLog(consoleOf(env), clock, styleOf(env, process.stdout.isTTY));
}

/**
 * Hands a result to the runner: the JSON report and a plan's page under `tempDir`, the outputs, the
 * closing lines of the log, the annotations, the job summary. A report that can not be written is a
 * warning: what the run came to counts more. Outside of a runner, the outputs and the summary have
 * nowhere to go.
 */
export async function publish(
  result: Result,
  { tempDir, env }: { readonly tempDir: string; readonly env: Env },
): Promise<void> {
  const console = consoleOf(env);
  const json = await attempt(console, 'the JSON report', () =>
    writeReport(tempDir, 'wix-cms-report.json', reportJson(result)),
  );
  const html =
    result.command === 'plan'
      ? await attempt(console, 'the report page', () =>
          writeReport(tempDir, 'wix-cms-report.html', page(result)),
        )
      : undefined;
  const { GITHUB_OUTPUT: outputFile, GITHUB_STEP_SUMMARY: summaryFile } = env;
  if (outputFile) {
    const outputs = outputsOf(result, { reportJson: json ?? '', reportHtml: html ?? '' });
    await attempt(console, 'the outputs', async () => {
      for (const [name, value] of Object.entries(outputs)) setOutput(outputFile, name, value);
    });
  }
  console.info(runLog(result, styleOf(env, process.stdout.isTTY)));
  for (const annotation of annotationsOf(result)) console.annotate(annotation);
  if (summaryFile) {
    await attempt(console, 'the job summary', async () =>
      addToSummary(summaryFile, summaryOf(result)),
    );
  }
}

function summaryOf(result: Result): string {
  return result.command === 'plan' ? planSummary(result) : summary(result);
}

const batchLength = 1 << 18;

async function writeReport(
  folder: string,
  name: string,
  pieces: Iterable<string>,
): Promise<string> {
  const file = join(folder, name);
  await mkdir(folder, { recursive: true });
  await writeFile(file, inBatches(pieces));
  return file;
}

/** A write for every piece would take longer than the pieces themselves. */
function* inBatches(pieces: Iterable<string>): Generator<string> {
  let batch = '';
  for (const piece of pieces) {
    batch += piece;
    if (batch.length < batchLength) continue;
    yield batch;
    batch = '';
  }
  yield batch;
}

async function attempt<T>(
  console: Console,
  name: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    console.warning(logLine(`Can not write ${name}: ${wordsOf(error)}`));
    return undefined;
  }
}

/**
 * What is said of a run that threw what is no failure: that the action has a defect, and where to
 * report it.
 *
 * @param repository the action's own, `owner/name`, as `GITHUB_ACTION_REPOSITORY` gives it.
 */
export function defectLine(error: unknown, repository = ''): string {
  const where =
    repository === ''
      ? "the issues of the action's repository"
      : `https://github.com/${repository}/issues`;
  return `This is a defect of the action, not of the content: ${wordsOf(error)}. Please report it at ${where}, with the log of a run with debug logging.`;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** The stack of an error and those of its causes, for a debug log. */
export function stackLines(error: unknown): readonly string[] {
  const lines: string[] = [];
  const seen = new Set<unknown>();
  for (let each = error; each instanceof Error && !seen.has(each); each = each.cause) {
    const stack = each.stack ?? wordsOf(each);
    lines.push(...(seen.size === 0 ? stack : `Caused by ${stack}`).split('\n'));
    seen.add(each);
  }
  return lines;
}
