import { dirname } from 'node:path/posix';
import type { CellChange, Change, Conflict } from '../content/change.ts';
import { isLimit } from '../content/limits.ts';
import type { Finding } from '../content/rules/finding.ts';
import type { FailureReason, Place } from '../errors.ts';
import { withNames } from './references.ts';
import { countOf, countsIn, type FileResult, type Result } from './result.ts';
import { counted, inALine, quoted } from './text.ts';
import { undoInWords } from './undo-words.ts';

interface Described {
  readonly title: string;
  readonly one: string;
  readonly many?: string;
  /** In its table: what the old and the new text of a cell are. */
  readonly sides?: readonly [old: string, new: string];
  /** The columns of a table that shows no sides. */
  readonly columns?: readonly [where: string, what: string];
}

/** What a report may say of a run, the most dangerous first. */
const described = {
  failure: { title: 'Failures', one: 'failure' },
  limit: { title: 'Over the limits', one: 'limit passed', many: 'limits passed' },
  conflict: { title: 'Conflicts', one: 'conflict', sides: ['In git', 'On the site'] },
  loss: { title: 'Lost in the import', one: 'lost value', sides: ['Before the import', 'Now'] },
  mismatch: {
    title: 'Stored differently than sent',
    one: 'cell stored differently',
    many: 'cells stored differently',
    sides: ['Sent', 'On the site'],
  },
  rejection: { title: 'Rejected by Wix', one: 'rejected row', columns: ['Row', 'What Wix says'] },
  removed: { title: 'Removed', one: 'removed row', columns: ['Row', 'What it held'] },
  error: { title: 'Errors', one: 'error', columns: ['Line', 'What is wrong'] },
  warning: { title: 'Warnings', one: 'warning', columns: ['Line', 'What may be wrong'] },
  note: { title: 'Notes', one: 'note' },
  undo: { title: 'Undone', one: 'earlier change undone', many: 'earlier changes undone' },
  drift: {
    title: 'Edited on the site',
    one: 'row edited on the site',
    many: 'rows edited on the site',
    sides: ['Last agreed', 'On the site'],
  },
  changed: { title: 'Changed', one: 'changed row', sides: ['Before', 'After'] },
  added: { title: 'Added', one: 'added row', columns: ['Row', 'Content'] },
  pending: { title: 'Pending', one: 'pending row', sides: ['On the site', 'In git'] },
  'caught-up': {
    title: 'Already on the site',
    one: 'row already on the site',
    many: 'rows already on the site',
    sides: ['In git before', 'On the site'],
  },
  remark: { title: 'Remarks', one: 'remark', columns: ['Line', 'Good to know'] },
} as const satisfies Readonly<Record<string, Described>>;

export type Kind = keyof typeof described;

export const kindWords: Readonly<Record<Kind, Described>> = described;

// Only the names that the object was written with are there.
const kinds = Object.keys(described) as Kind[];

/** The kinds that have a table; entries of the others are sentences about the run or a file. */
export const rowKinds = kinds.filter((kind) => columnsOf(kind).length > 0);

/** The header of a kind's table. */
export function columnsOf(kind: Kind): readonly string[] {
  const { sides, columns = [] } = kindWords[kind];
  if (sides === undefined) return columns;
  return ['Row', 'Field', ...(kind === 'conflict' ? ['Last agreed'] : []), ...sides];
}

/** The kinds that are errors, red in the log and among the annotations. */
export const errorKinds: ReadonlySet<Kind> = new Set([
  'failure',
  'limit',
  'conflict',
  'loss',
  'mismatch',
  'rejection',
  'error',
]);

/** A cell before and after; of a conflict, in git and on the site, and what both last agreed on. */
export interface EntryCell extends CellChange {
  readonly base?: string | undefined;
}

/** One thing to say of a row, a line, a file or the run. */
export interface Entry {
  readonly kind: Kind;
  /** `undefined`: about the run, or about a file without content, such as the configuration. */
  readonly file?: FileResult | undefined;
  readonly place?: Place | undefined;
  readonly key?: string | undefined;
  readonly cells?: readonly EntryCell[];
  /** What happened to the whole row, which then has these cells; empty if the kind says it. */
  readonly whole?: string;
  /** A sentence, which may hold content. */
  readonly words?: string | undefined;
  readonly finding?: Finding;
  readonly reason?: FailureReason | undefined;
}

/** All that there is to say of a run, the most dangerous first. */
export function entriesOf(result: Result): readonly Entry[] {
  const { files, failureMessage: words, failureReason: reason, failurePlace: place } = result;
  const entries: readonly Entry[] = [
    ...(words ? [{ kind: 'failure' as const, reason, place, words }] : []),
    ...files.flatMap(fileEntries),
    ...findingEntries(result),
    ...result.warnings.map((warning) => ({ kind: 'note' as const, words: warning })),
  ];
  return kinds.flatMap((kind) => entries.filter((entry) => entry.kind === kind));
}

function fileEntries(file: FileResult): readonly Entry[] {
  const { failure, references, caughtUp = [], undoes = [] } = file;
  const entry = (kind: Kind, about: Omit<Entry, 'kind'>): Entry => ({ kind, file, ...about });
  const ofChange = (kind: Kind, { kind: what, key, place, cells }: Change) =>
    entry(kind, {
      key,
      place,
      cells: references === undefined ? cells : cells.map((cell) => withNames(references, cell)),
      ...(what !== 'changed' && { whole: wholeRows[kind]?.[what] ?? '' }),
    });
  return [
    ...(failure === undefined ? [] : [failure]).map(({ reason, place, message: words }) =>
      entry('failure', { reason, place, words }),
    ),
    ...file.conflicts.map((conflict) => entry('conflict', conflictContent(conflict))),
    ...file.losses.map(({ key, place, field, held }) => {
      const cell =
        held.length === 0
          ? textCell(field, '(encrypted)', '(empty, or another value)')
          : textCell(field, held.join(', '), '');
      return entry('loss', { key, place, cells: [cell] });
    }),
    ...file.mismatches.map(({ key, place, field, sent, stored }) =>
      entry('mismatch', { key, place, cells: [textCell(field, sent, stored)] }),
    ),
    ...file.rejections.map(({ key, place, code, source, words }) => {
      const row = key === undefined ? `a row that Wix calls ${quoted(source)}: ` : '';
      return entry('rejection', { key, place, words: `${row}${code}: ${words}` });
    }),
    ...file.changes.map((change) => ofChange(change.kind, change)),
    ...undoes.map((undo) => entry('undo', { words: undoInWords(file, undo) })),
    ...undoes.flatMap(({ change, laterEdits }) =>
      laterEdits.map(({ key, place, field = 'the row', by }) => {
        const words = `${field} was edited since ${change}, in ${by}, and goes back too`;
        return entry('warning', { key, place, words });
      }),
    ),
    ...file.drift.map((change) => ofChange('drift', change)),
    ...file.pending.map((change) => ofChange('pending', change)),
    ...caughtUp.map((change) => ofChange('caught-up', change)),
    ...file.remarks.map((words) => entry('remark', { words })),
  ];
}

/** What happened to a row that exists on one side only, if its kind does not say it. */
const wholeRows: { readonly [Name in Kind]?: Readonly<Record<'added' | 'removed', string>> } = {
  drift: { added: 'Only on the site.', removed: 'Gone from the site.' },
  pending: { added: 'Not on the site yet.', removed: 'Removed in git.' },
  'caught-up': { added: 'On the site already.', removed: 'Gone from the site already.' },
};

function conflictContent({ key, place, column, base, git, cms }: Conflict): Omit<Entry, 'kind'> {
  if (column !== undefined) return { key, place, cells: [{ column, base, old: git, new: cms }] };
  const [ours, theirs] = [git, cms].map((text) => (text === undefined ? 'removed' : 'changed'));
  return { key, place, whole: `The row was ${ours} in git and ${theirs} on the site.` };
}

function textCell(field: string, old: string, next: string | undefined): EntryCell {
  return { column: { key: field, type: 'TEXT' }, old, new: next };
}

function findingEntries({ files, findings }: Result): readonly Entry[] {
  // A finding may be in a file, in its schema, or in one of its parts.
  const owners = new Map(
    files.flatMap((file) => {
      const stem = file.path.replace(/\.csv$/, '');
      return [file.path, `${stem}.schema.json`, stem].map((path) => [path, file] as const);
    }),
  );
  return findings.map((finding) => {
    const { severity, place, rule } = finding;
    const file = owners.get(place.file) ?? owners.get(dirname(place.file));
    const kind = isLimit(rule) ? 'limit' : severity;
    return { kind, file, place, words: withoutPlace(finding), finding };
  });
}

/** What a finding says, without its place, which a report shows beside it. */
function withoutPlace({ message, place: { file } }: Finding): string {
  if (!message.startsWith(file)) return message;
  return message.slice(file.length).replace(/^(?: line \d+)?(?:, character \d+)?: /, '');
}

/** A file with its entries, by kind. */
export interface Group {
  /** `undefined`: a file without content, such as the configuration. */
  readonly file: FileResult | undefined;
  readonly name: string;
  readonly entries: Map<Kind, Entry[]>;
}

/** The files that have entries or other columns, the most dangerous first. */
export function groupsOf(result: Result): readonly Group[] {
  const groups = new Map<FileResult | string, Group>();
  const groupOf = (file: FileResult | undefined, path = ''): Group => {
    const name = file?.name ?? path;
    const group = groups.get(file ?? path) ?? { file, name, entries: new Map() };
    groups.set(file ?? path, group);
    return group;
  };
  for (const entry of entriesOf(result)) {
    const { file, place, kind } = entry;
    if (!rowKinds.includes(kind) && (kind !== 'failure' || file === undefined)) continue;
    const { entries } = groupOf(file, place?.file);
    entries.set(kind, entries.get(kind) ?? []);
    entries.get(kind)?.push(entry);
  }
  for (const file of result.files) {
    if (Object.values(file.columns ?? {}).some((columns) => columns.length > 0)) groupOf(file);
  }
  return [...groups.values()];
}

/** How many entries of a kind these files have, including those that an export only counts. */
export function countIn(groups: readonly Group[], kind: Kind): number {
  return groups.reduce((sum, { file, entries }) => {
    const unlisted = kind === 'added' ? (file?.unlisted ?? 0) : 0;
    return sum + unlisted + (entries.get(kind)?.length ?? 0);
  }, 0);
}

/** The kinds that these files have entries of. */
export function usedKinds(groups: readonly Group[]): readonly Kind[] {
  return rowKinds.filter((kind) => countIn(groups, kind) > 0);
}

/** `2 conflicts and 1,204 changed rows`. */
export function kindCounts(countOf: (kind: Kind) => number): string {
  return inALine(
    kinds.flatMap((kind) => {
      const count = countOf(kind);
      return count === 0 ? [] : counted(count, kindWords[kind].one, kindWords[kind].many);
    }),
  );
}

/** The label of a plan's pull request (docs/reviewing-content.md, "The label"). */
export function labelOf({ files }: Result): (typeof planLabels)[number] {
  if (countOf(files, 'conflicts') > 0) return 'wix-cms: conflict';
  if (files.some((file) => file.deletes !== 'keep' && countsIn(file).removed > 0)) {
    return 'wix-cms: deletes';
  }
  const changes = countOf(files, 'changes') > 0;
  return changes ? 'wix-cms: changes' : 'wix-cms: no-changes';
}

/** Lifts the limits for the changes that a plan shows. */
export const approvedLabel = 'wix-cms: approved';

export const planLabels = [
  'wix-cms: conflict',
  'wix-cms: deletes',
  'wix-cms: changes',
  'wix-cms: no-changes',
] as const;
