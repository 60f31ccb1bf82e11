import { once } from 'node:events';
import type {
  Agent,
  IncomingHttpHeaders,
  IncomingMessage,
  OutgoingHttpHeaders,
  RequestOptions,
} from 'node:http';
import { Failure } from '../errors.ts';

/** No usable answer to a request, which may have been carried out unless `isUntouched`. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly details: NoAnswerDetails;

  constructor(words: string, details: NoAnswerDetails = {}, cause?: unknown) {
    super(words, cause === undefined ? undefined : { cause });
    this.details = details;
  }
}

interface NoAnswerDetails {
  readonly status?: number | undefined;
  readonly headers?: IncomingHttpHeaders;
  /** What to report after the last try. */
  readonly failure?: Failure;
  /** Whether it says that nothing was done. */
  readonly isUntouched?: boolean;
}

/** This action's version, as package.json has it. */
export const version = '0.1.0';
const userAgent = `wix-cms-sync/${version}`;

export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body?: string | NodeJS.ReadableStream | undefined;
  /** Keeps the connection open for later requests. */
  readonly agent?: () => Promise<Agent>;
}

/** Loading the library takes longer than the rest of the start. */
function library() {
  return import('@actions/http-client');
}

/** Connections that stay open between requests, through a proxy where the environment names one. */
export function keptConnections(url: string): () => Promise<Agent> {
  let agent: Promise<Agent> | undefined;
  const connect = async () => {
    const { HttpClient } = await library();
    return new HttpClient(userAgent, [], { keepAlive: true }).getAgent(url);
  };
  return () => {
    agent ??= connect();
    return agent;
  };
}

/** The library's own timeout must not strike: its message holds the path, which may be a bearer link. */
const never = 2 ** 31 - 1;

/** Sends one request and waits for the head of the answer. Proxies come from the environment; no redirects. */
export async function send(request: Outgoing, signal: AbortSignal): Promise<IncomingMessage> {
  signal.throwIfAborted();
  const { method, url, headers, body = null, agent } = request;
  const options = { allowRetries: false, allowRedirects: false, socketTimeout: never };
  const { HttpClient } = await library();
  const handler = preparing({ signal, ...(agent && { agent: await agent() }) });
  const answer = new HttpClient(userAgent, [handler], options).request(method, url, body, headers);
  // Without a connection, as behind a silent proxy, the request itself does not notice an abort.
  const aborted = once(signal, 'abort').then(() => Promise.reject(signal.reason));
  return (await Promise.race([answer, aborted])).message;
}

/** Sets what the library has no option for. */
function preparing(extra: RequestOptions) {
  return {
    prepareRequest: (options: RequestOptions) => void Object.assign(options, extra),
    canHandleAuthentication: () => false,
    handleAuthentication: () => Promise.reject(new Error('There is no other way to log in')),
  };
}

export interface Limits {
  /** The longest silence, in milliseconds. */
  readonly silence: number;
  /** The limit of all of it, and the failure after it. */
  readonly whole?: { readonly milliseconds: number; readonly failure: Failure };
  readonly until: AbortSignal;
}

/**
 * Speaks with a host while it is not silent: `heard` restarts the limit of `silence`. Throws a NoAnswer if
 * it is, or if the connection fails; and what `whole` or `until` give.
 */
export async function speak<T>(
  { silence, whole, until }: Limits,
  conversation: (signal: AbortSignal, heard: () => void) => Promise<T>,
): Promise<T> {
  const hangUp = new AbortController();
  const silent = new NoAnswer(`no answer within ${silence / 1_000} s`);
  const timer = setTimeout(() => hangUp.abort(silent), silence);
  const end = whole && setTimeout(() => hangUp.abort(whole.failure), whole.milliseconds);
  try {
    const signal = AbortSignal.any([until, hangUp.signal]);
    return await conversation(signal, () => void timer.refresh());
  } catch (cause) {
    until.throwIfAborted();
    hangUp.signal.throwIfAborted();
    hangUp.abort();
    const words = connectionTrouble(cause);
    throw words === undefined ? cause : new NoAnswer(words, {}, cause);
  } finally {
    clearTimeout(timer);
    clearTimeout(end);
  }
}

/** The words of an error of a socket, name, TLS or the HTTP parser, which have a code. */
function connectionTrouble(error: unknown): string | undefined {
  if (error instanceof Failure) return undefined;
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  if ('name' in error && error.name === 'TypeError') return undefined;
  return 'message' in error && error.message !== '' ? String(error.message) : String(error.code);
}
