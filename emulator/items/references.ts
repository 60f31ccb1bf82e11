import { refused } from '../http/failures.ts';
import { isObject, type Json, type JsonObject, listAt, numberAt, textAt } from '../json.ts';
import { idsIn } from '../pairs.ts';
import type { Collection, Field } from '../schema.ts';
import type { Site, StoredCollection } from '../site.ts';

/** A field whose referenced items a query shows, and how many of them per item. */
interface IncludedReference {
  readonly field: string;
  readonly limit: number;
}

/** The most items that a query may find when it includes a multi-reference, as one vendor page has it. */
const mostItems = 50;

/** The references that a query asks for (wix-api.md 6.4). Throws 400 for a field that is none. */
export function includedReferences(
  payload: JsonObject,
  { schema }: StoredCollection,
  found: number,
): readonly IncludedReference[] {
  const included = (listAt(payload, 'includeReferences') ?? []).map((each) => ({
    field: textAt(each, 'field') ?? '',
    limit: numberAt(each, 'limit') ?? 50,
  }));
  for (const { field } of included) {
    const type = schema.fields.find(({ key }) => key === field)?.type;
    if (type === 'REFERENCE') continue;
    if (type !== 'MULTI_REFERENCE') {
      throw refused(400, 'WDE0020', `${field} is not a multi-reference field.`);
    }
    if (found > mostItems) {
      throw refused(400, 'WDE0075', `At most ${mostItems} items can be found with references.`);
    }
  }
  return included;
}

/**
 * An item as a query shows it: of its multi-references those that are included, with the items
 * that they refer to. One that is gone is left out; without a collection to look in, all are shown.
 * A single reference shows its id, or where it is included its item.
 */
export function withReferences(
  included: readonly IncludedReference[],
  { schema }: StoredCollection,
  site: Site,
): (item: JsonObject) => JsonObject {
  return (item) => {
    const shown = { ...item };
    for (const field of schema.fields.filter(({ type }) => type.endsWith('REFERENCE'))) {
      const wanted = included.find((each) => each.field === field.key);
      const value = wanted === undefined ? undefined : items(field, item, site, wanted.limit);
      if (value !== undefined) shown[field.key] = value;
      else if (field.type === 'MULTI_REFERENCE') delete shown[field.key];
    }
    return shown;
  };
}

/** The collection that a multi-reference field leads to: without another one, its own. */
export function referencedCollection(
  site: Site,
  schema: Collection,
  key: string,
): StoredCollection | undefined {
  const field = schema.fields.find((each) => each.key === key);
  if (field?.type !== 'MULTI_REFERENCE') return undefined;
  return site.collections.get(targetOf(field) ?? schema.id);
}

function items(field: Field, item: JsonObject, site: Site, limit: number): Json | undefined {
  const target = targetOf(field);
  if (field.type === 'REFERENCE') {
    return site.collections.get(target ?? '')?.items.get(String(item[field.key]));
  }
  if (item[field.key] === undefined) return undefined;
  const all = idsIn(item, field.key).flatMap((_id) => {
    if (target === undefined) return [{ _id }];
    return site.collections.get(target)?.items.get(_id) ?? [];
  });
  return all.slice(0, limit);
}

function targetOf({ typeMetadata }: Field): string | undefined {
  const [metadata] = Object.values(typeMetadata ?? {}).filter(isObject);
  return textAt(metadata, 'referencedCollectionId');
}
