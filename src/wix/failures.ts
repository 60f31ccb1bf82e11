import { Failure } from '../errors.ts';
import { dataPermission, remedyFor } from './remedies.ts';

/** An answer of the API that is not what was asked for. */
export interface RefusingAnswer {
  /** Of the request, without the host. */
  readonly path: string;
  readonly status: number;
  readonly body: string;
  readonly requestId: string | undefined;
}

/** The API's word that it will not do what it was asked. */
export class Refusal extends Failure {
  readonly status: number;
  /** The vendor's, if it gave one. */
  readonly code: string | undefined;

  constructor(message: string, status: number, code: string | undefined) {
    super(status === 401 || status === 403 ? 'auth' : 'api', message);
    this.status = status;
    this.code = code;
  }
}

interface VendorWords {
  readonly code: string | undefined;
  readonly words: string;
}

/**
 * A refusal as a failure in one line: what was tried, the vendor's code and words, the request id,
 * and what to do (wix-api.md 1.13 and 4.1).
 *
 * @param what the request did, such as `submit the export of products`.
 */
export function refusalFailure(what: string, answer: RefusingAnswer): Refusal {
  const { status, requestId } = answer;
  const { code, words } = vendorWords(answer.body);
  const details = [`HTTP ${status}`, code, words, requestId && `request ${folded(requestId)}`];
  const said = details.filter((part) => part !== undefined && part !== '').join(', ');
  const remedy = remedyFor(code) ?? remedyForStatus(answer);
  return new Refusal(`Wix refused to ${what} (${said}). ${remedy}`, status, code);
}

function remedyForStatus({ status, path }: RefusingAnswer): string {
  if (status === 401) {
    return 'Check that the input api-key holds a whole, valid API key of the site owner, without a prefix.';
  }
  if (status === 403) {
    return `Give the API key the permission ${permissionFor(path)}, and check that it was made for this site, in the account that owns the site.`;
  }
  if (status === 404) return 'Check the input api-url, and the ids in the configuration.';
  if (status === 413) return 'It is too large for Wix. Split the edit into several pull requests.';
  if (status === 428) return 'Check that the CMS, and Wix Multilingual for translations, are on.';
  if (status === 429) return 'Lower the input requests-per-minute, or run again in a minute.';
  if (status >= 500) return 'Wix has trouble; run again later.';
  return 'If the request should have been accepted, report it with the request id.';
}

/** The names under which a key's permissions are ticked (wix-api.md 1 and 4.1). */
function permissionFor(path: string): string {
  return path.startsWith('/data-mover/') ? 'Data Mover Manage Jobs' : dataPermission;
}

/** The vendor's code and words from an error body; tolerates any body (wix-api.md 1.13). */
function vendorWords(body: string): VendorWords {
  const parsed = parse(body);
  const details = member(parsed, 'details');
  const application = member(details, 'applicationError');
  const system = member(details, 'systemError');
  const described = text(member(application, 'description')) ?? text(member(parsed, 'message'));
  const code =
    text(member(application, 'code')) ??
    text(member(system, 'errorCode')) ??
    text(member(parsed, 'code')) ??
    /\bWD[EH]\d{4}\b/.exec(described ?? '')?.[0];
  const violations = member(member(details, 'validationError'), 'fieldViolations');
  const fields = Array.isArray(violations)
    ? violations.map((each) =>
        [text(member(each, 'field')), text(member(each, 'description'))].filter(Boolean).join(' '),
      )
    : [];
  return {
    code: code === undefined ? undefined : folded(code),
    words: folded([described ?? '', ...fields].filter((part) => part !== '').join('; ')),
  };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The vendor's words on one line, without control characters, and not endless. */
export function folded(words: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  const line = words.replaceAll(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 297)}...` : line;
}
