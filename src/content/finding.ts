import type { Place } from '../errors.ts';

/** Something that validation found in a file. Errors fail the run; warnings do not. */
export interface Finding {
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly place: Place;
  /** What is wrong, where, and what to do about it, in one line. */
  readonly message: string;
}
