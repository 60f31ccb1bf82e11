import { Failure } from '../errors.ts';
import type { GitHub } from './client.ts';
import { isRateLimit, isUncertain, type Refusal } from './refusal.ts';

/** A permission of a workflow's token, as `permissions:` writes it. */
export type Permission =
  | 'contents: read'
  | 'contents: write'
  | 'pull-requests: read'
  | 'pull-requests: write';

type Wish = { readonly to: string; readonly needs: Permission };
type Reason = 'api' | 'auth';

/**
 * Says on one line what GitHub refused and what to do about it.
 *
 * @param delay after how many milliseconds it may be tried again.
 */
export function failureOf(
  cause: unknown,
  refusal: Refusal,
  wish: Wish,
  { github, delay }: { readonly github: GitHub; readonly delay: number },
): Failure {
  const said = `${sentence(refusal.words)}${requestOf(refusal)}`;
  const [reason, message] =
    isRateLimit(refusal) || isUncertain(refusal)
      ? (['api', troubleInWords(refusal, wish, said, github.clock.now() + delay)] as const)
      : refusalInWords(refusal, wish, said, `${github.owner}/${github.repo}`);
  return new Failure(reason, message, { cause });
}

/** What passes by itself. */
function troubleInWords(refusal: Refusal, { to }: Wish, said: string, resumesAt: number): string {
  if (isRateLimit(refusal)) {
    return `GitHub's rate limit is used up, so the action could not ${to}: ${said} Run the job again after ${new Date(resumesAt).toISOString()}, or give the input token a token with a limit of its own.`;
  }
  if (refusal.status === undefined) {
    return `GitHub did not answer when asked to ${to}: ${said} Run the job again; if it stays so, check the runner's network and proxy.`;
  }
  return `GitHub failed to ${to} (${refusal.status}): ${said} Run the job again; https://www.githubstatus.com says whether GitHub is in trouble.`;
}

/** What somebody has to do something about. */
function refusalInWords(
  { status, types, words }: Refusal,
  { to, needs }: Wish,
  said: string,
  repository: string,
): readonly [Reason, string] {
  if (status === 401) {
    return [
      'auth',
      `GitHub did not accept the token used to ${to}: ${said} Check the input token: it may be mistyped, expired or revoked.`,
    ];
  }
  if (/not permitted to create .*pull requests/i.test(words)) {
    return [
      'auth',
      `GitHub refused to ${to}: ${said} Tick Settings > Actions > General > "Allow GitHub Actions to create and approve pull requests" in ${repository} (an organization can forbid it there too), or give the input token another token.`,
    ];
  }
  if (/not accessible by/i.test(words) || types.includes('FORBIDDEN')) {
    return [
      'auth',
      `The token may not ${to}: ${said} It needs "${needs}": add that under permissions: in the workflow, or grant it to the token.`,
    ];
  }
  if (/rule violation|protected branch/i.test(words)) {
    return [
      'api',
      `The rules of ${repository} do not allow the action to ${to}: ${said} Let the token's owner bypass them, or export with commit: pull-request.`,
    ];
  }
  if (status === 404) {
    return [
      'auth',
      `GitHub found nothing (404) when asked to ${to}: ${said} That is also how it answers a token that may not see it: check that the token covers ${repository} and has "${needs}".`,
    ];
  }
  return [
    'api',
    `GitHub refused to ${to}${status === 200 ? '' : ` (${status})`}: ${said} Correct what it names and run the job again.`,
  ];
}

function sentence(words: string): string {
  if (words === '') return 'It gave no reason.';
  return /[.!?]$/.test(words) ? words : `${words}.`;
}

function requestOf({ headers }: Refusal): string {
  const id = headers['x-github-request-id'];
  return id === undefined ? '' : ` (Request ${id}.)`;
}
