/** An answer other than 200, in the vendor's envelope (wix-api.md 1.13). */
export class WixError extends Error {
  override readonly name = 'WixError';
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown, message: string) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

/** One thing that is wrong with a request. */
export interface Violation {
  readonly field: string;
  readonly description: string;
  readonly violatedRule:
    | 'MIN_LENGTH'
    | 'MAX_LENGTH'
    | 'MIN_VALUE'
    | 'MAX_VALUE'
    | 'FORMAT'
    | 'REQUIRED'
    | 'OTHER';
}

/** 400 with `fieldViolations`. */
export function invalid(violations: readonly Violation[]): WixError {
  const message = violations.map(({ field, description }) => `${field} ${description}`).join(', ');
  const fieldViolations = violations.map((violation) => ({ ...violation, data: {} }));
  return new WixError(400, { message, details: { validationError: { fieldViolations } } }, message);
}

/** A business rejection: `details.applicationError`. */
export function refused(status: number, code: string, description: string): WixError {
  const message = code.startsWith('WDE') ? `${code}: ${description}` : description;
  const applicationError = { code, description, data: {} };
  return new WixError(status, { message, details: { applicationError } }, message);
}

/** An answer that says nothing, as lost permissions look. */
export function silent(status: number): WixError {
  return new WixError(status, { message: '', details: {} }, `silent ${status}`);
}

export function notFound(what: string): WixError {
  return refused(404, 'NOT_FOUND', `${what} not found`);
}
