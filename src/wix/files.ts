import { createReadStream, createWriteStream, renameSync, rmSync, statSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Failure } from '../errors.ts';
import type { WixClient } from './client.ts';
import { attempts, isPassing, retryDelay } from './retry.ts';
import { NoAnswer, readBody, send } from './transport.ts';
import type { WireUploadUrl } from './wire.ts';

/**
 * Uploads a file and returns the id that a job takes it by. Each try asks for a fresh upload URL:
 * the old one may have expired (wix-api.md 1.10).
 */
export async function uploadFile(
  client: WixClient,
  path: string,
  fileName: string,
): Promise<string> {
  return repeated(client, `upload ${fileName}`, async () => {
    const { fileId, uploadUrl } = await createUpload(client, fileName);
    const message = await send(
      {
        method: 'PUT',
        url: fileHost(client, uploadUrl),
        headers: { 'content-length': statSync(path).size },
        body: createReadStream(path),
        silence: client.fileSilence,
      },
      client.signal,
    );
    const status = message.statusCode ?? 0;
    await readBody(message, client.fileSilence, client.signal);
    if (status >= 200 && status < 300) return fileId;
    throw new NoAnswer(`HTTP ${status}`);
  });
}

async function createUpload(client: WixClient, fileName: string) {
  // The answer's shape is the vendor's word; every member that is read may be missing.
  const { fileId, uploadUrl } = (await client.json({
    method: 'POST',
    path: '/data-mover/v1/temporary-files/upload-url',
    body: { fileName },
    repeatable: true,
    what: 'create an upload URL',
  })) as WireUploadUrl;
  if (fileId && uploadUrl) return { fileId, uploadUrl };
  throw new NoAnswer('the answer held no upload URL');
}

/**
 * Downloads a file whole or not at all, to a temporary name that is then renamed.
 *
 * @param getUrl asked before every try, from 1, since a URL may expire.
 */
export async function downloadFile(
  client: WixClient,
  getUrl: (attempt: number) => Promise<string>,
  path: string,
): Promise<void> {
  const temporary = `${path}.part`;
  try {
    await repeated(client, 'download the export', async (attempt) => {
      const message = await fetchFile(client, await getUrl(attempt));
      await save(client, message, temporary);
    });
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

const mostRedirects = 5;

/** Follows redirects itself, so that each host is looked at before it is asked. */
async function fetchFile(client: WixClient, url: string): Promise<IncomingMessage> {
  let current = fileHost(client, url);
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const target = {
      method: 'GET',
      url: current,
      headers: {},
      body: null,
      silence: client.fileSilence,
    };
    const message = await send(target, client.signal);
    const { statusCode: status = 0, headers } = message;
    if (status === 200) return message;
    message.resume();
    if (status < 300 || status >= 400 || headers.location === undefined) {
      if (isPassing(status) || status === 403 || status === 404)
        throw new NoAnswer(`HTTP ${status}`);
      throw new Failure(
        'api',
        `The download of the export was refused (HTTP ${status}). Run again.`,
      );
    }
    current = fileHost(client, headers.location, current);
  }
  throw new Failure(
    'api',
    `The download of the export was redirected more than ${mostRedirects} times. Run again.`,
  );
}

async function save(client: WixClient, message: IncomingMessage, path: string): Promise<void> {
  const announced = Number(message.headers['content-length'] ?? Number.NaN);
  let received = 0;
  message.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  //message.setTimeout(client.fileSilence, () => message.destroy(new Error('silence')));
  try {
    await pipeline([message, ...decoders(message), createWriteStream(path)], {
      signal: client.signal,
    });
  } catch (cause) {
    client.signal.throwIfAborted();
    throw new NoAnswer('the download was cut short', { cause });
  }
  if (!Number.isNaN(announced) && received !== announced) {
    throw new NoAnswer(`${announced} bytes were announced and ${received} came`);
  }
}

function decoders(message: IncomingMessage): readonly NodeJS.ReadWriteStream[] {
  switch (message.headers['content-encoding']) {
    case 'gzip':
      return [createGunzip()];
    case 'deflate':
      return [createInflate()];
    case 'br':
      return [createBrotliDecompress()];
    default:
      return [];
  }
}

/** Tries until it works, backing off, and fails with one line that says what did not. */
async function repeated<T>(
  client: WixClient,
  what: string,
  action: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await action(attempt);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (attempt >= attempts) {
        throw new Failure(
          'api',
          `Could not ${what} in ${attempts} tries (${error.message}). Run again later.`,
          {
            cause: error,
          },
        );
      }
      const random = Math.random();
      const now = client.clock.now();
      const delay = retryDelay({ attempt, status: undefined, retryAfter: undefined, now, random });
      client.log.debug(
        `Could not ${what} (${error.message}); again in ${Math.ceil(delay / 1000)} s.`,
      );
      await client.clock.sleep(delay, client.signal);
    }
  }
}

/**
 * A URL for files, if its host may be asked: an answer of the API must not lead into the runner's
 * own network. The emulator, on this machine itself, may name this machine.
 */
function fileHost({ apiUrl }: WixClient, text: string, base?: string): string {
  const url = URL.canParse(text, base) ? new URL(text, base) : undefined;
  const local = isInside(new URL(apiUrl).hostname);
  const isWeb = url?.protocol === 'https:' || (local && url?.protocol === 'http:');
  if (url !== undefined && isWeb && (local || !isInside(url.hostname))) return url.href;
  const named = url === undefined ? 'no URL' : `${url.protocol}//${url.hostname}`;
  throw new Failure(
    'api',
    `Wix named ${named} for a file, which is not a host for files. Nothing was sent to it; report this to Wix.`,
  );
}

/** Addresses of this machine, of its network, and of what serves it there. */
const insideAddresses = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  insideAddresses.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  insideAddresses.addSubnet(network, prefix, 'ipv6');
}

function isInside(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  const version = isIP(name);
  return version !== 0 && insideAddresses.check(name, version === 4 ? 'ipv4' : 'ipv6');
}
