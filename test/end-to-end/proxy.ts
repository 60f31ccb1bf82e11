import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import type { Certificate } from './certificate.ts';

/** A company's network: hosts that only its proxy finds, with certificates of its own. */
export interface CompanyNetwork {
  /** For `HTTPS_PROXY`, with the name and password that it asks for. */
  readonly proxyUrl: string;
  /** The hosts that were asked for, as `host:port`, oldest first. */
  readonly tunnels: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts a proxy that tunnels to hosts by name, and behind it those hosts, which speak TLS and pass
 * requests on to local servers. In what they answer, the local addresses are replaced by theirs.
 *
 * @param hosts names to the root URLs of local servers.
 */
export async function startCompanyNetwork(
  hosts: Readonly<Record<string, string>>,
  certificate: Certificate,
): Promise<CompanyNetwork> {
  const servers = new Map<string, Server>();
  for (const [host, root] of Object.entries(hosts)) {
    const secure = createSecureServer(certificate, (request, response) => {
      passOn(request, response, root, hosts).catch(() => response.destroy());
    });
    servers.set(`${host}:443`, await listening(secure));
  }
  const tunnels: string[] = [];
  const expected = `Basic ${Buffer.from('ada:secret').toString('base64')}`;
  const proxy = createServer((_request, response) => response.writeHead(405).end());
  proxy.on('connect', ({ url = '', headers }: IncomingMessage, socket) => {
    tunnels.push(url);
    const target = servers.get(url);
    if (headers['proxy-authorization'] !== expected || target === undefined) {
      socket.end(`HTTP/1.1 ${target === undefined ? 502 : 407} Refused\r\n\r\n`);
      return;
    }
    const host = connect(portOf(target), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      host.pipe(socket).pipe(host);
    });
    for (const end of [host, socket])
      end.on('error', () => [host, socket].map((each) => each.destroy()));
  });
  await listening(proxy);
  return {
    proxyUrl: `http://ada:secret@127.0.0.1:${portOf(proxy)}`,
    tunnels,
    close: async () => {
      for (const server of [proxy, ...servers.values()]) {
        if ('closeAllConnections' in server) server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

async function listening<Some extends Server>(server: Some): Promise<Some> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port; // it listens on TCP
}

async function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  root: string,
  hosts: Readonly<Record<string, string>>,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const { host: _host, connection: _connection, ...headers } = request.headers;
  const answer = await fetch(`${root}${request.url}`, {
    method: request.method ?? 'GET',
    headers: Object.entries(headers).map(
      ([name, value]) => [name, String(value)] as [string, string],
    ),
    ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
  });
  let text = await answer.text();
  for (const [name, local] of Object.entries(hosts))
    text = text.replaceAll(local, `https://${name}`);
  const { 'content-length': _length, ...passed } = Object.fromEntries(answer.headers);
  response.writeHead(answer.status, passed).end(text);
}
