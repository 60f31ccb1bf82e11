import { onOneLine } from '../errors.ts';

/** What can be wrong with a CSV file. */
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

/** A file that is not the strict CSV which this action reads and writes (RFC 4180, UTF-8). */
export class CsvError extends Error {
  override readonly name = 'CsvError';
  readonly code: CsvProblem;
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  /** The character of the line, from 1; 0 where the problem is none in particular. */
  readonly column: number;

  constructor(code: CsvProblem, file: string, line: number, column: number, message: string) {
    super(onOneLine(message));
    this.code = code;
    this.file = file;
    this.line = line;
    this.column = column;
  }
}
