import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { WixError } from './failures.ts';
import type { Faults, HostName, Misbehaviour } from './faults.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import type { EmulatorClock } from './settings.ts';

export interface Request {
  readonly host: HostName;
  readonly method: string;
  /** The path as sent, without the query. */
  readonly path: string;
  /** The path's segments, decoded. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Body;
}

/** Bytes in pieces, so that a file may be larger than one string can be. */
export type Body = readonly Buffer[];

/** What the journal keeps of a request. */
export interface RequestRecord {
  readonly host: HostName;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** The parsed JSON of an API request, else the number of bytes. */
  readonly body: Json | undefined;
  readonly at: number;
  readonly requestId: string;
  status: number | 'reset' | 'hang' | 'open';
  fault?: Misbehaviour['kind'];
}

export interface Surroundings {
  readonly clock: EmulatorClock;
  readonly faults: Faults;
  readonly requests: RequestRecord[];
  readonly newRequestId: () => string;
  readonly closing: AbortSignal;
}

/** An answer of 200 with JSON: the only success the vendor's SDK knows (wix-api.md 1.1). */
export function ok(value: unknown): Answer {
  return jsonAnswer(200, value);
}

export function jsonAnswer(status: number, value: unknown): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: [Buffer.from(JSON.stringify(value))],
  };
}

/**
 * The payload of a request: its JSON body, else the parameter `.r` (base64url JSON), else the
 * query with dotted names as nested objects (wix-api.md 1.2). Throws 400 when it is not JSON.
 */
export function payloadOf(request: Request): JsonObject {
  if (request.method !== 'GET' && request.body.length > 0) return parseObject(request.body);
  const packed = request.query.get('.r');
  if (packed !== null) return parseObject(Buffer.from(packed, 'base64url'));
  const payload: JsonObject = {};
  for (const name of new Set(request.query.keys())) {
    const values = request.query.getAll(name);
    put(payload, name.split('.'), values.length === 1 ? (values[0] ?? '') : values);
  }
  return payload;
}

/** Serves one host on an ephemeral port of 127.0.0.1, faults and journal included. */
export async function serve(
  host: HostName,
  surroundings: Surroundings,
  handle: (request: Request) => Answer | Promise<Answer>,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((incoming, response) => {
    respond(host, surroundings, handle, incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(
  host: HostName,
  surroundings: Surroundings,
  handle: (request: Request) => Answer | Promise<Answer>,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request = await read(host, incoming);
  const record = recordOf(request, surroundings);
  const fault = request.path.startsWith('/emulator/')
    ? undefined
    : surroundings.faults.forRequest(request);
  if (fault !== undefined) record.fault = fault.kind;

  if (fault?.kind === 'hang') {
    record.status = 'hang';
    return;
  }
  if (fault?.kind === 'reset' && fault.when === 'before') {
    record.status = 'reset';
    incoming.socket.resetAndDestroy();
    return;
  }
  const unprocessed = fault?.kind === 'answer' && fault.processed !== true;
  const real = unprocessed ? { status: 0 } : await answered(handle, request);
  if (fault?.kind === 'reset') {
    record.status = 'reset';
    incoming.socket.resetAndDestroy();
    return;
  }
  const answer = distorted(real, fault);
  record.status = answer.status;
  await send(response, answer, record.requestId, fault, surroundings);
}

async function read(host: HostName, incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  return {
    host,
    method: incoming.method ?? 'GET',
    path: url.pathname,
    segments: url.pathname.split('/').slice(1).map(decoded),
    query: url.searchParams,
    headers: incoming.headers,
    body: Buffer.concat(chunks),
  };
}

function recordOf(request: Request, surroundings: Surroundings): RequestRecord {
  const record: RequestRecord = {
    host: request.host,
    method: request.method,
    path: request.path,
    query: request.query.toString(),
    headers: request.headers,
    body: bodySummary(request),
    at: surroundings.clock.now(),
    requestId: surroundings.newRequestId(),
    status: 'open',
  };
  if (!request.path.startsWith('/emulator/')) surroundings.requests.push(record);
  return record;
}

function bodySummary(request: Request): Json | undefined {
  if (request.body.length === 0) return undefined;
  if (request.host !== 'api') return request.body.length;
  try {
    return JSON.parse(request.body.toString());
  } catch {
    return request.body.length;
  }
}

async function answered(
  handle: (request: Request) => Answer | Promise<Answer>,
  request: Request,
): Promise<Answer> {
  try {
    return await handle(request);
  } catch (error) {
    if (error instanceof WixError) return jsonAnswer(error.status, error.body);
    const message = error instanceof Error ? error.message : String(error);
    return jsonAnswer(500, { message, details: { systemError: { errorCode: 'EMULATOR' } } });
  }
}

function distorted(answer: Answer, fault: Misbehaviour | undefined): Answer {
  if (fault?.kind === 'answer') {
    const body = [Buffer.from(fault.body ?? '')];
    return { status: fault.status, headers: fault.headers ?? {}, body };
  }
  if (fault?.kind === 'empty') return { status: 200 };
  if (fault?.kind === 'malformed-json') {
    const whole = Buffer.concat([...(answer.body ?? [])]);
    return { ...answer, body: [whole.subarray(0, Math.ceil(whole.length / 2))] };
  }
  return answer;
}

async function send(
  response: ServerResponse,
  answer: Answer,
  requestId: string,
  fault: Misbehaviour | undefined,
  { clock, closing }: Surroundings,
): Promise<void> {
  const whole = answer.body ?? [];
  const length = whole.reduce((sum, piece) => sum + piece.length, 0);
  const cut = fault?.kind === 'cut' ? (fault.bytes ?? Math.floor(length / 2)) : length;
  const announced = fault?.kind === 'cut' ? fault.announced : 'full';
  if (fault?.kind === 'slow') await clock.sleep(fault.delay ?? 0, closing);

  response.writeHead(answer.status, {
    ...answer.headers,
    'x-wix-request-id': requestId,
    ...(announced !== 'none' && { 'content-length': announced === 'full' ? length : cut }),
  });
  response.flushHeaders();
  const size = fault?.kind === 'slow' ? (fault.bytes ?? 1024) : Number.POSITIVE_INFINITY;
  for (const piece of pieces(whole, cut, size)) {
    if (!response.write(piece)) await drained(response);
    if (fault?.kind === 'slow') await clock.sleep(fault.pause ?? 0, closing);
  }
  if (announced === 'full' && cut < length) response.socket?.end();
  else response.end();
}

function* pieces(body: Body, limit: number, size: number): Generator<Buffer> {
  let left = limit;
  for (const whole of body) {
    for (let from = 0; from < whole.length && left > 0; ) {
      const piece = whole.subarray(from, from + Math.min(size, left));
      yield piece;
      from += piece.length;
      left -= piece.length;
    }
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once('drain', resolve);
    response.once('close', resolve);
  });
}

function parseObject(bytes: Buffer): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch {
    throw malformed();
  }
  if (!isObject(value)) throw malformed();
  return value;
}

function malformed(): WixError {
  const message = 'The request is not a JSON object.';
  return new WixError(400, { message, details: {} }, message);
}

function put(target: JsonObject, path: readonly string[], value: Json): void {
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    target[first] = value;
    return;
  }
  const inner = target[first];
  const next = isObject(inner) ? inner : {};
  target[first] = next;
  put(next, rest, value);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
