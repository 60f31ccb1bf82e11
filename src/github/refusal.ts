import * as v from 'valibot';
import { Failure } from '../errors.ts';
import { lenient } from '../io/answer.ts';
import type { GitHub } from './client.ts';

export interface Refusal {
  /** The HTTP status; `undefined` without an answer. */
  readonly status: number | undefined;
  /** The types of GraphQL errors, as `STALE_DATA` or `FORBIDDEN`. */
  readonly types: readonly string[];
  readonly words: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What octokit has thrown, also as the cause of a Failure. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'HttpError') return refusedRequest(error);
  if (error.name === 'GraphqlResponseError') return refusedQuery(error);
  return error.cause === undefined ? undefined : refusalOf(error.cause);
}

/** Whether requests come too fast; nothing was done then. */
export function isRateLimit({ status, types, words, headers }: Refusal): boolean {
  if (types.includes('RATE_LIMITED') || status === 429) return true;
  if (status !== 403) return false;
  return (
    headers['retry-after'] !== undefined ||
    headers['x-ratelimit-remaining'] === '0' ||
    /rate limit/i.test(words)
  );
}

/** Whether the request may have been carried out. */
export function isUncertain({ status, words }: Refusal): boolean {
  return status === undefined || status >= 500 || /^something went wrong/i.test(words);
}

interface Asked {
  readonly github: GitHub;
  readonly to: string;
  /** Milliseconds until the next try. */
  readonly delay: number;
}

/** The failure, with what to do about it. */
export function failureOf(cause: unknown, refusal: Refusal, asked: Asked): Failure {
  const isPassing = isRateLimit(refusal) || isUncertain(refusal);
  const denied = isPassing ? undefined : deniedInWords(refusal, asked);
  const words = denied ?? (isPassing ? troubleInWords : refusedInWords)(refusal, asked);
  return new Failure(denied === undefined ? 'api' : 'auth', words, { cause });
}

function troubleInWords(refusal: Refusal, { github, to, delay }: Asked): string {
  const said = wordsWithId(refusal);
  if (isRateLimit(refusal)) {
    const resumes = new Date(github.clock.now() + delay).toISOString();
    return `GitHub's rate limit is used up, so the action could not ${to}: ${said} Run the job again after ${resumes}, or give the input token a token with a limit of its own.`;
  }
  if (refusal.status === undefined) {
    return `GitHub did not answer when asked to ${to}: ${said} Run the job again; if it happens again, check the runner's network and proxy.`;
  }
  return `GitHub failed to ${to} (${refusal.status}): ${said} Run the job again; check https://www.githubstatus.com for an incident.`;
}

/** `undefined` if the token is not to blame. */
function deniedInWords(refusal: Refusal, { github, to }: Asked): string | undefined {
  const { status, types, words } = refusal;
  const said = wordsWithId(refusal);
  const repository = `${github.owner}/${github.repo}`;
  if (status === 401) {
    return `GitHub did not accept the token used to ${to}: ${said} Check the input token: it may be mistyped, expired or revoked.`;
  }
  if (/not permitted to create .*pull requests/i.test(words)) {
    return `GitHub refused to ${to}: ${said} Tick Settings > Actions > General > "Allow GitHub Actions to create and approve pull requests" in ${repository} (an organization can forbid it there too), or give the input token another token.`;
  }
  if (/not accessible by/i.test(words) || types.includes('FORBIDDEN')) {
    return `The token may not ${to}: ${said} This command needs ${github.permissions}: add that under permissions: in the workflow, or grant it to the token.`;
  }
  if (/rule violation|protected branch/i.test(words)) {
    return `The rules of ${repository} do not allow the action to ${to}: ${said} Let the token's owner bypass them, or export with commit: pull-request.`;
  }
  if (status !== 404) return undefined;
  return `GitHub found nothing (404) when asked to ${to}: ${said} It also gives this answer to a token that may not see it: check that the token covers ${repository} and has ${github.permissions}.`;
}

function refusedInWords(refusal: Refusal, { to }: Asked): string {
  const status = refusal.status === 200 ? '' : ` (${refusal.status})`;
  return `GitHub refused to ${to}${status}: ${wordsWithId(refusal)} Correct what it names and run the job again.`;
}

function wordsWithId({ words, headers }: Refusal): string {
  /**
   * @cause GitHub refused a request without a reason.
   * @remedy Check https://www.githubstatus.com for an incident.
   */
  const sentence = words === '' ? 'It gave no reason.' : words.replace(/([^.!?])$/, '$1.');
  const id = headers['x-github-request-id'];
  return id === undefined ? sentence : `${sentence} (Request ${id}.)`;
}

const text = v.fallback(v.string(), '');

const headersShape = v.fallback(v.record(v.string(), v.pipe(v.unknown(), v.transform(String))), {});
/** GitHub hides the reason of a 422 in `errors`; its `message` is only "Validation Failed". */
const reason = v.pipe(
  v.object({ message: lenient(v.string()), field: lenient(v.string()), code: lenient(v.string()) }),
  v.transform(({ message, field, code }) => message ?? [field, code].filter(Boolean).join(' is ')),
);
const reasons = v.array(v.fallback(v.union([v.string(), reason]), ''));
const start = v.transform((page: string) => page.slice(0, 200));
const bodyInWords = v.union([
  v.pipe(v.string(), start),
  v.pipe(
    v.object({ message: text, errors: v.fallback(reasons, []) }),
    v.transform(({ message, errors }) => [message, ...errors].filter(Boolean).join(': ')),
  ),
]);
const requestErrorShape = v.object({
  response: v.object({
    status: lenient(v.number()),
    data: v.fallback(bodyInWords, ''),
    headers: headersShape,
  }),
});

function refusedRequest(error: Error): Refusal {
  const { success, output } = v.safeParse(requestErrorShape, error);
  if (!success) return { status: undefined, types: [], words: oneLine(error.message), headers: {} };
  const { status, data, headers } = output.response;
  return { status, types: [], words: oneLine(data), headers };
}

const queryErrorShape = v.object({
  errors: v.fallback(v.array(v.object({ type: lenient(v.string()), message: text })), []),
  headers: headersShape,
});

function refusedQuery(error: Error): Refusal {
  const { errors, headers } = v.parse(queryErrorShape, error);
  const types = errors.flatMap(({ type }) => type ?? []);
  const words = oneLine(errors.map(({ message }) => message).join(' '));
  return { status: 200, types, words, headers };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
