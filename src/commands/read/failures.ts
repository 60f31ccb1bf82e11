import { CsvError } from '../../csv/errors.ts';
import { Failure } from '../../errors.ts';

/**
 * The failure of one file, which does not stop the others. Rethrows what stops the whole run: a defect of
 * the action, a cancellation, a key that the site does not accept.
 */
export function failureOf(error: unknown, name: string): Failure {
  if (!(error instanceof Failure)) throw error;
  if (['cancelled', 'timeout', 'auth'].includes(error.reason)) throw error;
  if (!(error instanceof CsvError)) return error;
  const { reason, message, place } = error;
  return new Failure(reason, `${name}: ${message}`, { place, cause: error });
}
