/**
 * What the Wix API takes and gives, as far as this action uses it (wix-api.md 1 and 6). A test
 * compiles these types, and those of the shapes, against the vendor's own. An answer may leave out, or
 * set to `null`, whatever is not needed to know what it speaks of.
 */
import * as v from 'valibot';

export type JobStatus =
  | 'UNINITIALIZED'
  | 'INITIALIZING'
  | 'IN_PROGRESS'
  | 'COMPLETED'
  | 'FAILED'
  | 'PARTIALLY_SUCCESSFUL';

export interface JobRequest {
  /** Unique: what a job is found by when the answer to its submission was lost. */
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

const name = v.pipe(v.string(), v.nonEmpty());
const text = v.nullish(v.string(), '');
const flag = v.nullish(v.boolean(), false);
/** A number of 64 bits may come as a text (wix-api.md 1.5). */
const number = v.union([v.number(), v.pipe(v.string(), v.decimal(), v.transform(Number))]);
const count = v.nullish(number, 0);
const maybeNumber = v.nullish(number);
const maybeText = v.nullish(v.string());

const failureShape = v.object({ code: text, description: text });

export const jobShape = v.object({
  id: name,
  name: text,
  status: maybeText,
  progress: v.nullish(
    v.object({
      current: count,
      total: maybeNumber,
      itemsRejected: count,
      itemsSuccessful: count,
    }),
    {},
  ),
  partiallySuccessfulOptions: v.nullish(v.object({ cause: maybeText })),
  logsRecorded: maybeNumber,
  error: v.nullish(failureShape),
  destination: v.nullish(v.object({ file: v.nullish(v.object({ url: maybeText })) })),
});

/** What leads from one page to the next. */
const paging = v.nullish(
  v.object({ hasNext: flag, cursors: v.nullish(v.object({ next: maybeText })) }),
);

export const jobsShape = v.object({
  jobs: v.nullish(v.array(jobShape), []),
  pagingMetadata: paging,
});

export const logsShape = v.object({
  logs: v.nullish(v.array(v.object({ sourceItemId: text, failure: v.nullish(failureShape) })), []),
  pagingMetadata: paging,
});

export const uploadShape = v.object({ fileId: name, uploadUrl: name });

const fieldShape = v.object({
  key: name,
  displayName: maybeText,
  type: v.nullish(v.string(), 'ANY'),
  systemField: flag,
  readOnly: flag,
  required: flag,
  encrypted: flag,
  numberRange: v.nullish(v.object({ min: maybeNumber, max: maybeNumber })),
  stringLengthRange: v.nullish(v.object({ minLength: maybeNumber, maxLength: maybeNumber })),
  arraySizeRange: v.nullish(v.object({ minSize: maybeNumber, maxSize: maybeNumber })),
  typeMetadata: v.nullish(
    v.object({
      reference: v.nullish(v.object({ referencedCollectionId: maybeText })),
      multiReference: v.nullish(
        v.object({ referencedCollectionId: maybeText, referencingFieldKey: maybeText }),
      ),
    }),
  ),
});

const pluginShape = v.object({
  type: text,
  multilingualOptions: v.nullish(
    v.object({ translatableFieldKeys: v.nullish(v.array(v.string()), []) }),
  ),
  singleItemOptions: v.nullish(v.object({ singleItemId: maybeText })),
  draftItemsPluginOptions: v.nullish(v.object({ draftsCollectionId: maybeText })),
});

/** @internal */
export const collectionShape = v.object({
  id: name,
  displayName: maybeText,
  collectionType: v.nullish(v.string(), 'NATIVE'),
  capabilities: v.nullish(v.object({ dataOperations: v.nullish(v.array(v.string())) })),
  fields: v.nullish(v.array(fieldShape), []),
  plugins: v.nullish(v.array(pluginShape), []),
});

export const collectionsShape = v.object({
  collections: v.nullish(v.array(collectionShape), []),
  pagingMetadata: v.nullish(v.object({ total: maybeNumber })),
});

export type WireField = v.InferOutput<typeof fieldShape>;
export type WireCollection = v.InferOutput<typeof collectionShape>;

const item = v.object({ id: name, data: v.nullish(v.record(v.string(), v.unknown()), {}) });
export const itemsShape = v.object({ dataItems: v.nullish(v.array(item), []) });
export const totalShape = v.object({ totalCount: number });

/** What became of the items of one request, which is a success also where none of them is. */
export const bulkShape = v.object({
  results: v.nullish(
    v.array(
      v.object({
        itemMetadata: v.nullish(
          v.object({
            id: maybeText,
            originalIndex: maybeNumber,
            success: flag,
            error: v.nullish(failureShape),
          }),
        ),
      }),
    ),
    [],
  ),
});
