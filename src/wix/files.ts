import {
  createReadStream,
  createWriteStream,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Failure, refusedBySystem } from '../errors.ts';
import { retry } from '../io/retry.ts';
import { ask, isPassing, tooLate, type WixClient, wixRetries } from './client.ts';
import { type Limits, NoAnswer, send, speak } from './transport.ts';
import { uploadShape } from './wire.ts';

/** Uploads a file; returns the id for a job. Each try asks for a new upload URL: the old one may have expired. */
export async function uploadFile(
  client: WixClient,
  path: string,
  fileName: string,
): Promise<string> {
  const what = `upload ${fileName}`;
  const upload = async () => {
    const { fileId, uploadUrl } = await ask(client, uploadShape, {
      method: 'POST',
      path: '/data-mover/v1/temporary-files/upload-url',
      body: { fileName },
      what: 'create an upload URL',
    });
    await put(client, path, uploadUrl, limitsOf(client, what));
    return fileId;
  };
  return retry(upload, wixRetries(client, what));
}

/** The longest time that a timer of node can have. */
const longest = 2 ** 31 - 1;

/** A file may take as long as the run has, if its host is never silent for long. */
function limitsOf({ fileSilence, clock, deadline, signal }: WixClient, what: string): Limits {
  const milliseconds = Math.min(Math.max(fileSilence, deadline - clock.now()), longest);
  return { silence: fileSilence, whole: { milliseconds, failure: tooLate(what) }, until: signal };
}

async function put(
  client: WixClient,
  path: string,
  uploadUrl: string,
  limits: Limits,
): Promise<void> {
  const url = fileUrl(client, uploadUrl);
  const { size } = statSync(path);
  // Opened here, so that an unreadable file is thrown as such.
  const body = createReadStream(path, { fd: openSync(path, 'r') }).pause();
  try {
    await speak(limits, async (signal, heard) => {
      // Each chunk was taken by the host, which is a sign of life.
      body.on('data', heard);
      const headers = { 'content-length': size };
      const message = await send({ method: 'PUT', url, headers, body }, signal);
      const { statusCode: status = 0 } = message.resume();
      if (status < 200 || status >= 300) throw refusedFile(message, `upload of ${size} bytes`);
    });
  } finally {
    body.destroy();
  }
}

/**
 * Downloads a CSV file whole or not at all. If its last line does not end, it may have been cut inside a
 * cell (wix-api.md 3.2), so it must come twice in the same size.
 * @param getUrl called before every try, from 1, since a URL may expire.
 */
export async function downloadFile(
  client: WixClient,
  getUrl: (attempt: number) => Promise<string>,
  path: string,
): Promise<void> {
  const what = 'download the export';
  const temporary = `${path}.part`;
  let endless: number | undefined;
  const download = async (attempt: number) => {
    const url = await getUrl(attempt);
    await speak(limitsOf(client, what), async (signal, heard) => {
      const message = await fetchFile(client, url, signal, heard);
      await save(message, temporary, heard);
    });
    const size = await sizeWithoutEnd(temporary);
    if (size === undefined || size === endless) return;
    endless = size;
    throw new NoAnswer('its last line does not end');
  };
  try {
    await retry(download, wixRetries(client, what));
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** The size of a file whose last line does not end. */
async function sizeWithoutEnd(path: string): Promise<number | undefined> {
  const { size } = statSync(path);
  const last = await text(createReadStream(path, { start: Math.max(0, size - 1) }));
  return /[\n\r]/.test(last) ? undefined : size;
}

const mostRedirects = 5;

/** Follows redirects itself, so that each URL is looked at before it is asked. */
async function fetchFile(
  client: WixClient,
  first: string,
  signal: AbortSignal,
  heard: () => void,
): Promise<IncomingMessage> {
  let url = fileUrl(client, first);
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const message = await send({ method: 'GET', url, headers: {} }, signal);
    heard();
    const { statusCode: status = 0, headers } = message;
    if (status === 200) return message;
    message.destroy();
    if (status < 300 || status >= 400 || headers.location === undefined) {
      throw refusedFile(message, 'download of the export');
    }
    url = fileUrl(client, headers.location, url);
  }
  const message = `The download of the export was redirected more than ${mostRedirects} times. Run again.`;
  throw new Failure('api', message);
}

/**
 * An `https:` URL for files, though the vendor's sample names an `http:` one (wix-api.md 11); the emulator
 * may keep `http:`. A failure names the host alone, since such a URL may be a bearer link.
 */
function fileUrl({ apiUrl }: WixClient, link: string, base?: string): string {
  const url = URL.canParse(link, base) ? new URL(link, base) : undefined;
  if (url?.protocol === 'http:' && apiUrl.startsWith('https:')) url.protocol = 'https:';
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url.href;
  const named = url === undefined ? 'no URL' : `${url.protocol}//${url.hostname}`;
  const message = `Wix named ${named} for a file, which is not a host for files. Run again; if it happens again, report it to Wix.`;
  throw new Failure('api', message);
}

/** A NoAnswer if a new URL may help: hosts of files answer so to one that is not yet, or no longer, valid. */
function refusedFile({ statusCode: status = 0, headers }: IncomingMessage, what: string): Error {
  if (isPassing(status) || [400, 401, 403, 404].includes(status)) {
    return new NoAnswer(`HTTP ${status}`, { status, headers });
  }
  const remedy =
    status === 413
      ? 'Merge the edits in several smaller pull requests, one import after the other.'
      : 'Run again; if it happens again, report it to Wix.';
  const message = `The ${what} was refused by the host that Wix named for it (HTTP ${status}). ${remedy}`;
  return new Failure('api', message);
}

async function save(message: IncomingMessage, path: string, heard: () => void): Promise<void> {
  message.on('data', heard);
  // No encoding is asked for, but a host may keep its files in one all the same.
  const { 'content-encoding': encoding = 'identity' } = message.headers;
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new NoAnswer('it came in an encoding that was not asked for');
  }
  const decoder = encoding === 'gzip' ? createGunzip() : new PassThrough();
  try {
    await pipeline(message, decoder, createWriteStream(path));
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw refusedBySystem(words) ?? new NoAnswer(`the download was cut short: ${words}`, {}, cause);
  }
}
