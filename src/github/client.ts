import type { getOctokit } from '@actions/github';
import { Failure } from '../errors.ts';
import { type Clock, systemClock } from '../io/clock.ts';
import type { Log } from '../io/log.ts';
import { type Wait, waitLogger } from '../io/waiting.ts';

type Octokit = ReturnType<typeof getOctokit>;

export interface GitHub {
  readonly octokit: Octokit;
  readonly owner: string;
  readonly repo: string;
  readonly log: Log;
  readonly clock: Clock;
  /** Called before each wait for GitHub; logs a long one. */
  readonly waiting: (wait: Wait) => void;
  readonly signal: AbortSignal;
  readonly random: () => number;
  /** All permissions that the command needs, for messages: `"contents: write"`. */
  readonly permissions: string;
}

/**
 * Makes a client for one repository, `owner/name`. Octokit is loaded here, because loading it takes longer
 * than all else at the start. Proxies come from the environment.
 */
export async function connectGitHub(options: {
  readonly token: string;
  readonly repository: string;
  readonly permissions: string;
  readonly apiUrl: string;
  readonly log: Log;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  readonly random?: (() => number) | undefined;
  /** How long a request may take, in milliseconds; the default is enough to upload 30 MB. */
  readonly timeLimit?: number | undefined;
}): Promise<GitHub> {
  const { token, repository, permissions, apiUrl, log, clock = systemClock } = options;
  const { signal: cancelled = new AbortController().signal } = options;
  const { random = Math.random, timeLimit = 60_000 } = options;
  if (token === '') {
    const message =
      "The input token is empty, so the action cannot call GitHub. Leave the input out to use the job's own token.";
    throw new Failure('config', message);
  }
  const [owner = '', repo = ''] = repository.split('/');
  const { getOctokit } = await import('@actions/github');
  const octokit = getOctokit(token, {
    userAgent: 'wix-cms-sync',
    log: { debug: ignore, info: ignore, warn: log.debug, error: log.debug },
    baseUrl: apiUrl,
  });
  octokit.hook.wrap('request', async (request, settings) => {
    const signal = AbortSignal.any([cancelled, AbortSignal.timeout(timeLimit)]);
    // Octokit ignores a new object of settings.
    settings.request = { ...settings.request, signal };
    const answer = await request(settings);
    if (answer.status !== 204 && typeof answer.data !== 'object') throw brokenAnswer();
    return answer;
  });
  const waiting = waitLogger(clock, log);
  return { octokit, owner, repo, permissions, log, clock, waiting, random, signal: cancelled };
}

/** Octokit hands over a broken answer as a text. As an error without a response, it counts as no answer. */
function brokenAnswer(): Error {
  /**
   * @cause A proxy cut GitHub's answer short.
   * @remedy Run again; if it happens again, see [proxies and Enterprise Server](enterprise.md).
   */
  return Object.assign(new Error('The answer was incomplete JSON.'), { name: 'HttpError' });
}

function ignore(): void {}
