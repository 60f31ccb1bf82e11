import { refused } from '../http/failures.ts';
import { type Json, type JsonObject, listAt, numberAt, textAt } from '../json.ts';
import type { Site, StoredCollection } from '../site.ts';

/** A field whose referenced items a query shows, and how many of them per item. */
export interface IncludedReference {
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
 */
export function withReferences(
  included: readonly IncludedReference[],
  { schema }: StoredCollection,
  site: Site,
): (item: JsonObject) => JsonObject {
  const fields = schema.fields.filter(({ type }) => type === 'MULTI_REFERENCE');
  return (item) => {
    const shown = { ...item };
    for (const { key, typeMetadata } of fields) {
      const wanted = included.find(({ field }) => field === key);
      const ids = listAt({ ids: item[key] ?? null }, 'ids');
      delete shown[key];
      if (wanted === undefined || ids === undefined) continue;
      const target = textAt(typeMetadata, 'multiReference.referencedCollectionId');
      const all = ids.flatMap((id) => referenced(site, target, id));
      shown[key] = all.slice(0, wanted.limit);
    }
    return shown;
  };
}

function referenced(site: Site, collection: string | undefined, id: Json): readonly JsonObject[] {
  if (collection === undefined) return [{ _id: id }];
  const item = site.collections.get(collection)?.items.get(String(id));
  return item === undefined ? [] : [item];
}
