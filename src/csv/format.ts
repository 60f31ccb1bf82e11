import { isUtf8 } from 'node:buffer';
import { CsvError } from './errors.ts';
import { placeIn } from './place.ts';

const quote = 0x22;
const comma = 0x2c;
const lf = 0x0a;
const cr = 0x0d;

/** Where a record stands, for messages. */
export interface RecordPlace {
  readonly file: string;
  readonly line: number;
}

/**
 * The cells of a record that was read strictly, as text.
 *
 * @throws CsvError where the record is not UTF-8: decoding would replace what it can not read.
 */
export function cellsOf(bytes: Buffer, place: RecordPlace): readonly string[] {
  const text = bytes.toString('utf8');
  if (text.includes('\ufffd')) refuseOtherThanUtf8(bytes, place);
  return text.includes('"') ? quotedCells(text) : text.split(',');
}

function quotedCells(text: string): readonly string[] {
  const cells: string[] = [];
  let start = 0;
  while (start <= text.length) {
    if (text.charCodeAt(start) !== quote) {
      const end = nextComma(text, start);
      cells.push(text.slice(start, end));
      start = end + 1;
      continue;
    }
    let from = start + 1;
    let end = text.indexOf('"', from);
    let cell = '';
    for (; text.charCodeAt(end + 1) === quote; end = text.indexOf('"', from)) {
      cell += text.slice(from, end + 1);
      from = end + 2;
    }
    cells.push(cell + text.slice(from, end));
    start = end + 2;
  }
  return cells;
}

function unquoted(cell: string): string {
  return cell.includes('"') ? cell.replaceAll('""', '"') : cell;
}

function nextComma(text: string, from: number): number {
  const at = text.indexOf(',', from);
  return at === -1 ? text.length : at;
}

/**
 * Some cells of a record that was read strictly, as text; the others are not looked at.
 *
 * @param buffer in which the record lies, from `start` to `end`, and its cells from `starts` on.
 * @throws CsvError where one of these cells is not UTF-8.
 */
export function someCells(
  buffer: Buffer,
  { start, end, starts }: { start: number; end: number; starts: Uint32Array },
  positions: readonly number[],
  place: RecordPlace,
): readonly string[] {
  const cells: string[] = [];
  for (const position of positions) {
    const from = starts[position] ?? start;
    const to = cellEnd(buffer, from, end);
    const text = buffer.toString('utf8', from, to);
    if (text.includes('\ufffd')) refuseOtherThanUtf8(buffer.subarray(start, end), place);
    const isQuoted = from < to && buffer[from] === quote;
    cells.push(isQuoted ? unquoted(text.slice(1, -1)) : text);
  }
  return cells;
}

/** Where the cell that begins at `start` ends, with its closing quote. */
function cellEnd(buffer: Buffer, start: number, end: number): number {
  let at = start;
  if (at < end && buffer[at] === quote) {
    at += 1;
    while (buffer[at] !== quote || (at + 1 < end && buffer[at + 1] === quote)) {
      at += buffer[at] === quote ? 2 : 1;
    }
  }
  while (at < end && buffer[at] !== comma) at += 1;
  return at;
}

/** The lines and the characters at which the cells of a record begin, both from 1. */
export function cellPlaces(
  bytes: Buffer,
  line: number,
): readonly { readonly line: number; readonly column: number }[] {
  const places = [];
  let place = { line, column: 1 };
  for (let at = 0; at <= bytes.length; ) {
    places.push(place);
    const next = cellEnd(bytes, at, bytes.length) + 1;
    const { line: later, column } = placeIn(bytes.subarray(at, next), next - at, place.line);
    place = { line: later, column: later === place.line ? place.column + column - 1 : column };
    at = next;
  }
  return places;
}

/** @throws CsvError where the bytes are not UTF-8. */
export function refuseOtherThanUtf8(bytes: Buffer, place: RecordPlace): void {
  if (!isUtf8(bytes)) refuseReplaced(bytes, place);
}

/** Refuses the first replacement character of the text that does not stand in the bytes as well. */
function refuseReplaced(bytes: Buffer, { file, line }: RecordPlace): void {
  const text = bytes.toString('utf8');
  let offset = 0;
  let last = 0;
  for (let at = text.indexOf('\ufffd'); at !== -1; at = text.indexOf('\ufffd', at + 1)) {
    offset += Buffer.byteLength(text.slice(last, at));
    last = at;
    const isMeant = bytes.toString('latin1', offset, offset + 3) === '\xef\xbf\xbd';
    if (isMeant) continue;
    const place = placeIn(bytes, offset, line);
    const message = `${file} line ${place.line}, character ${place.column}: not UTF-8. Save the file as UTF-8.`;
    throw new CsvError('NOT_UTF8', file, place.line, place.column, message);
  }
}

/** Whether a record that was read strictly is quoted where it must be and nowhere else. */
export function isCanonical(bytes: Buffer): boolean {
  if (!bytes.includes(quote)) return !bytes.includes(cr);
  let at = 0;
  while (at <= bytes.length) {
    const end = bytes[at] === quote ? neededQuotesEnd(bytes, at) : plainCellEnd(bytes, at);
    if (end === -1) return false;
    at = end + 1;
  }
  return true;
}

/** What only a quoted cell can hold. */
const special = new Set([quote, comma, lf, cr]);

/** Where a quoted cell ends, behind its quotes; -1 where it could do without them. */
function neededQuotesEnd(bytes: Buffer, start: number): number {
  const { length } = bytes;
  let isNeeded = false;
  for (let at = start + 1; at < length; at += 1) {
    const byte = bytes[at] ?? 0;
    // Most bytes are beyond the comma, and one look tells.
    if (byte > comma || !special.has(byte)) continue;
    if (byte === quote && bytes[at + 1] !== quote) return isNeeded ? at + 1 : -1;
    if (byte === quote) at += 1;
    isNeeded = true;
  }
  return -1;
}

/** Where a cell without quotes ends; -1 where it can not do without them. */
function plainCellEnd(bytes: Buffer, start: number): number {
  const { length } = bytes;
  for (let at = start; at < length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === comma) return at;
    if (byte === cr) return -1;
  }
  return length;
}

/** A record as RFC 4180 has it, without a terminator: quoted where it must be and never otherwise. */
export function formatRecord(cells: readonly string[]): string {
  return cells.map(formatCell).join(',');
}

function formatCell(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
