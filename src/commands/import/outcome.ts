import type { Conflict } from '../../content/change.ts';
import type { Rejection } from '../../content/rejections.ts';
import type { Mismatch } from '../../content/values/mismatch.ts';
import type { Loss } from '../../content/values/stored-item.ts';
import type { Failure } from '../../errors.ts';
import type { Plan } from '../compare/plan.ts';
import type { LiveContent } from '../read/read-contents.ts';
import type { FileFormat, SentRows } from './write-content.ts';

/** A plan, how far it was carried out, and what the site made of it. */
export interface Outcome {
  readonly plan: Plan;
  /** Headers or a format that the site takes instead of the configured ones, as far as it has shown. */
  readonly learned: Partial<FileFormat> | undefined;
  /** Whether multi-references are written again, because the site empties them with every row. */
  readonly givesBack: boolean;
  /** The files that the site took, in whole or in part, then the multi-references. */
  readonly sent: readonly SentRows[];
  /** Whether the item of the first row shows all that was sent of it. */
  readonly isShown: boolean;
  /** The keys of the items that were removed. */
  readonly removed: readonly string[];
  /** Whether the site was asked to write anything: a failed job may have written rows. */
  readonly asked: boolean;
  /** Whether one of its jobs may still be running. */
  readonly mayStillWrite: boolean;
  /** Rows that were left alone on both sides, because somebody edited them in the CMS meanwhile. */
  readonly held: readonly Conflict[];
  /** The site as it was read back; `undefined` if it was not. */
  readonly after: LiveContent | undefined;
  readonly rejections: readonly Rejection[];
  readonly mismatches: readonly Mismatch[];
  /** Values of its items that the import erased, because its file does not carry them. */
  readonly losses: readonly Loss[];
  /** What the import learned about the site, a line each. */
  readonly remarks: readonly string[];
  /** What a person should act on, though nothing failed. */
  readonly warnings: readonly string[];
  /** Why the plan was not carried out to its end; `undefined` if it was. */
  readonly failure: Failure | undefined;
}

/** A plan of which nothing was written yet. */
export function untouched(plan: Plan): Outcome {
  return {
    plan,
    learned: undefined,
    givesBack: false,
    sent: [],
    isShown: false,
    removed: [],
    asked: false,
    mayStillWrite: false,
    held: [],
    after: undefined,
    rejections: [],
    mismatches: [],
    losses: [],
    remarks: [],
    warnings: [],
    failure: undefined,
  };
}

/** Whether the site took only some of the rows. */
export function isPartlyTaken({ sent }: Outcome): boolean {
  return sent.some(
    ({ end, rejected }) => end?.kind === 'partially-successful' || rejected.length > 0,
  );
}
