import type { Faults } from '../faults.ts';
import { invalid, refused } from '../http/failures.ts';
import { cursorPage, limitOf, pageRequest } from '../http/paging.ts';
import { type Answer, ok, payloadOf, type Request } from '../http/request.ts';
import { refusalOf } from '../jobs/import.ts';
import {
  type Json,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
  textsAt,
} from '../json.ts';
import { translatableKeys } from '../schema.ts';
import type { Settings } from '../settings.ts';
import { itemsAsOf, type Site, type StoredCollection, translationKey } from '../site.ts';
import { noSuchCollection } from './collections.ts';
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
  const offset = numberAt(paging, 'offset') ?? 0;
  const all = found(payload, query, stored, site, host);
  const page = all.slice(offset, offset + limit);
  const shown = withReferences(includedReferences(payload, stored, page.length), stored, site);
  return ok({
    dataItems: page.map((data) => dataItem(stored, shown(data), query)),
    pagingMetadata: {
      count: page.length,
      offset,
      ...(payload.returnTotalCount === true && { total: all.length }),
      tooManyToCount: false,
      hasNext: offset + limit < all.length,
    },
  });
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
  return ok({ dataItem: dataItem(stored, withReferences([], stored, site)(data), {}) });
}

/** `POST /wix-data/v2/bulk/items/remove`: failures of single items come inside a 200. */
export function removeItems(request: Request, site: Site, host: ItemsHost): Answer {
  const payload = payloadOf(request);
  const stored = collectionNamed(payload, site);
  const ids = textsAt(payload, 'dataItemIds') ?? [];
  if (ids.length === 0) {
    throw invalid([
      { field: 'dataItemIds', description: 'must not be empty', violatedRule: 'MIN_LENGTH' },
    ]);
  }
  if (ids.length > 1000)
    throw refused(400, 'WDE0069', 'At most 1000 items can be removed at once.');
  return bulkAnswer(
    ids.map((id) => {
      const known = stored.items.get(id);
      if (known === undefined) {
        return failed('DELETE', id, 'WDE0073', `Item ${id} does not exist.`);
      }
      const rejected = host.faults.forRow(stored.schema.id, known);
      if (rejected !== undefined) {
        return failed('DELETE', id, rejected.code, rejected.description);
      }
      site.remove(stored.schema.id, id);
      return { action: 'DELETE', id };
    }),
  );
}

/** `POST /wix-data/v2/bulk/items/save`: replaces whole items, adds unknown ones. */
export function saveItems(request: Request, site: Site, host: ItemsHost): Answer {
  const payload = payloadOf(request);
  const stored = collectionNamed(payload, site);
  const elements = listAt(payload, 'dataItems') ?? [];
  if (elements.length > 1000)
    throw refused(400, 'WDE0006', 'At most 1000 items can be saved at once.');
  return bulkAnswer(
    elements.map((element) => {
      const id = textAt(element, 'id');
      const data = withoutReferences(objectAt(element, 'data'), stored, payload);
      const item = id === undefined ? data : { ...data, _id: id };
      const refusal = refusalOf(item, stored.schema, host);
      if (refusal !== undefined)
        return failed('INSERT', id ?? '', refusal.code, refusal.description);
      const action = id !== undefined && stored.items.has(id) ? 'UPDATE' : 'INSERT';
      const saved = site.save(stored.schema.id, item);
      return { action, id: String(saved._id) };
    }),
  );
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
  const dataItems = values.map((data) => dataItem(stored, shown(data), query));
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

/** Multi-references are dropped silently unless `saveReferences` (wix-api.md 6.4). */
function withoutReferences(
  data: JsonObject,
  stored: StoredCollection,
  payload: JsonObject,
): JsonObject {
  if (payload.saveReferences === true) return data;
  const references = stored.schema.fields.filter(({ type }) => type === 'MULTI_REFERENCE');
  return Object.fromEntries(
    Object.entries(data).filter(([key]) => !references.some((field) => field.key === key)),
  );
}

function dataItem(stored: StoredCollection, item: JsonObject, query: JsonObject): unknown {
  const fields = textsAt(query, 'fields') ?? [];
  const shown = Object.entries(item).filter(
    ([key]) => fields.length === 0 || key === '_id' || fields.includes(key),
  );
  return { id: item._id, dataCollectionId: stored.schema.id, data: Object.fromEntries(shown) };
}

function collectionNamed(payload: JsonObject, site: Site): StoredCollection {
  const id = textAt(payload, 'dataCollectionId');
  if (id === undefined || id === '') {
    throw invalid([
      { field: 'dataCollectionId', description: 'must not be empty', violatedRule: 'REQUIRED' },
    ]);
  }
  const stored = site.collections.get(id);
  if (stored === undefined) throw noSuchCollection(id);
  return stored;
}

interface BulkResult {
  readonly action: string;
  readonly id: string;
  readonly error?: { readonly code: string; readonly description: string; readonly data: Json };
}

function failed(action: string, id: string, code: string, description: string): BulkResult {
  return { action, id, error: { code, description, data: {} } };
}

function bulkAnswer(results: readonly BulkResult[]): Answer {
  const failures = results.filter(({ error }) => error !== undefined).length;
  return ok({
    results: results.map(({ action, id, error }, originalIndex) => ({
      action,
      itemMetadata: {
        id,
        originalIndex,
        success: error === undefined,
        ...(error !== undefined && { error }),
      },
    })),
    bulkActionMetadata: {
      totalSuccesses: results.length - failures,
      totalFailures: failures,
      undetailedFailures: 0,
    },
  });
}
