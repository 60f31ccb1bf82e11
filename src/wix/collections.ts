import type { WixClient } from './client.ts';
import { conform } from './shape.ts';
import { collectionsShape, type WireCollection, type WireField } from './wire.ts';

/** A collection's schema, with what the vendor leaves out filled in (wix-api.md 6.2). */
export interface Collection {
  readonly id: string;
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
  readonly referencedCollection?: string;
  /** The least and the most of a number, of a text's characters or of a list's entries. */
  readonly bounds?: { readonly min?: number; readonly max?: number };
}

const pageSize = 100;

/** All collections of the site, up to a hundred per request (wix-api.md 6.1). */
export async function listCollections(client: WixClient): Promise<readonly Collection[]> {
  const collections: Collection[] = [];
  const known = new Set<string>();
  while (true) {
    const answer = await client.json({
      method: 'GET',
      path: `/wix-data/v2/collections?paging.limit=${pageSize}&paging.offset=${collections.length}`,
      repeatable: true,
      what: 'list the collections',
    });
    const { collections: page = [], pagingMetadata: paging } = conform(answer, collectionsShape);
    const fresh = page.map(collectionFrom).filter(({ id }) => !known.has(id));
    for (const { id } of fresh) known.add(id);
    collections.push(...fresh);
    // A server may give less than it was asked for, so only its total is the end, or a page without
    // anything new: one that does not heed the offset would give its first for ever.
    const total = paging?.total ?? Number.POSITIVE_INFINITY;
    if (fresh.length === 0 || collections.length >= total) return collections;
  }
}

function collectionFrom({ id, fields, plugins }: WireCollection): Collection {
  const translatable = new Set(
    (plugins ?? []).flatMap(
      ({ multilingualOptions: options }) => options?.translatableFieldKeys ?? [],
    ),
  );
  return { id: id ?? '', fields: (fields ?? []).map((field) => fieldFrom(field, translatable)) };
}

function fieldFrom(field: WireField, translatable: ReadonlySet<string>): Field {
  const key = field.key ?? '';
  const referenced = field.typeMetadata?.reference?.referencedCollectionId;
  return {
    key,
    displayName: field.displayName ?? key,
    type: field.type ?? 'ANY',
    systemField: field.systemField ?? false,
    readOnly: field.readOnly ?? false,
    required: field.required ?? false,
    encrypted: field.encrypted ?? false,
    translatable: translatable.has(key),
    ...(referenced ? { referencedCollection: referenced } : {}),
    ...boundsOf(field),
  };
}

/** A field has one of three ranges, by its type (wix-api.md 6.2). */
function boundsOf(field: WireField): Pick<Field, 'bounds'> {
  const { numberRange: number, stringLengthRange: text, arraySizeRange: list } = field;
  const min = number?.min ?? text?.minLength ?? list?.minSize;
  const max = number?.max ?? text?.maxLength ?? list?.maxSize;
  if (min === undefined && max === undefined) return {};
  return {
    bounds: { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) },
  };
}
