/**
 * What the Wix API takes and gives, as far as this action uses it (wix-api.md 1 and 6). A test
 * compiles these types, and those of the shapes, against the vendor's own.
 */
import type { Conformed, Shape } from './shape.ts';

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

/** A job; its counters may be texts (wix-api.md 1.5). */
export const jobShape = {
  id: 'text',
  name: 'text',
  status: 'text',
  progress: {
    current: 'number',
    total: 'number',
    itemsRejected: 'number',
    itemsSuccessful: 'number',
  },
  partiallySuccessfulOptions: { cause: 'text' },
  logsRecorded: 'number',
  error: { code: 'text', description: 'text' },
  destination: { file: { url: 'text' } },
} as const satisfies Shape;

/** What leads from one page to the next. */
export const pagingShape = {
  pagingMetadata: { hasNext: 'flag', cursors: { next: 'text' } },
} as const satisfies Shape;

export const logsShape = {
  logs: [{ sourceItemId: 'text', failure: { code: 'text', description: 'text' } }],
} as const satisfies Shape;

export const uploadShape = { fileId: 'text', uploadUrl: 'text' } as const satisfies Shape;

const fieldShape = {
  key: 'text',
  displayName: 'text',
  type: 'text',
  systemField: 'flag',
  readOnly: 'flag',
  required: 'flag',
  encrypted: 'flag',
  numberRange: { min: 'number', max: 'number' },
  stringLengthRange: { minLength: 'number', maxLength: 'number' },
  arraySizeRange: { minSize: 'number', maxSize: 'number' },
  typeMetadata: { reference: { referencedCollectionId: 'text' } },
} as const satisfies Shape;

const collectionShape = {
  id: 'text',
  fields: [fieldShape],
  plugins: [{ multilingualOptions: { translatableFieldKeys: ['text'] } }],
} as const satisfies Shape;

export const collectionsShape = {
  collections: [collectionShape],
  pagingMetadata: { total: 'number' },
} as const satisfies Shape;

export type WireField = Conformed<typeof fieldShape>;
export type WireCollection = Conformed<typeof collectionShape>;

export const itemsShape = { dataItems: [{ id: 'text', data: 'object' }] } as const satisfies Shape;

export const removalShape = {
  results: [
    {
      itemMetadata: {
        id: 'text',
        originalIndex: 'number',
        success: 'flag',
        error: { code: 'text', description: 'text' },
      },
    },
  ],
} as const satisfies Shape;

export type WireRemoval = Conformed<typeof removalShape>;
