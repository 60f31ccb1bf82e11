import type { Place } from '../../errors.ts';
import type { LiveCollection } from '../schema.ts';

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

const secret = '(encrypted)';

/** The mismatch as a report may show it: a value of an encrypted field stands in none. */
export function withoutSecret(
  mismatch: Mismatch,
  collection: LiveCollection | undefined,
): Mismatch {
  const field = collection?.fields.find(({ key }) => key === mismatch.field);
  if (!field?.encrypted) return mismatch;
  return { ...mismatch, sent: secret, stored: mismatch.stored && secret };
}
