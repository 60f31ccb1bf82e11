import { type Answer, errorBody } from './rest.ts';

/** An answer in place of the right one, by REST and by GraphQL. */
export interface Fault {
  readonly rest: Answer;
  readonly graphql: (operation: string) => Answer;
}

/** Things that go wrong on demand. Operations are named `pulls/create`, `createCommitOnBranch` or `repository/id`. */
export interface Faults {
  /** Answers the next requests of an operation so, and does not carry them out. */
  answer(operation: string, fault: Fault, times?: number): void;
  /** Carries out the next request of an operation, and breaks the connection instead of answering. */
  loseAnswer(operation: string): void;
  /** Carries out the next request of an operation, and breaks the connection amid the answer. */
  breakAnswer(operation: string): void;
  /** Breaks the connection of the next request of an operation, and does not carry it out. */
  refuseConnection(operation: string): void;
  /** Carries out the next request of an operation, and never answers. */
  keepSilent(operation: string): void;
  /** Carries out the next request of an operation, and answers with nothing. */
  answerNothing(operation: string): void;
  /** Does something just before the next request of an operation is carried out. */
  before(operation: string, action: () => Promise<unknown>): void;
  /** Takes back what did not come to pass. */
  clear(): void;
}

/** What of an answer does not get through: all of it, its second half, its body, or its end. */
export type Loss = 'all' | 'half' | 'body' | 'end';

/** What the faults make of one request. */
export interface Misfortune {
  readonly answer?: Fault;
  readonly loss?: Loss;
  /** Whether the request is not even carried out. */
  readonly refused?: boolean;
  readonly before?: () => Promise<unknown>;
}

/** Keeps the faults; `next` takes the one that an operation meets now. */
export function keepFaults(): Faults & { next(operation: string): Misfortune } {
  const kept: { operation: string; misfortune: Misfortune }[] = [];
  const add = (operation: string, misfortune: Misfortune, times = 1) => {
    for (let time = 0; time < times; time += 1) kept.push({ operation, misfortune });
  };
  return {
    answer: (operation, answer, times) => add(operation, { answer }, times),
    loseAnswer: (operation) => add(operation, { loss: 'all' }),
    breakAnswer: (operation) => add(operation, { loss: 'half' }),
    refuseConnection: (operation) => add(operation, { refused: true }),
    keepSilent: (operation) => add(operation, { loss: 'end' }),
    answerNothing: (operation) => add(operation, { loss: 'body' }),
    before: (operation, before) => add(operation, { before }),
    clear: () => void kept.splice(0),
    next(operation) {
      const index = kept.findIndex((each) => each.operation === operation);
      return index < 0 ? {} : (kept.splice(index, 1)[0]?.misfortune ?? {});
    },
  };
}

/** The token lacks a permission. */
export const notAccessible: Fault = refusal('Resource not accessible by integration', 'FORBIDDEN');

/** The repository's settings keep workflows from opening pull requests. */
export const mayNotCreatePullRequests: Fault = refusal(
  'GitHub Actions is not permitted to create or approve pull requests.',
  'FORBIDDEN',
);

/** The token is wrong. */
export const badCredentials: Fault = everywhere(401, 'Bad credentials');

/** It is not there, or the token may not see it. */
export const notFound: Fault = everywhere(404, 'Not Found');

/** Requests came too fast. */
export function secondaryRateLimit(retryAfterSeconds: number): Fault {
  const message =
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
  return everywhere(403, message, { 'retry-after': String(retryAfterSeconds) });
}

/** The hour's requests are used up. */
export function primaryRateLimit(resetSeconds: number): Fault {
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(resetSeconds) };
  const graphql = refusal('API rate limit exceeded for installation.', 'RATE_LIMITED').graphql;
  return {
    rest: everywhere(429, 'API rate limit exceeded for installation.', headers).rest,
    graphql: (operation) => ({ ...graphql(operation), headers }),
  };
}

/** GitHub is in trouble. */
export const serverError: Fault = everywhere(502, 'Server Error');

/** The same, in other numbers. */
export function trouble(status: 500 | 503): Fault {
  return everywhere(status, 'Server Error');
}

/** A gateway speaks for GitHub. */
export const gateway: Fault = inHtml(502);

function inHtml(status: number): Fault {
  const answer = { status, headers: { 'content-type': 'text/html' }, body: '<h1>Bad gateway</h1>' };
  return { rest: answer, graphql: () => answer };
}

function everywhere(status: number, message: string, headers: Answer['headers'] = {}): Fault {
  const answer = { status, headers, body: errorBody(message, status) };
  return { rest: answer, graphql: () => answer };
}

/** GraphQL refuses with status 200. */
function refusal(message: string, type: string): Fault {
  return {
    rest: everywhere(403, message).rest,
    graphql: (operation) => ({
      status: 200,
      body: refusedField(operation.replace(/\/.*/, ''), type, message),
    }),
  };
}

function refusedField(field: string, type: string, message: string) {
  return { data: { [field]: null }, errors: [{ type, path: [field], message }] };
}
