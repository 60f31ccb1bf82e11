import * as v from 'valibot';
import { Failure, onOneLine } from '../errors.ts';
import { lenient } from '../io/answer.ts';
import { remedies } from './remedies.ts';

/** The codes for a wrong site id, or a site without the CMS (wix-api.md 1.13). */
const misconfigured: ReadonlySet<string> = new Set(['WDE0110', 'WDE0117']);

export class Refusal extends Failure {
  readonly status: number;
  /** The vendor's, if it gave one. */
  readonly code: string | undefined;

  constructor(message: string, status: number, code: string | undefined) {
    const isAuth = status === 401 || status === 403;
    super(isAuth ? 'auth' : misconfigured.has(code ?? '') ? 'config' : 'api', message);
    this.status = status;
    this.code = code;
  }
}

/** What was tried, the vendor's code and words, the request id, and a remedy (wix-api.md 4.1). */
export function refusalFailure(
  what: string,
  answer: {
    readonly status: number;
    readonly body: string;
    readonly requestId: string | undefined;
  },
): Refusal {
  const { status, requestId } = answer;
  const { code, words } = vendorWords(answer.body);
  const details = [`HTTP ${status}`, code, words, requestId && `request ${folded(requestId)}`];
  const said = details.filter((part) => part !== undefined && part !== '').join(', ');
  const remedy = remedyFor(code ?? '', status);
  /**
   * @cause The brackets have Wix's status, code and words, and the request id to give to its support.
   * @remedy See [the codes of Wix](#codes-of-wix).
   */
  return new Refusal(`Wix refused to ${what} (${said}). ${remedy}`, status, code);
}

function remedyFor(code: string, status: number): string {
  const remedy = remedies.get(code) ?? remedies.get(`HTTP ${status}`);
  if (remedy !== undefined) return remedy;
  return status >= 500
    ? 'Wix has trouble; run again later.'
    : 'If the request should have been accepted, report it with the request id.';
}

/** Errors may have anything in the place of a text or an object. */
const text = lenient(v.string());
const part = <Entries extends v.ObjectEntries>(entries: Entries) => lenient(v.object(entries));

const violation = v.object({ field: text, description: text });

const errorShape = part({
  message: text,
  code: text,
  details: part({
    applicationError: part({ code: text, description: text }),
    systemError: part({ errorCode: text }),
    validationError: part({
      fieldViolations: v.fallback(v.array(v.fallback(violation, {})), []),
    }),
  }),
});

const errorBody = v.fallback(v.pipe(v.string(), v.parseJson(), errorShape), undefined);

/** The vendor's code and words in the body of an error, whatever it is (wix-api.md 1.13). */
function vendorWords(body: string): { readonly code: string | undefined; readonly words: string } {
  const { message, code, details } = v.parse(errorBody, body) ?? {};
  const { applicationError: application, systemError, validationError } = details ?? {};
  const described = application?.description ?? message ?? '';
  const named = /\bWD[EH]\d{4}\b/.exec(described)?.[0];
  const found = application?.code ?? systemError?.errorCode ?? code ?? named;
  const fields = (validationError?.fieldViolations ?? []).map(({ field, description }) =>
    [field, description].filter(Boolean).join(' '),
  );
  return {
    code: found === undefined ? undefined : folded(found),
    words: folded([described, ...fields].filter((part) => part !== '').join('; ')),
  };
}

export function folded(words: string): string {
  const line = onOneLine(words).trim();
  return line.length > 300 ? `${line.slice(0, 297)}...` : line;
}
