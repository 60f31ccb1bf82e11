import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { notUtf8, refusal, tooLong } from './diagnosis.ts';
import { CsvError } from './errors.ts';
import { lf, RecordBounds } from './format.ts';

const defaultChunk = 1 << 18;

/** A quote that is never closed must not read a whole file into memory. */
const longestRecord = 1 << 26;

/** Reads a file record by record. The current record is in `buffer`, at `bounds`, until the next one is read. */
export class RecordReader {
  readonly name: string;
  buffer = Buffer.alloc(0);
  readonly bounds = new RecordBounds();
  /** The line on which the record begins, from 1. */
  line = 1;
  /** Whether the last line end was CRLF. */
  crlf = false;
  readonly bom: boolean;

  readonly #descriptor: number;
  readonly #chunkSize: number;
  #bufferOffset = 0;
  #filled = 0;
  #position = 0;
  #atEnd = false;

  /** @param chunkSize how many bytes are read at once; a record may be longer. */
  constructor(file: string, name = file, chunkSize = defaultChunk) {
    this.name = name;
    this.#descriptor = openForReading(file, name);
    // One byte more than the file has, so that its end is seen.
    this.#chunkSize = Math.min(chunkSize, fstatSync(this.#descriptor).size + 1);
    while (this.#filled < 3 && !this.#atEnd) this.#refill();
    this.bom = this.#filled >= 3 && this.buffer.readUIntBE(0, 3) === 0xefbbbf;
    this.#position = this.bom ? 3 : 0;
  }

  /** In the file, in bytes. */
  get offset(): number {
    return this.#bufferOffset + this.bounds.start;
  }

  /** The record, without its line end. */
  get record(): Buffer {
    return this.buffer.subarray(this.bounds.start, this.bounds.end);
  }

  /** Goes to the next record; `false` at the end. Throws a CsvError for one that is not strict CSV or not UTF-8. */
  next(): boolean {
    const { bounds } = this;
    this.line += bounds.lines;
    bounds.lines = 0;
    while (true) {
      if (this.#position < this.#filled && this.#find()) break;
      if (this.#atEnd) return false;
      this.#refill();
    }
    this.#position = bounds.next;
    if (bounds.terminator !== '') this.crlf = bounds.terminator === '\r\n';
    if (!isUtf8(this.record)) throw notUtf8(this);
    return true;
  }

  /** Goes to the next record if it is a known one, of so many lines; does not look for its cells. */
  nextIs(record: Buffer, lines: number): boolean {
    while (this.#filled - this.#position <= record.length && !this.#atEnd) this.#refill();
    const start = this.#position;
    const end = start + record.length;
    if (end >= this.#filled || this.buffer[end] !== lf) return false;
    if (this.buffer.compare(record, 0, record.length, start, end) !== 0) return false;
    this.line += this.bounds.lines;
    this.bounds.start = start;
    this.bounds.end = end;
    this.bounds.lines = lines;
    this.#position = end + 1;
    this.crlf = false;
    return true;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** Finds the record at the position, if the buffer holds all of it. */
  #find(): boolean {
    const { bounds, buffer } = this;
    const outcome = bounds.find(buffer, this.#position, this.#filled, this.#atEnd);
    if (outcome !== 'refused') return outcome === 'found';
    throw refusal(this, buffer.subarray(bounds.start, this.#filled));
  }

  #refill(): void {
    const rest = this.#filled - this.#position;
    if (rest > longestRecord) throw tooLong(this.name, this.line);
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
}

/** Opens a file; refuses a symbolic link, which may lead anywhere. */
export function openForReading(file: string, name = file): number {
  try {
    return openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if (!isLoop(error)) throw error;
    const message = `${name} is a symbolic link. Put the file itself there.`;
    throw new CsvError('NOT_A_FILE', { file: name, line: 1 }, message);
  }
}

function isLoop(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ELOOP';
}
