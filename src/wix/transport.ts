import { once } from 'node:events';
import type {
  Agent,
  IncomingHttpHeaders,
  IncomingMessage,
  OutgoingHttpHeaders,
  RequestOptions,
} from 'node:http';
import { Failure } from '../errors.ts';

/** A request that got no usable answer; unless it is said to be untouched, it may have been carried out. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly details: NoAnswerDetails;

  constructor(words: string, details: NoAnswerDetails = {}, cause?: unknown) {
    super(words, cause === undefined ? undefined : { cause });
    this.details = details;
  }
}

/** What is known of an answer that was no help. */
interface NoAnswerDetails {
  readonly status?: number | undefined;
  readonly headers?: IncomingHttpHeaders;
  /** The full story of it. */
  readonly failure?: Failure;
  /** Whether it says that nothing was done. */
  readonly isUntouched?: boolean;
}

/** This action's version, as package.json has it. */
export const version = '0.1.0';
const userAgent = `wix-cms-sync/${version}`;

/** One request, as it goes out. */
export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | NodeJS.ReadableStream | null;
  /** Keeps the connection for later requests; without it, it is closed. */
  readonly agent?: () => Promise<Agent>;
}

/** The library takes longer to load than all the rest of the action, so it waits for a request. */
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

/**
 * The longest time that a timer takes. The library's own is not to strike: its words hold the whole
 * path, which may be a bearer link.
 */
const never = 2 ** 31 - 1;

/**
 * Sends one request and waits for the head of its answer. Proxies come from the environment;
 * redirects are left to the caller. The signal ends the connection, also while the answer's body
 * is read.
 */
export async function send(request: Outgoing, signal: AbortSignal): Promise<IncomingMessage> {
  signal.throwIfAborted();
  const { method, url, headers, body, agent } = request;
  const options = { allowRetries: false, allowRedirects: false, socketTimeout: never };
  const { HttpClient } = await library();
  const handler = preparing({ signal, ...(agent && { agent: await agent() }) });
  const answer = new HttpClient(userAgent, [handler], options).request(method, url, body, headers);
  // A request that has no connection yet, as through a proxy that is silent, would not notice.
  const aborted = once(signal, 'abort').then(() => Promise.reject(signal.reason));
  return (await Promise.race([answer, aborted])).message;
}

/** What the library has no option for is set on each request as it is made. */
function preparing(extra: RequestOptions) {
  return {
    prepareRequest: (options: RequestOptions) => void Object.assign(options, extra),
    canHandleAuthentication: () => false,
    handleAuthentication: () => Promise.reject(new Error('There is no other way to log in')),
  };
}

/** How long a conversation may last, in milliseconds. */
export interface Limits {
  /** The longest silence within it. */
  readonly silence: number;
  /** All of it, however lively, and the failure of one that takes longer. */
  readonly whole?: { readonly milliseconds: number; readonly failure: Failure };
  /** Ends it at once. */
  readonly until: AbortSignal;
}

/**
 * Speaks with a host. The conversation calls `heard` at each sign of life; one that never does is
 * limited by `silence` as a whole.
 *
 * @throws NoAnswer when the connection fails or the host is silent; the failure of `whole`; the reason
 *   of `until` once it aborts; a Failure or NoAnswer of the conversation itself.
 */
export async function speak<T>(
  { silence, whole, until }: Limits,
  conversation: (signal: AbortSignal, heard: () => void) => Promise<T>,
): Promise<T> {
  const hangUp = new AbortController();
  const silent = new NoAnswer(`no answer within ${silence / 1_000} s`);
  const timer = setTimeout(() => hangUp.abort(silent), silence);
  const end = setTimeout(
    () => hangUp.abort(whole?.failure),
    Math.min(whole?.milliseconds ?? never, never),
  );
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

/** Errors of sockets, names, TLS and the HTTP parser carry a code; a mistake in the code does not. */
function connectionTrouble(error: unknown): string | undefined {
  if (error instanceof Failure) return undefined;
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  if ('name' in error && error.name === 'TypeError') return undefined;
  return 'message' in error && error.message !== '' ? String(error.message) : String(error.code);
}
