import type { Counts } from '../content/change.ts';
import type { Finding } from '../content/rules/finding.ts';
import { faultsIn } from './danger.ts';
import type { FileResult, Result } from './result.ts';
import { countsIn, totals } from './result.ts';

const decimal = new Intl.NumberFormat('en-US');

/** A number for people: `1,234`. */
export function numberInWords(count: number): string {
  return decimal.format(count);
}

/** `1 row`, `1,234 rows`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${numberInWords(count)} ${count === 1 ? one : many}`;
}

/** What is said of rows that are not in git any more and whose items stay. */
export function orphanWords(count: number): string {
  const items = count === 1 ? 'its item still lives' : 'their items still live';
  return `${counted(count, 'row')} left git earlier, and ${items} in the CMS.`;
}

/** What is said of rows that left git and that an export has brought back. */
export function returnedWords(count: number): string {
  const [are, items] = count === 1 ? ['is', 'its item is'] : ['are', 'their items are'];
  return `${counted(count, 'row')} that left git ${are} back, because ${items} still on the site.`;
}

/** Milliseconds for people: `4 s`, `1 min 12 s`. */
export function durationInWords(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `2 rows changed, 1 added`; empty where nothing changed. */
export function countsInWords({ changed, added, removed }: Counts): string {
  const parts = [
    { count: changed, verb: 'changed' },
    { count: added, verb: 'added' },
    { count: removed, verb: 'removed' },
  ].filter(({ count }) => count > 0);
  return parts
    .map(({ count, verb }, i) =>
      i === 0 ? `${counted(count, 'row')} ${verb}` : `${numberInWords(count)} ${verb}`,
    )
    .join(', ');
}

/** `1 row was rejected by Wix`; empty where none was. */
export function rejectedInWords(count: number): string {
  if (count === 0) return '';
  return `${counted(count, 'row')} ${count === 1 ? 'was' : 'were'} rejected by Wix`;
}

/**
 * What an export or an import came to, in one line that needs no knowledge of git or CSV.
 *
 * @param name how the channel writes the name of a file's content.
 */
export function headline(result: Result, name: (name: string) => string): string {
  const { status, files } = result;
  const words = wordsFor(result.command);
  const done = doneInWords(result, name);
  if (status === 'failed') {
    const failed = `${words.failed}: ${reasonInWords(result)}`;
    return done === '' ? failed : `${failed}. Done before that: ${done}`;
  }
  if (status === 'partial') {
    const some = files.some(({ changes }) => changes.length > 0);
    return `${some ? 'Imported in part' : 'Not imported'}: ${done || partlyWords}`;
  }
  if (done !== '' && status !== 'unchanged') return `${words.done}: ${done}`;
  return status === 'unchanged' ? `${words.unchanged}${nothingNew(result)}` : words.quiet;
}

/** The same for the end of a log, after the command: its status, and why it is that. */
export function verdictInWords(result: Result): string {
  const { status, failureReason, files } = result;
  if (failureReason !== undefined) {
    const reason = failureReason === 'partial' ? '' : ` (${failureReason})`;
    return `failed${reason}: ${reasonInWords(result)}`;
  }
  switch (status) {
    case 'partial':
      return `partial: ${rejectedInWords(totals(files).rejected) || partlyWords}`;
    case 'unchanged':
      return `unchanged: ${nothingNew(result)}`;
    default:
      return status;
  }
}

const exportWords = {
  done: 'Exported',
  failed: 'Export failed',
  quiet: 'Exported: only the layout of the files changed',
  unchanged: 'Nothing to export: ',
} as const;

const importWords = {
  done: 'Imported',
  failed: 'Import failed',
  quiet: 'Imported: no row changed',
  unchanged: 'Nothing to import: ',
} as const;

const restoreWords = {
  done: 'Restored in a pull request',
  failed: 'Restore failed',
  quiet: 'Restored in a pull request: only the layout of the files',
  unchanged: 'Nothing to restore: ',
} as const;

function wordsFor(command: Result['command']) {
  if (command === 'restore') return restoreWords;
  return command === 'export' ? exportWords : importWords;
}

const partlyWords = 'the site took only some of the rows';

function nothingNew({ command, files }: Result): string {
  if (command === 'import') return 'git has nothing new';
  if (command === 'restore') return 'the files are what they were then';
  const conflicts = sumOf(files, (file) => file.conflicts);
  const but = conflicts === 0 ? '' : ` but ${counted(conflicts, 'conflict')}`;
  return `the site has nothing new${but}`;
}

/** Few files by their names, many in sums. */
function doneInWords({ command, files }: Result, name: (name: string) => string): string {
  const conflicts = command === 'export' ? sumOf(files, (file) => file.conflicts) : 0;
  const active = files.filter(({ changes }) => changes.length > 0);
  const { rejected, ...sums } = totals(files);
  const words =
    active.length <= 3
      ? active.map((file) => `${name(file.name)} — ${countsInWords(countsIn(file))}`)
      : [`${countsInWords(sums)}, in ${counted(active.length, 'file')}`];
  const rest = [rejectedInWords(rejected), conflicts === 0 ? '' : counted(conflicts, 'conflict')];
  return [...words, ...rest].filter((part) => part !== '').join('; ');
}

function sumOf(files: readonly FileResult[], list: (file: FileResult) => readonly unknown[]) {
  return files.reduce((sum, file) => sum + list(file).length, 0);
}

/** Why a run failed, for whoever reads the first line only. */
export function reasonInWords(result: Result): string {
  const { command, failureReason, files } = result;
  const { rejected } = totals(files);
  const errors = faultsIn(result).filter(({ severity }) => severity === 'error').length;
  const mismatches = sumOf(files, (file) => file.mismatches);
  const losses = sumOf(files, (file) => file.losses);
  switch (failureReason) {
    case 'config':
      return 'the configuration needs a correction';
    case 'auth':
      return 'Wix or GitHub did not accept the credentials';
    case 'validation':
      return errors === 0 ? 'a file has errors' : `the files have ${counted(errors, 'error')}`;
    case 'conflict':
      return conflictInWords(files);
    case 'limit':
      return 'it would change or delete more rows than the limits allow';
    case 'plan-changed':
      return 'the changes are not those that the plan has shown';
    case 'job-failed':
      return 'a job on the site failed';
    case 'partial':
      return rejectedInWords(rejected) || partlyWords;
    case 'verify-mismatch':
      if (command === 'plan') return 'the site was edited since git and the site last agreed';
      if (losses > 0)
        return `the site lost ${counted(losses, 'value')} that the import does not carry`;
      return mismatches === 0
        ? 'the site does not hold what it was sent'
        : `the site stored ${counted(mismatches, 'cell')} differently than ${mismatches === 1 ? 'it was' : 'they were'} sent`;
    case 'timeout':
      return 'it took longer than timeout-minutes allows';
    case 'cancelled':
      return 'it was cancelled';
    case 'api':
    case undefined:
      return 'Wix or GitHub did not answer as expected';
  }
}

function conflictInWords(files: readonly FileResult[]): string {
  const conflicts = files.flatMap((file) => file.conflicts);
  if (conflicts.length === 0) return 'git and the site changed the same cells';
  const cells = counted(conflicts.length, 'cell');
  const isKnown = conflicts.some(({ base, column }) => base !== undefined || column === undefined);
  return isKnown
    ? `git and the site both changed ${cells}`
    : `git and the site differ in ${cells}, and no record tells who changed ${conflicts.length === 1 ? 'it' : 'them'}`;
}

/** What a failure says, without the name of the content that stands beside it. */
export function withoutName(name: string, message: string): string {
  return message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message;
}

/** What a finding says, without the place that its table or annotation shows beside it. */
export function wordsOf({ message, place: { file } }: Finding): string {
  if (!message.startsWith(file)) return message;
  return message.slice(file.length).replace(/^(?: line \d+)?(?:, character \d+)?: /, '');
}
