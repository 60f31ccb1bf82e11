import type { Counts } from '../content/change.ts';
import type { Finding } from '../content/validation/finding.ts';
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
 * What a run came to, in one line that needs no knowledge of git or CSV.
 *
 * @param name how the channel writes the name of a file's content.
 */
export function headline(result: Result, name: (name: string) => string): string {
  const { command, status, failureReason, files } = result;
  const done = doneInWords(files, name);
  if (status === 'failed') {
    const reason = reasonInWords(result);
    if (command === 'plan') {
      return failureReason === 'verify-mismatch' ? driftWords : `Not ready to merge: ${reason}`;
    }
    const failed = `${command === 'export' ? 'Export' : 'Import'} failed: ${reason}`;
    return done === '' ? failed : `${failed}. Done before that: ${done}`;
  }
  if (done !== '') return `${verbs[command].done}: ${done}`;
  return status === 'unchanged' ? verbs[command].unchanged : verbs[command].quiet;
}

/** The same for the end of a log, after the command: its status, and why it is that. */
export function verdictInWords(result: Result): string {
  const { command, status, failureReason, files } = result;
  if (failureReason !== undefined) {
    const reason = failureReason === status ? '' : ` (${failureReason})`;
    const words = status === 'partial' ? 'partial, and so failed' : status;
    return `${words}${reason}: ${reasonInWords(result)}`;
  }
  switch (status) {
    case 'partial':
      return `partial: ${rejectedInWords(totals(files).rejected) || 'the site took some of the rows only'}`;
    case 'unchanged':
      return `unchanged: ${nothing[command]}`;
    default:
      return status;
  }
}

const nothing = {
  export: 'the site has nothing new',
  plan: 'merging this changes nothing on the site',
  import: 'git has nothing new',
} as const;

const driftWords = 'The site was edited since git and the site last agreed';

const verbs = {
  export: {
    done: 'Exported',
    quiet: 'Exported: the layout of the files, no content',
    unchanged: 'Nothing to export: the site has nothing new',
  },
  plan: {
    done: 'Merging this changes the site',
    quiet: 'Merging this changes nothing on the site',
    unchanged: 'Merging this changes nothing on the site',
  },
  import: {
    done: 'Imported',
    quiet: 'Imported: no row changed',
    unchanged: 'Nothing to import: git has nothing new',
  },
} as const;

/** Few files by their names, many in sums. */
function doneInWords(files: readonly FileResult[], name: (name: string) => string): string {
  const active = files.filter(({ changes }) => changes.length > 0);
  const { rejected, ...sums } = totals(files);
  const words =
    active.length <= 3
      ? active.map((file) => `${name(file.name)} — ${countsInWords(countsIn(file))}`)
      : [`${countsInWords(sums)}, in ${counted(active.length, 'file')}`];
  return [...words, rejectedInWords(rejected)].filter((part) => part !== '').join('; ');
}

/** Why a run failed, for whoever reads the first line only. */
function reasonInWords({ failureReason, files, findings }: Result): string {
  const { rejected } = totals(files);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const conflicts = files.reduce((sum, file) => sum + file.conflicts.length, 0);
  const mismatches = files.reduce((sum, file) => sum + file.mismatches.length, 0);
  const losses = files.reduce((sum, file) => sum + file.losses.length, 0);
  switch (failureReason) {
    case 'config':
      return 'the configuration needs a correction';
    case 'auth':
      return 'Wix or GitHub did not accept the credentials';
    case 'validation':
      return errors === 0 ? 'a file has errors' : `the files have ${counted(errors, 'error')}`;
    case 'conflict':
      return conflicts === 0
        ? 'git and the site changed the same cells'
        : `git and the site both changed ${counted(conflicts, 'cell')}`;
    case 'limit':
      return 'more rows would change than the limits allow';
    case 'plan-changed':
      return 'the changes are not those that the plan has shown';
    case 'job-failed':
      return 'a job on the site failed';
    case 'partial':
      return rejectedInWords(rejected) || 'the site took some of the rows only';
    case 'verify-mismatch':
      if (losses > 0)
        return `the site lost ${counted(losses, 'value')} that the import does not carry`;
      return mismatches === 0
        ? 'the site does not hold what it was sent'
        : `the site holds ${counted(mismatches, 'cell')} otherwise than ${mismatches === 1 ? 'it was' : 'they were'} sent`;
    case 'timeout':
      return 'it took longer than timeout-minutes allows';
    case 'cancelled':
      return 'it was cancelled';
    case 'api':
    case undefined:
      return 'Wix or GitHub did not answer as expected';
  }
}

/** What a finding says, without the place that its table or annotation shows beside it. */
export function wordsOf({ message, place: { file } }: Finding): string {
  if (!message.startsWith(file)) return message;
  return message.slice(file.length).replace(/^(?: line \d+)?(?:, character \d+)?: /, '');
}
