import { once } from 'node:events';
import { readFileSync, symlinkSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createWixClient, type WixClientOptions } from '../../src/wix/client.ts';
import { downloadFile, uploadFile } from '../../src/wix/files.ts';
import { version } from '../../src/wix/transport.ts';
import { fakeClock, temporaryFile } from './support.ts';

const question = { method: 'GET', path: '/ask', what: 'ask' } as const;

test('requests share a connection', async () => {
  await using host = await hostThat((_request, response) => response.end('{}'));
  const { client } = clientOf(host.url);
  for (let i = 0; i < 5; i += 1) await client.json(question);
  expect(host.connections()).toBe(1);
});

test('a request names the version of package.json', async () => {
  const file = join(import.meta.dirname, '../../package.json');
  expect(version).toBe(JSON.parse(readFileSync(file, 'utf8')).version);
  const agents: (string | undefined)[] = [];
  await using host = await hostThat(({ headers }, response) => {
    agents.push(headers['user-agent']);
    response.end('{}');
  });
  await clientOf(host.url).client.json(question);
  expect(agents).toEqual([expect.stringContaining(`wix-cms-sync/${version}`)]);
});

test('a request that is given up leaves no connection behind', async () => {
  const gone: Promise<unknown>[] = [];
  let isAsked = () => {};
  await using host = await hostThat(({ socket }) => {
    gone.push(once(socket, 'close'));
    isAsked();
  });
  const { client, cancel } = clientOf(host.url);
  isAsked = () => cancel(new Error('cancelled'));
  await expect(client.json(question)).rejects.toThrow('cancelled');
  await expect(Promise.all(gone)).resolves.toHaveLength(1);
});

test('an answer that dribbles in for too long is given up', async () => {
  await using host = await hostThat((_request, response) => {
    const drop = setInterval(() => response.write(' '), 5);
    response.once('close', () => clearInterval(drop));
  });
  const { client } = clientOf(host.url, { timeLimit: 30 });
  await expect(client.json(question)).rejects.toThrow('no answer within 0.03 s');
});

test.each(['', '[]', 'null', '"text"', '{"half":'])(
  'an answer that is %j, and no object, is none',
  async (body) => {
    const bodies = [body, '{"whole":true}'];
    await using host = await hostThat((_request, response) => response.end(bodies.shift()));
    expect(await clientOf(host.url).client.json(question)).toEqual({ whole: true });
  },
);

test.each([
  ['storage that is full', 'WDE0091', 1],
  ['a quota of requests', 'WDE0014', 6],
])('a 429 for %s (%s) is asked about %i times', async (_name, code, times) => {
  let asked = 0;
  await using host = await hostThat((_request, response) => {
    asked += 1;
    response.writeHead(429).end(JSON.stringify({ details: { applicationError: { code } } }));
  });
  await expect(clientOf(host.url).client.json(question)).rejects.toThrow(code);
  expect(asked).toBe(times);
});

test('a 429 for an operation that took too long may have been carried out', async () => {
  await using host = await hostThat((_request, response) =>
    response.writeHead(429).end('{"details":{"applicationError":{"code":"WDE0028"}}}'),
  );
  const command = { ...question, once: true } as const;
  await expect(clientOf(host.url).client.json(command)).rejects.toMatchObject({ name: 'NoAnswer' });
});

test('a bearer link is in no message and in no log', async () => {
  await using host = await hostThat(({ url }, response) => {
    if (url === '/data-mover/v1/temporary-files/upload-url') {
      const uploadUrl = `${host.url}/put?signature=secret`;
      response.end(JSON.stringify({ fileId: 'f', uploadUrl }));
    }
  });
  const { client, lines } = clientOf(host.url, { fileSilence: 20 });
  const link = `${host.url}/get?signature=secret`;
  const failures = await Promise.all([
    downloadFile(client, async () => link, temporaryFile()).catch(String),
    uploadFile(client, temporaryFile('_id\n'), 'a.csv').catch(String),
  ]);
  expect(failures).toEqual([
    expect.stringContaining('no answer within 0.02 s'),
    expect.stringContaining('no answer within 0.02 s'),
  ]);
  expect(lines.length).toBeGreaterThan(0);
  expect(`${failures} ${lines}`).not.toContain('secret');
});

test('an upload carries its length, and nothing that the API is told', async () => {
  const seen: object[] = [];
  await using host = await hostThat(({ url, headers }, response) => {
    if (url === '/put') seen.push(headers);
    const uploadUrl = `${host.url}/put`;
    response.writeHead(url === '/put' ? 204 : 200);
    response.end(url === '/put' ? '' : JSON.stringify({ fileId: 'f', uploadUrl }));
  });
  const { client } = clientOf(host.url);
  expect(await uploadFile(client, temporaryFile('_id\na\n'), 'a.csv')).toBe('f');
  expect(seen).toEqual([
    {
      'content-length': '6',
      'user-agent': expect.stringContaining('wix-cms-sync'),
      host: new URL(host.url).host,
      connection: 'close',
    },
  ]);
});

test('a host for files that says how long to wait is waited for', async () => {
  const statuses = [503, 200];
  await using host = await hostThat((_request, response) => {
    response.writeHead(statuses.shift() ?? 500, { 'retry-after': '9' }).end('_id\n');
  });
  const { client, clock } = clientOf(host.url);
  await downloadFile(client, async () => host.url, temporaryFile());
  expect(clock.sleeps).toEqual([9_000]);
});

test('an encoding that nobody asked for, and that is not known, is no file', async () => {
  await using host = await hostThat((_request, response) =>
    response.writeHead(200, { 'content-encoding': 'zstd' }).end('????'),
  );
  const path = temporaryFile();
  const { client } = clientOf(host.url);
  await expect(downloadFile(client, async () => host.url, path)).rejects.toThrow('encoding');
});

const itOnLinux = process.platform === 'linux' ? test : test.skip;

itOnLinux('a disk that is full is named as what it is', async () => {
  await using host = await hostThat((_request, response) => response.end('_id\n'));
  const { client } = clientOf(host.url);
  const path = temporaryFile();
  // What is written to this device finds no space.
  symlinkSync('/dev/full', `${path}.part`);
  await expect(downloadFile(client, async () => host.url, path)).rejects.toMatchObject({
    reason: 'api',
    message: expect.stringMatching(/^The disk of the runner is full \(ENOSPC\)\. Nothing is lost/),
  });
});

test('a proxy of the environment is used', async () => {
  await using host = await hostThat((_request, response) => response.end('{"from":"host"}'));
  await using proxy = await proxyTo(host);
  await withProxy(proxy.url, async () => {
    const { client } = clientOf('http://wix.test');
    expect(await client.json(question)).toEqual({ from: 'host' });
    expect(proxy.asked).toEqual(['wix.test:80']);
  });
});

test('a proxy that does not answer is given up', async () => {
  await using proxy = await proxyTo(undefined);
  await withProxy(proxy.url, async () => {
    const { client } = clientOf('http://wix.test', { timeLimit: 20 });
    await expect(client.json(question)).rejects.toThrow('no answer within 0.02 s');
  });
});

function clientOf(apiUrl: string, changes: Partial<WixClientOptions> = {}) {
  const clock = fakeClock();
  const lines: string[] = [];
  const note = (line: string) => void lines.push(line);
  const controller = new AbortController();
  const client = createWixClient({
    apiKey: 'IST.key',
    siteId: 'site',
    apiUrl,
    requestsPerMinute: 150,
    clock,
    log: { info: note, warning: note, debug: note },
    signal: controller.signal,
    random: () => 0.5,
    ...changes,
  });
  return { client, clock, lines, cancel: (reason: Error) => controller.abort(reason) };
}

interface Host extends AsyncDisposable {
  readonly url: string;
  readonly connections: () => number;
}

async function hostThat(answer: RequestListener): Promise<Host> {
  let connections = 0;
  const server = createServer(answer);
  server.on('connection', () => {
    connections += 1;
  });
  const { url, [Symbol.asyncDispose]: dispose } = await listening(server);
  return { url, connections: () => connections, [Symbol.asyncDispose]: dispose };
}

/** A proxy that leads everywhere to one host, or, without one, never answers. */
async function proxyTo(host: Host | undefined) {
  const asked: string[] = [];
  const server = createServer();
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.on('error', () => {});
    if (host === undefined) return;
    const through = connect(Number(new URL(host.url).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      through.pipe(socket).pipe(through);
    });
  });
  return { ...(await listening(server)), asked };
}

async function listening(server: Server) {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function withProxy(url: string, play: () => Promise<void>): Promise<void> {
  const { http_proxy: before } = process.env;
  process.env.http_proxy = url;
  try {
    await play();
  } finally {
    if (before === undefined) delete process.env.http_proxy;
    else process.env.http_proxy = before;
  }
}
