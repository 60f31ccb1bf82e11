import type { Answer, Body, Request } from '../http/request.ts';
import type { Random } from '../random.ts';
import { guidFrom } from '../random.ts';
import type { EmulatorClock, Settings } from '../settings.ts';

/** What must not reach the upload and download hosts. */
export const credentialHeaders: readonly string[] = [
  'authorization',
  'wix-site-id',
  'wix-account-id',
];

/** A file that was, or will be, uploaded for an import. */
interface UploadedFile {
  readonly id: string;
  readonly name: string;
  content: Buffer | undefined;
  expires: number;
}

/** The temporary files of both directions, and the two hosts that carry them (wix-api.md 1.10). */
export interface Files {
  readonly uploads: Map<string, UploadedFile>;
  createUpload(name: string): UploadedFile;
  /** Every upload URL that is out there stops working. */
  expireUploadUrls(): void;
  /** A place for an export: its URL is known at once, its content later. */
  reserveDownload(name: string): { readonly path: string; fill(body: Body): void };
  answerUpload(request: Request): Answer;
  answerDownload(request: Request): Answer;
}

interface Surroundings {
  readonly clock: EmulatorClock;
  readonly settings: Settings;
  readonly random: Random;
}

export function createFiles(surroundings: Surroundings): Files {
  return { ...createUploads(surroundings), ...createDownloads(surroundings) };
}

/** The files of imports: each is put once, while its URL works. */
function createUploads({
  clock,
  settings,
  random,
}: Surroundings): Omit<Files, 'reserveDownload' | 'answerDownload'> {
  const uploads = new Map<string, UploadedFile>();
  return {
    uploads,
    createUpload(name) {
      const id = guidFrom(random);
      const file = {
        id,
        name,
        content: undefined,
        expires: clock.now() + settings.uploadUrlLifetime,
      };
      uploads.set(id, file);
      return file;
    },
    expireUploadUrls() {
      for (const file of uploads.values()) file.expires = Number.NEGATIVE_INFINITY;
    },
    answerUpload(request) {
      const leak = credentialsIn(request);
      if (leak !== undefined) return leak;
      const file = uploads.get(request.segments[1] ?? '');
      if (file === undefined) return xml(404, 'NoSuchUpload');
      if (request.method !== 'PUT') return xml(405, 'MethodNotAllowed');
      if (clock.now() >= file.expires) return xml(403, 'AccessDenied: Request has expired');
      if (settings.uploadNeedsLength && request.headers['content-length'] === undefined) {
        return xml(411, 'MissingContentLength');
      }
      file.content = request.body;
      return { status: 200 };
    },
  };
}

/** The files of exports: each is read as often as one likes, once it is written. */
function createDownloads({
  settings,
  random,
}: Surroundings): Pick<Files, 'reserveDownload' | 'answerDownload'> {
  const downloads = new Map<string, { readonly name: string; body: Body | undefined }>();
  return {
    reserveDownload(name) {
      const token = guidFrom(random);
      const file: { readonly name: string; body: Body | undefined } = { name, body: undefined };
      downloads.set(token, file);
      return {
        path: `/files/${token}/${encodeURIComponent(name)}`,
        fill: (body) => {
          file.body = body;
        },
      };
    },
    answerDownload(request) {
      const leak = credentialsIn(request);
      if (leak !== undefined) return leak;
      const file = downloads.get(request.segments[1] ?? '');
      if (file?.body === undefined) return xml(404, 'NoSuchKey');
      if (request.method !== 'GET') return xml(405, 'MethodNotAllowed');
      if (settings.downloadRedirects && !request.query.has('redirected')) {
        return { status: 302, headers: { location: `${request.path}?redirected=1` } };
      }
      const type = file.name.endsWith('.jsonl') ? 'application/jsonl' : 'text/csv';
      return { status: 200, headers: { 'content-type': type }, body: file.body };
    },
  };
}

/** These hosts are not Wix: a key that arrives here has leaked. */
function credentialsIn({ headers }: Request): Answer | undefined {
  const leaked = credentialHeaders.filter((name) => name in headers);
  if (leaked.length === 0) return undefined;
  return xml(400, `CredentialsLeaked: ${leaked.join(', ')} must not be sent to this host`);
}

function xml(status: number, code: string): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>\n`;
  return { status, headers: { 'content-type': 'application/xml' }, body: [Buffer.from(body)] };
}
