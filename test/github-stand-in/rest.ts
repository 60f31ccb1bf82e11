import type { State } from './state.ts';

/** A REST request that the description allows. */
export interface RestRequest {
  readonly state: State;
  /** The login of the token's owner. */
  readonly actor: string;
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Carries out one operation of the description. */
export type Operation = (request: RestRequest) => Promise<Answer> | Answer;

/** Thrown to answer a request with an error. */
export class Refused extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`answered ${answer.status}`);
    this.answer = answer;
  }
}

export function notFound(): Refused {
  return new Refused({ status: 404, body: errorBody('Not Found', 404) });
}

/** What GitHub answers to a request that it understands and cannot carry out. */
export function unprocessable(
  message: string,
  errors?: readonly Readonly<Record<string, string>>[],
): Refused {
  const body = errorBody(message, 422);
  return new Refused({ status: 422, body: errors === undefined ? body : { ...body, errors } });
}

export function errorBody(message: string, status: number) {
  return { message, documentation_url: 'https://docs.github.com/rest', status: String(status) };
}

/** The part of a list that the request asks for, with the `Link` header to the rest. */
export function page<T>(
  { query, state }: RestRequest,
  path: string,
  items: readonly T[],
): { readonly items: readonly T[]; readonly headers: Readonly<Record<string, string>> } {
  const size = Math.min(100, Number(query.get('per_page') ?? 30));
  const number = Number(query.get('page') ?? 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const link = (to: number, relation: string) => {
    const parameters = new URLSearchParams(query);
    parameters.set('page', String(to));
    return `<${state.url}${path}?${parameters}>; rel="${relation}"`;
  };
  const links = [
    ...(number > 1 ? [link(number - 1, 'prev'), link(1, 'first')] : []),
    ...(number < last ? [link(number + 1, 'next'), link(last, 'last')] : []),
  ];
  return {
    items: items.slice((number - 1) * size, number * size),
    headers: links.length === 0 ? {} : { link: links.join(', ') },
  };
}
