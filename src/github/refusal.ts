/** How GitHub said no, whether it was asked by REST or by GraphQL. */
export interface Refusal {
  /** The HTTP status; `undefined` when no answer came at all. */
  readonly status: number | undefined;
  /** The types of GraphQL errors, as `STALE_DATA` or `FORBIDDEN`. */
  readonly types: readonly string[];
  /** GitHub's own words, on one line. */
  readonly words: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Reads what octokit throws; `undefined` for anything else, and for a Failure its cause is read. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'HttpError') return refusedRequest(error);
  if (error.name === 'GraphqlResponseError') return refusedQuery(error);
  return error.cause === undefined ? undefined : refusalOf(error.cause);
}

/** Whether GitHub says that requests come too fast; nothing was done then. */
export function isRateLimit({ status, types, words, headers }: Refusal): boolean {
  if (types.includes('RATE_LIMITED') || status === 429) return true;
  if (status !== 403) return false;
  return (
    headers['retry-after'] !== undefined ||
    headers['x-ratelimit-remaining'] === '0' ||
    /rate limit/i.test(words)
  );
}

/** Whether the request may have been carried out although it looks as if it failed. */
export function isUncertain({ status, words }: Refusal): boolean {
  return status === undefined || status >= 500 || /^something went wrong/i.test(words);
}

function refusedRequest(error: Error): Refusal {
  const { response } = error as { response?: unknown }; // octokit's RequestError has it
  if (!isRecord(response)) {
    return { status: undefined, types: [], words: oneLine(error.message), headers: {} };
  }
  return {
    status: typeof response.status === 'number' ? response.status : undefined,
    types: [],
    words: wordsOf(response.data),
    headers: headersOf(response.headers),
  };
}

function refusedQuery(error: Error): Refusal {
  const { errors, headers } = error as { errors?: unknown; headers?: unknown }; // as octokit has it
  const each = Array.isArray(errors) ? errors.filter(isRecord) : [];
  return {
    status: 200,
    types: each.flatMap(({ type }) => (typeof type === 'string' ? [type] : [])),
    words: oneLine(each.map(({ message }) => String(message)).join(' ')),
    headers: headersOf(headers),
  };
}

/** GitHub hides the reason of a 422 in `errors`; its `message` is only "Validation Failed". */
function wordsOf(body: unknown): string {
  if (!isRecord(body)) return typeof body === 'string' ? oneLine(body).slice(0, 200) : '';
  const reasons = Array.isArray(body.errors) ? body.errors.map(reasonOf) : [];
  return oneLine([body.message, ...reasons].filter((part) => part !== undefined).join(': '));
}

function reasonOf(reason: unknown): string | undefined {
  if (!isRecord(reason)) return typeof reason === 'string' ? reason : undefined;
  if (typeof reason.message === 'string') return reason.message;
  return [reason.field, reason.code].filter((part) => typeof part === 'string').join(' is ');
}

function headersOf(headers: unknown): Readonly<Record<string, string>> {
  if (!isRecord(headers)) return {};
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[name.toLowerCase(), String(value)]],
    ),
  );
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
