import { refused } from '../http/failures.ts';
import { limitOf } from '../http/paging.ts';
import { type Answer, ok, payloadOf, type Request } from '../http/request.ts';
import { numberAt, objectAt, textAt, textsAt } from '../json.ts';
import type { Collection } from '../schema.ts';
import type { Settings } from '../settings.ts';
import type { Site } from '../site.ts';

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

export function noSuchCollection(id: string) {
  return refused(404, 'WDE0025', `The ${id} collection does not exist.`);
}

function projected(collection: Collection, fields: readonly string[]): unknown {
  if (fields.length === 0) return collection;
  return Object.fromEntries(
    Object.entries(collection).filter(([key]) => key === 'id' || fields.includes(key)),
  );
}
