import type { Counts } from '../content/change.ts';
import { countsIn, errorsIn, type FileResult, type Result, totals } from './result.ts';
import { counted, inALine, numberInWords } from './text.ts';

/** How a report writes content inside a sentence. */
export type Write = (content: string) => string;

/** What a run came to, in one line that needs no knowledge of git or CSV. */
export function headline(result: Result, write: Write): string {
  const { badge, command, status, files } = result;
  if (command === 'plan') return planHeadline(result, write);
  const words = outcomeWords[badge === undefined ? command : 'drill'];
  const done = doneInWords(result, write);
  if (status === 'failed') {
    const failed = `${words.failed}: ${reasonInWords(result)}`;
    return done === '' ? failed : `${failed}. Done before that: ${done}`;
  }
  if (status === 'partial') {
    const some = files.some(({ changes }) => changes.length > 0);
    return `${some ? 'Imported in part' : 'Not imported'}: ${done || partlyWords}`;
  }
  if (status === 'unchanged') return `${words.unchanged}: ${nothingNew(result)}`;
  return done === '' ? words.quiet : `${words.done}: ${done}`;
}

/** The same for the end of a log, after the command: its status, and why it is that. */
export function verdict(result: Result): string {
  const { command, status, failureReason, files } = result;
  if (failureReason !== undefined) {
    const reason = failureReason === 'partial' ? '' : ` (${failureReason})`;
    return `failed${reason}: ${reasonInWords(result)}`;
  }
  if (command === 'plan') {
    const sentence = mergeSentence(result, 'changes', (name) => name);
    return `${status}: ${sentence.slice(0, 1).toLowerCase()}${sentence.slice(1)}`;
  }
  switch (status) {
    case 'partial':
      return `partial: ${rejectedInWords(totals(files).rejected) || partlyWords}`;
    case 'unchanged':
      return `unchanged: ${nothingNew(result)}`;
    case 'success':
    case 'failed':
      return status;
  }
}

const outcomeWords = {
  export: {
    done: 'Exported',
    failed: 'Export failed',
    quiet: 'Exported: only the layout of the files changed',
    unchanged: 'Nothing to export',
  },
  import: {
    done: 'Imported',
    failed: 'Import failed',
    quiet: 'Imported: no row changed',
    unchanged: 'Nothing to import',
  },
  restore: {
    done: 'Restored in a pull request',
    failed: 'Restore failed',
    quiet: 'Restored in a pull request: only the layout of the files',
    unchanged: 'Nothing to restore',
  },
  drill: {
    done: 'Drill',
    failed: 'The drill failed',
    quiet: 'The drill went well: all files came back as they were',
    unchanged: 'Nothing to drill',
  },
} as const;

const partlyWords = 'the site took only some of the rows';

function nothingNew({ command, files }: Result): string {
  if (command === 'import') return 'git has nothing new';
  if (command === 'restore')
    return 'the files are what they were then. A plan with the input reconcile set to all shows what was edited on the site alone';
  const conflicts = sumOf(files, (file) => file.conflicts);
  return `the site has nothing new${conflicts === 0 ? '' : ` but ${counted(conflicts, 'conflict')}`}`;
}

function doneInWords({ command, files }: Result, write: Write): string {
  const conflicts = command === 'export' ? sumOf(files, (file) => file.conflicts) : 0;
  const rejected = rejectedInWords(totals(files).rejected);
  const rest = [rejected, conflicts === 0 ? '' : counted(conflicts, 'conflict')];
  return [changesInWords(files, passive, write), ...rest].filter((part) => part !== '').join('; ');
}

function planHeadline(result: Result, write: Write): string {
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

/** Whether a plan is of a pull request; else it is of what git holds anyway, as for a drift check. */
export function isProposal({ commitPlanned }: Result): boolean {
  return commitPlanned !== undefined;
}

/** `Merging this changes 3 products and adds 1`; without a pull request, `An import would change …`. */
export function mergeSentence(
  result: Result,
  mood: 'changes' | 'would change',
  write: Write,
): string {
  const isSure = isProposal(result) && mood === 'changes';
  const subject = `${isProposal(result) ? 'Merging this' : 'An import'}${isSure ? '' : ' would'}`;
  const words = changesInWords(result.files, isSure ? indicative : conditional, write);
  return `${subject} ${words || `change${isSure ? 's' : ''} nothing on the site`}`;
}

/** How a sentence speaks of changes. */
interface Voice {
  readonly changed: string;
  readonly added: string;
  readonly removed: string;
  /** Of rows that leave git alone; `undefined` where that is no news. */
  readonly kept: string | undefined;
  readonly phrase: (verb: string, rows: string) => string;
}

const active = (verb: string, rows: string) => `${verb} ${rows}`;

const indicative: Voice = {
  changed: 'changes',
  added: 'adds',
  removed: 'removes',
  kept: 'takes',
  phrase: active,
};

const conditional: Voice = {
  changed: 'change',
  added: 'add',
  removed: 'remove',
  kept: 'take',
  phrase: active,
};

const passive: Voice = {
  changed: 'changed',
  added: 'added',
  removed: 'removed',
  kept: undefined,
  phrase: (verb, rows) => `${rows} ${verb}`,
};

/** Few files each with its noun, many in sums; empty where nothing changed. */
function changesInWords(files: readonly FileResult[], voice: Voice, write: Write): string {
  const active = files.filter(({ changes }) => changes.length > 0);
  if (active.length <= 3) {
    return active
      .map((file) =>
        sentenceOf(countsIn(file), file.deletes === 'keep', voice, nounOf(file, write)),
      )
      .join('; ');
  }
  const kept = active.every(({ deletes }) => deletes === 'keep');
  const words = sentenceOf(totals(active), kept, voice, { one: 'row', many: 'rows' });
  return `${words}, in ${counted(active.length, 'file')}`;
}

interface Noun {
  readonly one: string;
  readonly many: string;
}

/** The first count has the noun: `changes 3 products, adds 1 and removes 2`. */
function sentenceOf(
  { changed, added, removed }: Counts,
  isKept: boolean,
  voice: Voice,
  { one, many }: Noun,
): string {
  const kept = isKept ? voice.kept : undefined;
  const parts = [
    { count: changed, verb: voice.changed },
    { count: added, verb: voice.added },
    { count: removed, verb: kept ?? voice.removed },
  ].filter(({ count }) => count > 0);
  const words = parts.map(({ count, verb }, i) =>
    voice.phrase(verb, i === 0 ? counted(count, one, many) : numberInWords(count)),
  );
  return `${inALine(words)}${kept !== undefined && removed > 0 ? ' out of git, but not off the site' : ''}`;
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

function rejectedInWords(count: number): string {
  return count === 0 ? '' : `Wix rejected ${counted(count, 'row')}`;
}

function sumOf(files: readonly FileResult[], list: (file: FileResult) => readonly unknown[]) {
  return files.reduce((sum, file) => sum + list(file).length, 0);
}

/** Why a run failed, for whoever reads the first line only. */
export function reasonInWords(result: Result): string {
  const { command, failureReason, files } = result;
  switch (failureReason) {
    case 'config':
      return 'the configuration needs a correction';
    case 'auth':
      return 'Wix or GitHub did not accept the credentials';
    case 'validation': {
      const errors = errorsIn(result);
      return errors === 0 ? 'a file has errors' : `the files have ${counted(errors, 'error')}`;
    }
    case 'conflict':
      return conflictInWords(files);
    case 'limit':
      return 'it would change or delete more rows than the limits allow';
    case 'plan-changed':
      return 'the changes are not those that the plan showed';
    case 'job-failed':
      return 'a job on the site failed';
    case 'partial':
      return rejectedInWords(totals(files).rejected) || partlyWords;
    case 'verify-mismatch':
      return command === 'plan'
        ? 'the site was edited since git and the site last agreed'
        : differenceInWords(files);
    case 'timeout':
      return 'it took longer than timeout-minutes allows';
    case 'cancelled':
      return 'it was cancelled';
    case 'api':
    case undefined:
      return 'Wix, GitHub or the runner did not do what they were asked';
  }
}

function differenceInWords(files: readonly FileResult[]): string {
  const losses = sumOf(files, (file) => file.losses);
  if (losses > 0) return `the site lost ${counted(losses, 'value')} that the import does not carry`;
  const mismatches = sumOf(files, (file) => file.mismatches);
  if (mismatches === 0) return 'the site does not hold what it was sent';
  const they = mismatches === 1 ? 'it was' : 'they were';
  return `the site stored ${counted(mismatches, 'cell')} differently than ${they} sent`;
}

function conflictInWords(files: readonly FileResult[]): string {
  const conflicts = files.flatMap((file) => file.conflicts);
  if (conflicts.length === 0) return 'git and the site changed the same cells';
  const cells = counted(conflicts.length, 'cell');
  const isKnown = conflicts.some(({ base, column }) => base !== undefined || column === undefined);
  if (isKnown) return `git and the site both changed ${cells}`;
  const them = conflicts.length === 1 ? 'it' : 'them';
  return `git and the site differ in ${cells}, and no record says who changed ${them}`;
}
