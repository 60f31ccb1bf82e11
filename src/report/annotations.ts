import type { Conflict } from '../content/change.ts';
import { isLimit } from '../content/limits.ts';
import type { Mismatch } from '../content/mismatch.ts';
import type { Rejection } from '../content/rejections.ts';
import type { Loss } from '../content/stored-item.ts';
import type { FailureReason, Place } from '../errors.ts';
import { logLine } from './escape.ts';
import { counted } from './phrases.ts';
import type { FileResult, Result } from './result.ts';
import { quoted, shorten } from './shorten.ts';

/**
 * A remark that GitHub shows on a line of a file, or on the run. One line of plain text, which
 * names the place too: in the log it stands alone.
 */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  readonly place?: Place;
}

/** GitHub shows so many of each level for one step, and drops the rest without a word. */
const perLevel = 10;

/** UTF-16 units of a message. */
const messageLength = 1_000;

/** Of what was lost: a score of ids. */
const lossLength = 750;

/**
 * What a run has to say about lines of the files, the dangerous first. Of each level at most ten:
 * with more, the tenth counts those that are left out and says where they are.
 */
export function annotationsOf(result: Result): readonly Annotation[] {
  const remarks = remarksOn(result);
  return (['error', 'warning'] as const).flatMap((level) =>
    withinBudget(remarks.filter((remark) => remark.level === level)),
  );
}

/** An annotation, and what it is called where it is only counted. */
interface Remark extends Annotation {
  readonly unit: string;
}

function withinBudget(remarks: readonly Remark[]): readonly Annotation[] {
  const [first] = remarks;
  if (first === undefined || remarks.length <= perLevel) return remarks.map(annotation);
  const hidden = remarks.slice(perLevel - 1);
  const units = new Map<string, number>();
  for (const { unit } of hidden) units.set(unit, (units.get(unit) ?? 0) + 1);
  const words = Array.from(units, ([unit, count]) => counted(count, unit)).join(', ');
  const rest: Annotation = {
    level: first.level,
    title: `${counted(hidden.length, `more ${first.level}`)}`,
    message: `Not shown here: ${words}. The job summary lists them; the JSON report (output report-json) has them all.`,
  };
  return [...remarks.slice(0, perLevel - 1).map(annotation), rest];
}

function annotation({ level, title, message, place }: Remark): Annotation {
  const line = shorten(logLine(placed(message, place)), messageLength);
  return { level, title, message: line, ...(place === undefined ? {} : { place }) };
}

function placed(message: string, place: Place | undefined): string {
  if (place === undefined || message.includes(place.file)) return message;
  const line = place.line === undefined ? '' : ` line ${place.line}`;
  return `${place.file}${line}: ${message}`;
}

function remarksOn(result: Result): readonly Remark[] {
  const { files, findings, warnings, status, failureReason, failureMessage, failurePlace } = result;
  const conflictLevel = result.command === 'export' ? 'warning' : 'error';
  const rejectionLevel = status === 'partial' && failureReason === undefined ? 'warning' : 'error';
  return [
    ...(failureMessage === undefined ? [] : [failed(failureReason, failureMessage, failurePlace)]),
    ...files.flatMap((file) =>
      file.failure === undefined
        ? []
        : [failed(file.failure.reason, file.failure.message, placeOfFailure(file, file.failure))],
    ),
    ...perFile(files, ({ conflicts }) => conflicts, conflictRemark(conflictLevel)),
    ...perFile(files, ({ losses }) => losses, lossRemark),
    ...perFile(files, ({ mismatches }) => mismatches, mismatchRemark),
    ...perFile(files, ({ rejections }) => rejections, rejectionRemark(rejectionLevel)),
    ...findings.map((finding): Remark => {
      const { severity, place } = finding;
      const fault = severity === 'error' ? 'Error in the file' : 'Warning';
      const title = isLimit(finding.rule) ? failureTitles.limit : fault;
      const level = severity === 'remark' ? 'notice' : severity;
      return { level, title, message: finding.message, place, unit: 'finding' };
    }),
    ...warnings.map(
      (message): Remark => ({ level: 'warning', title: 'Note', message, unit: 'remark' }),
    ),
  ];
}

function perFile<T extends { readonly place: Place | undefined }>(
  files: readonly FileResult[],
  listOf: (file: FileResult) => readonly T[],
  remark: (file: FileResult, entry: T) => Remark,
): readonly Remark[] {
  return files.flatMap((file) =>
    listOf(file).map((entry) => ({ place: { file: file.path }, ...remark(file, entry) })),
  );
}

const failureTitles: Readonly<Record<FailureReason, string>> = {
  config: 'Configuration',
  auth: 'Not allowed',
  validation: 'Error in the file',
  conflict: 'Conflict',
  limit: 'Over the limits',
  'plan-changed': 'Not as planned',
  'job-failed': 'Job failed',
  partial: 'Rejected by Wix',
  'verify-mismatch': 'Site and git differ',
  timeout: 'Too slow',
  cancelled: 'Cancelled',
  api: 'Request failed',
};

/** The file itself, unless the failure knows better, or the configuration is at fault. */
function placeOfFailure({ path }: FileResult, failure: NonNullable<FileResult['failure']>) {
  return failure.place ?? (failure.reason === 'config' ? undefined : { file: path });
}

function failed(
  reason: FailureReason | undefined,
  message: string,
  place: Place | undefined,
): Remark {
  const title = reason === undefined ? 'Failed' : failureTitles[reason];
  return { level: 'error', title, message, unit: 'failure', ...(place && { place }) };
}

function conflictRemark(level: 'error' | 'warning') {
  return ({ name }: FileResult, conflict: Conflict): Remark => ({
    level,
    title: 'Conflict',
    message: `${name}, row ${quoted(conflict.key)}: ${conflictInWords(conflict)}`,
    unit: 'conflict',
    ...placeOf(conflict),
  });
}

function conflictInWords({ column, base, git, cms }: Conflict): string {
  if (column !== undefined) {
    const agreed = base === undefined ? 'was never agreed' : `was ${quoted(base)}`;
    return `${column.key} ${agreed}; in git it is ${side(git)}, on the site ${side(cms)}.`;
  }
  if (git === undefined) return 'the row was removed in git, and changed on the site.';
  if (cms === undefined) return 'the row was removed on the site, and changed in git.';
  return 'the row was changed in git and on the site.';
}

function side(text: string | undefined): string {
  return text === undefined ? 'removed' : quoted(text);
}

function mismatchRemark({ name }: FileResult, mismatch: Mismatch): Remark {
  const { key, hint } = mismatch;
  const found = foundInWords(mismatch);
  const help = hint === undefined ? '' : ` ${hint}`;
  const message = `${name}, row ${quoted(key)}: ${found}${help}`;
  return {
    level: 'error',
    title: 'Not as sent',
    message,
    unit: 'difference',
    ...placeOf(mismatch),
  };
}

function foundInWords({ field, sent, stored, hint }: Mismatch): string {
  if (stored === undefined) return 'the site does not hold the row.';
  const isOfOtherType = stored === sent && hint !== undefined;
  if (isOfOtherType) return `${field} arrived as ${quoted(sent)}, but not with its type.`;
  return `${field} was sent as ${quoted(sent)}, but the site holds ${quoted(stored)}.`;
}

function lossRemark({ name }: FileResult, loss: Loss): Remark {
  const { key, field, held } = loss;
  const lost =
    held.length === 0
      ? 'is encrypted, and is empty or another since this import.'
      : `held ${quoted(held.join(', '), lossLength)} before this import, which does not carry it, and is empty now.`;
  const message = `${name}, row ${quoted(key)}: ${field} ${lost}`;
  return {
    level: 'error',
    title: 'Lost in the import',
    message,
    unit: 'lost value',
    ...placeOf(loss),
  };
}

function rejectionRemark(level: 'error' | 'warning') {
  return ({ name }: FileResult, rejection: Rejection): Remark => {
    const { key, source, code, words } = rejection;
    const row = key === undefined ? `a row that Wix calls ${quoted(source)}` : `row ${quoted(key)}`;
    const message = `${name}, ${row}: ${code}: ${words}`;
    return {
      level,
      title: 'Rejected by Wix',
      message,
      unit: 'rejected row',
      ...placeOf(rejection),
    };
  };
}

function placeOf({ place }: { readonly place: Place | undefined }): { readonly place?: Place } {
  return place === undefined ? {} : { place };
}
