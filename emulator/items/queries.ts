import type { Faults } from '../faults.ts';
import { refused } from '../http/failures.ts';
import { cursorPage, limitOf, offsetPage, pageRequest } from '../http/paging.ts';
import { type Answer, ok, payloadOf, type Request } from '../http/request.ts';
import { type JsonObject, objectAt, only, textAt, textsAt } from '../json.ts';
import { translatableKeys } from '../schema.ts';
import type { Settings } from '../settings.ts';
import { itemsAsOf, type Site, type StoredCollection, translationKey } from '../site.ts';
import { collectionNamed } from './collections.ts';
import { comparison, meets, sortOf } from './filter.ts';
import { includedReferences, withReferences } from './references.ts';

export interface ItemsHost {
  readonly settings: Settings;
  readonly faults: Faults;
  readonly now: () => number;
}

/** `POST /wix-data/v2/items/query` (wix-api.md 6.4). */
export function queryItems(request: Request, site: Site, host: ItemsHost): Answer {
  const payload = payloadOf(request);
  const stored = collectionNamed(payload, site);
  const query = objectAt(payload, 'query');
  if (query.cursorPaging !== undefined) return queryByCursor(payload, query, stored, site, host);
  const paging = objectAt(query, 'paging');
  const field = 'query.paging';
  const limit = limitOf(paging, { normal: host.settings.pageSize, most: 1000 }, field);
  const all = found(payload, query, stored, site, host);
  const { values, pagingMetadata } = offsetPage(all, payload, paging, limit);
  const shown = withReferences(includedReferences(payload, stored, values.length), stored, site);
  const fields = textsAt(query, 'fields');
  const dataItems = values.map((data) => dataItem(stored, shown(data), fields));
  return ok({ dataItems, pagingMetadata });
}

/** `POST /wix-data/v2/items/count`. */
export function countItems(request: Request, site: Site, host: ItemsHost): Answer {
  const payload = payloadOf(request);
  const stored = collectionNamed(payload, site);
  const query = { filter: payload.filter ?? null };
  return ok({ totalCount: found(payload, query, stored, site, host).length });
}

/** `GET /wix-data/v2/items/{id}?dataCollectionId=`. Throws 404 WDE0073. */
export function getItem(request: Request, id: string, site: Site, host: ItemsHost): Answer {
  const payload = payloadOf(request);
  const stored = collectionNamed(payload, site);
  const [data] = found(payload, { filter: { _id: id } }, stored, site, host);
  if (data === undefined) throw refused(404, 'WDE0073', `Item ${id} does not exist.`);
  const shown = withReferences(includedReferences(payload, stored, 1), stored, site);
  return ok({ dataItem: dataItem(stored, shown(data), textsAt(payload, 'fields')) });
}

function queryByCursor(
  payload: JsonObject,
  query: JsonObject,
  stored: StoredCollection,
  site: Site,
  host: ItemsHost,
): Answer {
  const first = { filter: query.filter ?? null, sort: query.sort ?? null };
  const sizes = { normal: host.settings.pageSize, most: 100 };
  const page = pageRequest(objectAt(query, 'cursorPaging'), first, sizes, 'query.cursorPaging');
  const carried = objectAt({ query: page.query }, 'query');
  const { values, pagingMetadata } = cursorPage(found(payload, carried, stored, site, host), page);
  const shown = withReferences(includedReferences(payload, stored, values.length), stored, site);
  const dataItems = values.map((data) => dataItem(stored, shown(data), textsAt(query, 'fields')));
  return ok({ dataItems, pagingMetadata });
}

function found(
  payload: JsonObject,
  query: JsonObject,
  stored: StoredCollection,
  site: Site,
  host: ItemsHost,
): JsonObject[] {
  const lag = String(payload.consistentRead) === 'true' ? 0 : host.settings.readLag;
  const drafts = objectAt(payload, 'publishPluginOptions').includeDraftItems === true;
  const language = textAt(payload, 'language');
  return [...itemsAsOf(stored, host.now() - lag).values()]
    .filter((item) => drafts || item._publishStatus !== 'DRAFT')
    .filter((item) => meets(item, query.filter))
    .sort(comparison(sortOf(query.sort ?? null, 1000)))
    .map((item) => (language === undefined ? item : translated(item, stored, site, language)));
}

/** The item with its published translations in place of the main language (wix-api.md 2.5). */
function translated(
  item: JsonObject,
  stored: StoredCollection,
  site: Site,
  language: string,
): JsonObject {
  const texts = translatableKeys(stored.schema).flatMap((field) => {
    const key = translationKey(String(item._id), field, language);
    const translation = site.translations.get(key);
    return translation?.published === true ? [[field, translation.text] as const] : [];
  });
  return { ...item, ...Object.fromEntries(texts) };
}

/** An item as answers hold it, with all its fields or some of them. */
export function dataItem(
  { schema }: StoredCollection,
  item: JsonObject,
  fields: readonly string[] = [],
): JsonObject {
  const data = only(item, (key) => fields.length === 0 || key === '_id' || fields.includes(key));
  return { id: String(item._id), dataCollectionId: schema.id, data };
}
