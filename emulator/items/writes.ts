import { formedItem } from '../forms.ts';
import { refused } from '../http/failures.ts';
import { type Answer, ok, payloadOf, type Request } from '../http/request.ts';
import { type JsonObject, listAt, objectAt, only, textAt } from '../json.ts';
import { refusalOf } from '../refusals.ts';
import { singleItemId } from '../schema.ts';
import type { Site, StoredCollection } from '../site.ts';
import { type BulkAction, bulkAnswer } from './bulk.ts';
import { checkAllowed, collectionNamed } from './collections.ts';
import { patched, patchedKeys } from './patches.ts';
import { dataItem, type ItemsHost } from './queries.ts';

/** A way to write one item. */
export type Write = 'insert' | 'update' | 'save' | 'patch' | 'remove';

/** What a write did to an item, or why it did nothing. */
type Outcome =
  | { readonly action: BulkAction; readonly item: JsonObject }
  | {
      readonly action: BulkAction;
      readonly id: string;
      readonly status: number;
      readonly code: string;
      readonly description: string;
    };

/** What a write may look at beside the element that it writes. */
interface Place {
  readonly site: Site;
  readonly stored: StoredCollection;
  readonly saveReferences: boolean;
  readonly host: ItemsHost;
}

const operations = {
  insert: ['INSERT', 'BULK_INSERT'],
  update: ['UPDATE', 'BULK_UPDATE'],
  save: ['SAVE', 'BULK_SAVE'],
  patch: ['PATCH', 'BULK_PATCH'],
  remove: ['REMOVE', 'BULK_REMOVE'],
} as const;

/**
 * Writes one item (wix-api.md 6.4).
 *
 * @param id the item's, where the path names it.
 * @throws 428 where the collection does not allow it, and what a bulk call would say of the item.
 */
export function writeItem(
  write: Write,
  request: Request,
  site: Site,
  host: ItemsHost,
  id?: string,
): Answer {
  const payload = payloadOf(request);
  const stored = collectionNamed(payload, site);
  checkAllowed(stored, operations[write][0]);
  const outcome = written(
    write,
    { ...elementOf(write, payload), ...(id !== undefined && { id, dataItemId: id }) },
    { site, stored, host, saveReferences: payload.saveReferences === true },
  );
  if ('code' in outcome) throw refused(outcome.status, outcome.code, outcome.description);
  return ok({ action: outcome.action, dataItem: dataItem(stored, outcome.item) });
}

/** Writes up to 1,000 items; the failures of single ones come inside a 200 (wix-api.md 6.4). */
export function writeItems(write: Write, request: Request, site: Site, host: ItemsHost): Answer {
  const payload = payloadOf(request);
  const stored = collectionNamed(payload, site);
  checkAllowed(stored, operations[write][1]);
  const elements = elementsOf(write, payload);
  if (elements.length > 1000) {
    const code = write === 'remove' ? 'WDE0069' : 'WDE0006';
    throw refused(400, code, `At most 1000 items can be written at once.`);
  }
  const place = { site, stored, host, saveReferences: payload.saveReferences === true };
  return bulkAnswer(
    elements.map((element) => {
      const outcome = written(write, element, place);
      if ('code' in outcome) return { ...outcome, error: outcome };
      const { action, item } = outcome;
      const shown = payload.returnEntity === true && { dataItem: dataItem(stored, item) };
      return { action, id: String(item._id), ...shown };
    }),
    'itemMetadata',
  );
}

/** `POST /wix-data/v2/items/truncate`: removes everything. */
export function truncate(request: Request, site: Site): Answer {
  const stored = collectionNamed(payloadOf(request), site);
  checkAllowed(stored, 'TRUNCATE');
  for (const id of [...stored.items.keys()]) site.remove(stored.schema.id, id);
  return ok({});
}

function elementOf(write: Write, payload: JsonObject): JsonObject {
  if (write === 'remove') return payload;
  return objectAt(payload, write === 'patch' ? 'patch' : 'dataItem');
}

function elementsOf(write: Write, payload: JsonObject): readonly JsonObject[] {
  if (write === 'remove') {
    return (listAt(payload, 'dataItemIds') ?? []).map((dataItemId) => ({ dataItemId }));
  }
  const elements = listAt(payload, write === 'patch' ? 'patches' : 'dataItems') ?? [];
  return elements.map((element) => objectAt({ element }, 'element'));
}

function written(write: Write, element: JsonObject, place: Place): Outcome {
  switch (write) {
    case 'remove':
      return removed(element, place);
    case 'patch':
      return patchedItem(element, place);
    default:
      return put(write, element, place);
  }
}

function removed(element: JsonObject, { site, stored, host }: Place): Outcome {
  const id = textAt(element, 'dataItemId') ?? '';
  const known = stored.items.get(id);
  if (known === undefined) return missing('DELETE', id);
  const rejected = host.faults.forRow(stored.schema.id, known);
  if (rejected !== undefined) {
    const { code, description } = rejected;
    return { action: 'DELETE', id, status: 400, code, description };
  }
  site.remove(stored.schema.id, id);
  return { action: 'DELETE', item: known };
}

function patchedItem(element: JsonObject, place: Place): Outcome {
  const id = textAt(element, 'dataItemId') ?? '';
  const known = place.stored.items.get(id);
  if (known === undefined) return missing('PATCH', id);
  const keys = patchedKeys(element);
  if (referenceFields(place).some((key) => keys.includes(key))) return referencesSet('PATCH', id);
  return saved('PATCH', patched(known, element), place);
}

/** Inserts, updates or saves a whole item: what it leaves out is gone, but for its multi-references. */
function put(write: 'insert' | 'update' | 'save', element: JsonObject, place: Place): Outcome {
  const { stored, saveReferences, host } = place;
  const given = objectAt(element, 'data');
  const id = singleItemId(stored.schema) ?? textAt(element, 'id') ?? textAt(given, '_id') ?? '';
  const known = stored.items.get(id);
  const problem = write === 'save' ? undefined : problemOf(write, id, known !== undefined);
  if (problem !== undefined) return problem;
  const action = known === undefined ? 'INSERT' : 'UPDATE';
  const references = referenceFields(place);
  const sets = !saveReferences && references.some((key) => (given[key] ?? null) !== null);
  if (sets && host.settings.multiReferencesInItems === 'refused') return referencesSet(action, id);
  const isKept = (key: string) => references.includes(key) && !(saveReferences && key in given);
  const isSet = (key: string) =>
    !readOnly.includes(key) && (saveReferences || !references.includes(key));
  const item = { ...only(known ?? {}, isKept), ...only(given, isSet) };
  return saved(action, id === '' ? item : { ...item, _id: id }, place);
}

function problemOf(write: 'insert' | 'update', id: string, known: boolean): Outcome | undefined {
  if (write === 'insert') {
    const description = `Item ${id} already exists.`;
    return known ? { action: 'INSERT', id, status: 409, code: 'WDE0074', description } : undefined;
  }
  if (id !== '') return known ? undefined : missing('UPDATE', id);
  const description = 'Invalid update. Updated object must have a string _id property.';
  return { action: 'UPDATE', id, status: 400, code: 'WDE0007', description };
}

/** What only the server sets (wix-api.md 3.4). */
const readOnly = ['_createdDate', '_updatedDate'];

function saved(action: BulkAction, item: JsonObject, { site, stored, host }: Place): Outcome {
  const refusal = refusalOf(item, stored.schema, host);
  if (refusal !== undefined) return { action, id: String(item._id ?? ''), status: 400, ...refusal };
  const { schema } = stored;
  return { action, item: site.save(schema.id, formedItem(item, schema, host.settings.forms)) };
}

function referenceFields({ stored }: Place): readonly string[] {
  return stored.schema.fields
    .filter(({ type }) => type === 'MULTI_REFERENCE')
    .map(({ key }) => key);
}

function referencesSet(action: BulkAction, id: string): Outcome {
  const description = 'Multi-reference fields cannot be set through data operations.';
  return { action, id, status: 400, code: 'WDE0303', description };
}

function missing(action: BulkAction, id: string): Outcome {
  const description = `Item ${id} does not exist.`;
  return { action, id, status: 404, code: 'WDE0073', description };
}
