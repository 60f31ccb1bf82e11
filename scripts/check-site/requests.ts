import { randomUUID } from 'node:crypto';
import type { Clock } from '../../src/io/clock.ts';

/** A site, and the key that opens it. */
export interface Connection {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly siteId: string;
  readonly clock: Clock;
  /** Ends what is being asked. */
  readonly signal: AbortSignal;
}

/** A question of docs/check-site.md, and what this site says to it. */
export interface Finding {
  readonly question: string;
  readonly answer: string;
  /** What the configuration of a collection has to say of such a site. */
  readonly setting?: string;
}

/** An answer as it came: nothing is mended here, since it is what is asked about. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Sends one request. Only reads of content and jobs that export may be asked for. */
export async function ask(
  { apiUrl, apiKey, siteId, signal }: Connection,
  path: string,
  body?: object,
): Promise<RawAnswer> {
  const response = await fetch(`${apiUrl}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: apiKey, 'wix-site-id': siteId, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: within(60_000, signal),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parsed(text) };
}

/** What an export job of a site came to. */
export interface ExportAnswer {
  /** The answer to the submission. */
  readonly submitted: RawAnswer;
  /** The job as it ended, without a wrapper; `undefined` where it was refused or is gone. */
  readonly job: unknown;
  readonly seconds: number;
  readonly file: Awaited<ReturnType<typeof download>> | undefined;
}

/** Submits a job that writes content of the site into a file, waits for it, and gets the file. */
export async function exportFrom(
  connection: Connection,
  source: object,
  format: 'CSV' | 'JSONL' = 'CSV',
): Promise<ExportAnswer> {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1_000);
  const submitted = await ask(connection, '/data-mover/v1/jobs', {
    name: `wix-cms-sync check ${randomUUID()}`,
    source,
    destination: { file: { format, fileName: `check.${format.toLowerCase()}` } },
  });
  const id = at(unwrapped(submitted.body), 'id');
  if (submitted.status !== 200 || typeof id !== 'string') {
    return { submitted, job: undefined, seconds: seconds(), file: undefined };
  }
  let job: unknown = unwrapped(submitted.body);
  for (let wait = 250; !ends.has(String(at(job, 'status'))); wait = Math.min(2 * wait, 10_000)) {
    await connection.clock.sleep(wait, connection.signal);
    const answer = await ask(connection, `/data-mover/v1/jobs/${id}`);
    if (answer.status !== 200)
      return { submitted, job: undefined, seconds: seconds(), file: undefined };
    job = unwrapped(answer.body);
  }
  const url = at(job, 'destination', 'file', 'url');
  const file = typeof url === 'string' ? await download(url, connection.signal) : undefined;
  return { submitted, job, seconds: seconds(), file };
}

const ends = new Set(['COMPLETED', 'FAILED', 'PARTIALLY_SUCCESSFUL']);

/** Without credentials: the host of files is not the API. */
async function download(url: string, signal: AbortSignal) {
  const response = await fetch(url, { signal: within(300_000, signal) });
  const { status, headers, redirected } = response;
  return { status, headers, redirected, bytes: Buffer.from(await response.arrayBuffer()) };
}

function within(milliseconds: number, signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);
}

/** An answer's job, whether or not it is wrapped. */
export function unwrapped(body: unknown): unknown {
  return at(body, 'job') ?? body;
}

/** A member of members; `undefined` where one is missing. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, name) =>
      typeof found === 'object' && found !== null
        ? Object.getOwnPropertyDescriptor(found, name)?.value
        : undefined,
    value,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
