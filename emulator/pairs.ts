import { type Json, type JsonObject, listAt, textAt } from './json.ts';
import type { Collection, Field } from './schema.ts';
import type { StoredCollection } from './site.ts';

type Collections = ReadonlyMap<string, StoredCollection>;

/**
 * Keeps the other side of two-way multi-references in step with an item that was written. That
 * leaves the *Updated Date* of the items of the other side alone (wix-api.md 3.6).
 */
export function mirrorReferences(
  collections: Collections,
  { id: collectionId, fields }: Collection,
  before: JsonObject | undefined,
  after: JsonObject | undefined,
): void {
  const itemId = String((after ?? before)?._id);
  for (const field of fields) {
    const other = otherSide(collections, collectionId, field);
    if (other === undefined) continue;
    const had = idsIn(before, field.key);
    const has = idsIn(after, field.key);
    for (const id of had.filter((one) => !has.includes(one))) {
      changeIds(other, id, (ids) => ids.filter((one) => one !== itemId));
    }
    for (const id of has) {
      changeIds(other, id, (ids) => (ids.includes(itemId) ? ids : [...ids, itemId]));
    }
  }
}

/** The ids that a multi-reference of an item holds. */
export function idsIn(item: JsonObject | undefined, key: string): readonly string[] {
  const held: Json = item?.[key] ?? null;
  return (listAt({ held }, 'held') ?? []).filter((id) => typeof id === 'string');
}

interface Side {
  readonly stored: StoredCollection;
  readonly key: string;
}

/** The field that shows the same references from the other end (`referencingFieldKey`). */
function otherSide(
  collections: Collections,
  collectionId: string,
  { type, typeMetadata }: Field,
): Side | undefined {
  if (type !== 'MULTI_REFERENCE') return undefined;
  const key = textAt(typeMetadata, 'multiReference.referencingFieldKey');
  const target = textAt(typeMetadata, 'multiReference.referencedCollectionId') ?? collectionId;
  const stored = collections.get(target);
  const isThere = stored?.schema.fields.some((field) => field.key === key) ?? false;
  return stored !== undefined && key !== undefined && isThere ? { stored, key } : undefined;
}

function changeIds(
  { stored, key }: Side,
  id: string,
  change: (ids: readonly string[]) => readonly string[],
): void {
  const item = stored.items.get(id);
  if (item !== undefined) stored.items.set(id, { ...item, [key]: change(idsIn(item, key)) });
}
