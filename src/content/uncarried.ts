import type { Place } from '../errors.ts';
import type { LiveCollection } from './schema.ts';

/**
 * A field whose values an import may lose (wix-api.md 3.4 and 3.5): a multi-reference can not be
 * sent, and what is encrypted goes back as the export has it, which need not be what the site holds.
 */
export interface UncarriedField {
  readonly key: string;
  readonly kind: 'multi-reference' | 'encrypted';
}

/** What an item holds in such fields, by their keys: ids, or a secret as its JSON. */
export type UncarriedValues = ReadonlyMap<string, readonly string[]>;

/** A value that an item held before an import that could not carry it, and that is gone. */
export interface Loss {
  readonly key: string;
  readonly field: string;
  /** The ids that the field referred to; none where its value is a secret. */
  readonly held: readonly string[];
  readonly place: Place | undefined;
}

/** The fields of a collection whose values an import may lose. */
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
      const held = kind === 'encrypted' ? secretOf(value) : referencesOf(value);
      return held.length === 0 ? [] : [[key, held] as const];
    }),
  );
}

/**
 * What of an item's values is gone. A multi-reference is lost when it is empty: an import does not
 * empty it by half, and an edit in the CMS meanwhile leaves something else behind.
 */
export function lostValues(
  fields: readonly UncarriedField[],
  before: UncarriedValues,
  after: UncarriedValues,
): readonly Pick<Loss, 'field' | 'held'>[] {
  return fields.flatMap(({ key: field, kind }) => {
    const held = before.get(field);
    const now = after.get(field);
    if (held === undefined) return [];
    if (kind === 'encrypted') return now?.[0] === held[0] ? [] : [{ field, held: [] }];
    return now === undefined ? [{ field, held }] : [];
  });
}

function secretOf(value: unknown): readonly string[] {
  return value === undefined || value === null || value === '' ? [] : [JSON.stringify(value)];
}

function referencesOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(idOf) : [];
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
