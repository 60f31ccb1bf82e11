import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type * as v from 'valibot';
import { Failure } from '../errors.ts';
import { readAnswer } from '../io/answer.ts';
import type { Clock } from '../io/clock.ts';
import type { Log } from '../io/log.ts';
import { type Retries, retry, type Trouble } from '../io/retry.ts';
import { inSeconds, type Wait, waitLogger } from '../io/waiting.ts';
import { refusalFailure } from './failures.ts';
import { keptConnections, NoAnswer, send, speak } from './transport.ts';

/** A request to the API, whose answer is JSON. */
export interface WixRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With its query, such as `/v1/jobs?limit=1`. */
  readonly path: string;
  readonly body?: unknown;
  /** Not to be sent again if it may have been carried out. */
  readonly once?: boolean;
  /** Neither pace nor server can delay it, and this signal replaces the run's. */
  readonly urgently?: AbortSignal | undefined;
  /** What it does, for messages: `submit the export of products`. */
  readonly what: string;
}

export interface WixClient {
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Called before each wait for Wix; logs a long one. */
  readonly waiting: (wait: Wait) => void;
  readonly random: () => number;
  /** When the run stops waiting for answers and jobs, in milliseconds since the epoch. */
  readonly deadline: number;
  /** How long a host for files may be silent, in milliseconds. */
  readonly fileSilence: number;
  /**
   * Sends a request and returns the answer.
   *
   * @throws Refusal if Wix refuses it; Failure if Wix does not answer any of the tries.
   * @throws NoAnswer if a `once` request may have been carried out.
   */
  readonly json: (request: WixRequest) => Promise<object>;
}

export interface WixClientOptions
  extends Pick<WixClient, 'apiUrl' | 'clock' | 'log' | 'signal'>,
    Partial<Pick<WixClient, 'deadline'>> {
  readonly apiKey: string;
  readonly siteId: string;
  readonly requestsPerMinute: number;
  readonly random?: WixClient['random'] | undefined;
  readonly fileSilence?: WixClient['fileSilence'] | undefined;
  /** How long an answer may take, in milliseconds; default 30 s. */
  readonly timeLimit?: number | undefined;
}

/** A cancelled run has five seconds, so a silent server is asked again after so many milliseconds. */
const urgentTimeLimit = 800;

/** Connects to a site. Every request is paced, limited in time and, if that is safe, repeated. */
export function createWixClient(options: WixClientOptions): WixClient {
  const { apiKey, apiUrl, clock, log, signal, random = Math.random } = options;
  const { timeLimit = 30_000, fileSilence = 60_000, deadline = Number.POSITIVE_INFINITY } = options;
  const waiting = waitLogger(clock, log);
  const pace = paceOf(options.requestsPerMinute, clock, signal, waiting);
  const agent = keptConnections(apiUrl);
  const headers = {
    authorization: apiKey,
    'wix-site-id': options.siteId,
    accept: 'application/json',
    'content-type': 'application/json',
  };
  const settings = { apiUrl, clock, log, signal, waiting, random, deadline };

  const tryOnce = async (request: WixRequest): Promise<object> => {
    const { method, path, urgently } = request;
    if (urgently === undefined) await pace();
    const silence = urgently ? Math.min(urgentTimeLimit, timeLimit) : timeLimit;
    const body = JSON.stringify(request.body);
    return speak({ silence, until: urgently ?? signal }, async (within) => {
      const message = await send({ method, url: `${apiUrl}${path}`, headers, body, agent }, within);
      return objectIn(request, message, await text(message), apiKey);
    });
  };

  const json = (request: WixRequest): Promise<object> => {
    const { once, urgently, what } = request;
    const retries = wixRetries<object>({ ...settings, signal: urgently ?? signal }, what);
    return retry(() => tryOnce(request), {
      ...retries,
      ...(urgently && { delay: 100 + 200 * random() }),
      troubleOf: (error) =>
        once && error instanceof NoAnswer && !error.details.isUntouched
          ? undefined
          : retries.troubleOf(error),
    });
  };
  return { ...settings, fileSilence, json };
}

const window = 60_000;

/**
 * Allows so many requests in any 60 seconds; the returned function resolves when the next one may go.
 * @internal
 */
export function paceOf(
  requestsPerMinute: number,
  clock: Clock,
  signal: AbortSignal,
  waiting: (wait: Wait) => void,
): () => Promise<void> {
  const sent: number[] = [];
  return async () => {
    while (true) {
      const now = clock.now();
      while (sent[0] !== undefined && sent[0] <= now - window) sent.shift();
      const oldest = sent[sent.length - requestsPerMinute];
      if (oldest === undefined) break;
      const milliseconds = oldest + window - now;
      const line = `Waiting ${inSeconds(milliseconds)}, because ${requestsPerMinute} requests went out in the last minute. If no other program uses the quota of this site, raise the input requests-per-minute; Wix allows 200.`;
      waiting({ line, since: now, milliseconds });
      await clock.sleep(milliseconds, signal);
    }
    sent.push(clock.now());
  };
}

/** Sends a request and reads its answer. Throws what `json` throws, and a Failure if the answer has another shape. */
export async function ask<const Shape extends v.GenericSchema>(
  client: WixClient,
  shape: Shape,
  request: WixRequest,
): Promise<v.InferOutput<Shape>> {
  return readAnswer(shape, await client.json(request), { of: 'Wix', to: request.what });
}

const tries = 6;

/** How requests without an answer are tried again, also those to the hosts that Wix names for files. */
export function wixRetries<T>(
  client: Pick<WixClient, 'clock' | 'signal' | 'waiting' | 'random' | 'deadline'>,
  what: string,
): Retries<T> {
  return {
    ...client,
    ...{ of: 'Wix', to: what, tries },
    isWorthIt: (milliseconds) => client.clock.now() + milliseconds <= client.deadline,
    troubleOf: (error) => {
      if (!(error instanceof NoAnswer)) return undefined;
      const { message, details } = error;
      const { status, headers = {}, failure } = details;
      // A 429 speaks of a quota per minute (wix-api.md 5).
      const least = status === 429 ? 10_000 : undefined;
      const giveUp: Trouble['giveUp'] = ({ isLast, delay }) => {
        if (isLast && failure !== undefined) return failure;
        const words = isLast
          ? `Wix did not answer when asked ${tries} times to ${what} (${message}). Check the network, or run again later.`
          : `Could not ${what} (${message}). The next try, in ${inSeconds(delay)}, would come after the time limit of the run. Run again later, or raise the input timeout-minutes.`;
        return new Failure('api', words, { cause: error });
      };
      return { words: message, headers, least, giveUp };
    },
  };
}

export function tooLate(what: string): Failure {
  const message = `The time limit of the run passed before Wix had fully answered a request to ${what}. Raise the input timeout-minutes, or run again later.`;
  return new Failure('timeout', message);
}

/** Whether a later try may succeed after an answer with this status (wix-api.md 1.13). */
export function isPassing(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501);
}

/** Both are a 429 (wix-api.md 1.13): the first does not pass; after the second, the work may have begun. */
const storageFull = 'WDE0091';
const tookTooLong = 'WDE0028';

/** The object in an answer. Throws a Refusal, or a NoAnswer for what is worth another try. */
function objectIn(
  { what }: WixRequest,
  { statusCode: status = 0, headers }: IncomingMessage,
  said: string,
  apiKey: string,
): object {
  if (status >= 200 && status < 300) return parseObject(said);
  const requestId = [headers['x-wix-request-id']].flat()[0];
  // An answer may repeat the key, and a report must not.
  const body = apiKey === '' ? said : said.replaceAll(apiKey, '***');
  const refusal = refusalFailure(what, { status, body, requestId });
  if (!isPassing(status) || refusal.code === storageFull) throw refusal;
  const isUntouched = status === 429 && refusal.code !== tookTooLong;
  throw new NoAnswer(`HTTP ${status}`, { status, headers, failure: refusal, isUntouched });
}

function parseObject(said: string): object {
  try {
    const value: unknown = JSON.parse(said);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Neither is JSON of another kind.
  }
  throw new NoAnswer('the answer was not JSON');
}
