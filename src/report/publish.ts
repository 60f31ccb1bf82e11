import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { annotationsOf } from './annotations.ts';
import { summary } from './comment.ts';
import { logLine } from './escape.ts';
import { reportJson } from './json.ts';
import { runLog, type Style } from './log.ts';
import { outputsOf } from './outputs.ts';
import { page } from './page/page.ts';
import type { Result } from './result.ts';
import type { Runner } from './runner.ts';
import type { Redact } from './secrets.ts';

interface Publishing {
  readonly runner: Runner;
  readonly style: Style;
  readonly redact: Redact;
  /** The folder for the JSON report and a plan's page. */
  readonly tempDir: string;
}

/** Hands a result to the runner in all its forms. One that cannot be written is a warning. */
export async function publish(
  full: Result,
  { runner, style, redact, tempDir }: Publishing,
): Promise<void> {
  const result = redact(full);
  const { command, badge } = result;
  const attempt = (name: string, work: () => Promise<void>) =>
    work().catch((error: unknown) => {
      runner.warning(logLine(redact(`Cannot write ${name}: ${wordsOf(error)}`)));
    });
  const reports = { 'report-json': '', 'report-html': '', 'badge-json': '' };
  const write = (output: keyof typeof reports, name: string, pieces: Iterable<string>) =>
    attempt(name, async () => {
      const file = join(tempDir, `wix-cms-${output.replace('-', '.')}`);
      await mkdir(tempDir, { recursive: true });
      await pipeline(pieces, createWriteStream(file));
      reports[output] = file;
    });
  await write('report-json', 'the JSON report', reportJson(result));
  if (command === 'plan') await write('report-html', 'the report page', page(result));
  // As shields.io reads it.
  const shield = { schemaVersion: 1, label: 'Wix backup', ...badge };
  if (badge !== undefined) await write('badge-json', 'the badge', [`${JSON.stringify(shield)}\n`]);
  await attempt('the outputs', async () => {
    for (const [name, value] of Object.entries(outputsOf(result, reports))) {
      runner.setOutput(name, value);
    }
  });
  runner.info(runLog(result, style));
  for (const annotation of annotationsOf(result)) runner.annotate(annotation);
  await attempt('the job summary', () => runner.addToSummary(summary(result)));
}

/**
 * The message for an error that is no failure.
 *
 * @param repository the action's own, `owner/name`, as in `GITHUB_ACTION_REPOSITORY`.
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
