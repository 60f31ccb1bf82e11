import type { Json, JsonObject } from './json.ts';

/** A field of a collection, as the Data Collections API shows it (wix-api.md 6.2). */
export interface Field {
  key: string;
  type: string;
  displayName?: string;
  systemField?: boolean;
  required?: boolean;
  readOnly?: boolean;
  encrypted?: boolean;
  description?: string;
  typeMetadata?: JsonObject;
  numberRange?: { min?: number; max?: number };
  stringLengthRange?: { minLength?: number; maxLength?: number };
  arraySizeRange?: { minSize?: number; maxSize?: number };
}

/** A data collection as the API shows it (wix-api.md 6.2). */
export interface Collection {
  id: string;
  displayName: string;
  collectionType: 'NATIVE' | 'WIX_APP' | 'BLOCKS_APP' | 'EXTERNAL';
  displayField?: string;
  maxPageSize: number;
  capabilities: {
    dataOperations: readonly DataOperation[];
    collectionOperations: readonly string[];
    indexLimits: JsonObject;
  };
  fields: readonly Field[];
  permissions: { insert: string; update: string; remove: string; read: string };
  revision: string;
  plugins: readonly Plugin[];
  pagingModes: readonly string[];
  createdDate: string;
  updatedDate: string;
}

interface Plugin {
  type: string;
  multilingualOptions?: { translatableFieldKeys: readonly string[] };
  publishOptions?: { defaultStatus: string };
  singleItemOptions?: { singleItemId: string };
  /** Edits belong in the paired collection (wix-api.md 6.2). */
  draftItemsPluginOptions?: { draftsCollectionId?: string; publishedCollectionId?: string };
}

/** What a test or a demo says about a collection; the rest is filled in. */
export interface CollectionSeed extends Partial<Omit<Collection, 'fields' | 'plugins'>> {
  readonly id: string;
  readonly fields: readonly Field[];
  readonly plugins?: readonly Plugin[];
  /** Keys of translatable fields: short for the MULTILINGUAL plugin. */
  readonly translatable?: readonly string[];
  /** Items as typed JSON; an item without `_id` gets one. */
  readonly items?: readonly JsonObject[];
}

/** Fields of every collection; the server sets all of them but `_id` (wix-api.md 3.4). */
const systemFields: readonly Field[] = [
  { key: '_id', type: 'TEXT', displayName: 'ID', systemField: true },
  { key: '_createdDate', type: 'DATETIME', displayName: 'Created Date', systemField: true },
  { key: '_updatedDate', type: 'DATETIME', displayName: 'Updated Date', systemField: true },
  { key: '_owner', type: 'TEXT', displayName: 'Owner', systemField: true },
];

const publishFields: readonly Field[] = [
  { key: '_publishStatus', type: 'TEXT', displayName: 'Status', systemField: true },
  { key: '_publishDate', type: 'DATETIME', displayName: 'Publish Date', systemField: true },
  { key: '_unpublishDate', type: 'DATETIME', displayName: 'Unpublish Date', systemField: true },
];

const readOperations = [
  'COUNT',
  'DISTINCT',
  'FIND',
  'GET',
  'IS_REFERENCED',
  'QUERY_REFERENCED',
] as const;

const everyOperation = [
  ...readOperations,
  'AGGREGATE',
  'BULK_INSERT',
  'BULK_PATCH',
  'BULK_REMOVE',
  'BULK_SAVE',
  'BULK_UPDATE',
  'INSERT',
  'INSERT_REFERENCE',
  'PATCH',
  'REMOVE',
  'REMOVE_REFERENCE',
  'REPLACE_REFERENCES',
  'SAVE',
  'TRUNCATE',
  'UPDATE',
] as const;

/** What a collection may allow (wix-api.md 6.2). */
export type DataOperation = (typeof everyOperation)[number];

/** A whole collection object from what a seed says; system and plugin fields are added. */
export function collectionFrom(seed: CollectionSeed, now: number): Collection {
  const { items: _items, translatable, fields, plugins = [], ...given } = seed;
  const type = seed.collectionType ?? 'NATIVE';
  const date = new Date(now).toISOString();
  const allPlugins: readonly Plugin[] =
    translatable === undefined
      ? plugins
      : [
          ...plugins,
          { type: 'MULTILINGUAL', multilingualOptions: { translatableFieldKeys: translatable } },
        ];
  return {
    displayName: seed.id,
    collectionType: type,
    maxPageSize: 1000,
    capabilities: {
      dataOperations: type === 'WIX_APP' ? readOperations : everyOperation,
      collectionOperations: type === 'NATIVE' ? ['UPDATE', 'REMOVE'] : [],
      indexLimits: { regular: 3, unique: 1, total: 4 },
    },
    permissions: { insert: 'ADMIN', update: 'ADMIN', remove: 'ADMIN', read: 'ANYONE' },
    revision: '1',
    pagingModes: ['OFFSET', 'CURSOR'],
    createdDate: date,
    updatedDate: date,
    ...given,
    fields: withImpliedFields(fields, allPlugins),
    plugins: allPlugins,
  };
}

/** The id of the only item that a collection with the SINGLE_ITEM plugin may hold (wix-api.md 6.2). */
export function singleItemId({ plugins }: Collection): string | undefined {
  return plugins.find(({ singleItemOptions }) => singleItemOptions)?.singleItemOptions
    ?.singleItemId;
}

/**
 * Whether a collection takes an operation. One of a single item takes none in bulk, whatever its
 * capabilities say (wix-api.md 6.2).
 */
export function allows(collection: Collection, operation: DataOperation): boolean {
  const isBulk = operation.startsWith('BULK_') || operation === 'TRUNCATE';
  if (isBulk && singleItemId(collection) !== undefined) return false;
  return collection.capabilities.dataOperations.includes(operation);
}

/** Keys of the fields that the MULTILINGUAL plugin makes translatable. */
export function translatableKeys(collection: Collection): readonly string[] {
  return collection.plugins.flatMap((plugin) => [
    ...(plugin.multilingualOptions?.translatableFieldKeys ?? []),
  ]);
}

/** Whether the collection has the publish plugin (drafts). */
export function hasDrafts(collection: Collection): boolean {
  return collection.plugins.some((plugin) => plugin.type === 'PUBLISH');
}

/** The value that an item of a field's type holds when its link path is computed: `/products/red-shoe`. */
export function pageLink(collection: Collection, item: JsonObject): Json {
  const title = item[collection.displayField ?? 'title'] ?? item._id ?? '';
  const slug = encodeURIComponent(String(title).trim().toLowerCase().replaceAll(/\s+/g, '-'));
  return `/${encodeURIComponent(collection.id.toLowerCase())}/${slug}`;
}

function withImpliedFields(given: readonly Field[], plugins: readonly Plugin[]): Field[] {
  const named = given.map((field) => ({ displayName: field.key, ...field }));
  const implied = plugins.some((plugin) => plugin.type === 'PUBLISH')
    ? [...systemFields, ...publishFields]
    : systemFields;
  const keys = new Set(named.map((field) => field.key));
  return [...implied.filter((field) => !keys.has(field.key)), ...named];
}
