import { CsvError } from '../csv/errors.ts';
import { Failure, fullDisk } from '../errors.ts';

/**
 * The failure of one file, which leaves the others alone. Rethrows what concerns the whole run: a
 * defect of the action, a cancellation, a key that does not open the site.
 */
export function failureOf(error: unknown, name: string): Failure {
  if (error instanceof CsvError) return unreadable(error, `${name}: ${error.message}`);
  if (!(error instanceof Failure)) throw error;
  if (['cancelled', 'timeout', 'auth'].includes(error.reason)) throw error;
  return error;
}

/** What a run threw, as a failure that a person can act on; `undefined` for a defect of the action. */
export function knownFailure(error: unknown): Failure | undefined {
  if (error instanceof Failure) return error;
  return error instanceof CsvError ? unreadable(error, error.message) : fullDisk(String(error));
}

function unreadable(error: CsvError, words: string): Failure {
  const { file, line, column } = error;
  const place = { file, line, ...(column > 0 ? { column } : {}) };
  return new Failure('validation', words, { place, cause: error });
}
