import { invalid, refused } from '../http/failures.ts';
import { limitOf, offsetPage } from '../http/paging.ts';
import { type Answer, ok, payloadOf, type Request } from '../http/request.ts';
import { type JsonObject, listAt, objectAt, textAt, textsAt } from '../json.ts';
import { idsIn } from '../pairs.ts';
import type { Site, StoredCollection } from '../site.ts';
import { bulkAnswer } from './bulk.ts';
import { checkAllowed, collectionNamed } from './collections.ts';
import { dataItem, type ItemsHost } from './queries.ts';
import { referencedCollection } from './references.ts';

/** `POST /wix-data/v2/bulk/items/insert-references` (wix-api.md 6.4). */
export function insertReferences(request: Request, site: Site): Answer {
  return changeReferences(request, site, 'INSERT');
}

/** `POST /wix-data/v2/bulk/items/remove-references`. */
export function removeReferences(request: Request, site: Site): Answer {
  return changeReferences(request, site, 'DELETE');
}

/** `POST /wix-data/v2/items/replace-references`: an empty list removes all. Throws 400, 404. */
export function replaceReferences(request: Request, site: Site): Answer {
  const payload = payloadOf(request);
  const { stored, field, id } = referringItem(payload, site);
  checkAllowed(stored, 'REPLACE_REFERENCES');
  const ids = textsAt(payload, 'newReferencedItemIds') ?? [];
  site.edit(stored.schema.id, id, { [field]: [...new Set(ids)] });
  return ok({ dataItemReferences: ids.map((referenced) => reference(field, id, referenced)) });
}

/** `POST /wix-data/v2/items/is-referenced`. */
export function isReferenced(request: Request, site: Site): Answer {
  const payload = payloadOf(request);
  const { stored, field, id } = referringItem(payload, site);
  checkAllowed(stored, 'IS_REFERENCED');
  const ids = idsIn(stored.items.get(id), field);
  return ok({ isReferenced: ids.includes(textAt(payload, 'referencedItemId') ?? '') });
}

/** `POST /wix-data/v2/items/query-referenced`: a reference that leads nowhere comes as an id alone. */
export function queryReferenced(request: Request, site: Site, host: ItemsHost): Answer {
  const payload = payloadOf(request);
  const stored = collectionNamed(payload, site);
  checkAllowed(stored, 'QUERY_REFERENCED');
  const referring = textsAt(payload, 'referringItemIds') ?? textsAt(payload, 'referringItemId');
  const field = textAt(payload, 'referringItemFieldName') ?? '';
  const target = referencedCollection(site, stored.schema, field);
  if (referring === undefined || target === undefined) throw noReference(field);
  const results = referring.flatMap((referringItemId) =>
    idsIn(stored.items.get(referringItemId), field).map((referencedItemId) => {
      const item = target.items.get(referencedItemId);
      if (item === undefined) {
        return { unresolvedReference: { referringItemId, referencedItemId, unauthorized: false } };
      }
      const fields = textsAt(payload, 'fields');
      return { referringItemId, dataItem: dataItem(target, item, fields) };
    }),
  );
  const ordered = payload.order === 'DESC' ? results.toReversed() : results;
  const paging = objectAt(payload, 'paging');
  const limit = limitOf(paging, { normal: host.settings.pageSize, most: 1000 });
  const { values, pagingMetadata } = offsetPage(ordered, payload, paging, limit);
  return ok({ results: values, pagingMetadata });
}

function changeReferences(request: Request, site: Site, action: 'INSERT' | 'DELETE'): Answer {
  const payload = payloadOf(request);
  const stored = collectionNamed(payload, site);
  checkAllowed(stored, action === 'INSERT' ? 'INSERT_REFERENCE' : 'REMOVE_REFERENCE');
  const references = listAt(payload, 'dataItemReferences') ?? [];
  if (references.length > 1000) {
    throw refused(400, 'WDE0006', 'At most 1000 references can be written at once.');
  }
  return bulkAnswer(
    references.map((given) => {
      const dataItemReference = objectAt({ given }, 'given');
      const error = changeReference(dataItemReference, stored, site, action);
      const id = textAt(given, 'referringItemId') ?? '';
      return { action, id, dataItemReference, ...(error !== undefined && { error }) };
    }),
    'referenceMetadata',
  );
}

/** Adds or removes one reference; answers why it could not. */
function changeReference(
  given: JsonObject,
  stored: StoredCollection,
  site: Site,
  action: 'INSERT' | 'DELETE',
): { readonly code: string; readonly description: string } | undefined {
  const field = textAt(given, 'referringItemFieldName') ?? '';
  const id = textAt(given, 'referringItemId') ?? '';
  const referenced = textAt(given, 'referencedItemId') ?? '';
  const item = stored.items.get(id);
  if (referencedCollection(site, stored.schema, field) === undefined) {
    return { code: 'WDE0020', description: `${field} is not a multi-reference field.` };
  }
  if (item === undefined) return { code: 'WDE0073', description: `Item ${id} does not exist.` };
  const ids = idsIn(item, field);
  if (action === 'INSERT' && ids.includes(referenced)) {
    return { code: 'WDE0029', description: `${referenced} is referenced already.` };
  }
  const others = ids.filter((one) => one !== referenced);
  site.edit(stored.schema.id, id, {
    [field]: action === 'INSERT' ? [...others, referenced] : others,
  });
  return undefined;
}

function referringItem(payload: JsonObject, site: Site) {
  const stored = collectionNamed(payload, site);
  const field = textAt(payload, 'referringItemFieldName') ?? '';
  if (referencedCollection(site, stored.schema, field) === undefined) throw noReference(field);
  const id = textAt(payload, 'referringItemId') ?? '';
  if (!stored.items.has(id)) throw refused(404, 'WDE0073', `Item ${id} does not exist.`);
  return { stored, field, id };
}

function noReference(field: string) {
  return field === ''
    ? invalid([
        {
          field: 'referringItemFieldName',
          description: 'must not be empty',
          violatedRule: 'REQUIRED',
        },
      ])
    : refused(400, 'WDE0020', `${field} is not a multi-reference field.`);
}

function reference(field: string, referring: string, referenced: string): JsonObject {
  return {
    referringItemFieldName: field,
    referringItemId: referring,
    referencedItemId: referenced,
  };
}
