import type { JobLog } from './jobs/jobs.ts';
import type { Json, JsonObject } from './json.ts';

export type HostName = 'api' | 'upload' | 'download';

/** Which requests a fault meets. Everything that is left out matches. */
export interface RequestMatch {
  readonly host?: HostName;
  readonly method?: string;
  /** The path without the query: a text in which `*` stands for anything, or a pattern. */
  readonly path?: string | RegExp;
  /** Whether the JSON of the body, `undefined` where there is none, is the one that is meant. */
  readonly where?: (body: Json | undefined) => boolean;
}

/** When a fault strikes among the things that it matches. */
interface Turn {
  /** The first match that is hit, counting from 1. */
  readonly nth?: number;
  /** How many matches are hit; default 1. */
  readonly times?: number | 'always';
}

/** What goes wrong with a request. `processed`: the request takes effect all the same. */
export type Misbehaviour =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly processed?: boolean;
    }
  /** The connection is reset, before the request takes effect or after it did. */
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  /** No answer ever. */
  | { readonly kind: 'hang' }
  /** The request is carried out once something else has happened. */
  | { readonly kind: 'wait'; readonly until: () => Promise<void> }
  /** 200 with half of the JSON. */
  | { readonly kind: 'malformed-json' }
  /** 200 with nothing. */
  | { readonly kind: 'empty' }
  /**
   * Only the first `bytes` of the body (default: half) are sent. Content-Length announces the
   * whole (`full`: the client notices), is missing (`none`: the stream just ends), or tells the
   * cut length (`short`: nobody can notice from HTTP alone).
   */
  | { readonly kind: 'cut'; readonly announced: 'full' | 'none' | 'short'; readonly bytes?: number }
  /**
   * Content-Length is wrong by so many bytes of the body that is sent. With too many announced, the
   * connection ends before they came; with too few, the rest follows all the same.
   */
  | { readonly kind: 'wrong-length'; readonly by: number }
  /** The answer waits `delay` ms, then goes out in pieces of `bytes`, `pause` ms apart. */
  | {
      readonly kind: 'slow';
      readonly delay?: number;
      readonly bytes?: number;
      readonly pause?: number;
    };

export type RequestFault = { readonly match?: RequestMatch & Turn } & Misbehaviour;

/** Which jobs a fault meets. */
interface JobMatch extends Turn {
  readonly kind?: 'export' | 'import';
  readonly collection?: string;
  readonly localization?: boolean;
  readonly name?: string | RegExp;
}

/** What goes wrong with a job. */
export type JobTrouble =
  /** The job never leaves the state. */
  | { readonly stuck: 'UNINITIALIZED' | 'INITIALIZING' | 'IN_PROGRESS' }
  /** The job ends like this, after `rows` rows took effect (default: none when it fails, else all). */
  | {
      readonly end: 'FAILED';
      readonly code: string;
      readonly description?: string;
      readonly rows?: number;
    }
  | {
      readonly end: 'PARTIALLY_SUCCESSFUL';
      readonly cause: string;
      readonly rows?: number;
      /** What the job's log says of single items; an export has no rows of its own to reject. */
      readonly logs?: readonly JobLog[];
    }
  | { readonly end: 'COMPLETED'; readonly rows?: number }
  /** The job is gone when it would have ended. */
  | { readonly end: 'gone'; readonly rows?: number };

export type JobFault = { readonly match?: JobMatch } & JobTrouble;

/** Rows that the destination refuses. */
interface RowRejection {
  readonly collection?: string;
  readonly id?: string;
  readonly where?: (item: JsonObject) => boolean;
  readonly code: string;
  readonly description: string;
}

/** A request as faults see it. */
interface MetRequest {
  readonly host: HostName;
  readonly method: string;
  readonly path: string;
  /** The parsed JSON of an API request, else the number of bytes. */
  readonly body: Json | undefined;
}

/** Everything that a test, or a person, wants to go wrong. */
export interface Faults {
  /** Adds a fault on requests; the answer removes it again. */
  add(fault: RequestFault): () => void;
  /** Adds a fault on jobs, settled when the job is submitted. */
  addToJob(fault: JobFault): () => void;
  /** Rejects rows of imports, and items of bulk saves, until removed. */
  rejectRow(rejection: RowRejection): () => void;
  clear(): void;
  /** For the emulator: what goes wrong with this request, if anything. */
  forRequest(request: MetRequest): RequestFault | undefined;
  /** For the emulator: what goes wrong with this job, if anything. */
  forJob(job: {
    kind: 'export' | 'import';
    collection: string | undefined;
    name: string;
  }): JobFault | undefined;
  /** For the emulator: why this row is refused, if it is. */
  forRow(collection: string, item: JsonObject): RowRejection | undefined;
}

/** The vendor's 429 for its per-minute quota (wix-api.md 5), with Retry-After when given. */
export function tooManyRequests(retryAfter?: string | number): Misbehaviour {
  const description = 'Requests per minute quota exceeded.';
  return {
    kind: 'answer',
    status: 429,
    headers: {
      'content-type': 'application/json',
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    },
    body: JSON.stringify({
      message: `WDE0014: ${description}`,
      details: { applicationError: { code: 'WDE0014', description, data: {} } },
    }),
  };
}

/** A server error as a gateway shows it: an HTML page. */
export function htmlError(status: number, processed = false): Misbehaviour {
  return {
    kind: 'answer',
    status,
    processed,
    headers: { 'content-type': 'text/html' },
    body: `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>\n`,
  };
}

/** A refusal that says nothing: 401, 403 or 404 with the empty envelope, or with no body at all. */
export function silentRefusal(status: number, body = '{"message":"","details":{}}'): Misbehaviour {
  return { kind: 'answer', status, headers: { 'content-type': 'application/json' }, body };
}

export function createFaults(): Faults {
  const onRequests = new Set<Counted<RequestFault>>();
  const onJobs = new Set<Counted<JobFault>>();
  const rejections = new Set<RowRejection>();
  return {
    add: (fault) => put(onRequests, { fault, seen: 0 }),
    addToJob: (fault) => put(onJobs, { fault, seen: 0 }),
    rejectRow: (rejection) => put(rejections, rejection),
    clear() {
      onRequests.clear();
      onJobs.clear();
      rejections.clear();
    },
    forRequest: (request) => strike(onRequests, ({ match = {} }) => meetsRequest(match, request)),
    forJob: (job) => strike(onJobs, ({ match = {} }) => meetsJob(match, job)),
    forRow: (collection, item) =>
      [...rejections].find(
        (rejection) =>
          (rejection.collection === undefined || rejection.collection === collection) &&
          (rejection.id === undefined || rejection.id === item._id) &&
          (rejection.where === undefined || rejection.where(item)),
      ),
  };
}

interface Counted<T> {
  readonly fault: T;
  seen: number;
}

function put<T>(set: Set<T>, value: T): () => void {
  set.add(value);
  return () => void set.delete(value);
}

function strike<T extends { readonly match?: Turn }>(
  faults: ReadonlySet<Counted<T>>,
  matches: (fault: T) => boolean,
): T | undefined {
  const met = [...faults].filter(({ fault }) => matches(fault));
  for (const counted of met) counted.seen += 1;
  return met.find(({ fault, seen }) => {
    const { nth = 1, times = 1 } = fault.match ?? {};
    return seen >= nth && (times === 'always' || seen < nth + times);
  })?.fault;
}

function meetsRequest(match: RequestMatch, request: MetRequest): boolean {
  return (
    (match.host === undefined || match.host === request.host) &&
    (match.method === undefined || match.method === request.method) &&
    (match.path === undefined || textMeets(match.path, request.path)) &&
    (match.where === undefined || match.where(request.body))
  );
}

function meetsJob(
  match: JobMatch,
  job: { kind: 'export' | 'import'; collection: string | undefined; name: string },
): boolean {
  return (
    (match.kind === undefined || match.kind === job.kind) &&
    (match.collection === undefined || match.collection === job.collection) &&
    (match.localization === undefined || match.localization === (job.collection === undefined)) &&
    (match.name === undefined || textMeets(match.name, job.name))
  );
}

function textMeets(wanted: string | RegExp, text: string): boolean {
  if (typeof wanted !== 'string') return wanted.test(text);
  const parts = wanted.split('*').map((part) => part.replaceAll(/[$()+.?[\\\]^{|}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}
