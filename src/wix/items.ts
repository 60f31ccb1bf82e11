import type { WixClient } from './client.ts';
import { folded } from './failures.ts';
import { conform } from './shape.ts';
import { itemsShape, removalShape, type WireRemoval } from './wire.ts';

/** An item that could not be removed, in the vendor's words. */
export interface FailedRemoval {
  readonly id: string;
  readonly code: string;
  readonly description: string;
}

/** Kinder than the 1,000 that the API takes (wix-api.md 6.7). */
const chunkSize = 500;

/** The vendor's code for an item that is not there: removed already (wix-api.md 6.4). */
const alreadyGone = 'WDE0073';

/** What became of the items of one request. */
export interface Removal {
  readonly removed: readonly string[];
  readonly failed: readonly FailedRemoval[];
}

/** Removes items by their ids, many at a time; one that is gone already counts as removed. */
export async function* removeItems(
  client: WixClient,
  collectionId: string,
  ids: readonly string[],
): AsyncGenerator<Removal> {
  for (let first = 0; first < ids.length; first += chunkSize) {
    const dataItemIds = ids.slice(first, first + chunkSize);
    const answer = await removeSome(client, collectionId, dataItemIds);
    const failed = failedRemovals(dataItemIds, answer);
    const kept = new Set(failed.map(({ id }) => id));
    yield { removed: dataItemIds.filter((id) => !kept.has(id)), failed };
  }
}

/** An item as the API gives it: values of the types that the site stores. */
export type StoredItem = Readonly<Record<string, unknown>>;

/** How many items are read at once. */
export const mostStored = 100;

/** How many referenced items an item is shown with: what the API gives unasked (wix-api.md 6.4). */
export const shownReferences = 50;

/**
 * Items by their ids, as they are now; those that are not there are left out.
 *
 * @param ids at most `mostStored`; with references, 50: the API has refused more of those at once.
 * @param references multi-reference fields to show, with the first `shownReferences` items that each
 *   refers to; the API leaves all others out.
 */
export async function storedItems(
  client: WixClient,
  collectionId: string,
  ids: readonly string[],
  references: readonly string[] = [],
): Promise<ReadonlyMap<string, StoredItem>> {
  const answer = await client.json({
    method: 'POST',
    path: '/wix-data/v2/items/query',
    body: {
      dataCollectionId: collectionId,
      query: { filter: { _id: { $in: ids } }, paging: { limit: ids.length, offset: 0 } },
      consistentRead: true,
      publishPluginOptions: { includeDraftItems: true },
      ...(references.length > 0 && {
        includeReferences: references.map((field) => ({ field, limit: shownReferences })),
      }),
    },
    repeatable: true,
    what: `read items of ${collectionId}`,
  });
  const { dataItems } = conform(answer, itemsShape);
  return new Map(
    (dataItems ?? []).flatMap(({ id, data }) => (id && data ? [[id, data] as const] : [])),
  );
}

async function removeSome(
  client: WixClient,
  collectionId: string,
  dataItemIds: readonly string[],
): Promise<WireRemoval> {
  const answer = await client.json({
    method: 'POST',
    path: '/wix-data/v2/bulk/items/remove',
    body: { dataCollectionId: collectionId, dataItemIds },
    repeatable: true,
    what: `remove items from ${collectionId}`,
  });
  return conform(answer, removalShape);
}

/** An item counts as removed only if the answer says so of it (wix-api.md 6.4). */
function failedRemovals(ids: readonly string[], { results }: WireRemoval): FailedRemoval[] {
  const unsaid = new Set(ids);
  const failed: FailedRemoval[] = [];
  for (const { itemMetadata: item } of results ?? []) {
    const id = item?.id ?? ids[item?.originalIndex ?? -1];
    if (id === undefined || !unsaid.delete(id)) continue;
    const code = item?.error?.code ?? '';
    if (item?.success || code === alreadyGone) continue;
    const description = folded(item?.error?.description ?? 'Wix gave no reason');
    failed.push({ id, code: folded(code), description });
  }
  const description = 'Wix did not say whether it was removed';
  return [...failed, ...[...unsaid].map((id) => ({ id, code: '', description }))];
}
