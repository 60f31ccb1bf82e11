import { CsvError, type CsvProblem } from './errors.ts';
import { cr, type LinePlace, lf, placeIn, quote } from './format.ts';
import type { RecordReader } from './reader.ts';

/**
 * What is wrong with a record that the grammar does not allow.
 *
 * @param bytes the file from the record on, as far as it was read.
 */
export function refusal({ name, line, bounds }: RecordReader, bytes: Buffer): CsvError {
  const { start, starts, cellCount } = bounds;
  const cell = (starts[cellCount - 1] ?? 0) - start;
  const end = bounds.end - start;
  const isOpen = end > bytes.length;
  const at = isOpen ? cell : end;
  const isQuoted = bytes[cell] === quote;
  const code = isOpen ? 'UNTERMINATED_QUOTE' : isQuoted ? 'TEXT_AFTER_QUOTE' : 'STRAY_QUOTE';
  const place = placeIn(bytes, at, line);
  const wrong =
    bytes[end] === cr
      ? problem(name, 'LINE_ENDS', lineEnds(bytes, end), place)
      : problem(name, code, quotes[code], place);
  return foreignFormat(name, bytes, at, line) ?? wrong;
}

const quotes = {
  STRAY_QUOTE:
    'a quote in the middle of a cell. Put the whole cell in quotes and double the ones inside.',
  TEXT_AFTER_QUOTE:
    'the cell goes on after its closing quote. Double the quotes inside the cell, or end it with a comma.',
  UNTERMINATED_QUOTE: 'this quote is never closed. Close it.',
} as const;

/** @param at where a CR is outside of quotes. */
function lineEnds(bytes: Buffer, at: number): string {
  return bytes[at + 1] === cr && bytes[at + 2] === lf
    ? 'the line ends with CR CR LF. Save the file with LF or CRLF line ends.'
    : 'a carriage return (CR) that is not followed by LF. If lines end with it, save the file with LF or CRLF line ends; if it belongs to the cell, put the cell in quotes.';
}

export function wrongCellCount(
  { name, record, line, bounds }: RecordReader,
  expected: number,
): CsvError {
  const found = bounds.cellCount;
  const isCurly = /(?:^|,)[“”„]/.test(lineAt(record, 0));
  const remedy = isCurly ? 'Write straight quotes (") around cells.' : countRemedy(found, expected);
  /**
   * @cause If it has too few cells, one has a line break but no quotes. If it has too many, one has a comma but no quotes.
   * @remedy Quote that cell, or add or remove commas.
   */
  const message = `${name} line ${line}: the row has ${found} ${found === 1 ? 'cell' : 'cells'}, but the header has ${expected}. ${remedy}`;
  return (
    foreignFormat(name, record, 0, line) ??
    new CsvError('CELL_COUNT', { file: name, line }, message)
  );
}

function countRemedy(found: number, expected: number): string {
  if (found < expected) return 'Add the missing commas, or quote the cell that holds a line break.';
  if (expected === 1) {
    return 'If line 1 is a title, delete it, so that the header is the first line.';
  }
  // The last cell of one row and the first of the next share what lies between two commas.
  const isTwoRows = found === 2 * expected || found === 2 * expected - 1;
  return isTwoRows
    ? 'If two rows stand on this line, put a line break between them; else quote the cells that hold a comma.'
    : 'Quote the cells that hold a comma.';
}

/** @throws CsvError for a first line that is no header, or that another program wrote for itself. */
export function refuseForeignHeader(
  { name, record }: RecordReader,
  columns: readonly string[],
): void {
  const foreign = foreignFormat(name, record, 0, 1);
  if (foreign !== undefined) throw foreign;
  const place = { file: name, line: 1 };
  if (columns[0]?.startsWith('sep=')) {
    const message = `${name} line 1: this line is only for Excel. Delete it, so that the header is the first line.`;
    throw new CsvError('DELIMITER', place, message);
  }
  // With U+0085, U+2028 or U+2029 at the ends of lines, the whole file is one line.
  const broken = columns.find((column) => /[\r\n\u0085\u2028\u2029]/.test(column));
  if (broken === undefined) return;
  const remedy = /[\r\n]/.test(broken)
    ? 'Write it on one line, or close the quote before it.'
    : 'Save the file with LF or CRLF line ends.';
  const message = `${name} line 1: the header "${broken.slice(0, 40)}" holds a line break. ${remedy}`;
  throw new CsvError('HEADER_LINE_BREAK', place, message);
}

/** What is not CSV with commas at all, judged by the line of a byte. */
function foreignFormat(
  name: string,
  bytes: Buffer,
  at: number,
  first: number,
): CsvError | undefined {
  const { line } = placeIn(bytes, at, first);
  const place = { file: name, line };
  const text = lineAt(bytes, at);
  if (/^(?:<{7}|\|{7}|={7}|>{7})(?: |$)/.test(text)) {
    const message = `${name} line ${line}: the markers of an unfinished merge. Choose one side, and remove the lines with the markers.`;
    return new CsvError('CONFLICT_MARKER', place, message);
  }
  const what = line === 1 ? otherFormats.find(([begin]) => begin.test(text))?.[1] : undefined;
  if (what === undefined) return undefined;
  const message = `${name} line 1: ${what}. Save the file as CSV with commas, in UTF-8.`;
  return new CsvError('DELIMITER', place, message);
}

/** How the first line of other formats begins. */
const otherFormats: readonly (readonly [RegExp, string])[] = [
  [/^PK\p{Cc}/u, 'this is the file of a spreadsheet, under the name of a CSV file'],
  [/^\s*</, 'this is HTML, as where a page was saved instead of the file'],
  [/^\s*(?:[[{]\s*["{}]|[[{]\s*$)/, 'this is JSON'],
  [/^[^,]*;[^,]*$/, 'the cells are separated by semicolons'],
  [/^[^,]*\t[^,]*$/, 'the cells are separated by tabs'],
  [/^[^,]*\|[^,]*$/, 'the cells are separated by vertical bars'],
];

const longestLine = 200;

/** The beginning of the line of a byte. */
function lineAt(bytes: Buffer, at: number): string {
  const start = bytes.subarray(0, at).lastIndexOf(lf) + 1;
  const [line = ''] = bytes.toString('utf8', start, start + longestLine).split(/\r?\n/);
  return line;
}

/** Names the first byte of a record that is not UTF-8. */
export function notUtf8({ name, record, line }: RecordReader): CsvError {
  const foreign = foreignFormat(name, record, 0, line);
  if (foreign !== undefined) return foreign;
  // Decoding puts the bytes EF BF BD in its place, of which the record may have the first two.
  const decoded = Buffer.from(record.toString('utf8'));
  let at = decoded.findIndex((byte, i) => byte !== record[i]);
  while (decoded[at] === 0xbf || decoded[at] === 0xbd) at -= 1;
  return problem(name, 'NOT_UTF8', 'not UTF-8. Save the file as UTF-8.', placeIn(record, at, line));
}

export function tooLong(name: string, line: number): CsvError {
  const words =
    'the row that begins here is longer than 64 MiB. Look for a quote that is not closed.';
  return problem(name, 'TOO_LONG', words, { line, column: 1 });
}

function problem(file: string, code: CsvProblem, words: string, { line, column }: LinePlace) {
  const message = `${file} line ${line}, character ${column}: ${words}`;
  return new CsvError(code, { file, line, column }, message);
}
