/** Why a run failed, as the output `failure-reason` says it; docs/troubleshooting.md has these words. */
export type FailureReason =
  /** An input, the configuration file or the workflow is wrong, or a collection cannot be written. Files that it does not concern may have been written. */
  | 'config'
  /** Wix or GitHub does not let the key or token do this. */
  | 'auth'
  /** The files in git have errors. Nothing was written; an export may have written its other files. */
  | 'validation'
  /** Git and the CMS both changed something, to different values. With `on-conflict: hold`, everything else was written. */
  | 'conflict'
  /** More rows would be removed or changed than the limits allow. Nothing was written; an export may have written its other files. */
  | 'limit'
  /** With `require-plan`: no reviewed plan has shown these changes. Nothing was written. */
  | 'plan-changed'
  /** A job of Wix failed or is gone. Run again: the action sends nothing twice. */
  | 'job-failed'
  /** Wix took some rows and rejected others. Each is an annotation on its line. */
  | 'partial'
  /** The site has other values than it was sent; for `plan` with `fail-on-drift`, other values than base. */
  | 'verify-mismatch'
  /** The jobs took longer than `timeout-minutes`. Run again: an import continues. */
  | 'timeout'
  /** The run was cancelled. Run again: an import continues. */
  | 'cancelled'
  /** Wix or GitHub answered with an error, or not at all. */
  | 'api';

/** Where in the repository something is wrong. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** Line breaks and other control characters, which names and texts from outside may hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const control = /[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g;

/** A text as a message may hold it: on one line. */
export function onOneLine(text: string): string {
  return text.replaceAll(control, ' ');
}

/**
 * A failure that a person can act on: its message is one line that says what is wrong, where,
 * and what to do about it. Anything else that is thrown is a defect of this action.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly reason: FailureReason;
  readonly place: Place | undefined;

  constructor(
    reason: FailureReason,
    message: string,
    details: { readonly place?: Place | undefined; readonly cause?: unknown } = {},
  ) {
    super(onOneLine(message), details.cause === undefined ? undefined : { cause: details.cause });
    this.reason = reason;
    this.place = details.place;
  }
}

/** `EACCES: permission denied, open '/home/runner/work/shop/shop/content/teas.csv'`, as node says it. */
const refusedToNode = /\bE[A-Z]+: [^']+ '.*'/;
/** `Unable to create '/home/runner/work/shop/shop/.git/shallow.lock': Permission denied`, as git says it. */
const refusedToGit =
  /\b(?:cannot|could not|failed to|unable to) .*: (?:Permission denied|Read-only file system|File name too long)/i;

/** What a person can do about a file that the system refuses. */
const remedies: readonly (readonly [refusal: RegExp, remedy: string])[] = [
  [/\bEROFS\b|Read-only/, 'Its file system is read-only: give the job one that it may write to'],
  [/\bENAMETOOLONG\b|too long/, 'Its name is too long: choose a shorter one in the configuration'],
  [/\b(?:EACCES|EPERM)\b|denied/, 'Let the user of the job read and write it'],
  [/\b(?:ELOOP|EISDIR|ENOTDIR)\b/, 'Move what is in its place'],
];

/**
 * The failure of a system that cannot keep a file, such as one whose disk is full, if that is what words
 * speak of: those of an error of node, or of a program such as git.
 */
export function refusedBySystem(words: string): Failure | undefined {
  const full = /\b(ENOSPC|EDQUOT)\b|No space left on device|Disk quota exceeded/.exec(words);
  if (full !== null) {
    const message = `The disk of the runner is full (${full[0]}). Nothing is lost: the next run continues from what git and the site have. Free space on it, or use a larger runner, and run again.`;
    return new Failure('api', message);
  }
  const [refused = ''] = refusedToNode.exec(words) ?? refusedToGit.exec(words) ?? [];
  const [, remedy] = remedies.find(([refusal]) => refusal.test(refused)) ?? [];
  if (remedy === undefined) return undefined;
  const message = `The runner's system refuses a file: ${refused}. ${remedy}, and run again.`;
  return new Failure('config', message);
}

/** What was thrown, if a person can act on it, as on a disk that is full; throws a defect on. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const refused = refusedBySystem(String(error));
  if (refused === undefined) throw error;
  return refused;
}
