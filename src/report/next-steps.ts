import { code, htmlText } from './escape.ts';
import { counted, orphanWords, returnedWords } from './phrases.ts';
import type { FileResult, Result } from './result.ts';
import { isActive } from './sections.ts';

/** What a person may do after a run, and may want to know: sentences in HTML, the pressing first. */
export function nextSteps(result: Result): readonly string[] {
  const { pullRequest } = result;
  const steps = [
    remedy(result),
    pullRequest && reviewWords(pullRequest),
    committed(result),
    hasWritten(result) && result.backupDirectory !== undefined
      ? 'The rows as they were before this import are in the folder that the output <code>backup-directory</code> names: a later step can keep it.'
      : undefined,
  ];
  return [...steps.flatMap((step) => step ?? []), ...sums(result)];
}

function reviewWords({ number, url, overLimits }: NonNullable<Result['pullRequest']>): string {
  const draft = overLimits
    ? ' It is a draft, because it removes more rows than the limits allow.'
    : '';
  return `Review the pull request <a href="${htmlText(url)}">${number}</a>.${draft}`;
}

/** Whether an import may have changed anything on the site. */
function hasWritten({ files }: Result): boolean {
  return files.some(
    ({ changes, mismatches, losses, failure }) =>
      [changes.length, mismatches.length, losses.length].some((count) => count > 0) ||
      failure !== undefined,
  );
}

/** Where to find what came into git; `undefined` where nothing did, or a pull request has it. */
function committed({ command, commit, branch, pullRequest }: Result): string | undefined {
  if (commit === undefined || pullRequest !== undefined) return undefined;
  const subject = command === 'import' ? 'The ids of the new rows are' : 'All of this is';
  const where = branch === undefined ? '' : ` on ${code(branch)}`;
  return `${subject} in the commit ${code(commit.slice(0, 12))}${where}.`;
}

/** What mends a run; `undefined` where the failure's own message says it. */
function remedy(result: Result): string | undefined {
  const { command, failureReason, files } = result;
  const has = (list: (file: FileResult) => readonly unknown[]) =>
    files.some((file) => list(file).length > 0);
  if (command === 'export' && has(({ conflicts }) => conflicts)) {
    return "Git and the site both changed the cells below, and the files keep git's values. To take the site's, run the export with the input <code>on-conflict</code> set to <code>cms</code>.";
  }
  if (has(({ losses }) => losses)) {
    return 'Put back in the CMS what the import has lost: the log and the JSON report have it.';
  }
  if (has(({ rejections }) => rejections)) {
    const rest = has(({ changes }) => changes) ? ' All the others have arrived.' : '';
    return `Correct the rejected rows in git: the next import tries them again.${rest}`;
  }
  switch (failureReason) {
    case 'verify-mismatch':
      return mismatchRemedy(files);
    case 'validation':
      return 'Correct the errors below in the files.';
    case 'timeout':
    case 'job-failed':
      return 'Run it again: what has arrived is not sent twice.';
    default:
      return undefined;
  }
}

function mismatchRemedy(files: readonly FileResult[]): string {
  const mismatches = files.flatMap((file) => file.mismatches);
  return mismatches.length > 0 && mismatches.every(({ hint }) => hint !== undefined)
    ? 'What to do stands beside the cells below.'
    : "Compare the rows below with the CMS. If the site's value is right, copy it into the file; otherwise the next import tries again, or reports a conflict.";
}

/** What no row of the report shows. */
function sums({ command, files }: Result): readonly string[] {
  const quiet = files.filter((file) => !isActive(file)).length;
  const orphans = files.reduce((sum, file) => sum + file.orphans, 0);
  const omitted = files.reduce((sum, file) => sum + file.omittedFields, 0);
  return [
    ...(quiet === 0 ? [] : [`${counted(quiet, 'file')} had nothing to do.`]),
    ...(orphans === 0
      ? []
      : [command === 'export' ? returnedWords(orphans) : orphanWords(orphans)]),
    ...(omitted === 0
      ? []
      : [
          `${counted(omitted, 'field')} of the CMS ${omitted === 1 ? 'is' : 'are'} not in the CSV files: the schema files beside them say which and why.`,
        ]),
  ];
}
