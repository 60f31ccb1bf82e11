import type { CellChange, Change, Conflict } from '../content/change.ts';
import { isLimit } from '../content/limits.ts';
import type { Mismatch } from '../content/mismatch.ts';
import type { Rejection } from '../content/rejections.ts';
import type { Finding } from '../content/rules/finding.ts';
import type { Loss } from '../content/stored-item.ts';
import type { FailureReason, Place } from '../errors.ts';
import type { FileResult, Result } from './result.ts';
import { counted, inALine, quoted } from './text.ts';

/** How a kind of entry is called, and how its cells are laid out. */
interface Described {
  readonly title: string;
  readonly one: string;
  readonly many: string;
  /** What the old and the new text of a cell are. */
  readonly sides?: readonly [old: string, new: string];
  /** The columns of its table, where that shows no sides. */
  readonly columns?: readonly [where: string, what: string];
}

/** Everything that there may be to say of a run, the most dangerous first. */
const described = {
  failure: said('Failures', 'failure'),
  limit: said('Over the limits', 'limit'),
  conflict: compared('Conflicts', 'conflict', ['In git', 'On the site']),
  loss: compared('Lost in the import', 'lost value', ['Before the import', 'Now']),
  mismatch: {
    ...compared('Stored differently than sent', 'cell stored differently', ['Sent', 'On the site']),
    many: 'cells stored differently',
  },
  rejection: listed('Rejected by Wix', 'rejected row', ['Row', 'What Wix says']),
  removed: listed('Removed', 'removed row', ['Row', 'What it held']),
  error: listed('Errors', 'error', ['Line', 'What is wrong']),
  warning: listed('Warnings', 'warning', ['Line', 'What may be wrong']),
  note: said('Notes', 'note'),
  drift: {
    ...compared('Edited on the site', 'row edited on the site', ['Last agreed', 'On the site']),
    many: 'rows edited on the site',
  },
  changed: compared('Changed', 'changed row', ['Before', 'After']),
  added: listed('Added', 'added row', ['Row', 'Content']),
  pending: compared('Pending', 'pending row', ['On the site', 'In git']),
  'caught-up': {
    ...compared('Already on the site', 'row already on the site', ['In git before', 'On the site']),
    many: 'rows already on the site',
  },
  remark: listed('Remarks', 'remark', ['Line', 'Good to know']),
} as const;

function said(title: string, one: string): Described {
  return { title, one, many: `${one}s` };
}

function compared(title: string, one: string, sides: readonly [string, string]): Described {
  return { ...said(title, one), sides };
}

function listed(title: string, one: string, columns: readonly [string, string]): Described {
  return { ...said(title, one), columns };
}

export type Kind = keyof typeof described;

export const kindWords: Readonly<Record<Kind, Described>> = described;

// Only the names that the object was written with are there.
const kinds = Object.keys(described) as Kind[];

/** The kinds that are about rows and lines; the others are sentences about the whole run. */
export const rowKinds = kinds.filter((kind) => !['failure', 'limit', 'note'].includes(kind));

/** A cell before and after; of a conflict, in git and on the site, and what both last agreed on. */
export interface EntryCell extends CellChange {
  readonly base?: string | undefined;
}

/** One thing to say: of a row, of a line, of a file or of the whole run. */
export interface Entry {
  readonly kind: Kind;
  /** `undefined`: about the run, or about a file that holds no content, such as the configuration. */
  readonly file: FileResult | undefined;
  readonly place: Place | undefined;
  /** The row's key; `undefined` for what is about no row. */
  readonly key?: string | undefined;
  readonly cells: readonly EntryCell[];
  /** What happened to the row as a whole, in words of this action; its cells are then what it holds. */
  readonly whole?: string;
  /** A sentence, which may hold words of others. */
  readonly words?: string | undefined;
  readonly finding?: Finding;
  readonly reason?: FailureReason | undefined;
}

/** All that there is to say of a run, the most dangerous first. */
export function entriesOf(result: Result): readonly Entry[] {
  const { files, failureMessage, failureReason, failurePlace, warnings } = result;
  const ofRun = (kind: Kind, words: string) => ({ kind, words, file: undefined, cells: [] });
  const entries: readonly Entry[] = [
    ...(failureMessage === undefined
      ? []
      : [{ ...ofRun('failure', failureMessage), reason: failureReason, place: failurePlace }]),
    ...files.flatMap(fileEntries),
    ...findingEntries(result),
    ...warnings.map((words) => ({ ...ofRun('note', words), place: undefined })),
  ];
  const ranks = new Map(kinds.map((kind, rank) => [kind, rank]));
  const rankOf = ({ kind }: Entry) => ranks.get(kind) ?? kinds.length;
  return [...entries].sort((left, right) => rankOf(left) - rankOf(right));
}

function fileEntries(file: FileResult): readonly Entry[] {
  const { failure, remarks } = file;
  // The file itself, unless the failure knows better, or the configuration is at fault.
  const mended = failure?.reason === 'config' ? undefined : { file: file.path };
  const changes = (kind: Kind, list: readonly Change[] = []) =>
    list.map((change) => changeEntry(file, kind, change));
  return [
    ...(failure === undefined
      ? []
      : [
          {
            kind: 'failure' as const,
            file,
            place: failure.place ?? mended,
            cells: [],
            words: failure.message,
            reason: failure.reason,
          },
        ]),
    ...file.conflicts.map((conflict) => conflictEntry(file, conflict)),
    ...file.losses.map((loss) => lossEntry(file, loss)),
    ...file.mismatches.map((mismatch) => mismatchEntry(file, mismatch)),
    ...file.rejections.map((rejection) => rejectionEntry(file, rejection)),
    ...file.changes.map((change) => changeEntry(file, change.kind, change)),
    ...changes('drift', file.drift),
    ...changes('pending', file.pending),
    ...changes('caught-up', file.caughtUp),
    ...remarks.map((words) => ({
      kind: 'remark' as const,
      file,
      place: undefined,
      cells: [],
      words,
    })),
  ];
}

function changeEntry(file: FileResult, kind: Kind, change: Change): Entry {
  const { key, place, cells } = change;
  if (change.kind === 'changed') return { kind, file, key, place, cells };
  return { kind, file, key, place, cells, whole: wholeRowWords(kind, change.kind) };
}

/** What happened to a row that exists on one side only; empty where its kind says it. */
function wholeRowWords(kind: Kind, change: 'added' | 'removed'): string {
  const isNew = change === 'added';
  if (kind === 'drift') return isNew ? 'New on the site.' : 'Gone from the site.';
  if (kind === 'pending') return isNew ? 'Not on the site yet.' : 'Removed in git.';
  if (kind === 'caught-up') return isNew ? 'On the site already.' : 'Gone from the site already.';
  return '';
}

function conflictEntry(file: FileResult, conflict: Conflict): Entry {
  const { key, place, column, base, git, cms } = conflict;
  const about = { kind: 'conflict', file, key, place } as const;
  if (column !== undefined) return { ...about, cells: [{ column, base, old: git, new: cms }] };
  const [ours, theirs] = [git, cms].map((text) => (text === undefined ? 'removed' : 'changed'));
  return { ...about, cells: [], whole: `The row was ${ours} in git and ${theirs} on the site.` };
}

function lossEntry(file: FileResult, { key, place, field, held }: Loss): Entry {
  const [old, now] =
    held.length === 0 ? ['(encrypted)', '(empty, or another value)'] : [held.join(', '), ''];
  return { kind: 'loss', file, key, place, cells: [textCell(field, old, now)] };
}

function mismatchEntry(file: FileResult, mismatch: Mismatch): Entry {
  const { key, place, field, sent, stored, hint: words } = mismatch;
  return { kind: 'mismatch', file, key, place, cells: [textCell(field, sent, stored)], words };
}

function textCell(field: string, old: string, next: string | undefined): EntryCell {
  return { column: { key: field, type: 'TEXT' }, old, new: next };
}

function rejectionEntry(file: FileResult, rejection: Rejection): Entry {
  const { key, place, code, source } = rejection;
  const row = key === undefined ? `a row that Wix calls ${quoted(source)}: ` : '';
  const words = `${row}${code}: ${rejection.words}`;
  return { kind: 'rejection', file, key, place, cells: [], words };
}

function findingEntries({ files, findings }: Result): readonly Entry[] {
  const owners = new Map<string, FileResult | undefined>();
  return findings.map((finding) => {
    const { severity, place, rule } = finding;
    if (!owners.has(place.file)) owners.set(place.file, ownerOf(files, place.file));
    const file = owners.get(place.file);
    const kind = isLimit(rule) ? 'limit' : severity;
    return { kind, file, place, cells: [], words: withoutPlace(finding), finding };
  });
}

/** What a finding says, without the place that stands beside it. */
function withoutPlace({ message, place: { file } }: Finding): string {
  if (!message.startsWith(file)) return message;
  return message.slice(file.length).replace(/^(?: line \d+)?(?:, character \d+)?: /, '');
}

/** The file that a path belongs to: itself, its schema, or the folder of a file in parts. */
function ownerOf(files: readonly FileResult[], path: string): FileResult | undefined {
  return files.find((file) => {
    const stem = file.path.replace(/\.csv$/, '');
    return path === file.path || path === `${stem}.schema.json` || path.startsWith(`${stem}/`);
  });
}

/** A file with its entries, by kind. */
export interface Group {
  /** `undefined`: a file that holds no content, such as the configuration. */
  readonly file: FileResult | undefined;
  readonly name: string;
  readonly entries: Map<Kind, Entry[]>;
}

/** The files of which there is something to say, the most dangerous first. */
export function groupsOf(result: Result): readonly Group[] {
  const groups = new Map<FileResult | string, Group>();
  const groupOf = (file: FileResult | undefined, path: string): Group => {
    const known = groups.get(file ?? path);
    if (known !== undefined) return known;
    const group = { file, name: file?.name ?? path, entries: new Map<Kind, Entry[]>() };
    groups.set(file ?? path, group);
    return group;
  };
  for (const entry of entriesOf(result)) {
    const { file, place, kind } = entry;
    const isOfRun = file === undefined && !rowKinds.includes(kind);
    if (isOfRun || kind === 'limit') continue;
    const { entries } = groupOf(file, place?.file ?? '');
    const list = entries.get(kind);
    if (list === undefined) entries.set(kind, [entry]);
    else list.push(entry);
  }
  for (const file of result.files) {
    const { added = [], dropped = [], renamed = [] } = file.columns ?? {};
    if (added.length + dropped.length + renamed.length > 0) groupOf(file, file.path);
  }
  return [...groups.values()];
}

/** How many entries of a kind a file has, those included that an export only counts. */
export function countIn({ file, entries }: Group, kind: Kind): number {
  const unlisted = kind === 'added' ? (file?.unlisted ?? 0) : 0;
  return unlisted + (entries.get(kind)?.length ?? 0);
}

/** How many entries of a kind all these files have. */
export function countInAll(groups: readonly Group[], kind: Kind): number {
  return groups.reduce((sum, group) => sum + countIn(group, kind), 0);
}

/** `2 conflicts and 1,204 changed rows`; empty where all counts are 0. */
export function kindCounts(countOf: (kind: Kind) => number): string {
  const words = rowKinds.flatMap((kind) => {
    const { one, many } = kindWords[kind];
    const count = countOf(kind);
    return count === 0 ? [] : [counted(count, one, many)];
  });
  return inALine(words);
}

/** The label of a plan's pull request (docs/reviewing-content.md, "The label"). */
export function labelOf({ files }: Result): PlanLabel {
  if (files.some(({ conflicts }) => conflicts.length > 0)) return 'wix-cms: conflict';
  if (files.some((file) => file.deletes !== 'keep' && hasRemovals(file))) return 'wix-cms: deletes';
  const changes = files.some((file) => file.changes.length > 0);
  return changes ? 'wix-cms: changes' : 'wix-cms: no-changes';
}

function hasRemovals({ changes }: FileResult): boolean {
  return changes.some(({ kind }) => kind === 'removed');
}

/** What a person puts on a pull request to lift the limits for what its plan shows. */
export const approvedLabel = 'wix-cms: approved';

export const planLabels = [
  'wix-cms: conflict',
  'wix-cms: deletes',
  'wix-cms: changes',
  'wix-cms: no-changes',
] as const;

type PlanLabel = (typeof planLabels)[number];
