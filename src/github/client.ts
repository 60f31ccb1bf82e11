import type { getOctokit } from '@actions/github';
import { Failure } from '../errors.ts';
import { type Clock, systemClock } from '../io/clock.ts';
import type { Log } from '../io/log.ts';
import { type Wait, waitLogger } from '../io/waiting.ts';

export type Octokit = ReturnType<typeof getOctokit>;

/** A repository on GitHub, and what is needed to ask for it. */
export interface GitHub {
  readonly octokit: Octokit;
  readonly owner: string;
  readonly repo: string;
  readonly log: Log;
  readonly clock: Clock;
  /** Told before each wait for GitHub, so that a long one is logged. */
  readonly waiting: (wait: Wait) => void;
  /** Ends every request and every wait once the run is cancelled. */
  readonly signal: AbortSignal;
  /** From 0 up to 1, like `Math.random`. */
  readonly random: () => number;
  /** All that the command needs the token to be allowed, for messages: `"contents: write"`. */
  readonly permissions: string;
}

/**
 * Makes a client for one repository. Octokit is loaded here and not before, because loading it
 * takes longer than everything else that happens at the start. Proxies come from the environment, as
 * in `@actions/github`.
 *
 * @param options.repository `owner/name`.
 * @param options.apiUrl the root of the REST API, from which that of GraphQL follows.
 * @throws Failure `config` without a token or with a repository that is not `owner/name`.
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
  /** Milliseconds until a request counts as lost; by default long enough to upload 30 MB. */
  readonly timeLimit?: number | undefined;
}): Promise<GitHub> {
  const { token, repository, permissions, apiUrl, log, clock = systemClock } = options;
  const { signal: cancelled = new AbortController().signal } = options;
  const { random = Math.random, timeLimit = 60_000 } = options;
  if (token === '') {
    throw new Failure(
      'config',
      "The input token is empty, so the action cannot call GitHub. Leave the input out to use the job's own token.",
    );
  }
  const { owner, repo } = repositoryOf(repository);
  const { getOctokit } = await import('@actions/github');
  const octokit = getOctokit(token, {
    userAgent: 'wix-cms-sync',
    log: { debug: ignore, info: ignore, warn: log.debug, error: log.debug },
    baseUrl: apiUrl,
  });
  octokit.hook.wrap('request', async (request, settings) => {
    const signal = AbortSignal.any([cancelled, AbortSignal.timeout(timeLimit)]);
    // Other settings than these very ones would not get through to the request.
    settings.request = { ...settings.request, signal };
    const answer = await request(settings);
    if (answer.status !== 204 && typeof answer.data !== 'object') throw brokenAnswer();
    return answer;
  });
  const waiting = waitLogger(clock, log);
  return { octokit, owner, repo, permissions, log, clock, waiting, random, signal: cancelled };
}

function repositoryOf(repository: string): { owner: string; repo: string } {
  const [owner = '', repo = '', ...rest] = repository.split('/');
  if (owner === '' || repo === '' || rest.length > 0) {
    throw new Failure(
      'config',
      `The variable GITHUB_REPOSITORY is "${repository}", but has to be owner/name. Run the action as a step of a workflow, which sets it.`,
    );
  }
  return { owner, repo };
}

/**
 * Octokit hands over an answer that broke off, or that a proxy made up, as a text. As an error
 * without a response it counts as no answer.
 */
function brokenAnswer(): Error {
  /**
   * @cause A proxy cut GitHub's answer short.
   * @remedy Run again; if it happens again, see [proxies and Enterprise Server](enterprise.md).
   */
  return Object.assign(new Error('The answer was incomplete JSON.'), { name: 'HttpError' });
}

function ignore(): void {}
