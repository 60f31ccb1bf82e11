import { countsOf } from '../content/change.ts';
import { isLimit } from '../content/limits.ts';
import { entriesOf } from './entries.ts';
import { code, htmlText } from './escape.ts';
import { isProposal, type Write } from './headline.ts';
import { countOf, errorsIn, type FileResult, type Result, sumOf } from './result.ts';
import { inALine, inNumber, numberInWords } from './text.ts';
import { laterEditsInWords, undoInWords } from './undo-words.ts';

/** What a reader must see before the rows, in sentences of HTML, the most urgent first. */
export function dangersOf(result: Result, write: Write): readonly string[] {
  const { command, files, findings } = result;
  const isPlan = command === 'plan';
  const deleting = files.filter(({ deletes }) => deletes !== 'keep');
  const when = isProposal(result) ? 'the merge' : 'an import';
  return said([
    isPlan &&
      inNumber(
        countOf(files, 'conflicts'),
        "# {cell was|cells were} changed both in git and on the site, to different values. An import leaves such a row alone. To keep the site's value, write it into the file; to keep git's, run the import with the input <code>on-conflict</code> set to <code>git</code>.",
      ),
    isPlan && inNumber(removedFrom(deleting), '# {item|items} will be deleted from the site.'),
    ...findings
      .filter(({ rule }) => isLimit(rule))
      .map(({ message }) => `Over the limits: ${write(message)}`),
    ...files.map(({ name, failure }) => failure && withName(name, failure.message, write)),
    isPlan && inNumber(errorsIn(result), `Correct # {error|errors} in the files before ${when}.`),
    ...files.flatMap(({ name, undoes = [] }) =>
      undoes
        .filter(({ laterEdits }) => laterEdits.length > 0)
        .map((undo) => `${write(name)}: ${laterEditsInWords(undo)}`),
    ),
    ...files.map(
      ({ name, columns: { dropped = [] } = {} }) =>
        dropped.length > 0 &&
        `${write(name)} no longer has the ${columnWords(dropped, write)}${isPlan ? '. The site keeps the values, but git does not.' : ', because the site or the configuration leaves them out. Earlier commits have the values.'}`,
    ),
  ]);
}

/** What is good to know beside the rows, in sentences of HTML, first of all what to do. */
export function notesOf(result: Result, write: Write): readonly string[] {
  const notes = result.command === 'plan' ? planNotes(result, write) : stepsAfter(result);
  return said([...notes, ...result.warnings.map(write)]);
}

type Sentence = string | false | undefined;

function said(sentences: readonly Sentence[]): readonly string[] {
  return sentences.flatMap((each) => each || []);
}

/** The name of a content and the message of its failure, which may begin with that name. */
function withName(name: string, message: string, write: Write): string {
  const words = message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message;
  return `${write(name)}: ${write(words)}`;
}

function removedFrom(files: readonly FileResult[]): number {
  return sumOf(files, ({ changes }) => countsOf(changes).removed);
}

const namedColumns = 10;

/** `column a`, `columns a and b`; of many the first ones. */
export function columnWords(columns: readonly string[], write: Write): string {
  const shown = columns.slice(0, namedColumns).map(write);
  const hidden = columns.length - shown.length;
  const more = hidden > 0 ? [`${numberInWords(hidden)} more`] : [];
  return `column${columns.length === 1 ? '' : 's'} ${inALine([...shown, ...more])}`;
}

function planNotes(result: Result, write: Write): readonly Sentence[] {
  const { files } = result;
  return [
    ...files.flatMap((file) =>
      (file.undoes ?? []).map((undo) => `${write(file.name)}: ${undoInWords(file, undo)}.`),
    ),
    keptWords(files.filter(({ deletes }) => deletes === 'keep')),
    inNumber(
      countOf(files, 'drift'),
      '# {row was|rows were} edited on the site since git and the site last agreed. An import leaves these edits alone; an export brings them to git.',
    ),
    ...files.map(
      ({ name, columns: { added = [] } = {} }) =>
        added.length > 0 && `${write(name)} has the new ${columnWords(added, write)}.`,
    ),
    inNumber(
      countOf(files, 'pending'),
      '# {row from earlier merges has|rows from earlier merges have} not reached the site yet. The next import writes {it|them}, too.',
    ),
    inNumber(
      countOf(files, 'caughtUp'),
      '# {row comes|rows come} from the site. The merge brings git up to date, and does not change {it|them} there.',
    ),
    orphanWords(result),
  ];
}

function orphanWords({ command, files }: Result): Sentence {
  return inNumber(
    sumOf(files, ({ orphans }) => orphans),
    command === 'export'
      ? '# {row that left git is back, because its item is|rows that left git are back, because their items are} still on the site.'
      : '# {row left git earlier, and its item is|rows left git earlier, and their items are} still on the site.',
  );
}

/** Of rows that leave git and whose items stay on the site. */
function keptWords(files: readonly FileResult[]): Sentence {
  const words = inNumber(
    removedFrom(files),
    '# {row leaves git, but its item stays on the site, and the next export brings it|rows leave git, but their items stay on the site, and the next export brings them} back.',
  );
  const ofCollections = removedFrom(files.filter(({ sources }) => sources === undefined));
  const advice = ' To delete items of a collection, set <code>deletes: apply</code> for it.';
  return ofCollections === 0 ? words : `${words}${advice}`;
}

function stepsAfter(result: Result): readonly Sentence[] {
  const { pullRequest, backupDirectory, files } = result;
  const active = new Set(entriesOf(result).map(({ file }) => file));
  const hasWritten = files.some(
    ({ changes, mismatches, losses, failure }) =>
      failure !== undefined || changes.length + mismatches.length + losses.length > 0,
  );
  return [
    remedy(result),
    pullRequest ? reviewWords(pullRequest) : commitWords(result),
    hasWritten &&
      backupDirectory !== undefined &&
      'The output <code>backup-directory</code> names the folder with the rows as they were before this import. A later step can keep it.',
    inNumber(files.filter((file) => !active.has(file)).length, '# {file|files} had nothing to do.'),
    orphanWords(result),
    inNumber(
      sumOf(files, ({ omittedFields }) => omittedFields),
      '# {field of the CMS is|fields of the CMS are} not in the CSV files. The schema files beside them say which, and why.',
    ),
  ];
}

function reviewWords({ number, url, overLimits }: NonNullable<Result['pullRequest']>): string {
  const review = `Review the pull request <a href="${htmlText(url)}">${number}</a>.`;
  if (!overLimits) return review;
  return `${review} It is a draft, because it removes more rows than the limits allow.`;
}

function commitWords({ command, commit, branch }: Result): Sentence {
  const subject = command === 'import' ? 'The ids of the new rows are' : 'All of this is';
  const where = branch === undefined ? '' : ` on ${code(branch)}`;
  return commit && `${subject} in the commit ${code(commit.slice(0, 12))}${where}.`;
}

/** What to do about a run that left something out, unless its failure says so. */
function remedy({ command, failureReason, files }: Result): Sentence {
  if (command === 'export' && countOf(files, 'conflicts') > 0) {
    return "Git and the site both changed the cells below, and the files keep git's values. To take the site's, run the export with the input <code>on-conflict</code> set to <code>cms</code>.";
  }
  if (countOf(files, 'losses') > 0) {
    return 'Restore the lost values in the CMS. The log and the JSON report have them.';
  }
  if (countOf(files, 'rejections') > 0) {
    const rest = countOf(files, 'changes') > 0 ? ' All others have arrived.' : '';
    return `Correct the rejected rows in git. The next import tries them again.${rest}`;
  }
  if (failureReason === 'verify-mismatch') {
    return "Compare the rows below with the CMS. The next export brings the site's values to git. Where git's were right, edit them again in the CMS.";
  }
  if (failureReason === 'validation') return 'Correct the errors below in the files.';
  const isUnfinished = failureReason === 'timeout' || failureReason === 'job-failed';
  return isUnfinished && 'Run it again. It sends nothing twice.';
}
