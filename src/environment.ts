import * as v from 'valibot';
import { Failure } from './errors.ts';
import { lenient } from './io/answer.ts';

/** What the runner says about the run. */
export type Environment = Readonly<ReturnType<typeof readEnvironment>>;

/** Reads the environment that the runner sets. `readFile` throws where there is no file. */
export function readEnvironment(env: NodeJS.ProcessEnv, readFile: (path: string) => string) {
  const { GITHUB_REF: ref = '', GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  const serverUrl = env.GITHUB_SERVER_URL ?? 'https://github.com';
  return {
    workspace: required(env, 'GITHUB_WORKSPACE'),
    runnerTemp: required(env, 'RUNNER_TEMP'),
    /** `owner/name`. */
    repository,
    serverUrl,
    /** The root of GitHub's REST API. */
    apiUrl: env.GITHUB_API_URL ?? 'https://api.github.com',
    /** The branch that the run is on; `undefined` on a tag or a pull request. */
    branch: ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined,
    /** The page of the run, with its summary; `undefined` outside of GitHub. */
    runUrl: repository && id ? `${serverUrl}/${repository}/actions/runs/${id}` : undefined,
    event: readEvent(env, readFile),
  };
}

function required(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  throw new Failure('config', `${name} is not set. Run the action as a step of a GitHub workflow.`);
}

/** Events for content that is not merged yet, whatever is checked out. */
const unmergedEvents = [
  'pull_request',
  'pull_request_target',
  'pull_request_review',
  'pull_request_review_comment',
  'merge_group',
];

/** Why a command must not run on an event, if so: one wrong `on:` would put every proposal on the live site. */
export function unmergedContent(
  command: string,
  { GITHUB_EVENT_NAME: event = '', GITHUB_REF: ref = '' }: NodeJS.ProcessEnv,
): string | undefined {
  const isUnmerged =
    unmergedEvents.includes(event) || /^refs\/(pull|heads\/gh-readonly-queue)\//.test(ref);
  if (command !== 'import' || !isUnmerged) return undefined;
  return `The import runs on ${event}, whose content is not merged yet, and would put it on the live site. Nothing was written. Use on: push with the branch that holds the content, and command: plan on ${event}.`;
}

/** What git says about the checkout: its branch, unless a commit is checked out, and the URL of its remote. */
export type Checkout = Readonly<Record<'branch' | 'origin', string | undefined>>;

/**
 * Why a checkout does not fit the event, if so, such as with `ref:` or `repository:` in `actions/checkout`:
 * the token, the record and the pull requests belong to another branch or repository.
 * @param baseBranch the input, which may name the checked-out branch on purpose.
 */
export function foreignCheckout(
  { branch, repository, serverUrl, event }: Environment,
  checkout: Checkout,
  baseBranch: string | undefined,
): string | undefined {
  const cloned = checkout.origin && repositoryOn(serverUrl, checkout.origin);
  if (cloned && repository && cloned.toLowerCase() !== repository.toLowerCase()) {
    return `The checkout is of ${cloned}, but the workflow runs in ${repository}, where its token and pull requests belong. Leave out the input repository of actions/checkout, or move the workflow to ${cloned}.`;
  }
  const isOfPullRequest = event.pullRequest !== undefined;
  if (isOfPullRequest || branch === undefined || checkout.branch === undefined) return undefined;
  if (checkout.branch === branch || checkout.branch === baseBranch) return undefined;
  return `The checkout is on the branch ${checkout.branch}, but the workflow runs on ${branch}. Leave out the input ref of actions/checkout, or run the workflow on ${checkout.branch}.`;
}

/** `owner/name` of a repository on a server, from the URL of a remote: HTTPS, SSH or `git@host:`. */
function repositoryOn(serverUrl: string, url: string): string | undefined {
  const { hostname } = new URL(serverUrl);
  const [, host, path] =
    /^(?:(?:https?|ssh):\/\/)?(?:[^@/]*@)?([^:/]+)(?::\d+)?[:/](.+)$/.exec(url) ?? [];
  const name = path?.replace(/\/$/, '').replace(/\.git$/, '');
  return host === hostname && name !== undefined && /^[^/]+\/[^/]+$/.test(name) ? name : undefined;
}

/** A commit id; a branch that was just created has only zeros before it. */
const commitId = v.pipe(v.string(), v.regex(/^(?!0+$)[0-9a-f]{40,64}$/));

/** A pull request: its head, and where it is to be merged. */
const pullRequest = v.object({
  number: v.number(),
  base: v.object({ sha: commitId, ref: lenient(v.string()) }),
  head: v.object({ sha: commitId }),
});

/**
 * The last pull request of a merge queue, with the commit that the queue made. Only the queue's branch has
 * its number: `refs/heads/gh-readonly-queue/main/pr-123-<sha>`.
 */
const queued = v.pipe(
  v.object({
    head_ref: v.pipe(v.string(), v.regex(/\/pr-\d+-[0-9a-f]+$/)),
    head_sha: commitId,
    base_ref: lenient(v.string()),
    base_sha: commitId,
  }),
  v.transform((group) => ({
    number: Number(/\/pr-(\d+)-[0-9a-f]+$/.exec(group.head_ref)?.[1]),
    base: { sha: group.base_sha, ref: group.base_ref?.replace(/^refs\/heads\//, '') },
    head: { sha: group.head_sha },
  })),
);

const eventPayload = v.object({
  before: lenient(commitId),
  pull_request: lenient(pullRequest),
  merge_group: lenient(queued),
});

/** The event that started the run. */
function readEvent(env: NodeJS.ProcessEnv, readFile: (path: string) => string) {
  const name = env.GITHUB_EVENT_NAME ?? '';
  const { GITHUB_EVENT_PATH: path } = env;
  const payload = v.safeParse(eventPayload, path ? readPayload(path, readFile) : {});
  const { before, pull_request: pull, merge_group: queue } = payload.success ? payload.output : {};
  return {
    name,
    /** Of a push: the commit that the branch pointed to before. */
    before: name === 'push' ? before : undefined,
    pullRequest: name === 'merge_group' ? queue : pull,
  };
}

function readPayload(path: string, readFile: (path: string) => string): unknown {
  try {
    return JSON.parse(readFile(path));
  } catch (cause) {
    const message = `The event's payload ${path} cannot be read. Run the action as a step of a GitHub workflow.`;
    throw new Failure('config', message, { cause });
  }
}
