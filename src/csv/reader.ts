import { closeSync, fstatSync, readSync } from 'node:fs';
import { CsvError } from './errors.ts';
import { grown } from './grown.ts';
import { placeIn } from './place.ts';
import { openForReading } from './source.ts';

const quote = 0x22;
const comma = 0x2c;
const space = 0x20;
const lf = 0x0a;
const cr = 0x0d;

const defaultChunk = 1 << 20;

/** No row of a CMS comes near; a quote that is never closed must not read a whole file into memory. */
const longestRecord = 1 << 26;

/**
 * Reads a file record by record: RFC 4180, strictly, but with LF or CRLF at the end of a record, and
 * with or without a byte order mark and a final newline. A lone CR is text. An empty line is a
 * record of one empty cell, also at the end of the file.
 *
 * The fields speak of the current record, which lies in `buffer` until the next one is asked for.
 */
export class RecordReader {
  buffer = Buffer.alloc(0);
  /** Where in `buffer` the record begins, and where it ends without its terminator. */
  start = 0;
  end = 0;
  /** The line it begins on, from 1, and how many lines it takes. */
  line = 1;
  lines = 0;
  cellCount = 0;
  /** Whether it ends with CRLF. */
  crlf = false;
  /** Whether it is known to be quoted where it must be and nowhere else. */
  canonical = false;
  /** Whether the file begins with a byte order mark. */
  readonly bom: boolean;

  /** Where in `buffer` the cells of the record begin, one after the other; more of them may follow. */
  starts = new Uint32Array(64);

  readonly #name: string;
  readonly #descriptor: number;
  readonly #chunkSize: number;
  #bufferOffset = 0;
  #filled = 0;
  #position = 0;
  #atEnd = false;

  /**
   * @param name of the file in messages.
   * @param chunkSize how many bytes are read at once, at most; a record may be longer.
   */
  constructor(file: string, name = file, chunkSize = defaultChunk) {
    this.#name = name;
    this.#descriptor = openForReading(file, name);
    // One byte more than the file has, so that its end is seen.
    this.#chunkSize = Math.min(chunkSize, fstatSync(this.#descriptor).size + 1);
    while (this.#filled < 3 && !this.#atEnd) this.#refill();
    const [first, second, third] = this.buffer;
    this.bom = this.#filled >= 3 && first === 0xef && second === 0xbb && third === 0xbf;
    this.#position = this.bom ? 3 : 0;
  }

  /** Where the current record begins in the file, in bytes. */
  get offset(): number {
    return this.#bufferOffset + this.start;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /**
   * Goes to the next record; `false` at the end of the file.
   *
   * @throws CsvError for a stray or unterminated quote and for text after a closing quote.
   */
  next(): boolean {
    this.line += this.lines;
    this.lines = 0;
    while (true) {
      if (this.#position < this.#filled && this.#scan()) return true;
      if (this.#atEnd) return false;
      this.#refill();
    }
  }

  /** Where the next record begins in the file, in bytes, and on which line. */
  get nextOffset(): number {
    return this.#bufferOffset + this.#position;
  }

  get nextLine(): number {
    return this.line + this.lines;
  }

  /** The bytes from the next record on: so many, or as many as there are. Good until it moves on. */
  peek(count: number): Buffer {
    while (this.#filled - this.#position < count && !this.#atEnd) this.#refill();
    return this.buffer.subarray(this.#position, Math.min(this.#position + count, this.#filled));
  }

  /** Passes over whole records whose extent is known: the bytes, terminators and all, and the lines. */
  pass(bytes: number, lines: number): void {
    this.line = this.nextLine + lines;
    this.lines = 0;
    this.#position += bytes;
  }

  #refill(): void {
    const rest = this.#filled - this.#position;
    if (rest > longestRecord) throw this.#problem('TOO_LONG', this.#position);
    const size = rest + Math.max(this.#chunkSize, rest);
    const target = this.buffer.length < size ? Buffer.allocUnsafeSlow(size) : this.buffer;
    this.buffer.copy(target, 0, this.#position, this.#filled);
    this.buffer = target;
    this.#bufferOffset += this.#position;
    this.#position = 0;
    const from = this.#bufferOffset + rest;
    const length = readSync(this.#descriptor, target, rest, size - rest, from);
    this.#filled = rest + length;
    this.#atEnd = length === 0;
  }

  /** Finds the bounds of the record at the position; `false` where the buffer ends before it does. */
  #scan(): boolean {
    const { buffer } = this;
    const length = this.#filled;
    let at = this.#position;
    this.lines = 1;
    this.canonical = true;
    for (let cellCount = 1; ; cellCount += 1) {
      const start = at;
      if (cellCount > this.starts.length) this.starts = grown(this.starts);
      this.starts[cellCount - 1] = start;
      const isQuoted = at < length && buffer[at] === quote;
      at = isQuoted
        ? this.#pastQuotedCell(buffer, at, length)
        : this.#pastPlainCell(buffer, at, length);
      const byte = at < length ? buffer[at] : undefined;
      if (byte === lf) return this.#ended(at, cellCount, isQuoted);
      if (byte !== comma) return this.#atEdge(at, start, cellCount, isQuoted);
      at += 1;
    }
  }

  #ended(at: number, cellCount: number, isQuoted: boolean): true {
    // A plain cell takes the CR of a CRLF with it, since a CR that stands alone is text.
    const crlf = !isQuoted && at > this.#position && this.buffer[at - 1] === cr;
    this.crlf = crlf;
    return this.#accept(crlf ? at - 1 : at, at + 1, this.lines, cellCount);
  }

  #accept(end: number, next: number, lines: number, cellCount: number): true {
    this.start = this.#position;
    this.end = end;
    this.lines = lines;
    this.cellCount = cellCount;
    this.#position = next;
    return true;
  }

  /** What it means that a cell is followed neither by a comma nor by a line feed. */
  #atEdge(at: number, start: number, cellCount: number, isQuoted: boolean): boolean {
    const length = this.#filled;
    const isBeforeCr = at < length && this.buffer[at] === cr;
    if (isBeforeCr && at + 1 < length && this.buffer[at + 1] === lf) {
      this.crlf = true;
      return this.#accept(at, at + 2, this.lines, cellCount);
    }
    const isCut = at >= length || (isBeforeCr && at + 1 === length);
    if (isCut && !this.#atEnd) return false;
    if (at > length) throw this.#problem('UNTERMINATED_QUOTE', start);
    if (at < length) throw this.#problem(isQuoted ? 'TEXT_AFTER_QUOTE' : 'STRAY_QUOTE', at);
    this.crlf = false;
    return this.#accept(at, at, this.lines, cellCount);
  }

  /** Where a quoted cell ends, behind its closing quote; beyond the buffer where that is not in it. */
  #pastQuotedCell(buffer: Buffer, start: number, length: number): number {
    let needsQuotes = false;
    for (let at = start + 1; at < length; at += 1) {
      const byte = buffer[at] ?? 0;
      // Most bytes are beyond the comma, and one look tells.
      if (byte > comma || byte === space) continue;
      switch (byte) {
        case quote:
          if (at + 1 === length || buffer[at + 1] !== quote) {
            this.canonical &&= needsQuotes;
            return at + 1;
          }
          at += 1;
          break;
        case lf:
          this.lines += 1;
          break;
        case comma:
        case cr:
          break;
        default:
          continue;
      }
      needsQuotes = true;
    }
    return length + 1;
  }

  /** Where a cell without quotes ends: at a comma, a line feed, a quote or the end of the buffer. */
  #pastPlainCell(buffer: Buffer, start: number, length: number): number {
    let at = start;
    for (; at < length; at += 1) {
      const byte = buffer[at] ?? 0;
      if (byte > comma || byte === space) continue;
      if (byte === comma || byte === lf || byte === quote) return at;
      // One that belongs to the terminator is no part of the cell, but that is not known yet.
      if (byte === cr) this.canonical = false;
    }
    return at;
  }

  #problem(code: keyof typeof words, at: number): CsvError {
    const record = this.buffer.subarray(this.#position, this.#filled);
    const { line, column } = placeIn(record, at - this.#position, this.line);
    const message = `${this.#name} line ${line}, character ${column}: ${words[code]}`;
    return new CsvError(code, this.#name, line, column, message);
  }
}

const words = {
  STRAY_QUOTE:
    'a quote in the middle of a cell. Put the whole cell in quotes and double the ones inside.',
  TEXT_AFTER_QUOTE:
    'the cell goes on after its closing quote. Double the quotes inside the cell, or end it with a comma.',
  UNTERMINATED_QUOTE: 'this quote is never closed. Close it.',
  TOO_LONG: 'the row that begins here is longer than 64 MiB. Look for a quote that is not closed.',
} as const;
