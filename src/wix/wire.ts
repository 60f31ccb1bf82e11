/**
 * What the Wix API takes and gives, as far as this action uses it (wix-api.md 1 and 6). A test
 * compiles these types against the vendor's own.
 */

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

/** A job as it comes over the wire; counters may be texts (wix-api.md 1.5). */
export interface WireJob {
  readonly id?: string | null;
  readonly name?: string | null;
  readonly status?: string | null;
  readonly progress?: {
    readonly current?: number | string | null;
    readonly total?: number | string | null;
    readonly itemsRejected?: number | string | null;
    readonly itemsSuccessful?: number | string | null;
  } | null;
  readonly partiallySuccessfulOptions?: { readonly cause?: string | null } | null;
  readonly error?: { readonly code?: string | null; readonly description?: string | null } | null;
  readonly destination?: { readonly file?: { readonly url?: string | null } | null } | null;
}

interface WirePaging {
  readonly cursors?: { readonly next?: string | null } | null;
  readonly hasNext?: boolean | null;
}

export interface WireJobs {
  readonly jobs?: readonly WireJob[] | null;
  readonly pagingMetadata?: WirePaging | null;
}

export interface WireLogs {
  readonly logs?:
    | readonly {
        readonly sourceItemId?: string | null;
        readonly failure?: {
          readonly code?: string | null;
          readonly description?: string | null;
        } | null;
      }[]
    | null;
  readonly pagingMetadata?: WirePaging | null;
}

export interface WireUploadUrl {
  readonly fileId?: string | null;
  readonly uploadUrl?: string | null;
}

export interface WireCollections {
  readonly collections?: readonly WireCollection[] | null;
  readonly pagingMetadata?: { readonly total?: number | null } | null;
}

export interface WireCollection {
  readonly id?: string | null;
  readonly fields?: readonly WireField[] | null;
  readonly plugins?:
    | readonly {
        readonly multilingualOptions?: {
          readonly translatableFieldKeys?: readonly string[] | null;
        } | null;
      }[]
    | null;
}

export interface WireField {
  readonly key?: string | null;
  readonly displayName?: string | null;
  readonly type?: string | null;
  readonly systemField?: boolean | null;
  readonly readOnly?: boolean | null;
  readonly required?: boolean | null;
  readonly encrypted?: boolean | null;
  readonly numberRange?: { readonly min?: number | null; readonly max?: number | null } | null;
  readonly stringLengthRange?: {
    readonly minLength?: number | null;
    readonly maxLength?: number | null;
  } | null;
  readonly arraySizeRange?: {
    readonly minSize?: number | null;
    readonly maxSize?: number | null;
  } | null;
  readonly typeMetadata?: {
    readonly reference?: { readonly referencedCollectionId?: string | null } | null;
  } | null;
}

export interface WireItems {
  readonly dataItems?:
    | readonly {
        readonly id?: string | null;
        readonly data?: Readonly<Record<string, unknown>> | null;
      }[]
    | null;
}

export interface WireRemoval {
  readonly results?:
    | readonly {
        readonly itemMetadata?: {
          readonly id?: string | null;
          readonly originalIndex?: number | null;
          readonly success?: boolean | null;
          readonly error?: {
            readonly code?: string | null;
            readonly description?: string | null;
          } | null;
        } | null;
      }[]
    | null;
}
