import type { Place } from '../errors.ts';

/** A cell that the site holds otherwise than it was sent, though it did not reject its row. */
export interface Mismatch {
  readonly key: string;
  readonly field: string;
  readonly sent: string;
  /** `undefined`: the site does not hold the row at all. */
  readonly stored: string | undefined;
  readonly place: Place | undefined;
  /** What helps, in a sentence, where that is known. */
  readonly hint?: string;
}
