import type { Place } from '../errors.ts';
import type { LiveCollection } from './schema.ts';

/** A field whose values an import can not send, and that it may empty (wix-api.md 3.4 and 3.5). */
export interface UncarriedField {
  readonly key: string;
  readonly kind: 'multi-reference' | 'encrypted';
}

/** What an item holds in such fields: by their keys, the ids that a multi-reference points to. */
export type UncarriedValues = ReadonlyMap<string, readonly string[]>;

/** A value that an item held before an import that could not carry it, and that is gone. */
export interface Loss {
  readonly key: string;
  readonly field: string;
  /** The ids that the field referred to; none where its value is a secret. */
  readonly held: readonly string[];
  readonly place: Place | undefined;
}

/**
 * The fields of a collection that an import may empty: it erases what its file leaves out, but for
 * system fields and page links.
 */
export function uncarriedFields({ fields }: LiveCollection): readonly UncarriedField[] {
  return fields.flatMap(({ key, type, systemField, encrypted }): UncarriedField[] => {
    if (systemField || type === 'PAGE_LINK') return [];
    if (type === 'MULTI_REFERENCE') return [{ key, kind: 'multi-reference' }];
    return encrypted ? [{ key, kind: 'encrypted' }] : [];
  });
}

/** What an item, as the API gives it, holds in these fields; empty ones are left out. */
export function uncarriedValues(
  fields: readonly UncarriedField[],
  item: Readonly<Record<string, unknown>>,
): UncarriedValues {
  return new Map(
    fields.flatMap(({ key, kind }) => {
      const value = item[key];
      const entries = Array.isArray(value) ? value : [];
      const isThere = kind === 'encrypted' ? !isEmpty(value) : entries.length > 0;
      return isThere ? [[key, kind === 'encrypted' ? [] : entries.map(idOf)] as const] : [];
    }),
  );
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** A referenced item comes whole where it is shown, or as its id. */
function idOf(entry: unknown): string {
  if (typeof entry === 'string') return entry;
  if (typeof entry !== 'object' || entry === null) return unknownId;
  const id = '_id' in entry ? entry._id : 'id' in entry ? entry.id : undefined;
  return typeof id === 'string' ? id : unknownId;
}

/** Something is there, and that it goes must be seen even if nobody can read what it is. */
const unknownId = '?';
