import {
  type Change,
  type Conflict,
  type Counts,
  conflictingRows,
  countsOf,
} from '../content/change.ts';
import type { ColumnDiff } from '../content/diff.ts';
import { textNamedBy } from '../content/identity.ts';
import type { Age, LastExport } from '../content/last-export.ts';
import { isLimit } from '../content/limits.ts';
import type { Rejection } from '../content/rejections.ts';
import type { Finding } from '../content/rules/finding.ts';
import type { Undo } from '../content/undo.ts';
import type { Mismatch } from '../content/values/mismatch.ts';
import type { Loss } from '../content/values/stored-item.ts';
import type { Failure, FailureReason, Place } from '../errors.ts';

/** What a run did to one file, or for `plan` what the merge would do. */
export interface FileResult {
  /** A collection's id, or `localization en, fr, de`. */
  readonly name: string;
  readonly path: string;
  readonly changes: readonly Change[];
  /** Export: how many added rows `changes` does not list. */
  readonly unlisted: number;
  /** Plan: what the merge brings to git and the site has already. */
  readonly caughtUp?: readonly Change[];
  /** Plan, export: columns that come to the file or leave it. */
  readonly columns?: ColumnDiff;
  /** Plan: what becomes of the item of a removed row; a report assumes the worst without it. */
  readonly deletes?: 'keep' | 'apply';
  /** Plan, of a collection: the titles of rows by key, where they are known. */
  readonly titles?: ReadonlyMap<string, string>;
  /** Plan, of a localization: the texts in the main language, by key. */
  readonly sources?: ReadonlyMap<string, string>;
  /** Plan: the titles of the items that cells refer to, by field key and id, where git has them. */
  readonly references?: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Plan: what the pull request takes back of earlier ones. */
  readonly undoes?: readonly Undo[];
  /** Export, plan: what git alone changed and the site does not have yet. */
  readonly pending: readonly Change[];
  /** Plan, import: what only the CMS changed. */
  readonly drift: readonly Change[];
  readonly conflicts: readonly Conflict[];
  readonly rejections: readonly Rejection[];
  /** Cells that the site stored differently than they were sent. */
  readonly mismatches: readonly Mismatch[];
  /** Values that the import emptied, because it does not carry their fields. */
  readonly losses: readonly Loss[];
  /** Lines that ask nothing of anybody, such as how the site spells the values that it was sent. */
  readonly remarks: readonly string[];
  /** Rows that left git while their items stay on the site; an export has brought them back. */
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

/** What a run of a command did. All reports render this value. */
export interface Result {
  readonly command: 'export' | 'plan' | 'import' | 'restore';
  readonly status: 'unchanged' | 'success' | 'partial' | 'failed';
  readonly failureReason?: FailureReason | undefined;
  /** Why the run failed and what to do, in one line, where that is not about a single file. */
  readonly failureMessage?: string | undefined;
  readonly failurePlace?: Place | undefined;
  readonly files: readonly FileResult[];
  readonly findings: readonly Finding[];
  /** Lines that a person should act on, although the run went well. */
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
  /** The last complete export before this run. */
  readonly lastExport?: LastExport | undefined;
  /** The last drill that passed before this run. */
  readonly lastDrill?: Age | undefined;
  /** A drill: what the badge says. */
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

export function sumOf(files: readonly FileResult[], count: (file: FileResult) => number): number {
  return files.reduce((sum, file) => sum + count(file), 0);
}

type ListName = {
  [Name in keyof FileResult]-?: FileResult[Name] extends readonly unknown[] | undefined
    ? Name
    : never;
}[keyof FileResult];

/** How many conflicts, rejections or the like there are in all files. */
export function countOf(files: readonly FileResult[], list: ListName): number {
  return sumOf(files, ({ [list]: entries = [] }) => entries.length);
}

/** How many rows were added, changed and removed, including the unlisted ones. */
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
    rejected: countOf(files, 'rejections'),
    conflicting: conflictingRows(files),
  };
}

/** How many errors the files have. To pass a limit is not one of them. */
export function errorsIn({ findings }: Pick<Result, 'findings'>): number {
  return findings.filter(({ rule, severity }) => severity === 'error' && !isLimit(rule)).length;
}

/** What a key names: the item; of a translation also the field and, with one row per language, the language. */
export function namesIn(
  { sources }: FileResult,
  key: string,
): readonly [item: string, field?: string, language?: string] {
  return (sources && textNamedBy(key)) ?? [key];
}
