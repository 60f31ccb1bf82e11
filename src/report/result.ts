import { type Change, type Conflict, type Counts, countsOf } from '../content/change.ts';
import type { ColumnDiff } from '../content/diff.ts';
import { languageOf, textNamedBy } from '../content/identity.ts';
import type { LastExport } from '../content/last-export.ts';
import { isLimit } from '../content/limits.ts';
import type { Rejection } from '../content/rejections.ts';
import type { Finding } from '../content/rules/finding.ts';
import type { Undo } from '../content/undo.ts';
import type { Mismatch } from '../content/values/mismatch.ts';
import type { Loss } from '../content/values/stored-item.ts';
import type { Failure, FailureReason, Place } from '../errors.ts';

/** What a run did to one file, or for `plan` what the merge would do. */
export interface FileResult {
  /** How the content is called in words: a collection's id, or `localization en, fr, de`. */
  readonly name: string;
  /** The file in the repository. */
  readonly path: string;
  readonly changes: readonly Change[];
  /** Export: how many more rows were added than `changes` lists. */
  readonly unlisted: number;
  /** Plan: what the merge brings to git and the site holds already. */
  readonly caughtUp?: readonly Change[];
  /** Plan: columns that the pull request adds to the file, drops from it or renames. */
  readonly columns?: ColumnDiff;
  /** Plan: what a row that left git does to its item; without it, the worst is assumed. */
  readonly deletes?: 'keep' | 'apply';
  /** Plan, of a collection: what people call a row, by its key, where that is known. */
  readonly titles?: ReadonlyMap<string, string>;
  /** Plan, of a localization: the text in the main language, by the row's key. */
  readonly sources?: ReadonlyMap<string, string>;
  /** Plan: what people call the items that cells refer to, by field key and id, where git has them. */
  readonly references?: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Plan: what the pull request takes back of earlier ones. */
  readonly undoes?: readonly Undo[];
  /** Export, plan: what git alone changed and the site has not got yet. */
  readonly pending: readonly Change[];
  /** Plan, import: what only the CMS changed. */
  readonly drift: readonly Change[];
  readonly conflicts: readonly Conflict[];
  readonly rejections: readonly Rejection[];
  /** What the site holds otherwise than it was sent. */
  readonly mismatches: readonly Mismatch[];
  /** What the items held in fields that an import does not carry, and that it has emptied. */
  readonly losses: readonly Loss[];
  /** What is worth knowing and needs nobody, a line each: how the site stores values in forms of its own. */
  readonly remarks: readonly string[];
  /** Rows that left git and whose items stay on the site; an export has brought them back. */
  readonly orphans: number;
  /** Fields that the CSV does not carry. */
  readonly omittedFields: number;
  /** Why this file was left as it was. */
  readonly failure?: FileFailure | undefined;
}

interface FileFailure {
  readonly reason: FailureReason;
  readonly message: string;
  readonly place?: Place | undefined;
}

/** What one run of a command comes to. All reports render this value. */
export interface Result {
  readonly command: 'export' | 'plan' | 'import' | 'restore';
  readonly status: 'unchanged' | 'success' | 'partial' | 'failed';
  readonly failureReason?: FailureReason | undefined;
  /** Why the whole run failed and what to do, in one line, where no single file is to blame. */
  readonly failureMessage?: string | undefined;
  readonly failurePlace?: Place | undefined;
  readonly files: readonly FileResult[];
  readonly findings: readonly Finding[];
  /** Lines that a person should act on though the run went well. */
  readonly warnings: readonly string[];
  readonly commit?: string | undefined;
  /** Plan: the head commit that it was made for. */
  readonly commitPlanned?: string | undefined;
  readonly branch?: string | undefined;
  readonly pullRequest?:
    | { readonly number: number; readonly url: string; readonly overLimits?: boolean }
    | undefined;
  readonly fingerprint?: string | undefined;
  readonly backupDirectory?: string | undefined;
  /** The last export before this run, of those that brought all that they should. */
  readonly lastExport?: LastExport | undefined;
  /** A drill: what a badge says of the backup. */
  readonly badge?: { readonly message: string; readonly color: string } | undefined;
}

/** A file that nothing happened to. */
export function untouched(name: string, path: string): FileResult {
  return {
    name,
    path,
    changes: [],
    unlisted: 0,
    pending: [],
    drift: [],
    conflicts: [],
    rejections: [],
    mismatches: [],
    losses: [],
    remarks: [],
    orphans: 0,
    omittedFields: 0,
  };
}

/** The result of a run that ended before it could do anything. */
export function failedResult(command: Result['command'], failure: Failure): Result {
  const { reason: failureReason, message: failureMessage, place: failurePlace } = failure;
  const why = { failureReason, failureMessage, failurePlace };
  return { command, status: 'failed', ...why, files: [], findings: [], warnings: [] };
}

/** What all files come to together. */
export function sumOf(files: readonly FileResult[], count: (file: FileResult) => number): number {
  return files.reduce((sum, file) => sum + count(file), 0);
}

/** How many rows were added, changed and removed, the unlisted ones included. */
export function countsIn({ changes, unlisted }: FileResult): Counts {
  const counts = countsOf(changes);
  return { ...counts, added: counts.added + unlisted };
}

/** The sums over all files, as the outputs give them. */
export function totals(files: readonly FileResult[]) {
  return {
    added: sumOf(files, (file) => countsIn(file).added),
    changed: sumOf(files, (file) => countsIn(file).changed),
    removed: sumOf(files, (file) => countsIn(file).removed),
    rejected: sumOf(files, ({ rejections }) => rejections.length),
    conflicting: sumOf(files, ({ conflicts }) => new Set(conflicts.map(({ key }) => key)).size),
  };
}

/** How many errors the files have: a limit that is passed is no fault of theirs. */
export function errorsIn({ findings }: Pick<Result, 'findings'>): number {
  return findings.filter(({ rule, severity }) => severity === 'error' && !isLimit(rule)).length;
}

/** What a person knows a row by. */
export interface RowName {
  /** The item's id, or the whole key where it cannot be taken apart. */
  readonly item: string;
  /** The item's title, or of a translation the text in the main language. */
  readonly title: string | undefined;
  /** Of a translation: the field, and with one row per language the language. */
  readonly field?: string | undefined;
  readonly language?: string | undefined;
}

/** Names a row of a file by what its key says (wix-api.md 2.2 for the keys of translations). */
export function rowNameOf({ titles, sources }: FileResult, key: string): RowName {
  if (sources === undefined) return { item: key, title: titles?.get(key) };
  const [item = key, field, language] = textNamedBy(key) ?? [];
  return { item, title: sources.get(key), field, language };
}

/** The field of a cell in that row; of a translation, the item's field and the language. */
export function fieldOf({ field, language }: RowName, column: string): readonly string[] {
  return field === undefined ? [column] : [field, language ?? languageOf(column)];
}
