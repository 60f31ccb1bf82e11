import type { Change, Conflict } from '../content/change.ts';
import { type FileResult, type Result, totals } from './result.ts';

/** Raised when a reader of the old report could misread the new one. */
const schemaVersion = 1;

/**
 * The result as JSON, in pieces, because a string cannot be long enough for all rows of a large file. Names
 * and order are stable; a missing value is `null`.
 */
export function* reportJson(result: Result): Generator<string> {
  const { files, findings, warnings, failureMessage, failurePlace, ...rest } = result;
  yield* pieces(
    {
      schemaVersion,
      command: rest.command,
      status: rest.status,
      failureReason: rest.failureReason,
      failureMessage,
      failurePlace,
      totals: totals(files),
      commit: rest.commit,
      commitPlanned: rest.commitPlanned,
      branch: rest.branch,
      pullRequest: rest.pullRequest,
      fingerprint: rest.fingerprint,
      backupDirectory: rest.backupDirectory,
      lastExport: rest.lastExport && new Date(rest.lastExport.at).toISOString(),
      lastDrill: rest.lastDrill && new Date(rest.lastDrill.at).toISOString(),
      warnings,
      findings,
      files: files.map(fileJson),
    },
    '',
  );
  yield '\n';
}

function fileJson({ name, path, failure, orphans, omittedFields, unlisted, ...file }: FileResult) {
  return {
    name,
    path,
    // Spelled out, because JSON leaves out the message of an Error.
    failure: failure && { reason: failure.reason, message: failure.message, place: failure.place },
    orphans,
    omittedFields,
    unlisted,
    changes: file.changes.map(changeJson),
    columns: file.columns,
    undoes: file.undoes ?? [],
    pending: file.pending.map(changeJson),
    caughtUp: file.caughtUp?.map(changeJson) ?? [],
    drift: file.drift.map(changeJson),
    conflicts: file.conflicts.map(conflictJson),
    rejections: file.rejections,
    mismatches: file.mismatches,
    losses: file.losses,
    remarks: file.remarks,
  };
}

function changeJson({ kind, key, place, cells }: Change) {
  const fields = cells.map(({ column, old, new: text }) => ({ field: column.key, old, new: text }));
  return { kind, key, place, cells: fields };
}

function conflictJson({ key, column, base, git, cms, place }: Conflict) {
  return { key, field: column?.key, base, git, cms, place };
}

/** An entry of a list to a line, and a member to a line of the report and its files. */
function* pieces(value: unknown, indent: string): Generator<string> {
  if (!takesLines(value)) {
    yield JSON.stringify(value, (_, each) => each ?? null);
    return;
  }
  const isList = Array.isArray(value);
  let separator = isList ? '[' : '{';
  for (const [name, entry] of Object.entries(value)) {
    yield `${separator}\n${indent}  ${isList ? '' : `${JSON.stringify(name)}: `}`;
    yield* pieces(entry, `${indent}  `);
    separator = ',';
  }
  yield `\n${indent}${isList ? ']' : '}'}`;
}

function takesLines(value: unknown): value is object {
  if (Array.isArray(value)) return value.length > 0;
  return typeof value === 'object' && value !== null && ('changes' in value || 'files' in value);
}
