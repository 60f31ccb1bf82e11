import { Failure, type Place } from '../errors.ts';

export type CsvProblem =
  | 'EMPTY'
  | 'DELIMITER'
  | 'DUPLICATE_HEADER'
  | 'HEADER_LINE_BREAK'
  | 'OTHER_HEADER'
  | 'STRAY_QUOTE'
  | 'TEXT_AFTER_QUOTE'
  | 'UNTERMINATED_QUOTE'
  | 'TOO_LONG'
  | 'LINE_ENDS'
  | 'CONFLICT_MARKER'
  | 'CELL_COUNT'
  | 'KEYLESS'
  | 'NOT_UTF8'
  | 'TWO_FORMS'
  | 'NOT_A_FILE';

/** A file is not the strict CSV that this action reads and writes (RFC 4180, UTF-8). */
export class CsvError extends Failure {
  readonly code: CsvProblem;

  constructor(code: CsvProblem, place: Place, message: string) {
    super('validation', message, { place });
    this.code = code;
  }
}
