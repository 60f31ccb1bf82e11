import { countsOf } from '../content/change.ts';
import { isLimit } from '../content/limits.ts';
import { entriesOf } from './entries.ts';
import { code, htmlText } from './escape.ts';
import { isProposal, type Write } from './headline.ts';
import { errorsIn, type FileResult, type Result } from './result.ts';
import { counted, inALine, numberInWords } from './text.ts';

/** What a reader must see before the rows: one sentence each, in HTML, the pressing first. */
export function dangersOf(result: Result, write: Write): readonly string[] {
  const limits = result.findings.filter(({ rule }) => isLimit(rule));
  return [
    ...(result.command === 'plan' ? [...conflictWords(result), ...deletionWords(result)] : []),
    ...limits.map(({ message }) => `Over the limits: ${write(message)}`),
    ...result.files.flatMap(({ name, failure }) =>
      failure === undefined ? [] : [withName(name, failure.message, write)],
    ),
    ...(result.command === 'plan' ? errorWords(result) : []),
    ...result.files.flatMap((file) => columnDangers(file, write)),
  ];
}

/** What is good to know beside the rows, what to do before what is: one sentence each, in HTML. */
export function notesOf(result: Result, write: Write): readonly string[] {
  const notes = result.command === 'plan' ? planNotes(result, write) : stepsAfter(result);
  return [...notes, ...result.warnings.map(write)];
}

/** A failure's message, which may begin with the name of its content, after that name. */
function withName(name: string, message: string, write: Write): string {
  const words = message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message;
  return `${write(name)}: ${write(words)}`;
}

function sumOf({ files }: Result, count: (file: FileResult) => number): number {
  return files.reduce((total, file) => total + count(file), 0);
}

function conflictWords(result: Result): readonly string[] {
  const count = sumOf(result, ({ conflicts }) => conflicts.length);
  if (count === 0) return [];
  const was = count === 1 ? 'was' : 'were';
  return [
    `${counted(count, 'cell')} ${was} changed both in git and on the site, to different values. An import leaves such a row alone. To keep the site's value, write it into the file; to keep git's, run the import with the input <code>on-conflict</code> set to <code>git</code>.`,
  ];
}

function deletionWords(result: Result): readonly string[] {
  const gone = removedFrom(result, ({ deletes }) => deletes !== 'keep');
  return gone === 0 ? [] : [`${counted(gone, 'item')} will be deleted from the site.`];
}

function removedFrom({ files }: Result, counts: (file: FileResult) => boolean): number {
  return countsOf(files.filter(counts).flatMap(({ changes }) => changes)).removed;
}

function errorWords(result: Result): readonly string[] {
  const errors = errorsIn(result);
  const when = isProposal(result) ? 'the merge' : 'an import';
  return errors === 0 ? [] : [`Correct ${counted(errors, 'error')} in the files before ${when}.`];
}

const namedColumns = 10;

function columnDangers({ name, columns }: FileResult, write: Write): readonly string[] {
  const { dropped = [], renamed = [] } = columns ?? {};
  const pairs = renamed.map(({ from, to }) => `${write(from)} to ${write(to)}`);
  return [
    ...(dropped.length === 0
      ? []
      : [
          `${write(name)} no longer has the ${columnWords(dropped, write)}. The site keeps the values, but git does not.`,
        ]),
    ...(pairs.length === 0
      ? []
      : [
          `In ${write(name)}, a column was renamed, but the field of the CMS was not: ${inALine(pairs)}.`,
        ]),
  ];
}

/** `column a`, `columns a and b`; of very many the first ones. */
function columnWords(columns: readonly string[], write: Write): string {
  const noun = columns.length === 1 ? 'column' : 'columns';
  const shown = columns.slice(0, namedColumns).map(write);
  const hidden = columns.length - shown.length;
  return `${noun} ${inALine(hidden > 0 ? [...shown, `${numberInWords(hidden)} more`] : shown)}`;
}

function planNotes(result: Result, write: Write): readonly string[] {
  const drift = sumOf(result, (file) => file.drift.length);
  const pending = sumOf(result, (file) => file.pending.length);
  const caughtUp = sumOf(result, (file) => file.caughtUp?.length ?? 0);
  const them = (count: number) => (count === 1 ? 'it' : 'them');
  return [
    ...keptWords(result),
    ...(drift === 0
      ? []
      : [
          `${counted(drift, 'row')} ${drift === 1 ? 'was' : 'were'} edited on the site since git and the site last agreed. An import leaves these edits alone; an export brings them to git.`,
        ]),
    ...result.files.flatMap(({ name, columns }) =>
      columns === undefined || columns.added.length === 0
        ? []
        : [`${write(name)} has the new ${columnWords(columns.added, write)}.`],
    ),
    ...(pending === 0
      ? []
      : [
          `${counted(pending, 'row')} from earlier merges ${pending === 1 ? 'has' : 'have'} not reached the site yet. The next import writes ${them(pending)}, too.`,
        ]),
    ...(caughtUp === 0
      ? []
      : [
          `${counted(caughtUp, 'row')} ${caughtUp === 1 ? 'comes' : 'come'} from the site. The merge brings git up to date, and does not change ${them(caughtUp)} there.`,
        ]),
    ...orphanWords(result),
  ];
}

/** Of rows that leave git and whose items stay: the next export brings them back. */
function keptWords(result: Result): readonly string[] {
  const kept = removedFrom(result, ({ deletes }) => deletes === 'keep');
  if (kept === 0) return [];
  const isCollection =
    removedFrom(result, ({ deletes, sources }) => deletes === 'keep' && !sources) > 0;
  const advice = ' To delete items of a collection, set <code>deletes: apply</code> for it.';
  const words =
    kept === 1
      ? '1 row leaves git, but its item stays on the site, and the next export brings it back.'
      : `${numberInWords(kept)} rows leave git, but their items stay on the site, and the next export brings them back.`;
  return [`${words}${isCollection ? advice : ''}`];
}

function orphanWords(result: Result): readonly string[] {
  const count = sumOf(result, ({ orphans }) => orphans);
  const one = count === 1;
  if (count === 0) return [];
  if (result.command !== 'export') {
    return [
      `${counted(count, 'row')} left git earlier, and ${one ? 'its item is' : 'their items are'} still on the site.`,
    ];
  }
  return [
    `${counted(count, 'row')} that left git ${one ? 'is' : 'are'} back, because ${one ? 'its item is' : 'their items are'} still on the site.`,
  ];
}

/** What a person may do after an export or an import, and may want to know. */
function stepsAfter(result: Result): readonly string[] {
  const { pullRequest, backupDirectory, files } = result;
  const active = new Set(entriesOf(result).map(({ file }) => file));
  const quiet = files.filter((file) => !active.has(file)).length;
  const omitted = sumOf(result, (file) => file.omittedFields);
  return [
    ...remedy(result),
    ...(pullRequest === undefined ? [] : [reviewWords(pullRequest)]),
    ...commitWords(result),
    ...(backupDirectory === undefined || !hasWritten(result)
      ? []
      : [
          'The output <code>backup-directory</code> names the folder with the rows as they were before this import. A later step can keep it.',
        ]),
    ...(quiet === 0 ? [] : [`${counted(quiet, 'file')} had nothing to do.`]),
    ...orphanWords(result),
    ...(omitted === 0
      ? []
      : [
          `${counted(omitted, 'field')} of the CMS ${omitted === 1 ? 'is' : 'are'} not in the CSV files. The schema files beside them say which, and why.`,
        ]),
  ];
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
      failure !== undefined || changes.length + mismatches.length + losses.length > 0,
  );
}

/** Where to find what came into git, unless a pull request has it. */
function commitWords({ command, commit, branch, pullRequest }: Result): readonly string[] {
  if (commit === undefined || pullRequest !== undefined) return [];
  const subject = command === 'import' ? 'The ids of the new rows are' : 'All of this is';
  const where = branch === undefined ? '' : ` on ${code(branch)}`;
  return [`${subject} in the commit ${code(commit.slice(0, 12))}${where}.`];
}

/** What to do about a run that did not bring everything; nothing where its failure says it. */
function remedy(result: Result): readonly string[] {
  const { command, failureReason } = result;
  const has = (list: (file: FileResult) => readonly unknown[]) =>
    result.files.some((file) => list(file).length > 0);
  if (command === 'export' && has(({ conflicts }) => conflicts)) {
    return [
      "Git and the site both changed the cells below, and the files keep git's values. To take the site's, run the export with the input <code>on-conflict</code> set to <code>cms</code>.",
    ];
  }
  if (has(({ losses }) => losses)) {
    return ['Restore the lost values in the CMS. The log and the JSON report have them.'];
  }
  if (has(({ rejections }) => rejections)) {
    const rest = has(({ changes }) => changes) ? ' All the others have arrived.' : '';
    return [`Correct the rejected rows in git. The next import tries them again.${rest}`];
  }
  switch (failureReason) {
    case 'verify-mismatch':
      return [mismatchRemedy(result)];
    case 'validation':
      return ['Correct the errors below in the files.'];
    case 'timeout':
    case 'job-failed':
      return ['Run it again. What has arrived is not sent twice.'];
    default:
      return [];
  }
}

function mismatchRemedy({ files }: Result): string {
  const mismatches = files.flatMap((file) => file.mismatches);
  return mismatches.length > 0 && mismatches.every(({ hint }) => hint !== undefined)
    ? 'The cells below say what to do.'
    : "Compare the rows below with the CMS. If the site's value is right, copy it into the file; otherwise the next import tries again, or reports a conflict.";
}
