import { CsvError } from '../csv/errors.ts';
import { Failure } from '../errors.ts';

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

/** A file that is not the CSV it should be, as the failure of a run. */
export function unreadable(error: CsvError, words = error.message): Failure {
  const { file, line, column } = error;
  const place = { file, line, ...(column > 0 ? { column } : {}) };
  return new Failure('validation', words, { place, cause: error });
}
