/**
 * Checked by the compiler, never run: what this action sends is what the vendor's published types
 * take, and what it reads is in what they give.
 */
import type {
  DataCollectionOriginal,
  ListDataCollectionsResponseOriginal,
} from '@wix/auto_sdk_data_collections/meta';
import type {
  CreateFileUploadUrlResponseOriginal,
  DataMovementJobOriginal,
  ListMovementLogsResponseOriginal,
  QueryJobsRequestOriginal,
  QueryJobsResponseOriginal,
  SubmitJobRequestOriginal,
} from '@wix/auto_sdk_data_movement-jobs/meta';
import type {
  JobRequest,
  WireCollection,
  WireCollections,
  WireJob,
  WireJobs,
  WireLogs,
  WireUploadUrl,
} from '../../src/wix/wire.ts';

/** The vendor's types are mutable and take `undefined`; ours promise not to change anything. */
type Readable<T> = T extends Date
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Readable<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Readable<T[Key]> | undefined }
      : T;

type Assert<_Holds extends true> = never;
type IsAssignable<From, To> = [From] extends [To] ? true : false;

/** What is sent. */
export type Submit = Assert<IsAssignable<JobRequest, Readable<SubmitJobRequestOriginal>>>;
export type Query = Assert<
  IsAssignable<
    {
      readonly query: {
        readonly filter: { readonly id: object };
        readonly cursorPaging: { readonly limit: number };
      };
    },
    Readable<QueryJobsRequestOriginal>
  >
>;

/** A member is read under the name, and as the type, that the vendor gives it under. */
type Reads<Ours, Theirs> = {
  [Key in keyof Ours & keyof Theirs]: IsAssignable<Theirs[Key], Loose<Ours[Key]>>;
}[keyof Ours & keyof Theirs] extends true
  ? Exclude<keyof Ours, keyof Theirs> extends never
    ? true
    : false
  : false;

/** Ours, as deep as it goes, taking `undefined` anywhere: the vendor's optional members. */
type Loose<T> = T extends readonly (infer Item)[]
  ? readonly Loose<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]?: Loose<T[Key]> | undefined }
    : T | undefined;

export type Job = Assert<Reads<WireJob, Readable<DataMovementJobOriginal>>>;
export type Jobs = Assert<Reads<WireJobs, Readable<QueryJobsResponseOriginal>>>;
export type Logs = Assert<Reads<WireLogs, Readable<ListMovementLogsResponseOriginal>>>;
export type Upload = Assert<Reads<WireUploadUrl, Readable<CreateFileUploadUrlResponseOriginal>>>;
export type List = Assert<Reads<WireCollections, Readable<ListDataCollectionsResponseOriginal>>>;
export type Collection = Assert<Reads<WireCollection, Readable<DataCollectionOriginal>>>;

/** The check can fail: a name that the vendor does not know, and one of another type. */
// @ts-expect-error: there is no such member
export type Unknown = Assert<Reads<{ readonly jobId?: string }, Readable<DataMovementJobOriginal>>>;
// @ts-expect-error: the id is a text
export type Mistyped = Assert<Reads<{ readonly id?: number }, Readable<DataMovementJobOriginal>>>;
type BadSubmit = { readonly name: string; readonly source: string };
type IsTaken = IsAssignable<BadSubmit, Readable<SubmitJobRequestOriginal>>;
// @ts-expect-error: the source of a job is an object
export type Missent = Assert<IsTaken>;
