import * as v from 'valibot';
import { Failure } from '../errors.ts';
import { lenient, troubleIn } from '../io/answer.ts';
import type { Side } from './versions.ts';

const flag = v.fallback(v.boolean(), false);

const boundsShape = v.object({ min: lenient(v.number()), max: lenient(v.number()) });

const fieldShape = v.pipe(
  v.object({
    key: v.string(),
    /** The field type, such as `TEXT`; unknown ones are plain text (wix-api.md 6.2). */
    type: v.string(),
    displayName: lenient(v.string()),
    required: flag,
    translatable: flag,
    /** The collection that a reference points to. */
    references: lenient(v.string()),
    /** Whether Wix fills a multi-reference from the other side. */
    readOnly: lenient(v.boolean()),
    /** The bounds of a text's length, a number or a list's length. */
    bounds: v.optional(boundsShape),
  }),
  v.transform(({ key, type, displayName = key, ...rest }) => ({ key, type, displayName, ...rest })),
);

const schemaShape = v.object({
  collection: v.string(),
  fields: v.pipe(v.array(fieldShape), v.readonly()),
  /** The fields that the CSV file does not carry, and why. */
  omitted: v.pipe(
    v.array(v.object({ key: v.string(), type: v.string(), reason: v.string(), required: flag })),
    v.readonly(),
  ),
});

/** A field of a collection, as CSV files need it. */
export type FieldSchema = Readonly<v.InferOutput<typeof fieldShape>>;

/** What `<name>.schema.json` holds: the fields of one collection. */
export type CollectionSchema = Readonly<v.InferOutput<typeof schemaShape>>;

/** The part of the vendor's collection object that a schema is made of (wix-api.md 6.2). */
export interface LiveCollection {
  readonly id: string;
  /** What the site allows: `BULK_SAVE`, `TRUNCATE`…; `undefined` if it does not say. */
  readonly operations?: readonly string[] | undefined;
  /** The id of its only item, if it may have just one. */
  readonly singleItem?: string | undefined;
  /** The collection that holds the drafts of its items. */
  readonly draftsCollection?: string | undefined;
  readonly fields: readonly {
    readonly key: string;
    readonly type: string;
    readonly displayName: string;
    readonly systemField: boolean;
    readonly readOnly: boolean;
    readonly required: boolean;
    readonly encrypted: boolean;
    readonly translatable: boolean;
    readonly referencedCollection?: string | undefined;
    readonly multiReferencedCollection?: string | undefined;
    readonly bounds?: FieldSchema['bounds'];
  }[];
}

/** What the configuration leaves out of a collection's file. */
export interface FieldSelection {
  readonly fields?: readonly string[] | undefined;
  readonly exclude: readonly string[];
  /** Whether multi-references are in the file, and whether imports write them. */
  readonly multiReferences?: 'auto' | 'read' | 'omit';
}

/**
 * Splits a collection's fields into those that its file carries, in the vendor's order, and the rest.
 *
 * @param exported the keys of the multi-references that exports of the site carry.
 */
export function schemaOf(
  collection: LiveCollection,
  selection: FieldSelection,
  exported: ReadonlySet<string> = new Set(),
): CollectionSchema {
  const fields: FieldSchema[] = [];
  const omitted: CollectionSchema['omitted'][number][] = [];
  for (const field of collection.fields) {
    const { key, type, displayName, required, translatable, bounds } = field;
    const reason = whyOmitted(field, selection, exported);
    if (reason !== undefined) {
      omitted.push({ key, type, reason, required });
      continue;
    }
    const references = field.referencedCollection ?? field.multiReferencedCollection;
    const readOnly = type === 'MULTI_REFERENCE' && field.readOnly;
    fields.push({ key, type, displayName, required, translatable, references, readOnly, bounds });
  }
  return { collection: collection.id, fields, omitted };
}

/**
 * The multi-references that an export shows: some sites leave their cells empty (wix-api.md 3.6, 11).
 *
 * @param recorded the columns that an earlier export showed, if only some rows were read.
 */
export function exportedReferences(
  collection: LiveCollection,
  live: Side,
  recorded: readonly string[] = [],
): ReadonlySet<string> {
  const keys = multiReferences(collection);
  const found = new Set(keys.filter((key) => recorded.includes(key)));
  const sought = keys.filter((key) => live.positions.has(key) && !found.has(key));
  if (sought.length === 0) return found;
  for (const { cells } of live.table.rows()) {
    for (const key of sought) if (cells[live.positions.get(key) ?? -1]) found.add(key);
    if (sought.every((key) => found.has(key))) break;
  }
  return found;
}

const systemFields: ReadonlySet<string> = new Set(['_createdDate', '_updatedDate', '_owner']);

/** Why an import cannot write a field by a file; `undefined` if it can (wix-api.md 3.4 and 3.6). */
export function whyUnsent({
  key,
  type,
  systemField,
}: LiveCollection['fields'][number]): string | undefined {
  if (key === '_id') return undefined;
  if (systemField || systemFields.has(key)) return 'a system field, which Wix sets';
  if (type === 'PAGE_LINK') return 'a page link, which Wix computes';
  if (type === 'MULTI_REFERENCE')
    return 'a multi-reference, which exports of the site do not carry';
  return undefined;
}

/** The reasons that another configuration takes away. */
const leftOut = {
  excluded: 'excluded by the configuration',
  unnamed: 'not among the fields that the configuration names',
};

/** Whether a field was omitted only because the configuration left it out. */
export function isLeftOut(reason: string | undefined): boolean {
  return reason === leftOut.excluded || reason === leftOut.unnamed;
}

function whyOmitted(
  field: LiveCollection['fields'][number],
  selection: FieldSelection,
  references: ReadonlySet<string>,
): string | undefined {
  const isReference = field.type === 'MULTI_REFERENCE' && !field.systemField;
  if (isReference && selection.multiReferences === 'omit') {
    return 'a multi-reference, which the configuration leaves out';
  }
  const unsent = isReference && references.has(field.key) ? undefined : whyUnsent(field);
  if (unsent !== undefined || field.key === '_id') return unsent;
  if (field.encrypted) return 'an encrypted field';
  if (selection.exclude.includes(field.key)) return leftOut.excluded;
  if (selection.fields !== undefined && !selection.fields.includes(field.key)) {
    return leftOut.unnamed;
  }
  return undefined;
}

/** Tells which columns may be in the file; also properties without a field, unless they are left out. */
export function carriedColumns(
  schema: CollectionSchema | undefined,
  { fields, exclude, multiReferences }: FieldSelection,
  kept: ReadonlySet<string> = new Set(),
): (key: string) => boolean {
  const references = schema?.fields.filter(({ type }) => type === 'MULTI_REFERENCE') ?? [];
  const omitted = [...(schema?.omitted ?? []), ...(multiReferences === 'omit' ? references : [])];
  const left = new Set([...systemFields, ...exclude, ...omitted.map(({ key }) => key)]);
  const wanted = fields === undefined ? undefined : new Set(fields);
  return (key) =>
    key === '_id' ||
    kept.has(key) ||
    (!left.has(key) && !key.startsWith('#') && (wanted?.has(key) ?? true));
}

/** Whether imports write a field. */
export function isWritable(
  { type, readOnly }: Pick<FieldSchema, 'type' | 'readOnly'>,
  { multiReferences }: Pick<FieldSelection, 'multiReferences'>,
): boolean {
  return type !== 'MULTI_REFERENCE' || (multiReferences === 'auto' && readOnly !== true);
}

/** The keys of the multi-references. */
export function multiReferences({ fields }: Pick<LiveCollection, 'fields'>): readonly string[] {
  return fields.flatMap(({ key, type }) => (type === 'MULTI_REFERENCE' ? [key] : []));
}

/** The text of `<name>.schema.json`: sorted by key, so that it depends on the fields alone. */
export function formatSchema({ collection, fields, omitted }: CollectionSchema): string {
  const content = { collection, fields: byKey(fields), omitted: byKey(omitted) };
  const withoutFalse = (_key: string, value: unknown) => (value === false ? undefined : value);
  return `${JSON.stringify(content, withoutFalse, 2)}\n`;
}

function byKey<T extends { readonly key: string }>(fields: readonly T[]): T[] {
  return [...fields].sort((left, right) => (left.key < right.key ? -1 : 1));
}

/** Reads a committed `<name>.schema.json`. Throws a validation failure with its place. */
export function parseSchema(text: string, file: string): CollectionSchema {
  try {
    const result = v.safeParse(schemaShape, JSON.parse(text), { abortEarly: true });
    if (result.success) return result.output;
    throw new TypeError(troubleIn(result.issues[0]));
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(
      'validation',
      `${file}: this is not a schema file (${words}). Restore it from git, or delete it and run an export.`,
      { place: { file }, cause },
    );
  }
}
