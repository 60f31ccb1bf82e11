import { code, htmlText } from './escape.ts';
import { counted, orphanWords } from './phrases.ts';
import type { Result } from './result.ts';
import { isActive } from './sections.ts';

/** What a person may do after a run, and may want to know: sentences in HTML, the pressing first. */
export function nextSteps(result: Result): readonly string[] {
  const { pullRequest, backupDirectory, fingerprint } = result;
  const steps = [
    remedy(result),
    pullRequest &&
      `Review the pull request <a href="${htmlText(pullRequest.url)}">${pullRequest.number}</a>.`,
    committed(result),
    backupDirectory &&
      `The files as the site held them before this import are in ${code(backupDirectory)}; upload that folder as an artifact to keep them.`,
    fingerprint && `The fingerprint of these changes is ${code(fingerprint)}.`,
  ];
  return [...steps.flatMap((step) => step ?? []), ...sums(result)];
}

/** Where to find what came into git; `undefined` where nothing did, or a pull request has it. */
function committed({ command, commit, branch, pullRequest }: Result): string | undefined {
  if (commit === undefined || pullRequest !== undefined) return undefined;
  const subject = command === 'import' ? 'The ids of the new rows are' : 'All of this is';
  const where = branch === undefined ? '' : ` on ${code(branch)}`;
  return `${subject} in the commit ${code(commit.slice(0, 12))}${where}.`;
}

/** What mends a run; `undefined` where the failure's own message says it. */
function remedy({ command, status, failureReason, files }: Result): string | undefined {
  const rejected = files.some(({ rejections }) => rejections.length > 0);
  const losing = files.some(({ losses }) => losses.length > 0);
  const conflicting = files.some(({ conflicts }) => conflicts.length > 0);
  if (conflicting && command !== 'export') {
    return 'Take what the site has into git where it is to win, or import with the input <code>on-conflict</code> set to <code>git</code> or <code>cms</code>.';
  }
  if (losing) {
    return 'Put back in the CMS what the import has lost: the log and the JSON report have it.';
  }
  if (rejected) {
    const rest = status === 'partial' ? ' All the others have arrived.' : '';
    return `Correct the rejected rows in git: the next import tries them again.${rest}`;
  }
  switch (failureReason) {
    case 'verify-mismatch':
      return 'Compare the rows below with the CMS. What did not arrive is tried again by the next import; where the site holds another value, take that into git, or it is a conflict.';
    case 'validation':
      return 'Correct the errors below in the files.';
    case 'timeout':
    case 'job-failed':
      return 'Run it again: what has arrived is not sent twice.';
    default:
      return undefined;
  }
}

/** What no row of the report shows. */
function sums({ files }: Result): readonly string[] {
  const quiet = files.filter((file) => !isActive(file)).length;
  const orphans = files.reduce((sum, file) => sum + file.orphans, 0);
  const omitted = files.reduce((sum, file) => sum + file.omittedFields, 0);
  return [
    ...(quiet === 0 ? [] : [`${counted(quiet, 'file')} had nothing to do.`]),
    ...(orphans === 0 ? [] : [orphanWords(orphans)]),
    ...(omitted === 0
      ? []
      : [
          `${counted(omitted, 'field')} of the CMS ${omitted === 1 ? 'is' : 'are'} not in the CSV files: the schema files beside them say which and why.`,
        ]),
  ];
}
