import type * as v from 'valibot';
import { Failure } from '../errors.ts';
import { ask, tooLate, type WixClient } from './client.ts';
import { Refusal } from './failures.ts';
import { type Collection, collectionsShape, localesShape } from './wire.ts';

const path = '/wix-data/v2/collections';
const pageSize = 100;

/** All collections of the site, up to a hundred per request (wix-api.md 6.1). */
export async function listCollections(client: WixClient): Promise<readonly Collection[]> {
  const collections = new Map<string, Collection>();
  const what = 'list the collections';
  while (true) {
    const { collections: page, pagingMetadata: paging } = await ask(client, collectionsShape, {
      method: 'GET',
      path: `${path}?paging.limit=${pageSize}&paging.offset=${collections.size}`,
      what,
    });
    const known = collections.size;
    for (const collection of page) {
      if (!collections.has(collection.id)) collections.set(collection.id, collection);
    }
    // A page may be short before the end, and a server that ignores the offset repeats its first page.
    const total = paging?.total ?? Number.POSITIVE_INFINITY;
    if (collections.size === known || collections.size >= total) return [...collections.values()];
    if (client.clock.now() >= client.deadline) throw tooLate(what);
  }
}

interface NewCollection {
  readonly id: string;
  readonly displayName: string;
  readonly fields: readonly {
    readonly key: string;
    readonly displayName: string;
    readonly type: string;
    readonly typeMetadata?: object;
  }[];
}

/** Makes a collection that only the site's owner sees (wix-api.md 6.2). */
export async function createCollection(
  client: WixClient,
  collection: NewCollection,
): Promise<void> {
  const permissions = { insert: 'ADMIN', update: 'ADMIN', remove: 'ADMIN', read: 'ADMIN' };
  const body = { collection: { ...collection, permissions } };
  const what = `create the collection ${collection.id}`;
  try {
    await client.json({ method: 'POST', path, body, what });
  } catch (error) {
    // The first try made it, and its answer was lost.
    if (!(error instanceof Refusal && error.code === alreadyThere)) throw error;
  }
}

/** The vendor's code for a collection whose id is taken (wix-api.md 1.13). */
const alreadyThere = 'WDE0104';

export type Locale = v.InferOutput<typeof localesShape>['locales'][number];

/** The languages of the site (wix-api.md 2.5); none if Wix refuses to list them. */
export async function siteLocales(client: WixClient): Promise<readonly Locale[]> {
  const what = 'look up the languages of the site';
  const path = '/locales/v2/locale/query';
  try {
    const body = { query: {} };
    return (await ask(client, localesShape, { method: 'POST', path, body, what })).locales;
  } catch (error) {
    if (error instanceof Failure && !['cancelled', 'timeout'].includes(error.reason)) return [];
    throw error;
  }
}
