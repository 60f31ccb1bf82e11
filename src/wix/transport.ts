import { once } from 'node:events';
import {
  type Agent,
  request as askOpenly,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { request as askEncrypted } from 'node:https';
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

/**
 * Connects to a host, through a proxy where the environment names one. Loading the library takes longer
 * than the rest of the start.
 */
async function agentFor(url: string, options: { readonly keepAlive?: boolean }): Promise<Agent> {
  const { HttpClient } = await import('@actions/http-client');
  return new HttpClient(userAgent, [], options).getAgent(url);
}

/** Connections that stay open between requests. */
export function keptConnections(url: string): () => Promise<Agent> {
  let agent: Promise<Agent> | undefined;
  return () => {
    agent ??= agentFor(url, { keepAlive: true });
    return agent;
  };
}

/** Sends one request and waits for the head of the answer. Follows no redirects. */
export async function send(outgoing: Outgoing, signal: AbortSignal): Promise<IncomingMessage> {
  const { method, url, body, agent = () => agentFor(url, {}) } = outgoing;
  const headers = { 'user-agent': userAgent, ...outgoing.headers };
  const options = { method, headers, agent: await agent(), signal };
  const request = (url.startsWith('https:') ? askEncrypted : askOpenly)(url, options);
  // What happens after the head of the answer, its reader sees.
  request.on('error', () => {});
  if (typeof body === 'object') body.on('error', (error) => request.destroy(error)).pipe(request);
  else request.end(body);
  // Without a connection, as behind a silent proxy, the request itself does not notice an abort.
  // The event has one argument (node:http).
  const [message] = (await once(request, 'response', { signal })) as [IncomingMessage];
  return message;
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
