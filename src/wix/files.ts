import { createReadStream, createWriteStream, renameSync, rmSync, statSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Failure } from '../errors.ts';
import type { WixClient } from './client.ts';
import { attempts, isPassing, retryDelay } from './retry.ts';
import { NoAnswer, readBody, send } from './transport.ts';
import type { WireUploadUrl } from './wire.ts';

/** How long a file host may be silent, in milliseconds. */
const silence = 60_000;

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
        silence,
      },
      client.signal,
    );
    const status = message.statusCode ?? 0;
    await readBody(message, silence, client.signal);
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
  let current = url;
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const target = {
      method: 'GET',
      url: fileHost(client, current),
      headers: {},
      body: null,
      silence,
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
    current = new URL(headers.location, current).href;
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
function fileHost({ apiUrl }: WixClient, text: string): string {
  const url = new URL(text);
  const local = isLocal(new URL(apiUrl).hostname);
  const isWeb = url.protocol === 'https:' || (local && url.protocol === 'http:');
  if (isWeb && (local || !isLocal(url.hostname))) return text;
  throw new Failure(
    'api',
    `Wix named ${url.protocol}//${url.hostname} for a file, which is not a host for files. Nothing was sent to it; report this to Wix.`,
  );
}

function isLocal(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  if (isIP(name) === 4) return /^(127|0)\.|^169\.254\./.test(name);
  return isIP(name) === 6 && /^(::1?$|fe[89ab]|::ffff:)/.test(name);
}
