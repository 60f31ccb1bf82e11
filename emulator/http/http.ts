import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Faults, HostName, Misbehaviour } from '../faults.ts';
import type { Json } from '../json.ts';
import type { EmulatorClock } from '../settings.ts';
import { WixError } from './failures.ts';
import { type Answer, jsonAnswer, type Request, readRequest } from './request.ts';
import { distorted, send } from './send.ts';

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
  /** Where there is one, hosts speak HTTPS alone, as `localhost`. */
  readonly tls: Certificate | undefined;
}

/** A certificate for `localhost` and its key, as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Serves one host on an ephemeral port of 127.0.0.1, faults and journal included. */
export async function serve(
  host: HostName,
  surroundings: Surroundings,
  handle: (request: Request) => Answer | Promise<Answer>,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const listen = (incoming: IncomingMessage, response: ServerResponse) => {
    respond(host, surroundings, handle, incoming, response).catch(() => response.destroy());
  };
  const { tls } = surroundings;
  const server = tls === undefined ? createServer(listen) : createTlsServer(tls, listen);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `${tls === undefined ? 'http://127.0.0.1' : 'https://localhost'}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Whether a request speaks to the emulator itself, not to the Wix that it plays. */
export function isAdmin({ host, path }: Pick<Request, 'host' | 'path'>): boolean {
  return host === 'api' && path.startsWith('/emulator/');
}

async function respond(
  host: HostName,
  surroundings: Surroundings,
  handle: (request: Request) => Answer | Promise<Answer>,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request = await readRequest(host, incoming);
  const record = recordOf(request, surroundings);
  const fault = isAdmin(request) ? undefined : surroundings.faults.forRequest(record);
  if (fault !== undefined) record.fault = fault.kind;

  if (fault?.kind === 'hang') {
    record.status = 'hang';
    return;
  }
  if (fault?.kind === 'wait') await fault.until();
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
  if (!isAdmin(request)) surroundings.requests.push(record);
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
