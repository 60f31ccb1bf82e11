import type { Place } from '../../errors.ts';
import type { LiveCollection } from '../schema.ts';

/** A cell that differs on the site, though its row was not rejected. */
export interface Mismatch {
  readonly key: string;
  readonly field: string;
  readonly sent: string;
  /** `undefined`: the site lacks the row. */
  readonly stored: string | undefined;
  readonly place: Place | undefined;
}

const secret = '(encrypted)';

/** The mismatch as a report may show it, without the value of an encrypted field. */
export function withoutSecret(
  mismatch: Mismatch,
  collection: LiveCollection | undefined,
): Mismatch {
  const field = collection?.fields.find(({ key }) => key === mismatch.field);
  if (!field?.encrypted) return mismatch;
  return { ...mismatch, sent: secret, stored: mismatch.stored && secret };
}
