import { Failure } from '../errors.ts';

/** An answer of the API that is not what was asked for. */
export interface Refusal {
  readonly status: number;
  readonly body: string;
  readonly requestId: string | undefined;
}

interface VendorWords {
  readonly code: string | undefined;
  readonly words: string;
}

/**
 * A refusal as a failure in one line: what was tried, the vendor's code and words, the request id,
 * and what to do (wix-api.md 1.13 and 4).
 *
 * @param what the request did, such as `submit the export of products`.
 */
export function refusalFailure(what: string, refusal: Refusal): Failure {
  const { status, requestId } = refusal;
  const { code, words } = vendorWords(refusal.body);
  const details = [`HTTP ${status}`, code, words, requestId && `request ${requestId}`];
  const said = details.filter((part) => part !== undefined && part !== '').join(', ');
  const reason = status === 401 || status === 403 ? 'auth' : 'api';
  return new Failure(reason, `Wix refused to ${what} (${said}). ${remedy(status, code)}`);
}

function remedy(status: number, code: string | undefined): string {
  const byCode = remedies.get(code ?? '');
  if (byCode !== undefined) return byCode;
  if (status === 401) {
    return 'Check that the input api-key holds a whole, valid API key of the site owner, without a prefix.';
  }
  if (status === 403) {
    return 'Give the API key the permissions Data Mover Manage Jobs and Wix Data (read and write), and use a key from the account that owns the site.';
  }
  if (status === 429) return 'Lower the input requests-per-minute, or run again in a minute.';
  if (status >= 500) return 'Wix has trouble; run again later.';
  return 'If the request should have been accepted, report it with the request id.';
}

const remedies: ReadonlyMap<string, string> = new Map([
  [
    'WDE0014',
    'The quota per minute is used up: lower the input requests-per-minute, or run again in a minute.',
  ],
  [
    'WDE0025',
    'The collection does not exist: correct its id in the configuration, or create it in the CMS.',
  ],
  [
    'WDE0026',
    'The collection was deleted: remove it from the configuration, or restore it in the CMS.',
  ],
  ['WDE0027', 'Give the API key the permission Wix Data (read and write).'],
  ['WDE0091', "The site's storage is full: free some, or upgrade its plan."],
  ['WDE0110', 'Add the CMS to the site: it is not installed (dashboard, CMS).'],
  [
    'WDE0117',
    'Check the input site-id, and that api-key is the key alone, without Bearer before it.',
  ],
  ['WDE0122', 'The quota of processing time is used up: run again in a minute.'],
  [
    'MULTILINGUAL_NOT_INSTALLED',
    'Add the Wix Multilingual app to the site, and the languages in it.',
  ],
]);

/** The vendor's code and words from an error body; tolerates any body (wix-api.md 1.13). */
function vendorWords(body: string): VendorWords {
  const parsed = parse(body);
  const details = member(parsed, 'details');
  const application = member(details, 'applicationError');
  const code = text(member(application, 'code')) ?? text(member(parsed, 'code'));
  const described = text(member(application, 'description')) ?? text(member(parsed, 'message'));
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
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
