import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { HttpClient } from '@actions/http-client';

/** A request that got no usable answer; it may have been carried out all the same. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

export const userAgent = 'wix-cms-sync';

/**
 * Sends one request, within a time limit and until the signal aborts. Proxies come from the
 * environment; redirects are left to the caller.
 *
 * @throws NoAnswer when the connection fails or the time is up; the signal's reason if it aborted.
 */
export async function send(
  request: {
    readonly method: string;
    readonly url: string;
    readonly headers: OutgoingHttpHeaders;
    readonly body: string | NodeJS.ReadableStream | null;
    /** How long the connection may be silent, in milliseconds. */
    readonly silence: number;
  },
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { method, url, headers, body, silence } = request;
  signal.throwIfAborted();
  const client = new HttpClient(userAgent, [], {
    allowRetries: false,
    allowRedirects: false,
    socketTimeout: silence,
  });
  const answer = client.request(method, url, body, headers);
  try {
    const { message } = await untilAborted(answer, signal);
    return message;
  } catch (cause) {
    signal.throwIfAborted();
    throw new NoAnswer(wordsOf(cause), { cause });
  }
}

/** The promise's outcome, or the signal's reason as soon as it aborts. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  promise.catch(() => {
    // Whoever loses the race is answered by the winner.
  });
  signal.throwIfAborted();
  let abort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (abort !== undefined) signal.removeEventListener('abort', abort);
  }
}

/** Reads a body whole, within a time limit in milliseconds. */
export async function readBody(
  message: IncomingMessage,
  limit: number,
  signal: AbortSignal,
): Promise<string> {
  const chunks: Buffer[] = [];
  const within = AbortSignal.any([signal, AbortSignal.timeout(limit)]);
  const read = async () => {
    for await (const chunk of message) chunks.push(Buffer.from(chunk));
  };
  try {
    await untilAborted(read(), within);
  } catch (cause) {
    message.destroy();
    signal.throwIfAborted();
    throw new NoAnswer(wordsOf(cause), { cause });
  }
  return Buffer.concat(chunks).toString('utf8');
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
