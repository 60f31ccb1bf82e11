import * as v from 'valibot';
import { ask, type WixClient } from './client.ts';
import type { Rejection } from './jobs.ts';
import { bulkShape, itemsShape } from './wire.ts';

/** What became of items, by their ids. */
export interface BulkOutcome {
  readonly done: readonly string[];
  readonly failed: readonly Rejection[];
}

/** An item as the API gives it: values of the types that the site stores. */
export type StoredItem = Readonly<Record<string, unknown>>;

/** Items by their ids. */
export type StoredItems = ReadonlyMap<string, StoredItem>;

/** The items that a multi-reference of an item has. */
export interface ReferenceList {
  readonly item: string;
  readonly field: string;
  readonly referenced: readonly string[];
}

/** How many items are read at once. */
export const mostStored = 100;

/** How many referenced items an item is shown with: what the API gives unasked (wix-api.md 6.4). */
const shownReferences = 50;

/** The most items that one query gives (wix-api.md 6.2). */
const pageSize = 1_000;

/** Kinder than the 1,000 references that the API takes (wix-api.md 6.7). */
const chunkSize = 500;

/** The item is not there (wix-api.md 6.4). */
const alreadyGone = 'WDE0073';

/** The items of one collection. */
export class Items {
  readonly #client: WixClient;
  readonly #collection: string;

  constructor(client: WixClient, collection: string) {
    this.#client = client;
    this.#collection = collection;
  }

  /**
   * Items as they are now; missing ones are left out.
   * @param ids with references, at most 50: the API has refused more of those at once.
   */
  async stored(ids: readonly string[], references: readonly string[] = []): Promise<StoredItems> {
    const found = new Map<string, StoredItem>();
    const includeReferences = references.map((field) => ({ field, limit: shownReferences }));
    for (let first = 0; first < ids.length; first += mostStored) {
      const some = ids.slice(first, first + mostStored);
      const page = await this.#query({
        query: { filter: { _id: { $in: some } }, paging: { limit: some.length, offset: 0 } },
        ...(references.length > 0 && { includeReferences }),
      });
      for (const [id, item] of page) found.set(id, item);
    }
    return found;
  }

  /** The last items that were created, newest first. */
  async newest(limit: number): Promise<StoredItems> {
    const sort = [{ fieldName: '_createdDate', order: 'DESC' }];
    return new Map(await this.#query({ query: { sort, paging: { limit, offset: 0 } } }));
  }

  /** The items that were changed at or after a date-time (ISO 8601). */
  async changedSince(date: string): Promise<StoredItems> {
    const filter = { _updatedDate: { $gte: { $date: date } } };
    const found = new Map<string, StoredItem>();
    for await (const [id, item] of this.#all({ filter })) found.set(id, item);
    return found;
  }

  /** All items, with their ids. */
  all() {
    return this.#all({ sort: [{ fieldName: '_id', order: 'ASC' }] });
  }

  async *#all(query: object) {
    for (let offset = 0; ; offset += pageSize) {
      const page = await this.#query({ query: { ...query, paging: { limit: pageSize, offset } } });
      yield* page;
      if (page.length < pageSize) return;
    }
  }

  async #query(wanted: object) {
    const publishPluginOptions = { includeDraftItems: true };
    const body = { consistentRead: true, publishPluginOptions, ...wanted };
    const what = `read items of ${this.#collection}`;
    const { dataItems } = await this.#post(itemsShape, what, '/wix-data/v2/items/query', body);
    return dataItems.map(({ id, data }) => [id, data] as const);
  }

  /** Removes at most 1,000 items; one that is gone already counts as removed. */
  async remove(ids: readonly string[]): Promise<BulkOutcome> {
    if (ids.length === 0) return { done: [], failed: [] };
    const what = `remove items from ${this.#collection}`;
    return this.#bulk(ids, what, '/wix-data/v2/bulk/items/remove', { dataItemIds: ids });
  }

  /** Sets some properties of an item and leaves the others alone (wix-api.md 6.4). */
  setProperties(id: string, values: StoredItem): Promise<BulkOutcome> {
    const fieldModifications = Object.entries(values).map(([fieldPath, value]) => ({
      fieldPath,
      action: 'SET_FIELD',
      setFieldOptions: { value },
    }));
    const what = `set properties of the item ${id} in ${this.#collection}`;
    const body = { patches: [{ dataItemId: id, fieldModifications }] };
    return this.#bulk([id], what, '/wix-data/v2/bulk/items/patch', body);
  }

  /** An item counts as done only if the answer says so of it (wix-api.md 6.4). */
  async #bulk(ids: readonly string[], what: string, path: string, body: object) {
    const { results } = await this.#post(bulkShape, what, path, body);
    const description = 'Wix did not say what became of it';
    const failed = new Map(ids.map((source) => [source, { source, code: '', description }]));
    const unanswered = new Set(ids);
    for (const { itemMetadata: item } of results) {
      const source = item?.id ?? ids[item?.originalIndex ?? -1];
      if (source === undefined || !unanswered.delete(source)) continue;
      const { code, description } = item?.error ?? { code: '', description: '' };
      if (item?.success || code === alreadyGone) failed.delete(source);
      else failed.set(source, { source, code, description: description || 'Wix gave no reason' });
    }
    return { done: ids.filter((id) => !failed.has(id)), failed: [...failed.values()] };
  }

  /** Makes these items the only ones of a multi-reference (wix-api.md 6.4, 11). */
  async replaceReferences({ item, field, referenced }: ReferenceList): Promise<void> {
    const body = {
      referringItemId: item,
      referringItemFieldName: field,
      newReferencedItemIds: referenced,
    };
    const what = `set ${field} of the item ${item} in ${this.#collection}`;
    await this.#post(v.unknown(), what, '/wix-data/v2/items/replace-references', body);
  }

  /**
   * Adds items to multi-references; those that are there stay (wix-api.md 6.4). A list goes in one request
   * if it fits, because half of it would look like an edit in the CMS if the run is cut off.
   */
  async insertReferences(lists: readonly ReferenceList[]): Promise<void> {
    const chunks: object[][] = [];
    for (const { item: referringItemId, field: referringItemFieldName, referenced } of lists) {
      for (let first = 0; first < referenced.length; first += chunkSize) {
        const references = referenced
          .slice(first, first + chunkSize)
          .map((id) => ({ referringItemId, referringItemFieldName, referencedItemId: id }));
        const last = chunks.at(-1);
        if (last && last.length + references.length <= chunkSize) last.push(...references);
        else chunks.push(references);
      }
    }
    const what = `add references in ${this.#collection}`;
    for (const dataItemReferences of chunks) {
      const body = { dataItemReferences };
      await this.#post(v.unknown(), what, '/wix-data/v2/bulk/items/insert-references', body);
    }
  }

  #post<const Shape extends v.GenericSchema>(
    shape: Shape,
    what: string,
    path: string,
    wanted: object,
  ): Promise<v.InferOutput<Shape>> {
    const body = { dataCollectionId: this.#collection, ...wanted };
    return ask(this.#client, shape, { method: 'POST', path, body, what });
  }
}
