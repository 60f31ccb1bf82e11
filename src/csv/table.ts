import { closeSync, readSync } from 'node:fs';
import { CsvError } from './errors.ts';
import { byteOrder } from './order.ts';
import { cellsOf, hasByteOrderMark, openForReading, readRecords } from './reader.ts';

/** How a row is identified. */
export interface Identity {
  /** The positions of the key cells in this header; none where it has no key. */
  readonly columns: (header: readonly string[]) => readonly number[];
  /** The key as text, from the key cells; empty where the row has none. Equal keys, same row. */
  readonly key: (cells: readonly string[]) => string;
}

export interface Row {
  readonly key: string;
  readonly cells: readonly string[];
  /** The file as messages name it. */
  readonly file: string;
  /** The line the row begins on, from 1. */
  readonly line: number;
  /** The record as it stands in the file, without its terminator. */
  readonly bytes: Buffer;
}

/** Rows that stand under one key. */
export interface Duplicate {
  readonly key: string;
  readonly places: readonly { readonly file: string; readonly line: number }[];
}

/** A CSV file, or the parts that it was split into, as rows in the order of their keys. */
export interface Table {
  /** The files as messages name them. */
  readonly files: readonly string[];
  readonly columns: readonly string[];
  /** How many rows have a key, those of the same key counted once. */
  readonly size: number;
  /** The rows without a key, in the order of the file. */
  readonly keyless: readonly Row[];
  readonly duplicates: readonly Duplicate[];
  readonly quirks: { readonly bom: boolean; readonly crlf: boolean };
  /** The rows by key, as UTF-8 bytes ascending; of those with the same key the first. */
  rows(): Iterable<Row>;
  row(key: string): Row | undefined;
}

/** A row whose cells become text when they are looked at. */
class RecordRow implements Row {
  readonly key: string;
  readonly file: string;
  readonly line: number;
  readonly bytes: Buffer;
  #cells: readonly string[] | undefined;

  constructor(key: string, file: string, line: number, bytes: Buffer) {
    this.key = key;
    this.file = file;
    this.line = line;
    this.bytes = bytes;
  }

  get cells(): readonly string[] {
    this.#cells ??= cellsOf(this.bytes, this.file, this.line);
    return this.#cells;
  }
}

/** Where a row stands in which file. */
interface Entry {
  readonly order: string;
  readonly key: string;
  readonly file: number;
  readonly offset: number;
  readonly length: number;
  readonly line: number;
}

/**
 * Opens a file, or all the parts of one, and checks every record of it.
 *
 * @param root the folder that messages leave out of paths.
 * @throws CsvError for a file that is not strict CSV, or whose parts have different headers.
 */
export function openTable(files: readonly string[], identity: Identity, root = ''): Table {
  const names = files.map((file) => nameOf(file, root));
  const scanned = files.map((file, i) => scanFile(file, names[i] ?? file, i, identity));
  const [first] = scanned;
  if (first === undefined) return emptyTable([]);
  for (const { columns, name } of scanned) refuseOtherHeader(first.columns, columns, name);
  const all = scanned.length === 1 ? first.entries : scanned.flatMap(({ entries }) => entries);
  const sorted = isSorted(all) ? all : [...all].sort(byOrderThenPlace);
  const { entries, duplicates } = withoutDuplicates(sorted, names);
  const streams = files.length === 1 && sorted === all && duplicates.length === 0;
  const keyless = scanned.flatMap((scan) => scan.keyless);
  let byKey: ReadonlyMap<string, Entry> | undefined;
  return {
    files: names,
    columns: first.columns,
    size: entries.length,
    keyless,
    duplicates,
    quirks: {
      bom: scanned.some(({ bom }) => bom),
      crlf: scanned.some(({ crlf }) => crlf),
    },
    rows: () =>
      streams && keyless.length === 0
        ? streamRows(files[0] ?? '', names[0] ?? '', entries)
        : readRows(files, names, entries),
    row(key) {
      byKey ??= new Map(entries.map((entry) => [entry.key, entry]));
      const entry = byKey.get(key);
      return entry === undefined ? undefined : [...readRows(files, names, [entry])][0];
    },
  };
}

function nameOf(file: string, root: string): string {
  const inside = root !== '' && file.startsWith(`${root}/`);
  return inside ? file.slice(root.length + 1) : file;
}

interface Scanned {
  readonly name: string;
  readonly columns: readonly string[];
  readonly entries: Entry[];
  readonly keyless: Row[];
  readonly bom: boolean;
  readonly crlf: boolean;
}

function scanFile(file: string, name: string, index: number, identity: Identity): Scanned {
  const records = readRecords(file);
  try {
    const header = records.next();
    if (header.done) {
      throw new CsvError('EMPTY', name, 1, 0, `${name} is empty. Restore its header line.`);
    }
    const columns = cellsOf(header.value.bytes, name, 1);
    const positions = identity.columns(columns);
    const entries: Entry[] = [];
    const keyless: Row[] = [];
    for (const record of records) {
      if (record.cellCount !== columns.length) throw cellCount(name, record, columns.length);
      const { bytes, offset, line } = record;
      const key = identity.key(keyCells(bytes, positions, name, line));
      if (key === '') keyless.push(new RecordRow('', name, line, Buffer.from(bytes)));
      else
        entries.push({
          order: byteOrder(key),
          key,
          file: index,
          offset,
          length: bytes.length,
          line,
        });
    }
    return {
      name,
      columns,
      entries,
      keyless,
      bom: startsWithMark(file),
      crlf: header.value.crlf,
    };
  } catch (error) {
    if (error instanceof CsvError && error.file === file) throw renamed(error, file, name);
    throw error;
  } finally {
    records.return(undefined);
  }
}

function keyCells(
  bytes: Buffer,
  positions: readonly number[],
  name: string,
  line: number,
): readonly string[] {
  if (positions.length === 0) return [];
  const cells = cellsOf(bytes, name, line, Math.max(...positions) + 1);
  return positions.map((position) => cells[position] ?? '');
}

function startsWithMark(file: string): boolean {
  const descriptor = openForReading(file);
  try {
    const start = Buffer.alloc(3);
    readSync(descriptor, start, 0, 3, 0);
    return hasByteOrderMark(start);
  } finally {
    closeSync(descriptor);
  }
}

function cellCount(
  name: string,
  record: { readonly line: number; readonly cellCount: number },
  expected: number,
): CsvError {
  const { line, cellCount: found } = record;
  const remedy =
    found < expected
      ? 'Add the missing commas, or quote the cell that holds a line break.'
      : 'Quote the cells that hold a comma.';
  const message = `${name} line ${line}: the row has ${found} cells, but the header has ${expected}. ${remedy}`;
  return new CsvError('CELL_COUNT', name, line, 0, message);
}

function renamed(error: CsvError, file: string, name: string): CsvError {
  const { code, line, column, message } = error;
  return new CsvError(code, name, line, column, message.replace(file, name));
}

/** @throws CsvError naming the headers that stand more than once. */
export function refuseDuplicateHeaders(table: Table): void {
  const { columns } = table;
  const twice = columns.filter((column, i) => columns.indexOf(column) !== i);
  if (twice.length === 0) return;
  const [file = ''] = table.files;
  const names = [...new Set(twice)].map((name) => `"${name}"`).join(', ');
  const message = `${file} line 1: ${names} stands more than once in the header. Remove or rename one of them.`;
  throw new CsvError('DUPLICATE_HEADER', file, 1, 0, message);
}

function refuseOtherHeader(
  expected: readonly string[],
  columns: readonly string[],
  name: string,
): void {
  const same =
    columns.length === expected.length && columns.every((cell, i) => cell === expected[i]);
  if (same) return;
  const message = `${name} line 1: the header differs from that of the other parts. Give all the parts one header.`;
  throw new CsvError('OTHER_HEADER', name, 1, 0, message);
}

function isSorted(entries: readonly Entry[]): boolean {
  return entries.every((entry, i) => i === 0 || (entries[i - 1]?.order ?? '') <= entry.order);
}

function byOrderThenPlace(left: Entry, right: Entry): number {
  if (left.order !== right.order) return left.order < right.order ? -1 : 1;
  return left.file - right.file || left.offset - right.offset;
}

function withoutDuplicates(sorted: readonly Entry[], names: readonly string[]) {
  const entries: Entry[] = [];
  const duplicates = new Map<string, { file: string; line: number }[]>();
  for (const entry of sorted) {
    const first = entries.at(-1);
    if (first?.key !== entry.key) {
      entries.push(entry);
      continue;
    }
    const places = duplicates.get(entry.key) ?? [placeOf(first, names)];
    duplicates.set(entry.key, [...places, placeOf(entry, names)]);
  }
  return {
    entries: duplicates.size === 0 ? sorted : entries,
    duplicates: [...duplicates].map(([key, places]) => ({ key, places })),
  };
}

function placeOf({ file, line }: Entry, names: readonly string[]) {
  return { file: names[file] ?? '', line };
}

/** The rows of a file that is in order already, read from front to back. */
function* streamRows(file: string, name: string, entries: readonly Entry[]): Generator<Row> {
  const records = readRecords(file);
  records.next();
  let next = 0;
  for (const { bytes, line } of records) {
    yield new RecordRow(entries[next]?.key ?? '', name, line, bytes);
    next += 1;
  }
}

/** The rows of these entries, each read from its place. */
function* readRows(
  files: readonly string[],
  names: readonly string[],
  entries: readonly Entry[],
): Generator<Row> {
  const descriptors = new Map<number, number>();
  try {
    for (const { key, file, offset, length, line } of entries) {
      const descriptor = descriptors.get(file) ?? openForReading(files[file] ?? '');
      descriptors.set(file, descriptor);
      const bytes = Buffer.allocUnsafe(length);
      readSync(descriptor, bytes, 0, length, offset);
      yield new RecordRow(key, names[file] ?? '', line, bytes);
    }
  } finally {
    for (const descriptor of descriptors.values()) closeSync(descriptor);
  }
}

export function emptyTable(columns: readonly string[]): Table {
  return {
    files: [],
    columns,
    size: 0,
    keyless: [],
    duplicates: [],
    quirks: { bom: false, crlf: false },
    rows: () => [],
    row: () => undefined,
  };
}

/** A table of rows that are in memory already. */
export function tableOf(
  columns: readonly string[],
  cells: Iterable<readonly string[]>,
  identity: Identity,
): Table {
  const positions = identity.columns(columns);
  const rows = [...cells].map((each, i) => ({
    key: identity.key(positions.map((position) => each[position] ?? '')),
    cells: each,
    file: '',
    line: i + 2,
    bytes: Buffer.alloc(0),
  }));
  const keyed = new Map(rows.filter(({ key }) => key !== '').map((row) => [row.key, row]));
  const sorted = [...keyed.values()].sort((left, right) =>
    byteOrder(left.key) < byteOrder(right.key) ? -1 : 1,
  );
  return {
    ...emptyTable(columns),
    size: sorted.length,
    keyless: rows.filter(({ key }) => key === ''),
    rows: () => sorted,
    row: (key) => keyed.get(key),
  };
}
