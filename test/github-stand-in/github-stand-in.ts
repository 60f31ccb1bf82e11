import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openBareRepository, type RefMove } from './bare-repository.ts';
import { answerProblems, errorProblems, findCall, requestProblems } from './description.ts';
import { type Faults, keepFaults, type Loss, type Misfortune } from './faults.ts';
import { executeGraphQL, type GraphQLRequest, operationIn } from './graphql.ts';
import { issueOperations } from './issues.ts';
import { pullOperations } from './pulls.ts';
import { refOperations } from './refs.ts';
import { type Answer, errorBody, type Operation, Refused } from './rest.ts';
import { addComment, type Comment, followBranches, type Pull, type State } from './state.ts';

/** A local GitHub with one repository. */
export interface GitHubStandIn {
  /** The REST root, for GITHUB_API_URL. `<url>/api/v3` works too, as on Enterprise Server. */
  readonly url: string;
  readonly graphqlUrl: string;
  readonly pulls: readonly Readonly<Pull>[];
  readonly comments: readonly Readonly<Comment>[];
  /** Requests and answers that GitHub's description does not allow; tests expect none. */
  readonly problems: string[];
  /** The operations asked for, oldest first: `pulls/create`, `createCommitOnBranch`, `repository/id`. */
  readonly operations: readonly string[];
  readonly faults: Faults;
  /** Every move of a reference since the start, by the API and by pushes alike. */
  refLog(): readonly RefMove[];
  /** Puts comments of a person on a pull request, many at once. */
  talk(pullRequest: number, comments: number): void;
  /** Lets the pull requests follow pushes that came since the last request. */
  follow(): Promise<void>;
  close(): Promise<void>;
}

export interface GitHubStandInOptions {
  /** `owner/name`. */
  readonly repository: string;
  /** A bare repository's directory; branches, commits and trees live there. */
  readonly bareRepository: string;
  /** Who can review and be assigned. */
  readonly collaborators?: readonly string[];
  /** Slugs of the teams that can review. */
  readonly teams?: readonly string[];
  readonly defaultBranch?: string;
  /** The owner of every token but `token-of-<login>`; default `github-actions[bot]`. */
  readonly actor?: string;
  /** Whether the repository has draft pull requests; default true. */
  readonly drafts?: boolean;
}

/** Starts a GitHub on a free port of this machine. */
export async function startGitHub(options: GitHubStandInOptions): Promise<GitHubStandIn> {
  const { repository, actor = 'github-actions[bot]' } = options;
  const [owner = '', repo = ''] = repository.split('/');
  const bare = await openBareRepository(options.bareRepository);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
  const branches = [...bare.initial].filter(([ref]) => ref.startsWith('refs/heads/'));
  const state: State = {
    owner,
    repo,
    url,
    bare,
    defaultBranch: options.defaultBranch ?? 'main',
    collaborators: options.collaborators ?? [],
    teams: options.teams ?? [],
    drafts: options.drafts ?? true,
    pulls: [],
    comments: [],
    labels: new Map(),
    tips: new Map(branches.map(([ref, sha]) => [ref.slice('refs/heads/'.length), sha])),
    followed: 0,
    lastId: 0,
  };
  const faults = keepFaults();
  const problems: string[] = [];
  const operations: string[] = [];
  const house: House = { state, faults, problems, operations, actor };
  let turn = Promise.resolve();
  server.on('request', (request, response) => {
    // One after the other, so that what they read and write of git does not overlap.
    turn = turn.then(() => serve(house, request, response));
  });
  return {
    url,
    graphqlUrl: `${url}/graphql`,
    pulls: state.pulls,
    comments: state.comments,
    problems,
    operations,
    faults,
    refLog: () => bare.moves(),
    talk: (issue, count) => {
      for (let each = 1; each <= count; each += 1) {
        addComment(state, { issue, author: 'maria', body: `Comment ${each}` });
      }
    },
    follow: () => followBranches(state),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

interface House {
  readonly state: State;
  readonly faults: Faults & { next(operation: string): Misfortune };
  readonly problems: string[];
  readonly operations: string[];
  readonly actor: string;
}

const restOperations: Readonly<Record<string, Operation>> = {
  ...pullOperations,
  ...issueOperations,
  ...refOperations,
};

/** What is sent: an answer, or as much of it as gets through. */
type Sent = Answer & { readonly loss?: Loss };

async function serve(
  house: House,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let sent: Sent;
  try {
    sent = await answerTo(house, request);
  } catch (error) {
    sent = problem(house, `${request.method} ${request.url}`, [String(error)]);
  }
  const { status, headers = {}, body, loss } = sent;
  const type = body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  if (loss === 'end') return;
  if (loss === 'all') {
    response.destroy();
    return;
  }
  response.writeHead(status, { ...type, 'x-github-request-id': 'STAND:IN:1', ...headers });
  if (loss === 'half') response.write(text.slice(0, text.length / 2), () => response.destroy());
  else response.end(loss === 'body' ? '' : text);
}

/** No answer at all, to a request that was not carried out. */
const refused: Sent = { status: 0, body: undefined, loss: 'all' };

function lose(answer: Answer, { loss }: Misfortune): Sent {
  return loss === undefined ? answer : { ...answer, loss };
}

async function answerTo(house: House, request: IncomingMessage): Promise<Sent> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  await followBranches(house.state);
  const authorization = request.headers.authorization?.replace(/^(token|bearer) /i, '');
  if (authorization === undefined) {
    return { status: 401, body: errorBody('Requires authentication', 401) };
  }
  const actor = /^token-of-(.+)$/.exec(authorization)?.[1] ?? house.actor;
  const url = new URL(request.url ?? '/', house.state.url);
  const path = url.pathname.replace(/^\/api\/v3(?=\/)/, '');
  const answer =
    path === '/graphql' || path === '/api/graphql'
      ? await answerGraphQL(house, actor, body as GraphQLRequest) // parsed and validated there
      : await answerRest(house, actor, {
          method: request.method ?? '',
          path,
          query: url.searchParams,
          body,
        });
  await followBranches(house.state);
  return answer;
}

async function answerRest(
  house: House,
  actor: string,
  request: {
    readonly method: string;
    readonly path: string;
    readonly query: URLSearchParams;
    readonly body: unknown;
  },
): Promise<Sent> {
  const { method, path, query, body } = request;
  const { state } = house;
  const call = findCall(method, path);
  if (call === undefined) return problem(house, `${method} ${path}`, ['is not described']);
  house.operations.push(call.operation);
  const invalid = requestProblems(call, query, body);
  if (invalid.length > 0) return problem(house, call.operation, invalid);
  const carryOut = restOperations[call.operation];
  if (carryOut === undefined) return problem(house, call.operation, ['the stand-in lacks it']);
  const misfortune = house.faults.next(call.operation);
  if (misfortune.refused) return refused;
  await misfortune.before?.();
  await followBranches(state);
  if (misfortune.answer !== undefined) {
    const { rest } = misfortune.answer;
    // What a gateway makes up is nothing that GitHub describes.
    const wrong = typeof rest.body === 'string' ? [] : errorProblems(rest.body);
    return wrong.length > 0 ? problem(house, call.operation, wrong) : rest;
  }
  const elsewhere = `${call.path.owner}/${call.path.repo}` !== `${state.owner}/${state.repo}`;
  if (elsewhere) return { status: 404, body: errorBody('Not Found', 404) };
  const answer = await refusable(() => carryOut({ state, actor, path: call.path, query, body }));
  const wrong = answerProblems(call, answer.status, answer.body);
  if (wrong.length > 0) return problem(house, call.operation, wrong);
  return lose(answer, misfortune);
}

async function answerGraphQL(house: House, actor: string, request: GraphQLRequest): Promise<Sent> {
  const operation = operationIn(request.query);
  house.operations.push(operation);
  const misfortune = house.faults.next(operation);
  if (misfortune.refused) return refused;
  await misfortune.before?.();
  await followBranches(house.state);
  if (misfortune.answer !== undefined) return misfortune.answer.graphql(operation);
  const { body, problems } = await executeGraphQL(house.state, actor, request);
  if (problems.length > 0) return problem(house, operation, problems);
  return lose({ status: 200, body }, misfortune);
}

async function refusable(carryOut: () => Promise<Answer> | Answer): Promise<Answer> {
  try {
    return await carryOut();
  } catch (error) {
    if (error instanceof Refused) return error.answer;
    throw error;
  }
}

/** Records what GitHub would never do, and fails the request loudly. */
function problem(house: House, operation: string, problems: readonly string[]): Answer {
  house.problems.push(...problems.map((each) => `${operation}: ${each}`));
  return { status: 500, body: errorBody(`Stand-in: ${operation}: ${problems.join('; ')}`, 500) };
}
