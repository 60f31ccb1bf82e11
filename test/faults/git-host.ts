import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What a request of git may meet: a status, or a connection that breaks. */
export type GitFault = number | 'reset before' | 'reset after' | 'half a body';

/** What git asks a host for, request by request. */
export const gitRequests = [
  'read: connect',
  'read: list refs',
  'read: fetch',
  'write: connect',
  'write: push',
] as const;
export type GitRequest = (typeof gitRequests)[number];

export interface GitHost extends AsyncDisposable {
  readonly url: string;
  /** The requests so far. */
  readonly asked: readonly GitRequest[];
  /** Lets requests meet a fault from now on, and none that were to do so before. */
  readonly strike: (struck: Struck | undefined) => void;
}

/** A fault that the next requests of a kind meet, so many of them. */
export interface Struck {
  readonly request: GitRequest;
  readonly fault: GitFault;
  readonly times: number;
}

/** Serves a bare repository over HTTP, by git's own server behind one that can misbehave. */
export async function startGitHost(repository: string): Promise<GitHost> {
  const asked: GitRequest[] = [];
  let planned: Struck | undefined;
  const faultFor = (request: GitRequest): GitFault | undefined => {
    if (planned?.request !== request || planned.times === 0) return undefined;
    planned = { ...planned, times: planned.times - 1 };
    return planned.fault;
  };
  const server = createServer((request, response) => {
    void serve(request, response);
  });
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(request);
    const kind = kindOf(request, body);
    asked.push(kind);
    const byGit = () => askGit(repository, request, body);
    await answer(request, response, { fault: faultFor(kind), byGit });
  };
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port
  return {
    url: `http://127.0.0.1:${port}/site.git`,
    asked,
    strike: (struck) => {
      planned = struck;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

/** Which of its requests this is (gitprotocol-http(5), gitprotocol-v2(5)). */
function kindOf({ method, url = '' }: IncomingMessage, body: Buffer): GitRequest {
  const side = url.includes('git-receive-pack') ? 'write' : 'read';
  if (method === 'GET') return `${side}: connect`;
  if (side === 'write') return 'write: push';
  return body.includes('command=ls-refs') ? 'read: list refs' : 'read: fetch';
}

interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { fault, byGit }: { readonly fault: GitFault | undefined; readonly byGit: () => Promise<Answer> },
): Promise<void> {
  if (fault === 'reset before') return void request.socket.resetAndDestroy();
  if (typeof fault === 'number') return void response.writeHead(fault).end();
  const { status, headers, body } = await byGit();
  if (fault === 'reset after') return void request.socket.resetAndDestroy();
  response.statusCode = status;
  for (const [name, value] of headers) response.setHeader(name, value);
  response.setHeader('content-length', body.length);
  if (fault === undefined) return void response.end(body);
  response.write(body.subarray(0, body.length / 2), () => request.socket.destroy());
}

/** Has the request answered by git (git-http-backend(1)). */
async function askGit(repository: string, request: IncomingMessage, body: Buffer): Promise<Answer> {
  const { pathname, search } = new URL(request.url ?? '', 'http://localhost');
  const child = spawn('git', ['-c', 'http.receivepack=true', 'http-backend'], {
    env: {
      ...process.env,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_TRANSLATED: repository + pathname.replace('/site.git', ''),
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'],
      CONTENT_LENGTH: String(body.length),
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => {
    // git may have read all that it needs.
  });
  child.stdin.end(body);
  return parsed(await buffer(child.stdout));
}

/** What a CGI program prints: headers, among them the status, and behind an empty line the body. */
function parsed(output: Buffer): Answer {
  const end = output.indexOf('\r\n\r\n');
  const lines = output.subarray(0, end).toString('latin1').split('\r\n');
  const all = lines.map((line): [string, string] => {
    const [name = '', value = ''] = line.split(/: (.*)/s);
    return [name, value];
  });
  const status = all.find(([name]) => name === 'Status')?.[1] ?? '200';
  const headers = all.filter(([name]) => name !== 'Status');
  return { status: Number.parseInt(status, 10), headers, body: output.subarray(end + 4) };
}
