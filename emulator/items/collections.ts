import { invalid, refused, type WixError } from '../http/failures.ts';
import { limitOf } from '../http/paging.ts';
import { type Answer, ok, payloadOf, type Request } from '../http/request.ts';
import { type JsonObject, listAt, numberAt, objectAt, only, textAt, textsAt } from '../json.ts';
import { allows, type Collection, type DataOperation, type Field } from '../schema.ts';
import type { Settings } from '../settings.ts';
import type { Site, StoredCollection } from '../site.ts';

/** `GET /wix-data/v2/collections`: offset paging, id ascending (wix-api.md 6.1). */
export function listCollections(request: Request, site: Site, settings: Settings): Answer {
  const payload = payloadOf(request);
  const paging = objectAt(payload, 'paging');
  const most = settings.collectionsPageLimit;
  const limit = limitOf(paging, { normal: Math.min(settings.pageSize, most), most });
  const offset = numberAt(paging, 'offset') ?? 0;
  const direction = textAt(payload, 'sort.order') === 'DESC' ? -1 : 1;
  const all = [...site.collections.values()]
    .map(({ schema }) => schema)
    .sort((a, b) => (a.id < b.id ? -direction : direction));
  const page = all.slice(offset, offset + limit);
  const fields = textsAt(payload, 'fields') ?? [];
  return ok({
    collections: page.map((collection) => projected(collection, fields)),
    pagingMetadata: { count: page.length, offset, total: all.length, tooManyToCount: false },
  });
}

/**
 * `GET /wix-data/v2/collections/{id}`. An id with a slash may come encoded as one segment, or as
 * the vendor's SDK sends it: not encoded. Throws 404 WDE0025.
 */
export function getCollection(id: string, site: Site): Answer {
  const stored = site.collections.get(id);
  if (stored === undefined) throw noSuchCollection(id);
  return ok({ collection: stored.schema });
}

/**
 * `POST /wix-data/v2/collections`: makes a collection, with the system fields added. Throws 400 for
 * one without an id, and 409 WDE0104 for an id that is taken.
 */
export function createCollection(request: Request, site: Site): Answer {
  const collection = objectAt(payloadOf(request), 'collection');
  const id = textAt(collection, 'id') ?? '';
  if (!/^[\w-][\w/-]{0,255}$/.test(id)) {
    throw invalid([{ field: 'collection.id', description: 'is no id', violatedRule: 'FORMAT' }]);
  }
  if (site.collections.has(id)) throw refused(409, 'WDE0104', `Collection ${id} already exists.`);
  const { schema } = site.addCollection({
    ...only(collection, (key) => given.includes(key)),
    id,
    fields: fieldsOf(collection),
  });
  return ok({ collection: schema });
}

/** `DELETE /wix-data/v2/collections/{id}`, with all its items. Throws 404 WDE0025, 428 WDE0119. */
export function deleteCollection(id: string, site: Site): Answer {
  const stored = site.collections.get(id);
  if (stored === undefined) throw noSuchCollection(id);
  if (!stored.schema.capabilities.collectionOperations.includes('REMOVE')) {
    throw refused(428, 'WDE0119', `The collection ${id} cannot be removed.`);
  }
  site.collections.delete(id);
  return ok({});
}

/** The collection that a payload names. Throws 400 where it names none, and 404 WDE0025. */
export function collectionNamed(payload: JsonObject, site: Site): StoredCollection {
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

/** Throws 428 WDE0119 where the collection does not allow an operation (wix-api.md 6.2). */
export function checkAllowed({ schema }: StoredCollection, operation: DataOperation): void {
  if (allows(schema, operation)) return;
  throw refused(428, 'WDE0119', `The collection ${schema.id} does not support ${operation}.`);
}

export function noSuchCollection(id: string): WixError {
  return refused(404, 'WDE0025', `The ${id} collection does not exist.`);
}

/** Members of a collection that a request may name; the rest is the server's. */
const given = ['displayName', 'displayField', 'permissions', 'plugins'];

function fieldsOf(collection: JsonObject): readonly Field[] {
  return (listAt(collection, 'fields') ?? []).map((field, index) => {
    const key = textAt(field, 'key');
    const type = textAt(field, 'type');
    if (key === undefined || type === undefined) {
      const path = `collection.fields[${index}]`;
      const description = 'must have a key and a type';
      throw invalid([{ field: path, description, violatedRule: 'REQUIRED' }]);
    }
    return { ...objectAt({ field }, 'field'), key, type };
  });
}

function projected(collection: Collection, fields: readonly string[]): unknown {
  if (fields.length === 0) return collection;
  return Object.fromEntries(
    Object.entries(collection).filter(([key]) => key === 'id' || fields.includes(key)),
  );
}
