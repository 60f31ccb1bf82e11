import { ask, tooLate, type WixClient } from './client.ts';
import { collectionsShape, type WireCollection, type WireField } from './wire.ts';

/** A collection's schema, with what the vendor leaves out filled in (wix-api.md 6.2). */
export interface Collection {
  readonly id: string;
  readonly displayName: string;
  /** `NATIVE`, `WIX_APP`, `BLOCKS_APP`, `EXTERNAL`. */
  readonly type: string;
  /** What the site lets be done with items: `BULK_SAVE`, `TRUNCATE`…; `undefined` where it is not said. */
  readonly operations: readonly string[] | undefined;
  /** The id of the only item that it may hold. */
  readonly singleItem: string | undefined;
  /** The collection that holds the drafts of its items (wix-api.md 6.2, Draft Items). */
  readonly draftsCollection: string | undefined;
  /** Whether items are published one by one. */
  readonly hasPublishing: boolean;
  readonly fields: readonly Field[];
}

interface Field {
  readonly key: string;
  readonly displayName: string;
  /** `TEXT`, `NUMBER`…; unknown ones are to be treated as text. */
  readonly type: string;
  readonly systemField: boolean;
  readonly readOnly: boolean;
  readonly required: boolean;
  readonly encrypted: boolean;
  readonly translatable: boolean;
  /** The collection that a reference refers to. */
  readonly referencedCollection: string | undefined;
  /** Of a multi-reference: the collection that it refers to, and the field there that refers back. */
  readonly multiReference:
    | { readonly collection: string; readonly field: string | undefined }
    | undefined;
  /** The least and the most of a number, of a text's characters or of a list's entries. */
  readonly bounds: { readonly min?: number; readonly max?: number } | undefined;
}

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
      if (!collections.has(collection.id)) {
        collections.set(collection.id, collectionFrom(collection));
      }
    }
    // A server may give less than it was asked for, so only its total is the end, or a page without
    // anything new: one that does not heed the offset would give its first for ever.
    const total = paging?.total ?? Number.POSITIVE_INFINITY;
    if (collections.size === known || collections.size >= total) return [...collections.values()];
    if (client.clock.now() >= client.deadline) throw tooLate(what);
  }
}

/** Makes a collection of text fields and the like that only the site's owner sees (wix-api.md 6.2). */
export async function createCollection(
  client: WixClient,
  collection: {
    readonly id: string;
    readonly displayName: string;
    readonly fields: readonly {
      readonly key: string;
      readonly displayName: string;
      readonly type: string;
      readonly typeMetadata?: object;
    }[];
  },
): Promise<void> {
  const permissions = { insert: 'ADMIN', update: 'ADMIN', remove: 'ADMIN', read: 'ADMIN' };
  await client.json({
    method: 'POST',
    path,
    body: { collection: { ...collection, permissions } },
    manner: 'once',
    what: `create the collection ${collection.id}`,
  });
}

function collectionFrom(wire: WireCollection): Collection {
  const { id, plugins } = wire;
  const translatable = new Set(
    plugins.flatMap(({ multilingualOptions: options }) => options?.translatableFieldKeys ?? []),
  );
  return {
    id,
    displayName: wire.displayName ?? id,
    type: wire.collectionType,
    operations: wire.capabilities?.dataOperations ?? undefined,
    singleItem: firstOf(plugins, ({ singleItemOptions }) => singleItemOptions?.singleItemId),
    draftsCollection: firstOf(
      plugins,
      ({ draftItemsPluginOptions }) => draftItemsPluginOptions?.draftsCollectionId,
    ),
    hasPublishing: plugins.some(({ type }) => type === 'PUBLISH'),
    fields: wire.fields.map((field) => fieldFrom(field, translatable)),
  };
}

/** What the first of these that says anything says. */
function firstOf<T>(
  entries: readonly T[],
  read: (entry: T) => string | null | undefined,
): string | undefined {
  return entries.map(read).find((said) => said) ?? undefined;
}

function fieldFrom(field: WireField, translatable: ReadonlySet<string>): Field {
  const { key, displayName, type, systemField, readOnly, required, encrypted } = field;
  const { reference, multiReference } = field.typeMetadata ?? {};
  return {
    key,
    displayName: displayName ?? key,
    type,
    systemField,
    readOnly,
    required,
    encrypted,
    translatable: translatable.has(key),
    referencedCollection: reference?.referencedCollectionId ?? undefined,
    multiReference: multiReference?.referencedCollectionId
      ? {
          collection: multiReference.referencedCollectionId,
          field: multiReference.referencingFieldKey ?? undefined,
        }
      : undefined,
    bounds: boundsOf(field),
  };
}

/** A field has one of three ranges, by its type (wix-api.md 6.2). */
function boundsOf(field: WireField): Field['bounds'] {
  const { numberRange: number, stringLengthRange: text, arraySizeRange: list } = field;
  const min = number?.min ?? text?.minLength ?? list?.minSize ?? undefined;
  const max = number?.max ?? text?.maxLength ?? list?.maxSize ?? undefined;
  if (min === undefined && max === undefined) return undefined;
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}
