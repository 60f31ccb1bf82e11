import { parse } from 'csv-parse/sync';
import type { Emulator, EmulatorOptions } from '../../emulator/emulator.ts';
import type { Violation } from '../../emulator/http/failures.ts';
import type { RequestRecord } from '../../emulator/http/http.ts';
import type { Job, JobLog } from '../../emulator/jobs/jobs.ts';
import { type JsonObject, textAt } from '../../emulator/json.ts';
import type { Collection, CollectionSeed } from '../../emulator/schema.ts';
import type { EmulatorClock } from '../../emulator/settings.ts';

/** An answer as it came over the wire. */
export interface Wire {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body, or undefined when it is not JSON. */
  readonly body: Body;
}

/** The members of all the answers there are; a test looks at those of the answer it asked for. */
interface Body extends Job {
  readonly job: Job;
  readonly jobs: readonly Job[];
  readonly logs: readonly JobLog[];
  readonly pagingMetadata: {
    readonly count: number;
    readonly cursors: { readonly next: string | null; readonly prev: string | null };
    readonly hasNext: boolean;
  };
  readonly fileId: string;
  readonly uploadUrl: string;
  readonly collection: Collection;
  readonly collections: readonly Collection[];
  readonly dataItem: { readonly data: JsonObject };
  readonly dataItems: readonly { readonly id: string; readonly data: JsonObject }[];
  readonly results: readonly JsonObject[];
  readonly requests: readonly RequestRecord[];
  readonly message: string;
  readonly details: {
    readonly applicationError?: { readonly code: string };
    readonly validationError?: { readonly fieldViolations: readonly Violation[] };
  };
}

/** A site with one collection, for a test to fill in. */
export function siteWith(collection: Partial<CollectionSeed>): EmulatorOptions {
  return {
    site: {
      collections: [{ id: 'products', fields: [{ key: 'title', type: 'TEXT' }], ...collection }],
    },
  };
}

/** One request to the API with a good key; `headers` replace, or with undefined remove, its own. */
export async function call(
  emulator: Emulator,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string | undefined> = {},
): Promise<Wire> {
  const all = { authorization: emulator.apiKey, 'wix-site-id': emulator.siteId, ...headers };
  const sent = Object.entries(all).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined;
  });
  const response = await fetch(`${emulator.apiUrl}${path}`, {
    method,
    headers: sent,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  // An answer that is no JSON has no members; reading one fails the test that does.
  const parsedBody = parsed(text) as Body;
  return { status: response.status, headers: response.headers, text, body: parsedBody };
}

/** Submits a job and waits until it is over or gone. */
export async function runJob(emulator: Emulator, request: object): Promise<Job> {
  const submitted = await call(emulator, 'POST', '/data-mover/v1/jobs', request);
  if (submitted.status !== 200) throw new Error(`Submit answered ${submitted.text}`);
  return ended(emulator, (submitted.body.job ?? submitted.body).id);
}

/** Waits until a job is over. */
export async function ended(emulator: Emulator, id: string): Promise<Job> {
  for (;;) {
    const { body } = await call(emulator, 'GET', `/data-mover/v1/jobs/${id}`);
    const job: Job = body.job ?? body;
    if (['COMPLETED', 'FAILED', 'PARTIALLY_SUCCESSFUL'].includes(job.status)) return job;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** A clock that stands still, and whose sleepers are woken one by one. */
export function steppedClock(): EmulatorClock & {
  /** Waits until somebody sleeps. */
  readonly asleep: () => Promise<void>;
  /** Wakes whoever sleeps longest. */
  readonly wake: () => void;
} {
  const waiting: (() => void)[] = [];
  return {
    now: () => 0,
    sleep: () => new Promise<void>((resolve) => waiting.push(resolve)),
    wake: () => waiting.shift()?.(),
    async asleep() {
      while (waiting.length === 0) await turn();
    },
  };
}

/** Lets everything go on that can. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Exports and downloads; the text as it came. */
export async function exportText(
  emulator: Emulator,
  source: object = { wixDataCollection: { collectionId: 'products' } },
  format: 'CSV' | 'JSONL' = 'CSV',
): Promise<string> {
  const fileName = `export.${format.toLowerCase()}`;
  const job = await runJob(emulator, { source, destination: { file: { format, fileName } } });
  if (job.status !== 'COMPLETED') throw new Error(`Export ended ${JSON.stringify(job)}`);
  const url = textAt(job.destination, 'file.url') ?? '';
  const bytes = await (await fetch(url)).arrayBuffer();
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** Exports a CSV as objects by header. */
export async function exportRows(
  emulator: Emulator,
  source?: object,
): Promise<Record<string, string>[]> {
  return parse(await exportText(emulator, source), { columns: true, bom: true });
}

/** Uploads a text and answers its file id. */
export async function upload(emulator: Emulator, text: string, fileName = ''): Promise<string> {
  const path = '/data-mover/v1/temporary-files/upload-url';
  const { body } = await call(emulator, 'POST', path, { fileName });
  const put = await fetch(body.uploadUrl, { method: 'PUT', body: text });
  if (put.status !== 200) throw new Error(`Upload answered ${put.status}`);
  return body.fileId;
}

/** Uploads a text and moves it into a collection. */
export async function importText(
  emulator: Emulator,
  text: string,
  details: { collection?: string; writePolicy?: string; format?: string } = {},
): Promise<Job> {
  const { collection = 'products', writePolicy, format = 'CSV' } = details;
  return runJob(emulator, {
    source: { file: { fileId: await upload(emulator, text), format } },
    destination: {
      wixDataCollection: { collectionId: collection, ...(writePolicy && { writePolicy }) },
    },
  });
}

/** All the logs of a job. */
export async function logsOf(emulator: Emulator, jobId: string): Promise<readonly JobLog[]> {
  const { body } = await call(emulator, 'GET', `/data-mover/v1/jobs/${jobId}/logs`);
  return body.logs;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
