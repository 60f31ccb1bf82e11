import { ask, type WixClient, type WixRequest } from './client.ts';
import { bulkShape, itemsShape } from './wire.ts';

export interface FailedItem {
  readonly id: string;
  readonly code: string;
  readonly description: string;
}

export interface BulkOutcome {
  readonly done: readonly string[];
  readonly failed: readonly FailedItem[];
}

/** Kinder than the 1,000 that the API takes (wix-api.md 6.7). */
const chunkSize = 500;

/** The item is not there (wix-api.md 6.4). */
const alreadyGone = 'WDE0073';

/** Removes items by their ids, many at a time; one that is gone already counts as removed. */
export async function* removeItems(
  client: WixClient,
  collectionId: string,
  ids: readonly string[],
): AsyncGenerator<BulkOutcome> {
  for (let first = 0; first < ids.length; first += chunkSize) {
    const dataItemIds = ids.slice(first, first + chunkSize);
    const what = `remove items from ${collectionId}`;
    const request = post(collectionId, '/wix-data/v2/bulk/items/remove', { dataItemIds }, what);
    yield bulk(client, dataItemIds, request);
  }
}

/** An item as the API gives it: values of the types that the site stores. */
export type StoredItem = Readonly<Record<string, unknown>>;

/** How many items are read at once. */
export const mostStored = 100;

/** How many referenced items an item is shown with: what the API gives unasked (wix-api.md 6.4). */
export const shownReferences = 50;

/**
 * Items by their ids, as they are now; missing ones are left out.
 * @param ids at most `mostStored`; with references, 50: the API has refused more of those at once.
 */
export async function storedItems(
  client: WixClient,
  collectionId: string,
  ids: readonly string[],
  references: readonly string[] = [],
): Promise<ReadonlyMap<string, StoredItem>> {
  return queryItems(client, collectionId, {
    query: { filter: { _id: { $in: ids } }, paging: { limit: ids.length, offset: 0 } },
    ...(references.length > 0 && {
      includeReferences: references.map((field) => ({ field, limit: shownReferences })),
    }),
  });
}

/** The last items that were created, newest first. */
export async function newestItems(
  client: WixClient,
  collectionId: string,
  limit: number,
): Promise<ReadonlyMap<string, StoredItem>> {
  const sort = [{ fieldName: '_createdDate', order: 'DESC' }];
  return queryItems(client, collectionId, { query: { sort, paging: { limit, offset: 0 } } });
}

async function queryItems(
  client: WixClient,
  collectionId: string,
  wanted: object,
): Promise<ReadonlyMap<string, StoredItem>> {
  const publishPluginOptions = { includeDraftItems: true };
  const body = { consistentRead: true, publishPluginOptions, ...wanted };
  const request = post(
    collectionId,
    '/wix-data/v2/items/query',
    body,
    `read items of ${collectionId}`,
  );
  const { dataItems } = await ask(client, itemsShape, request);
  return new Map(dataItems.map(({ id, data }) => [id, data]));
}

/** Sets some properties of an item and leaves the others alone (wix-api.md 6.4). */
export async function setProperties(
  client: WixClient,
  collectionId: string,
  id: string,
  values: StoredItem,
): Promise<BulkOutcome> {
  const fieldModifications = Object.entries(values).map(([fieldPath, value]) => ({
    fieldPath,
    action: 'SET_FIELD',
    setFieldOptions: { value },
  }));
  const patches = [{ dataItemId: id, fieldModifications }];
  const what = `set properties of the item ${id} in ${collectionId}`;
  return bulk(client, [id], post(collectionId, '/wix-data/v2/bulk/items/patch', { patches }, what));
}

/** The most items that one query gives (wix-api.md 6.2). */
const pageSize = 1_000;

/** All items of a collection by their ids, page by page. */
export function allItems(
  client: WixClient,
  collectionId: string,
): AsyncGenerator<ReadonlyMap<string, StoredItem>> {
  return itemPages(client, collectionId, { sort: [{ fieldName: '_id', order: 'ASC' }] });
}

async function* itemPages(
  client: WixClient,
  collectionId: string,
  query: object,
): AsyncGenerator<ReadonlyMap<string, StoredItem>> {
  for (let offset = 0; ; offset += pageSize) {
    const paging = { limit: pageSize, offset };
    const page = await queryItems(client, collectionId, { query: { ...query, paging } });
    yield page;
    if (page.size < pageSize) return;
  }
}

/** The items that were changed at or after a date-time (ISO 8601), by their ids. */
export async function changedItems(
  client: WixClient,
  collectionId: string,
  since: string,
): Promise<ReadonlyMap<string, StoredItem>> {
  const filter = { _updatedDate: { $gte: { $date: since } } };
  const found = new Map<string, StoredItem>();
  for await (const page of itemPages(client, collectionId, { filter })) {
    for (const [id, item] of page) found.set(id, item);
  }
  return found;
}

/** The items that a multi-reference of an item has. */
export interface ReferenceList {
  readonly item: string;
  readonly field: string;
  readonly referenced: readonly string[];
}

/** Makes these items the only ones of a multi-reference (wix-api.md 6.4, 11). */
export async function replaceReferences(
  client: WixClient,
  collectionId: string,
  {
    item: referringItemId,
    field: referringItemFieldName,
    referenced: newReferencedItemIds,
  }: ReferenceList,
): Promise<void> {
  const body = { referringItemId, referringItemFieldName, newReferencedItemIds };
  const what = `set ${referringItemFieldName} of the item ${referringItemId} in ${collectionId}`;
  await client.json(post(collectionId, '/wix-data/v2/items/replace-references', body, what));
}

/**
 * Adds items to multi-references; those that are there stay (wix-api.md 6.4). A list goes in one request if
 * it fits, because half of it would look like an edit in the CMS if the run is cut off.
 */
export async function insertReferences(
  client: WixClient,
  collectionId: string,
  lists: readonly ReferenceList[],
): Promise<void> {
  const chunks: object[][] = [];
  for (const { item: referringItemId, field: referringItemFieldName, referenced } of lists) {
    for (let first = 0; first < referenced.length; first += chunkSize) {
      const references = referenced
        .slice(first, first + chunkSize)
        .map((referencedItemId) => ({ referringItemId, referringItemFieldName, referencedItemId }));
      const last = chunks.at(-1);
      if (last && last.length + references.length <= chunkSize) last.push(...references);
      else chunks.push(references);
    }
  }
  for (const dataItemReferences of chunks) {
    const what = `add references in ${collectionId}`;
    const body = { dataItemReferences };
    await client.json(post(collectionId, '/wix-data/v2/bulk/items/insert-references', body, what));
  }
}

function post(dataCollectionId: string, path: string, body: object, what: string): WixRequest {
  return { method: 'POST', path, body: { dataCollectionId, ...body }, what };
}

/** An item counts as done only if the answer says so of it (wix-api.md 6.4). */
async function bulk(
  client: WixClient,
  ids: readonly string[],
  request: WixRequest,
): Promise<BulkOutcome> {
  const { results } = await ask(client, bulkShape, request);
  const unanswered = new Set(ids);
  const failed: FailedItem[] = [];
  for (const { itemMetadata: item } of results) {
    const id = item?.id ?? ids[item?.originalIndex ?? -1];
    if (id === undefined || !unanswered.delete(id)) continue;
    const { code, description } = item?.error ?? { code: '', description: '' };
    if (item?.success || code === alreadyGone) continue;
    failed.push({ id, code, description: description || 'Wix gave no reason' });
  }
  const description = 'Wix did not say what became of it';
  failed.push(...[...unanswered].map((id) => ({ id, code: '', description })));
  const left = new Set(failed.map(({ id }) => id));
  return { done: ids.filter((id) => !left.has(id)), failed };
}
