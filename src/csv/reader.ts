import { isUtf8 } from 'node:buffer';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { CsvError } from './errors.ts';

/** A record of a file, found in its bytes. The bytes are never changed or reused. */
export interface CsvRecord {
  /** The record without its terminator. */
  readonly bytes: Buffer;
  /** Where it begins in the file, in bytes. */
  readonly offset: number;
  /** The line it begins on, from 1. */
  readonly line: number;
  readonly cellCount: number;
  /** Whether it ends with CRLF. */
  readonly crlf: boolean;
}

const quote = 0x22;
const comma = 0x2c;
const lf = 0x0a;
const cr = 0x0d;

const defaultChunk = 1 << 20;

/** Opens a regular file for reading; refuses a symbolic link, which may lead anywhere. */
export function openForReading(file: string): number {
  try {
    return openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if (!isLoop(error)) throw error;
    const message = `${file} is a symbolic link. Put the file itself there.`;
    throw new CsvError('NOT_A_FILE', file, 1, 0, message);
  }
}

function isLoop(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ELOOP';
}

/**
 * Reads a file record by record: RFC 4180, strictly, but with LF or CRLF at the end of a record, and
 * with or without a byte order mark and a final newline. A lone CR is text.
 *
 * @param chunkSize how many bytes are read at once; a record may be longer.
 * @throws CsvError for a stray or unterminated quote and for text after a closing quote.
 */
export function* readRecords(file: string, chunkSize = defaultChunk): Generator<CsvRecord> {
  const descriptor = openForReading(file);
  try {
    yield* recordsOf(descriptor, file, chunkSize);
  } finally {
    closeSync(descriptor);
  }
}

function* recordsOf(descriptor: number, file: string, chunkSize: number): Generator<CsvRecord> {
  let buffer = Buffer.alloc(0);
  let bufferOffset = 0;
  let position = 0;
  let line = 1;
  let atEnd = false;
  while (true) {
    const found = position < buffer.length ? scan(buffer, position, atEnd, file, line) : undefined;
    if (found !== undefined) {
      const bytes = buffer.subarray(position, found.end);
      yield { bytes, offset: bufferOffset + position, line, ...found };
      line += found.lines;
      position = found.next;
      continue;
    }
    if (atEnd) return;
    const rest = buffer.subarray(position);
    bufferOffset += position;
    position = 0;
    const size = Math.max(chunkSize, rest.length);
    const grown = Buffer.allocUnsafe(rest.length + size);
    rest.copy(grown);
    const length = readSync(descriptor, grown, rest.length, size, bufferOffset + rest.length);
    buffer = grown.subarray(0, rest.length + length);
    atEnd = length === 0;
    if (bufferOffset === 0 && hasByteOrderMark(buffer)) position = 3;
  }
}

export function hasByteOrderMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

interface Found {
  /** Where the record's content ends, and where the next record begins. */
  readonly end: number;
  readonly next: number;
  readonly lines: number;
  readonly cellCount: number;
  readonly crlf: boolean;
}

/** Finds the end of the record at `start`; `undefined` where the buffer ends before it does. */
function scan(
  buffer: Buffer,
  start: number,
  atEnd: boolean,
  file: string,
  line: number,
): Found | undefined {
  let at = start;
  for (let cellCount = 1; ; cellCount += 1) {
    const quoted = buffer[at] === quote;
    at = quoted ? pastQuotedCell(buffer, at) : pastPlainCell(buffer, at);
    if (buffer[at] === comma) {
      at += 1;
      continue;
    }
    if (endsRecord(buffer, at)) return terminated(buffer, start, at, cellCount);
    if (!atEnd && isCut(buffer, at)) return undefined;
    if (at === buffer.length) return unterminated(buffer, start, cellCount);
    throw problem(whatIsWrong(buffer, at, quoted), file, line, cellCount);
  }
}

/** The last record of a file without a final newline. */
function unterminated(buffer: Buffer, start: number, cellCount: number): Found {
  const end = buffer.length;
  return { end, next: end, lines: lineBreaks(buffer, start, end), cellCount, crlf: false };
}

function whatIsWrong(buffer: Buffer, at: number, quoted: boolean): keyof typeof words {
  if (at > buffer.length) return 'UNTERMINATED_QUOTE';
  return quoted ? 'TEXT_AFTER_QUOTE' : 'STRAY_QUOTE';
}

function endsRecord(buffer: Buffer, at: number): boolean {
  return buffer[at] === lf || (buffer[at] === cr && buffer[at + 1] === lf);
}

/** Whether the buffer ends before it shows what follows the cell. */
function isCut(buffer: Buffer, at: number): boolean {
  return at >= buffer.length || (buffer[at] === cr && at + 1 === buffer.length);
}

/** Where a quoted cell ends, behind its closing quote; beyond the buffer where that is not in it. */
function pastQuotedCell(buffer: Buffer, start: number): number {
  const { length } = buffer;
  let at = start + 1;
  while (at < length) {
    if (buffer[at] !== quote) at += 1;
    else if (buffer[at + 1] === quote) at += 2;
    else return at + 1;
  }
  return length + 1;
}

/** Where a cell without quotes ends: at a comma, a line feed, a quote or the end of the buffer. */
function pastPlainCell(buffer: Buffer, start: number): number {
  const { length } = buffer;
  let at = start;
  while (at < length) {
    const byte = buffer[at];
    if (byte === comma || byte === lf || byte === quote) break;
    at += 1;
  }
  return at;
}

function terminated(buffer: Buffer, start: number, at: number, cellCount: number): Found {
  const lines = lineBreaks(buffer, start, at) + 1;
  if (buffer[at] === cr) return { end: at, next: at + 2, lines, cellCount, crlf: true };
  const crlf = at > start && buffer[at - 1] === cr;
  return { end: crlf ? at - 1 : at, next: at + 1, lines, cellCount, crlf };
}

function lineBreaks(buffer: Buffer, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at += 1) if (buffer[at] === lf) count += 1;
  return count;
}

const words = {
  STRAY_QUOTE:
    'has a quote in the middle of its text. Put the whole cell in quotes and double the ones inside.',
  TEXT_AFTER_QUOTE:
    'goes on after its closing quote. Double the quotes inside the cell, or end it with a comma.',
  UNTERMINATED_QUOTE: 'begins with a quote that is never closed. Close it.',
} as const;

function problem(code: keyof typeof words, file: string, line: number, cell: number): CsvError {
  const message = `${file} line ${line}: cell ${cell} of the row ${words[code]}`;
  return new CsvError(code, file, line, cell, message);
}

/** The cells of a record that was read strictly, as text; all of them, or the first few. */
export function cellsOf(
  bytes: Buffer,
  file: string,
  line: number,
  most = Number.POSITIVE_INFINITY,
): readonly string[] {
  const cells: string[] = [];
  let start = 0;
  while (true) {
    const quoted = bytes[start] === quote;
    const end = quoted ? closingQuote(bytes, start + 1) : nextComma(bytes, start);
    const text = decode(bytes, quoted ? start + 1 : start, end, file, line, cells.length + 1);
    cells.push(quoted && text.includes('"') ? text.replaceAll('""', '"') : text);
    start = (quoted ? end + 1 : end) + 1;
    if (start > bytes.length || cells.length >= most) return cells;
  }
}

function closingQuote(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] !== quote || bytes[at + 1] === quote) at += bytes[at] === quote ? 2 : 1;
  return at;
}

function nextComma(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== comma) at += 1;
  return at;
}

/** Bytes as text; refuses what is not UTF-8, which decoding would silently replace. */
function decode(
  bytes: Buffer,
  start: number,
  end: number,
  file: string,
  line: number,
  cell: number,
): string {
  const text = bytes.toString('utf8', start, end);
  if (text.includes('\ufffd') && !isUtf8(bytes.subarray(start, end))) {
    const message = `${file} line ${line}: cell ${cell} of the row is not UTF-8. Save the file as UTF-8.`;
    throw new CsvError('NOT_UTF8', file, line, cell, message);
  }
  return text;
}
