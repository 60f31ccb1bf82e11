import type { Clock } from '../clock.ts';
import { Failure } from '../errors.ts';
import type { Log } from '../log.ts';
import { refusalFailure } from './failures.ts';
import { paceOf } from './pace.ts';
import { attempts, isPassing, retryDelay } from './retry.ts';
import { NoAnswer, readBody, send } from './transport.ts';

/** A request to the API, whose answer is JSON. */
export interface WixRequest {
  readonly method: 'GET' | 'POST';
  /** Begins with a slash; with its query. */
  readonly path: string;
  readonly body?: unknown;
  /** Whether it may be sent again when nobody knows if it was carried out. */
  readonly repeatable: boolean;
  /** Whether it goes out at once, also when the requests of this minute are used up. */
  readonly urgent?: boolean;
  /** What it does, for messages: `submit the export of products`. */
  readonly what: string;
}

/** A connection to one site. */
export interface WixClient {
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** How long a host for files may be silent, in milliseconds. */
  readonly fileSilence: number;
  /**
   * Sends a request and returns the object it was answered with.
   *
   * @throws Failure when Wix refuses it, or does not answer however often it is asked.
   * @throws NoAnswer when a request that is not repeatable may have been carried out.
   */
  readonly json: (request: WixRequest, signal?: AbortSignal) => Promise<object>;
}

export interface WixClientOptions {
  readonly apiKey: string;
  readonly siteId: string;
  readonly apiUrl: string;
  readonly requestsPerMinute: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** At least 0, less than 1. */
  readonly random?: () => number;
  /** How long an answer may take, in milliseconds. */
  readonly timeLimit?: number;
  readonly fileSilence?: number;
}

/** Connects to a site. Every request is paced, limited in time and, where that is safe, repeated. */
export function createWixClient(options: WixClientOptions): WixClient {
  const { apiUrl, clock, log, signal, random = Math.random } = options;
  const { timeLimit = 30_000, fileSilence = 60_000 } = options;
  const pace = paceOf(options.requestsPerMinute, clock, signal);
  const headers = {
    authorization: options.apiKey,
    'wix-site-id': options.siteId,
    accept: 'application/json',
    'content-type': 'application/json',
  };

  const once = async (request: WixRequest, until: AbortSignal): Promise<Outcome> => {
    const { method, path } = request;
    if (!request.urgent) await pace();
    const body = request.body === undefined ? null : JSON.stringify(request.body);
    try {
      const target = { method, url: `${apiUrl}${path}`, headers, body, silence: timeLimit };
      const message = await send(target, until);
      const text = await readBody(message, timeLimit, until);
      const status = message.statusCode ?? 0;
      // A refusal may repeat the key, and its words go where no runner masks them.
      const shown = status === 200 ? text : text.replaceAll(options.apiKey, '***');
      return outcomeOf(request, status, message.headers, shown);
    } catch (error) {
      if (error instanceof NoAnswer) return { kind: 'no-answer', words: error.message };
      throw error;
    }
  };

  const json = async (request: WixRequest, until = signal): Promise<object> => {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await once(request, until);
      if (outcome.kind === 'answer') return outcome.object;
      if (outcome.kind === 'refused') throw outcome.failure;
      if (outcome.kind === 'no-answer' && !request.repeatable) throw new NoAnswer(outcome.words);
      if (attempt >= attempts) throw exhausted(request, outcome);
      const delay = delayAfter(outcome, { attempt, now: clock.now(), random: random() });
      log.debug(
        `Could not ${request.what} (${outcome.words}); again in ${Math.ceil(delay / 1000)} s.`,
      );
      await clock.sleep(delay, until);
    }
  };
  return { apiUrl, clock, log, signal, fileSilence, json };
}

type Outcome =
  | { readonly kind: 'answer'; readonly object: object }
  | { readonly kind: 'refused'; readonly failure: Failure }
  /** Too many requests: this one was not carried out. */
  | {
      readonly kind: 'busy';
      readonly words: string;
      readonly retryAfter: string | undefined;
      readonly failure: Failure;
    }
  /** Nobody knows whether it was carried out. */
  | {
      readonly kind: 'no-answer';
      readonly words: string;
      readonly retryAfter?: string | undefined;
      readonly failure?: Failure;
    };

function delayAfter(
  outcome: { readonly kind: 'busy' | 'no-answer'; readonly retryAfter?: string | undefined },
  tried: { readonly attempt: number; readonly now: number; readonly random: number },
): number {
  const { kind, retryAfter } = outcome;
  return retryDelay({ ...tried, status: kind === 'busy' ? 429 : undefined, retryAfter });
}

function outcomeOf(
  request: WixRequest,
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: string,
): Outcome {
  if (status === 200) {
    const object = parseObject(body);
    return object === undefined
      ? { kind: 'no-answer', words: 'the answer was not JSON' }
      : { kind: 'answer', object };
  }
  const requestId = headerText(headers['x-wix-request-id']);
  const failure = refusalFailure(request.what, { status, body, requestId });
  const words = `HTTP ${status}`;
  if (status === 429) {
    return { kind: 'busy', words, failure, retryAfter: headerText(headers['retry-after']) };
  }
  if (!isPassing(status)) return { kind: 'refused', failure };
  return { kind: 'no-answer', words, failure, retryAfter: headerText(headers['retry-after']) };
}

function headerText(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function parseObject(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function exhausted(
  request: WixRequest,
  outcome: { readonly words: string; readonly failure?: Failure },
): Failure {
  if (outcome.failure !== undefined) return outcome.failure;
  return new Failure(
    'api',
    `Wix did not answer when asked ${attempts} times to ${request.what} (${outcome.words}). Check the network, or run again later.`,
  );
}
