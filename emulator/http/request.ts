import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { HostName } from '../faults.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { WixError } from './failures.ts';

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

/** Reads a request to its end. */
export async function readRequest(host: HostName, incoming: IncomingMessage): Promise<Request> {
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
