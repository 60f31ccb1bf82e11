/**
 * What the Wix API takes and gives, as far as this action uses it (wix-api.md 1 and 6). A test compiles
 * these types and shapes against the vendor's own. An answer may leave out, or set to `null`, what does
 * not identify its subject.
 */
import * as v from 'valibot';
import { folded } from './failures.ts';

export interface JobRequest {
  /** Unique, so that the job can be found if the answer to its submission is lost. */
  readonly name: string;
  readonly source:
    | {
        readonly wixDataCollection: {
          readonly collectionId: string;
          readonly filterQuery?: {
            readonly filter?: Readonly<Record<string, unknown>>;
            readonly fields?: readonly string[];
          };
        };
      }
    | { readonly localization: { readonly languages: readonly string[] } }
    | { readonly file: { readonly fileId: string; readonly format: 'CSV' | 'JSONL' } };
  readonly destination:
    | { readonly file: { readonly format: 'CSV'; readonly fileName: string } }
    | { readonly localization: { readonly languages: readonly string[] } }
    | {
        readonly wixDataCollection: {
          readonly collectionId: string;
          readonly writePolicy: 'OVERWRITE' | 'SKIP_EXISTING' | 'TRUNCATE_BEFORE';
        };
      };
}

const part = <Entries extends v.ObjectEntries>(entries: Entries) => v.nullish(v.object(entries));
const list = <Shape extends v.GenericSchema>(shape: Shape) => v.nullish(v.array(shape), []);
const name = v.pipe(v.string(), v.nonEmpty());
const text = v.nullish(v.string(), '');
const flag = v.nullish(v.boolean(), false);
/** A number of 64 bits may come as a text (wix-api.md 1.5). */
const number = v.union([v.number(), v.pipe(v.string(), v.decimal(), v.transform(Number))]);
const count = v.nullish(number, 0);
const maybeNumber = v.nullish(number);
const maybeText = v.nullish(v.string());
const line = v.pipe(text, v.transform(folded));

const failureShape = v.object({ code: line, description: line });

export interface Page<Entry> {
  readonly entries: readonly Entry[];
  /** The cursor of the next page. */
  readonly next: string | undefined;
}

const nextPage = v.pipe(
  part({ hasNext: flag, cursors: part({ next: maybeText }) }),
  v.transform((paging) => (paging?.hasNext && paging.cursors?.next) || undefined),
);

const statuses = [
  'UNINITIALIZED',
  'INITIALIZING',
  'IN_PROGRESS',
  'COMPLETED',
  'FAILED',
  'PARTIALLY_SUCCESSFUL',
] as const;

export type JobStatus = (typeof statuses)[number];

export const runningStatuses: readonly JobStatus[] = statuses.slice(0, 3);

/** A data movement job (wix-api.md 1.5). */
export const jobShape = v.pipe(
  v.object({
    id: name,
    name: text,
    status: v.nullish(v.string(), 'UNINITIALIZED'),
    progress: v.nullish(v.object({ itemsRejected: count, itemsSuccessful: count }), {}),
    partiallySuccessfulOptions: part({ cause: maybeText }),
    startedAt: maybeText,
    logsRecorded: maybeNumber,
    error: v.nullish(failureShape),
    destination: part({ file: part({ url: maybeText }) }),
  }),
  v.transform(({ id, name, progress, logsRecorded, error, ...wire }) => ({
    id,
    name,
    /** Protocol buffers leave out what is zero. A job of an unknown status must not count as ended. */
    status: statuses.find((status) => status === wire.status) ?? 'IN_PROGRESS',
    rejected: progress.itemsRejected,
    successful: progress.itemsSuccessful,
    startedAt: wire.startedAt ?? undefined,
    /** How many entries its log has. */
    logged: logsRecorded ?? undefined,
    cause: wire.partiallySuccessfulOptions?.cause ?? undefined,
    error: error ?? undefined,
    /** A bearer link, so never to be shown. */
    fileUrl: wire.destination?.file?.url ?? undefined,
  })),
);

export type Job = v.InferOutput<typeof jobShape>;

export const jobsShape = v.pipe(
  v.object({ jobs: list(jobShape), pagingMetadata: nextPage }),
  v.transform(({ jobs, pagingMetadata: next }) => ({ entries: jobs, next })),
);

const logShape = v.pipe(
  v.object({ sourceItemId: text, failure: v.nullish(failureShape) }),
  v.transform(({ sourceItemId: source, failure }) => ({ source, failure })),
);

export const logsShape = v.pipe(
  v.object({ logs: list(logShape), pagingMetadata: nextPage }),
  v.transform(({ logs, pagingMetadata: next }) => ({ entries: logs, next })),
);

export const localesShape = v.object({
  locales: list(v.object({ id: name, languageCode: maybeText, primaryLocale: flag })),
});

export const uploadShape = v.object({ fileId: name, uploadUrl: name });

/** A field has one of three ranges, by its type (wix-api.md 6.2). */
const fieldShape = v.pipe(
  v.object({
    key: name,
    displayName: maybeText,
    type: v.nullish(v.string(), 'ANY'),
    systemField: flag,
    readOnly: flag,
    required: flag,
    encrypted: flag,
    numberRange: part({ min: maybeNumber, max: maybeNumber }),
    stringLengthRange: part({ minLength: maybeNumber, maxLength: maybeNumber }),
    arraySizeRange: part({ minSize: maybeNumber, maxSize: maybeNumber }),
    typeMetadata: part({
      reference: part({ referencedCollectionId: maybeText }),
      multiReference: part({ referencedCollectionId: maybeText }),
    }),
  }),
  v.transform(({ displayName, numberRange, stringLengthRange, arraySizeRange, ...wire }) => {
    const { typeMetadata, ...field } = wire;
    const { reference, multiReference } = typeMetadata ?? {};
    const min = numberRange?.min ?? stringLengthRange?.minLength ?? arraySizeRange?.minSize;
    const max = numberRange?.max ?? stringLengthRange?.maxLength ?? arraySizeRange?.maxSize;
    const bounds = {
      ...(typeof min === 'number' && { min }),
      ...(typeof max === 'number' && { max }),
    };
    return {
      ...field,
      displayName: displayName ?? field.key,
      referencedCollection: reference?.referencedCollectionId ?? undefined,
      multiReferencedCollection: multiReference?.referencedCollectionId ?? undefined,
      bounds: Object.keys(bounds).length === 0 ? undefined : bounds,
    };
  }),
);

const pluginShape = v.object({
  multilingualOptions: part({ translatableFieldKeys: list(v.string()) }),
  singleItemOptions: part({ singleItemId: maybeText }),
  draftItemsPluginOptions: part({ draftsCollectionId: maybeText }),
});

/** @internal */
export const collectionShape = v.pipe(
  v.object({
    id: name,
    capabilities: part({ dataOperations: v.nullish(v.array(v.string())) }),
    fields: list(fieldShape),
    plugins: list(pluginShape),
  }),
  v.transform(({ id, capabilities, fields, plugins }) => {
    const translatable = new Set(
      plugins.flatMap((plugin) => plugin.multilingualOptions?.translatableFieldKeys ?? []),
    );
    const [singleItem] = plugins.flatMap((plugin) => plugin.singleItemOptions?.singleItemId ?? []);
    const [draftsCollection] = plugins.flatMap(
      (plugin) => plugin.draftItemsPluginOptions?.draftsCollectionId ?? [],
    );
    return {
      id,
      /** What the site allows, such as `BULK_SAVE` or `TRUNCATE`, if it says so. */
      operations: capabilities?.dataOperations ?? undefined,
      singleItem,
      draftsCollection,
      fields: fields.map((field) => ({ ...field, translatable: translatable.has(field.key) })),
    };
  }),
);

export type Collection = v.InferOutput<typeof collectionShape>;

export const collectionsShape = v.object({
  collections: list(collectionShape),
  pagingMetadata: part({ total: maybeNumber }),
});

/** Without a prototype: a field may be called `constructor`, which `v.record` leaves out, and objects inherit. */
const values = v.pipe(
  v.custom<object>((value) => typeof value === 'object' && value !== null),
  v.transform((all): Readonly<Record<string, unknown>> => Object.assign(Object.create(null), all)),
);
const item = v.object({ id: name, data: v.nullish(values, {}) });
export const itemsShape = v.object({ dataItems: list(item) });

/** What became of the items of one request; its status is 200 even if all failed. */
export const bulkShape = v.object({
  results: list(
    v.object({
      itemMetadata: part({
        id: maybeText,
        originalIndex: maybeNumber,
        success: flag,
        error: v.nullish(failureShape),
      }),
    }),
  ),
});
