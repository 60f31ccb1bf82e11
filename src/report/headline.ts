import type { Counts } from '../content/change.ts';
import type { FailureReason } from '../errors.ts';
import { code } from './escape.ts';
import { countOf, countsIn, errorsIn, type FileResult, type Result, totals } from './result.ts';
import { capitalized, counted, inALine, inNumber, joined, numberInWords } from './text.ts';

/** How a report writes content inside a sentence. */
export type Write = (content: string) => string;

/** What a run did, in one line that needs no knowledge of git or CSV. */
export function headline(result: Result, write: Write): string {
  const { badge, command, status, files } = result;
  if (command === 'plan') return planHeadline(result, write);
  const what = badge === undefined ? command : 'drill';
  const done = joined('; ', [
    changesInWords(files, 'past', write),
    rejectedInWords(files),
    status !== 'failed' && inNumber(countOf(files, 'conflicts'), '# {conflict|conflicts}'),
  ]);
  switch (status) {
    case 'failed': {
      const before = done === '' ? '' : `. Done before that: ${done}`;
      return `${capitalized(what)} failed: ${reasonInWords(result)}${before}`;
    }
    case 'partial': {
      const some = countOf(files, 'changes') > 0;
      return `${some ? 'Imported in part' : 'Not imported'}: ${done || reasonInWords(result)}`;
    }
    case 'unchanged':
      return `Nothing to ${what}: ${nothingNew(result)}`;
    case 'success': {
      const [success, quiet] = successes[what];
      return `${success}: ${done || quiet}`;
    }
  }
}

/** What went well, and what there is to say of it if no row changed. */
const successes = {
  export: ['Exported', 'only columns or the layout of the files changed'],
  import: ['Imported', 'no row changed'],
  restore: ['Restored in a pull request', 'only the layout of the files'],
  drill: ['Drill passed', 'all files came back as they were'],
} as const;

function nothingNew({ command, files }: Result): string {
  if (command === 'import') return 'git has nothing new';
  if (command === 'restore')
    return 'the files are the same as then. To see edits that only the site has, run a plan with the input reconcile set to all';
  return `the site has nothing new${inNumber(countOf(files, 'conflicts'), ' but # {conflict|conflicts}')}`;
}

function planHeadline(result: Result, write: Write): string {
  const { status, failureReason, files } = result;
  if (status !== 'failed') return capitalized(mergeSentence(result, write));
  const reason = reasonInWords(result);
  if (failureReason === 'verify-mismatch') return capitalized(reason);
  if (isProposal(result)) return `Not ready to merge: ${reason}`;
  if (failureReason === 'conflict') {
    return `An import would leave ${counted(totals(files).conflicting, 'row')} alone: ${reason}`;
  }
  const isImports = failureReason === 'validation' || failureReason === 'limit';
  return `${isImports ? 'An import would fail' : 'Plan failed'}: ${reason}`;
}

/** Whether a plan is of a pull request, or of the branch, as for a drift check. */
export function isProposal({ commitPlanned }: Result): boolean {
  return commitPlanned !== undefined;
}

/** `merging this changes 3 products and adds 1`; if that is not sure, `an import would change …`. */
function mergeSentence(result: Result, write: Write): string {
  const isSure = isProposal(result) && result.status !== 'failed';
  const subject = `${isProposal(result) ? 'merging this' : 'an import'}${isSure ? '' : ' would'}`;
  const words = changesInWords(result.files, isSure ? 'present' : 'conditional', write);
  return `${subject} ${words || `change${isSure ? 's' : ''} nothing on the site`}`;
}

/** The lines below the headline of a run that failed, in HTML: what a plan would change, and why it does not. */
export function failureWords(result: Result, length: number): readonly string[] {
  const { command, status, failureMessage, files } = result;
  const wouldChange = command === 'plan' && status === 'failed' && countOf(files, 'changes') > 0;
  return [
    ...(wouldChange ? [`${capitalized(mergeSentence(result, (name) => code(name, 80)))}.`] : []),
    ...(failureMessage === undefined ? [] : [code(failureMessage, length)]),
  ];
}

/** `3 products changed`, `changes 3 products`, `change 3 products`. */
type Tense = 'past' | 'present' | 'conditional';

/** The changes of up to three files, each with its noun, or the sums of all; empty if nothing changed. */
function changesInWords(files: readonly FileResult[], tense: Tense, write: Write): string {
  const active = files.filter(({ changes }) => changes.length > 0);
  const isKept = ({ deletes }: FileResult) => deletes === 'keep';
  if (active.length <= 3) {
    return active
      .map((file) => sentenceOf(countsIn(file), isKept(file), tense, nounOf(file, write)))
      .join('; ');
  }
  const words = sentenceOf(totals(active), active.every(isKept), tense, ['row', 'rows']);
  return `${words}, in ${counted(active.length, 'file')}`;
}

type Noun = readonly [one: string, many: string];

const verbs = { changed: 'change', added: 'add', removed: 'remove' } as const;

/** The first count has the noun: `changes 3 products, adds 1 and removes 2`. */
function sentenceOf(counts: Counts, areKept: boolean, tense: Tense, noun: Noun): string {
  const kinds = (['changed', 'added', 'removed'] as const).filter((kind) => counts[kind] > 0);
  const words = kinds.map((kind, i) => {
    const rows = i === 0 ? counted(counts[kind], ...noun) : numberInWords(counts[kind]);
    if (tense === 'past') return `${rows} ${kind}`;
    const verb = kind === 'removed' && areKept ? 'take' : verbs[kind];
    return `${verb}${tense === 'present' ? 's' : ''} ${rows}`;
  });
  const leavesGitAlone = areKept && counts.removed > 0 && tense !== 'past';
  return `${inALine(words)}${leavesGitAlone ? ' out of git, but not off the site' : ''}`;
}

/** `products` is a plural that a sentence can use as it is; other names are `rows of news`. */
function nounOf({ name, sources }: FileResult, write: Write): Noun {
  if (sources !== undefined) return ['translation', 'translations'];
  if (/^[A-Z]?[a-z]{2,20}s$/.test(name) && !/(?:[isu]|ie|new|[^e]a|[sxz]e|[cs]he)s$/.test(name)) {
    const many = name.toLowerCase();
    return [many.slice(0, -1), many];
  }
  return [`row of ${write(name)}`, `rows of ${write(name)}`];
}

function rejectedInWords(files: readonly FileResult[]): string {
  return inNumber(countOf(files, 'rejections'), 'Wix rejected # {row|rows}');
}

const reasons: Readonly<Record<FailureReason, string>> = {
  config: 'the configuration needs a correction',
  auth: 'Wix or GitHub did not accept the credentials',
  validation: 'a file has errors',
  conflict: 'git and the site changed the same cells',
  limit: 'it would change or delete more rows than the limits allow',
  'plan-changed': 'the changes are not those that the plan showed',
  'job-failed': 'a job on the site failed',
  partial: 'the site took only some of the rows',
  'verify-mismatch': 'the site does not have what it was sent',
  timeout: 'it took longer than timeout-minutes allows',
  cancelled: 'it was cancelled',
  api: 'a request to Wix, GitHub or the runner failed',
};

/** Why a run failed, in the words of the headline. */
export function reasonInWords(result: Result): string {
  const { failureReason = 'partial' } = result;
  return countedReason(failureReason, result) || reasons[failureReason];
}

/** The same with what there is to count, if there is. */
function countedReason(reason: FailureReason, { command, files, findings }: Result): string {
  const conflicts = files.flatMap((file) => file.conflicts);
  const isKnown = conflicts.some(({ base, column }) => base !== undefined || column === undefined);
  switch (reason) {
    case 'validation':
      return inNumber(errorsIn({ findings }), 'the files have # {error|errors}');
    case 'conflict':
      return inNumber(
        conflicts.length,
        isKnown
          ? 'git and the site both changed # {cell|cells}'
          : 'git and the site differ in # {cell|cells}, and no record says who changed {it|them}',
      );
    case 'partial':
      return rejectedInWords(files);
    case 'verify-mismatch': {
      if (command === 'plan') return 'the site was edited since git and the site last agreed';
      const lost = 'the site lost # {value|values} that the import does not carry';
      const other = 'the site stored # {cell|cells} differently than {it was|they were} sent';
      return (
        inNumber(countOf(files, 'losses'), lost) || inNumber(countOf(files, 'mismatches'), other)
      );
    }
    default:
      return '';
  }
}
