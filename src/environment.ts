import { Failure } from './errors.ts';

/** What the runner says of the run, read once. */
export interface Environment {
  readonly workspace: string;
  readonly runnerTemp: string;
  /** `owner/name`. */
  readonly repository: string | undefined;
  readonly serverUrl: string;
  /** The root of GitHub's REST API. */
  readonly apiUrl: string;
  /** The branch that the run is on; `undefined` on a tag or a pull request. */
  readonly branch: string | undefined;
  /** 1, and one more each time that the run is run again, on the commit that it was made for. */
  readonly runAttempt: number;
  /** The page of the run, with its summary; `undefined` outside of GitHub. */
  readonly runUrl: string | undefined;
  readonly debug: boolean;
  readonly event: Event;
}

/** The event that set the run off, as far as the action is concerned. */
interface Event {
  readonly name: string;
  /** Of a push: the commit that the branch pointed to before. */
  readonly before: string | undefined;
  readonly pullRequest: PullRequestEvent | undefined;
}

/** A pull request as the event describes it: its number, its tip and its target's. */
interface PullRequestEvent {
  readonly number: number;
  readonly baseSha: string;
  readonly headSha: string;
}

/**
 * Reads the environment that the runner sets.
 *
 * @param readFile reads a text file; throws where there is none.
 */
export function readEnvironment(
  env: NodeJS.ProcessEnv,
  readFile: (path: string) => string,
): Environment {
  const ref = env.GITHUB_REF ?? '';
  return {
    workspace: required(env, 'GITHUB_WORKSPACE'),
    runnerTemp: required(env, 'RUNNER_TEMP'),
    repository: env.GITHUB_REPOSITORY,
    serverUrl: env.GITHUB_SERVER_URL ?? 'https://github.com',
    apiUrl: env.GITHUB_API_URL ?? 'https://api.github.com',
    branch: ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined,
    runAttempt: Number(env.GITHUB_RUN_ATTEMPT ?? '1'),
    runUrl: runUrlOf(env),
    debug: env.RUNNER_DEBUG === '1',
    event: readEvent(env, readFile),
  };
}

function runUrlOf(env: NodeJS.ProcessEnv): string | undefined {
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  const server = env.GITHUB_SERVER_URL ?? 'https://github.com';
  return repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined;
}

function required(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  throw new Failure('config', `${name} is not set. Run the action as a step of a GitHub workflow.`);
}

function readEvent(env: NodeJS.ProcessEnv, readFile: (path: string) => string): Event {
  const name = env.GITHUB_EVENT_NAME ?? '';
  const payload = readPayload(env.GITHUB_EVENT_PATH, readFile);
  return {
    name,
    before: name === 'push' ? commitId(member(payload, 'before')) : undefined,
    pullRequest: readPullRequest(member(payload, 'pull_request')),
  };
}

function readPullRequest(payload: unknown): PullRequestEvent | undefined {
  const number = member(payload, 'number');
  const baseSha = commitId(member(member(payload, 'base'), 'sha'));
  const headSha = commitId(member(member(payload, 'head'), 'sha'));
  if (typeof number !== 'number' || baseSha === undefined || headSha === undefined) {
    return undefined;
  }
  return { number, baseSha, headSha };
}

function readPayload(path: string | undefined, readFile: (path: string) => string): unknown {
  if (path === undefined || path === '') return undefined;
  try {
    return JSON.parse(readFile(path));
  } catch (cause) {
    throw new Failure(
      'config',
      `The event's payload ${path} can not be read. Run the action as a step of a GitHub workflow.`,
      { cause },
    );
  }
}

/** A commit id; a branch that was just created has only zeros before it. */
function commitId(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9a-f]{40,64}$/.test(value) && !/^0+$/.test(value)
    ? value
    : undefined;
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}
