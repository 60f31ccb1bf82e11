/**
 * Checked by the compiler, never run: what this action sends is what the vendor's published types
 * take, and what it reads is in what they give.
 */
import type {
  DataCollectionOriginal,
  ListDataCollectionsRequestOriginal,
  ListDataCollectionsResponseOriginal,
} from '@wix/auto_sdk_data_collections/meta';
import type {
  CreateFileUploadUrlRequestOriginal,
  CreateFileUploadUrlResponseOriginal,
  DataMovementJobOriginal,
  GetJobResponseOriginal,
  JobStatusOriginal,
  ListMovementLogsRequestOriginal,
  ListMovementLogsResponseOriginal,
  QueryJobsRequestOriginal,
  QueryJobsResponseOriginal,
  SubmitJobRequestOriginal,
  SubmitJobResponseOriginal,
} from '@wix/auto_sdk_data_movement-jobs/meta';
import type { InferInput } from 'valibot';
import type {
  collectionShape,
  collectionsShape,
  JobRequest,
  JobStatus,
  jobShape,
  jobsShape,
  logsShape,
  uploadShape,
} from '../../src/wix/wire.ts';

/**
 * The vendor's types are mutable, take `undefined`, and have dates where the answers have texts; ours
 * promise not to change anything.
 */
type Readable<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Readable<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Readable<T[Key]> | undefined }
      : T;

type Assert<_Holds extends true> = never;
type IsAssignable<From, To> = [From] extends [To] ? true : false;
type Same<A, B> = [IsAssignable<A, B>, IsAssignable<B, A>] extends [true, true] ? true : false;

/**
 * The paths, as deep as they go, of members of ours that the vendor's type does not have. Members
 * that may be missing make a misspelt one assignable to anything; this is what finds it.
 */
type Strangers<Ours, Theirs> = Ours extends null | undefined | string | number | boolean
  ? never
  : Ours extends readonly (infer Item)[]
    ? Strangers<Item, NonNullable<Theirs> extends readonly (infer TheirItem)[] ? TheirItem : never>
    : string extends keyof Ours
      ? never
      : {
          [Key in keyof Ours & string]-?: Key extends keyof NonNullable<Theirs>
            ? Within<Key, Strangers<Ours[Key], NonNullable<Theirs>[Key]>>
            : Key;
        }[keyof Ours & string];
type Within<Key extends string, Path> = Path extends string ? `${Key}.${Path}` : never;

/** What is sent is of the vendor's type, and has no member that the vendor does not know. */
type Sends<Ours, Theirs> = [IsAssignable<Ours, Readable<Theirs>>, Strangers<Ours, Theirs>] extends [
  true,
  never,
]
  ? true
  : false;

export type Submit = Assert<Sends<JobRequest, SubmitJobRequestOriginal>>;

/** What the query of jobs sends, with a filter or with a cursor. */
interface JobsQuery {
  readonly query: {
    readonly filter?: Readonly<Record<string, unknown>>;
    readonly cursorPaging: { readonly limit: number; readonly cursor?: string };
  };
}
export type Query = Assert<Sends<JobsQuery, QueryJobsRequestOriginal>>;

interface UploadRequest {
  readonly fileName: string;
}
export type UploadAsked = Assert<Sends<UploadRequest, CreateFileUploadUrlRequestOriginal>>;

interface LogsRequest {
  readonly paging: { readonly limit: number; readonly cursor?: string };
}
type LogsAsked = Omit<ListMovementLogsRequestOriginal, 'jobId'>;
export type LogsQuery = Assert<Sends<LogsRequest, LogsAsked>>;

interface CollectionsRequest {
  readonly paging: { readonly limit: number; readonly offset: number };
}
export type ListAsked = Assert<Sends<CollectionsRequest, ListDataCollectionsRequestOriginal>>;

/**
 * What is read stands where the vendor puts it, and is of a type that is expected there.
 *
 * @template Unpublished paths that the vendor's types leave out.
 */
type Reads<Ours, Theirs, Unpublished = never> = [
  IsAssignable<Readable<Theirs>, Loose<Ours>>,
  Exclude<Strangers<Ours, Theirs>, Unpublished>,
] extends [true, never]
  ? true
  : false;

/**
 * Ours, as deep as it goes, taking `undefined` and `null` anywhere, for the vendor's optional members,
 * and texts for numbers, as the vendor writes long ones.
 */
type Loose<T> = T extends readonly (infer Item)[]
  ? readonly Loose<Item>[] | null
  : T extends object
    ? { readonly [Key in keyof T]?: Loose<T[Key]> | undefined } | null
    : T extends number
      ? T | string | null | undefined
      : T | null | undefined;

export type Statuses = Assert<Same<JobStatus, `${JobStatusOriginal}`>>;
type WireJob = InferInput<typeof jobShape>;
export type Job = Assert<Reads<WireJob, DataMovementJobOriginal>>;
export type Submitted = Assert<Reads<{ readonly job?: WireJob }, SubmitJobResponseOriginal>>;
export type Got = Assert<Reads<{ readonly job?: WireJob }, GetJobResponseOriginal>>;
export type Jobs = Assert<Reads<InferInput<typeof jobsShape>, QueryJobsResponseOriginal>>;
export type Logs = Assert<Reads<InferInput<typeof logsShape>, ListMovementLogsResponseOriginal>>;
type UploadUrl = InferInput<typeof uploadShape>;
export type Upload = Assert<Reads<UploadUrl, CreateFileUploadUrlResponseOriginal>>;
/** Of a plugin that its enum does not name yet (wix-api.md 6.2). */
type Drafts = 'plugins.draftItemsPluginOptions';
type CollectionsPage = InferInput<typeof collectionsShape>;
export type List = Assert<
  Reads<CollectionsPage, ListDataCollectionsResponseOriginal, `collections.${Drafts}`>
>;
type WireCollection = InferInput<typeof collectionShape>;
export type Collection = Assert<Reads<WireCollection, DataCollectionOriginal, Drafts>>;

/** The checks can fail, at the top and deep down. */
// @ts-expect-error: there is no such member
export type Unknown = Assert<Reads<{ readonly jobId?: string }, DataMovementJobOriginal>>;
// @ts-expect-error: the id is a text
export type Mistyped = Assert<Reads<{ readonly id?: boolean }, DataMovementJobOriginal>>;
interface Misread {
  readonly progress?: { readonly current?: number; readonly rejected?: number };
}
// @ts-expect-error: the vendor calls it itemsRejected
export type UnknownWithin = Assert<Reads<Misread, DataMovementJobOriginal>>;
// @ts-expect-error: the source of a job is an object
export type Missent = Assert<Sends<{ readonly source: string }, SubmitJobRequestOriginal>>;
interface Misspelt {
  readonly source: {
    readonly wixDataCollection: {
      readonly collectionId: string;
      readonly filterQuery: { readonly feilds: readonly string[] };
    };
  };
}
// @ts-expect-error: the vendor calls it fields
export type MissentWithin = Assert<Sends<Misspelt, SubmitJobRequestOriginal>>;
