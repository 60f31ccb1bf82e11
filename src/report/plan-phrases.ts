import { countsOf } from '../content/change.ts';
import { countOf, type FileReport, fileReports, type Kind, kinds, passedLimits } from './danger.ts';
import { counted, numberInWords, orphanWords, reasonInWords, withoutName } from './phrases.ts';
import type { FileResult, Result } from './result.ts';

/** How a channel writes content inside a sentence. */
type Write = (content: string) => string;

/** Whether a plan is of a pull request; else it is of what git holds anyway, as for a drift check. */
export function isProposal({ commitPlanned }: Result): boolean {
  return commitPlanned !== undefined;
}

/** What a plan comes to, in one line that needs no knowledge of git or CSV. */
export function planHeadline(result: Result, write: Write): string {
  const { status, failureReason } = result;
  if (status !== 'failed') return mergeSentence(result, 'changes', write);
  const reason = reasonInWords(result);
  if (failureReason === 'verify-mismatch') {
    return `${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}`;
  }
  if (isProposal(result)) return `Not ready to merge: ${reason}`;
  const stops = ['validation', 'conflict', 'limit'].includes(failureReason ?? '');
  return `${stops ? 'An import would stop' : 'Plan failed'}: ${reason}`;
}

/** `Merging this changes 3 products and adds 1`; without a pull request, `An import would change …`. */
export function mergeSentence(
  result: Result,
  mood: 'changes' | 'would change',
  write: Write,
): string {
  const active = result.files.filter(({ changes }) => changes.length > 0);
  const verbs = isProposal(result) && mood === 'changes' ? indicative : conditional;
  const subject = isProposal(result) ? 'Merging this' : 'An import';
  const parts = active.length <= 3 ? active.map((file) => fileWords(file, verbs, write)) : [];
  const words = parts.length > 0 ? parts.join('; ') : sumWords(active, verbs);
  return `${subject} ${verbs.auxiliary}${active.length === 0 ? verbs.nothing : words}`;
}

interface Verbs {
  readonly auxiliary: '' | 'would ';
  readonly changed: string;
  readonly added: string;
  readonly removed: string;
  /** Before a row that leaves git alone. */
  readonly kept: string;
  readonly nothing: string;
}

const indicative: Verbs = {
  auxiliary: '',
  changed: 'changes',
  added: 'adds',
  removed: 'removes',
  kept: 'takes',
  nothing: 'changes nothing on the site',
};

const conditional: Verbs = {
  auxiliary: 'would ',
  changed: 'change',
  added: 'add',
  removed: 'remove',
  kept: 'take',
  nothing: 'change nothing on the site',
};

function fileWords(file: FileResult, verbs: Verbs, write: Write): string {
  const noun = nounOf(file, write);
  const { changed, added, removed } = countsOf(file.changes);
  return sentenceOf(
    [
      { count: changed, verb: verbs.changed },
      { count: added, verb: verbs.added },
      { count: removed, ...goneWords(file.deletes === 'keep', verbs) },
    ],
    noun,
  );
}

function sumWords(files: readonly FileResult[], verbs: Verbs): string {
  const counts = countsOf(files.flatMap(({ changes }) => changes));
  const kept = files.every(({ deletes }) => deletes === 'keep');
  const words = sentenceOf(
    [
      { count: counts.changed, verb: verbs.changed },
      { count: counts.added, verb: verbs.added },
      { count: counts.removed, ...goneWords(kept, verbs) },
    ],
    { one: 'row', many: 'rows' },
  );
  return `${words}, in ${counted(files.length, 'file')}`;
}

function goneWords(isKept: boolean, verbs: Verbs) {
  return isKept
    ? { verb: verbs.kept, tail: ' out of git, but not off the site' }
    : { verb: verbs.removed };
}

interface Noun {
  readonly one: string;
  readonly many: string;
}

/** The first count carries the noun: `changes 3 products, adds 1 and removes 2`. */
function sentenceOf(
  parts: readonly { readonly count: number; readonly verb: string; readonly tail?: string }[],
  { one, many }: Noun,
): string {
  const words = parts
    .filter(({ count }) => count > 0)
    .map(({ count, verb, tail = '' }, i) => {
      const number = i === 0 ? counted(count, one, many) : numberInWords(count);
      return `${verb} ${number}${tail}`;
    });
  return inALine(words);
}

/** `a`, `a and b`, `a, b and c`. */
function inALine(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** A plain plural such as `products` is a word of its own; every other name stands beside one. */
function nounOf({ name, sources }: FileResult, write: Write): Noun {
  if (sources !== undefined) return { one: 'translation', many: 'translations' };
  if (/^[A-Z]?[a-z]{2,20}s$/.test(name) && !/(?:[isu]|ie|new|[^e]a|[sxz]e|[cs]he)s$/.test(name)) {
    const many = name.toLowerCase();
    return { one: many.slice(0, -1), many };
  }
  return { one: `row of ${write(name)}`, many: `rows of ${write(name)}` };
}

/** What a reader must see before the rows: one sentence each, the pressing first. */
export function dangersOf(result: Result, write: Write): readonly string[] {
  const reports = fileReports(result);
  const sum = (kind: Kind) => reports.reduce((total, report) => total + countOf(report, kind), 0);
  const { conflict, error } = { conflict: sum('conflict'), error: sum('error') };
  return [
    ...(conflict === 0
      ? []
      : [
          `${counted(conflict, 'cell')} ${conflict === 1 ? 'was' : 'were'} changed both in git and on the site, to different values. An import stops there. To keep the site's value, write it into the file; to keep git's, run the import with the input <code>on-conflict</code> set to <code>git</code>.`,
        ]),
    ...deletionWords(result.files),
    ...passedLimits(result).map((each) => `Over the limits: ${write(each.message)}`),
    ...result.files.flatMap(({ name, failure }) =>
      failure === undefined ? [] : [`${write(name)}: ${write(withoutName(name, failure.message))}`],
    ),
    ...(error === 0
      ? []
      : [
          `${counted(error, 'error')} in the files must be corrected before ${isProposal(result) ? 'the merge' : 'an import'}.`,
        ]),
    ...result.files.flatMap((file) => columnDangers(file, write)),
  ];
}

function deletionWords(files: readonly FileResult[]): readonly string[] {
  const gone = removedFrom(files, (file) => file.deletes !== 'keep');
  return gone === 0 ? [] : [`${counted(gone, 'item')} will be deleted from the site.`];
}

/** Of rows that leave git and whose items stay: the next export brings them back. */
function keptWords(files: readonly FileResult[]): readonly string[] {
  const kept = removedFrom(files, (file) => file.deletes === 'keep');
  if (kept === 0) return [];
  const [rows, items, them] =
    kept === 1
      ? ['row leaves', 'its item stays', 'it']
      : ['rows leave', 'their items stay', 'them'];
  const words = `${numberInWords(kept)} ${rows} git, but ${items} on the site, and the next export brings ${them} back.`;
  const isCollection =
    removedFrom(files, ({ deletes, sources }) => deletes === 'keep' && !sources) > 0;
  return isCollection
    ? [`${words} To delete items of a collection, set <code>deletes: apply</code> for it.`]
    : [words];
}

function removedFrom(files: readonly FileResult[], counts: (file: FileResult) => boolean): number {
  return countsOf(files.filter(counts).flatMap(({ changes }) => changes)).removed;
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
      : [`In ${write(name)}, a column was renamed, but no field of the CMS: ${inALine(pairs)}.`]),
  ];
}

/** `column a`, `columns a and b`; of very many the first ones. */
function columnWords(columns: readonly string[], write: Write): string {
  const noun = columns.length === 1 ? 'column' : 'columns';
  const shown = columns.slice(0, namedColumns).map(write);
  const hidden = columns.length - shown.length;
  const names = hidden > 0 ? [...shown, `${numberInWords(hidden)} more`] : shown;
  return `${noun} ${inALine(names)}`;
}

/** What is good to know beside the rows: one sentence each. */
export function notesOf({ files, warnings }: Result, write: Write): readonly string[] {
  const sum = (count: (file: FileResult) => number) =>
    files.reduce((total, file) => total + count(file), 0);
  const drift = sum((file) => file.drift.length);
  const pending = sum((file) => file.pending.length);
  const orphans = sum((file) => file.orphans);
  const caughtUp = sum((file) => file.caughtUp?.length ?? 0);
  return [
    ...keptWords(files),
    ...(drift === 0
      ? []
      : [
          `${counted(drift, 'row')} ${drift === 1 ? 'was' : 'were'} edited on the site since git and the site last agreed. An import leaves these edits alone; an export brings them to git.`,
        ]),
    ...files.flatMap(({ name, columns }) =>
      columns === undefined || columns.added.length === 0
        ? []
        : [`${write(name)} has the new ${columnWords(columns.added, write)}.`],
    ),
    ...(pending === 0
      ? []
      : [
          `${counted(pending, 'row')} from earlier merges ${pending === 1 ? 'has' : 'have'} not reached the site yet; the next import brings ${pending === 1 ? 'it' : 'them'} along.`,
        ]),
    ...(caughtUp === 0
      ? []
      : [
          `${counted(caughtUp, 'row')} ${caughtUp === 1 ? 'comes' : 'come'} from the site: the merge brings git up to date and does not change ${caughtUp === 1 ? 'it' : 'them'} there.`,
        ]),
    ...(orphans === 0 ? [] : [orphanWords(orphans)]),
    ...warnings.map(write),
  ];
}

/** Headings of what there is to say of a row. */
export const kindTitles: Readonly<Record<Kind, string>> = {
  conflict: 'Conflicts',
  removed: 'Removed',
  error: 'Errors',
  warning: 'Warnings',
  drift: 'Edited on the site',
  changed: 'Changed',
  added: 'Added',
  pending: 'Pending',
  'caught-up': 'Already on the site',
};

const kindNouns: Readonly<Record<Kind, readonly [one: string, many: string]>> = {
  conflict: ['conflict', 'conflicts'],
  removed: ['removed row', 'removed rows'],
  error: ['error', 'errors'],
  warning: ['warning', 'warnings'],
  drift: ['row edited on the site', 'rows edited on the site'],
  changed: ['changed row', 'changed rows'],
  added: ['added row', 'added rows'],
  pending: ['pending row', 'pending rows'],
  'caught-up': ['row already on the site', 'rows already on the site'],
};

/** `2 conflicts and 1,204 changed rows`; empty where all counts are 0. */
export function kindCounts(countIn: (kind: Kind) => number): string {
  const words = kinds.flatMap((kind) => {
    const count = countIn(kind);
    return count === 0 ? [] : [counted(count, ...kindNouns[kind])];
  });
  return inALine(words);
}

/** The numbers of one file, for a table with a column per kind. */
export function countsRowOf(report: FileReport): readonly number[] {
  return kinds.map((kind) => countOf(report, kind));
}
