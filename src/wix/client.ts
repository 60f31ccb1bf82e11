import type { IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';
import { Failure } from '../errors.ts';
import type { Clock } from '../io/clock.ts';
import type { Log } from '../io/log.ts';
import { inSeconds, type Wait, waitsAloud } from '../io/waiting.ts';
import { type Refusal, refusalFailure } from './failures.ts';
import { fileLookup } from './file-url.ts';
import { paceOf } from './pace.ts';
import { attempts, isPassing, retryDelay, urgentDelay, urgentTimeLimit } from './retry.ts';
import { keptConnections, NoAnswer, readBody, send, speak } from './transport.ts';

/** A request to the API, whose answer is JSON. */
interface WixRequest {
  readonly method: 'GET' | 'POST';
  /** Begins with a slash; with its query. */
  readonly path: string;
  readonly body?: unknown;
  /** Whether it may be sent again when nobody knows if it was carried out. */
  readonly repeatable: boolean;
  /**
   * Whether a cancelled run waits for it, which has seconds: it goes out at once, also when the
   * requests of this minute are used up, and soon again, whatever the server asks for.
   */
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
  /** Told before each wait for Wix, so that a long one is no riddle. */
  readonly waiting: (wait: Wait) => void;
  readonly random: () => number;
  /** Until when tries and jobs may be waited for, in milliseconds since the epoch. */
  readonly deadline: number;
  /** How long a host for files may be silent, in milliseconds. */
  readonly fileSilence: number;
  /** Looks up the names of hosts for files; `undefined` as the system does. */
  readonly fileLookup: LookupFunction | undefined;
  /** How many bytes a downloaded file may have. */
  readonly longestFile: number;
  /**
   * Sends a request and returns the object it was answered with.
   *
   * @throws Refusal when Wix refuses it, Failure when Wix does not answer however often it is asked.
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
  /** At least 0, less than 1; default `Math.random`. */
  readonly random?: () => number;
  /** Until when a try may be waited for, in milliseconds since the epoch; default for ever. */
  readonly deadline?: number;
  /** How long an answer may take, in milliseconds; default 30 s. */
  readonly timeLimit?: number;
  /** How long a host for files may be silent, in milliseconds; default 60 s. */
  readonly fileSilence?: number;
  /**
   * How many bytes a downloaded file may have, decoded; default 4 GiB. The dashboard takes 1 GB
   * (wix-api.md 3.2), and what unfolds into more would fill the runner's disk.
   */
  readonly longestFile?: number;
}

/** Connects to a site. Every request is paced, limited in time and, where that is safe, repeated. */
export function createWixClient(options: WixClientOptions): WixClient {
  const { apiKey, apiUrl, clock, log, signal } = options;
  const { random = Math.random, timeLimit = 30_000, fileSilence = 60_000 } = options;
  const { longestFile = 4 * 2 ** 30, deadline = Number.POSITIVE_INFINITY } = options;
  const waiting = waitsAloud(clock, log);
  const pace = paceOf(options.requestsPerMinute, clock, signal, waiting);
  const agent = keptConnections(apiUrl);
  const headers = {
    authorization: apiKey,
    'wix-site-id': options.siteId,
    accept: 'application/json',
    'content-type': 'application/json',
  };

  const once = async (request: WixRequest, until: AbortSignal): Promise<Outcome> => {
    const { method, path, urgent = false } = request;
    if (!urgent) await pace();
    const silence = urgent ? Math.min(urgentTimeLimit, timeLimit) : timeLimit;
    const body = request.body === undefined ? null : JSON.stringify(request.body);
    const outgoing = { method, url: `${apiUrl}${path}`, headers, body, agent };
    try {
      return await speak({ silence, until }, async (within) => {
        const message = await send(outgoing, within);
        return outcomeOf(request, message, await readBody(message, request.what), apiKey);
      });
    } catch (error) {
      if (error instanceof NoAnswer) return { kind: 'no-answer', noAnswer: error };
      throw error;
    }
  };

  const json = async (request: WixRequest, until = signal): Promise<object> => {
    const { what, repeatable, urgent } = request;
    const since = clock.now();
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await once(request, until);
      if (outcome.kind === 'answer') return outcome.object;
      const noAnswer = passing(outcome, repeatable);
      if (attempt >= attempts) throw exhausted(what, noAnswer);
      const delay = urgent
        ? urgentDelay(random())
        : delayAfter(what, noAnswer, attempt, { clock, random, deadline });
      waiting({ line: waitLine(what, noAnswer, delay), since, milliseconds: delay });
      await clock.sleep(delay, until);
    }
  };
  return {
    apiUrl,
    clock,
    log,
    signal,
    waiting,
    random,
    deadline,
    fileSilence,
    fileLookup: fileLookup(apiUrl),
    longestFile,
    json,
  };
}

type Outcome =
  | { readonly kind: 'answer'; readonly object: object }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** `busy`: it was not carried out. `no-answer`: nobody knows whether it was. */
  | { readonly kind: 'busy' | 'no-answer'; readonly noAnswer: NoAnswer };

/**
 * What a request is sent again after.
 *
 * @throws what is not to be tried again.
 */
function passing(outcome: Exclude<Outcome, { kind: 'answer' }>, repeatable: boolean): NoAnswer {
  if (outcome.kind === 'refused') throw outcome.refusal;
  if (outcome.kind === 'no-answer' && !repeatable) throw outcome.noAnswer;
  return outcome.noAnswer;
}

function outcomeOf(
  { what, path }: WixRequest,
  { statusCode: status = 0, headers }: IncomingMessage,
  text: string,
  apiKey: string,
): Outcome {
  if (status >= 200 && status < 300) {
    const object = parseObject(text);
    return object === undefined
      ? { kind: 'no-answer', noAnswer: new NoAnswer('the answer was not JSON') }
      : { kind: 'answer', object };
  }
  const requestId = headerText(headers['x-wix-request-id']);
  // A refusal that repeats the key must not carry it into a report.
  const body = apiKey === '' ? text : text.replaceAll(apiKey, '***');
  const refusal = refusalFailure(what, { path, status, body, requestId });
  if (!isPassing(status) || refusal.code === storageFull) return { kind: 'refused', refusal };
  const retryAfter = headers['retry-after'];
  const noAnswer = new NoAnswer(`HTTP ${status}`, { status, retryAfter, failure: refusal });
  const isBusy = status === 429 && refusal.code !== tookTooLong;
  return { kind: isBusy ? 'busy' : 'no-answer', noAnswer };
}

/** Says why work waits, and until when. */
export function waitLine(what: string, { message }: NoAnswer, milliseconds: number): string {
  return `Waiting for Wix: could not ${what} (${message}). Trying again in ${inSeconds(milliseconds)}.`;
}

/**
 * How long to wait after a try that got no answer, in milliseconds.
 *
 * @param since when there was none, if that is a while ago.
 * @throws Failure where the next try would come too late for the run: to ask earlier than the server
 *   wants is no use, nor is to wait in vain.
 */
export function delayAfter(
  what: string,
  { message, status, retryAfter }: NoAnswer,
  attempt: number,
  { clock, random, deadline }: Pick<WixClient, 'clock' | 'random' | 'deadline'>,
  since = clock.now(),
): number {
  const delay = retryDelay({ attempt, status, retryAfter, now: since, random: random() });
  if (since + delay <= deadline) return delay;
  throw new Failure(
    'api',
    `Could not ${what} (${message}). The next try, in ${inSeconds(delay)}, would come after the time limit of the run. Run again later, or raise the input timeout-minutes.`,
  );
}

/** Both come as a 429 (wix-api.md 1.13): one does not pass, the other was begun. */
const storageFull = 'WDE0091';
const tookTooLong = 'WDE0028';

function headerText(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function parseObject(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The failure of a request that got no answer however often it was sent. */
export function exhausted(what: string, { message, failure }: NoAnswer): Failure {
  if (failure !== undefined) return failure;
  return new Failure(
    'api',
    `Wix did not answer when asked ${attempts} times to ${what} (${message}). Check the network, or run again later.`,
  );
}
