import { refuseForeignHeader, wrongCellCount } from './diagnosis.ts';
import { CsvError } from './errors.ts';
import { cellsOf } from './format.ts';
import { RecordReader } from './reader.ts';
import {
  orderByKey,
  type Row,
  RowIndex,
  rowNumbers,
  rowOf,
  type Stand,
  type Store,
  StoredRows,
} from './rows.ts';
import { UnchangedRows } from './unchanged-rows.ts';

export type { Row } from './rows.ts';

/** How a row is identified. */
export interface Identity {
  /** The positions of the key cells in this header; none where it has no key. */
  readonly columns: (header: readonly string[]) => readonly number[];
  /** The key as text, from the key cells; empty where the row has none. Equal keys, same row. */
  readonly key: (cells: readonly string[]) => string;
}

interface RowPlace {
  readonly file: string;
  readonly line: number;
}

/** A CSV file, or the parts that it was split into, as rows in the order of their keys. */
export interface Table {
  /** The files as messages name them. */
  readonly files: readonly string[];
  readonly columns: readonly string[];
  /** The header as the file has it, where its columns go by other names. */
  readonly header?: readonly string[];
  /** How many rows have a key, those of the same key counted once. */
  readonly size: number;
  /** The rows without a key, in the order of the file. */
  readonly keyless: readonly Row[];
  /** Rows that stand under one key. */
  readonly duplicates: readonly { readonly key: string; readonly places: readonly RowPlace[] }[];
  /** Rows in which every cell is empty or blank, as spreadsheets leave them. They are no rows of the table. */
  readonly blankRows: { readonly count: number; readonly first: readonly RowPlace[] };
  /** Whether one of the files begins with a byte order mark. */
  readonly bom: boolean;
  /** The rows by key, as UTF-8 bytes ascending; of those with the same key the first. */
  rows(): Iterable<Row>;
  row(key: string): Row | undefined;
  /** Whether there is a row with this key, without reading it. */
  has(key: string): boolean;
}

/**
 * Opens a file, or all the parts of one, and checks every record of it. The files are read again
 * when rows are asked for, so they must stay as they are. In a file that was saved with CRLF, lines
 * inside of cells end with LF all the same.
 *
 * @param root the folder that messages leave out of paths.
 * @param other a version of the same rows, identified alike: what stands there as well is read, and
 * compared by `joinRows`, several times faster.
 * @throws CsvError for a file that is not strict CSV, or whose parts have different headers.
 */
export function openTable(
  files: readonly string[],
  identity: Identity,
  root = '',
  other?: Table,
): Table {
  const names = files.map((file) => nameOf(file, root));
  const older = storeOf(other);
  const scan = scanFiles(files, names, identity, older);
  const { columns, keyed, bom, blankRows } = scan;
  const { order, duplicates } = orderByKey(keyed);
  const store = { files, names, columns, index: keyed, order, older };
  let keyless: readonly Row[] | undefined;
  return {
    files: names,
    columns,
    size: order.length,
    get keyless() {
      keyless ??= heldRows({ ...store, index: scan.keyless, order: rowNumbers(scan.keyless.size) });
      return keyless;
    },
    duplicates: duplicates.map((rows) => ({
      key: keyed.key(rows[0] ?? 0),
      places: rows.map((row) => placeOf(row, store)),
    })),
    blankRows,
    bom,
    rows: () => new StoredRows(store),
    row(key) {
      const row = rowOf(store, key);
      return row === undefined ? undefined : [...new StoredRows(store, Uint32Array.of(row))][0];
    },
    has: (key) => rowOf(store, key) !== undefined,
  };
}

function storeOf(table: Table | undefined): Store | undefined {
  const rows = table?.rows();
  return rows instanceof StoredRows ? rows.store : undefined;
}

function nameOf(file: string, root: string): string {
  const inside = root !== '' && file.startsWith(`${root}/`);
  return inside ? file.slice(root.length + 1) : file;
}

/** All the rows of a store, read. */
function heldRows(store: Store): readonly Row[] {
  return Array.from(new StoredRows(store), ({ key, cells, file, line, bytes }) => ({
    key,
    cells,
    file,
    line,
    bytes: Buffer.from(bytes),
  }));
}

function placeOf(row: number, { index, names }: Store): RowPlace {
  return { file: names[index.file(row)] ?? '', line: index.line(row) };
}

/** Whether all these headers are the same. */
export function haveSameHeader(headers: readonly (readonly string[])[]): boolean {
  const [first = [], ...others] = headers;
  return others.every(
    (header) => header.length === first.length && header.every((cell, i) => cell === first[i]),
  );
}

/** @throws CsvError naming the headers that stand more than once. */
export function refuseDuplicateHeaders(table: Table): void {
  const { columns } = table;
  const known = new Set<string>();
  const twice = columns.filter((column) => known.size === known.add(column).size);
  if (twice.length === 0) return;
  const [file = ''] = table.files;
  if (twice.includes('')) {
    const message = `${file} line 1: ${columns.filter((column) => column === '').length} headers are empty. If this is a title, delete the line, so that the header is the first; else name or remove these columns.`;
    throw new CsvError('DUPLICATE_HEADER', file, 1, 0, message);
  }
  const names = [...new Set(twice)].map((name) => `"${name}"`).join(', ');
  const message = `${file} line 1: ${names} is in the header more than once. Remove or rename one of them.`;
  throw new CsvError('DUPLICATE_HEADER', file, 1, 0, message);
}

/** What is found in the files of a table when they are gone through once. */
interface Scan {
  readonly columns: readonly string[];
  /** The rows that have a key, in the order of the files. */
  readonly keyed: RowIndex;
  readonly keyless: RowIndex;
  readonly blankRows: { count: number; readonly first: RowPlace[] };
  readonly bom: boolean;
}

function scanFiles(
  files: readonly string[],
  names: readonly string[],
  identity: Identity,
  older: Store | undefined,
): Scan {
  const blankRows = { count: 0, first: [] };
  const found = { keyed: new RowIndex(), keyless: new RowIndex(), blankRows };
  let columns: readonly string[] | undefined;
  let unchanged: UnchangedRows | undefined;
  let bom = false;
  for (const [position, path] of files.entries()) {
    const name = names[position] ?? path;
    const reader = new RecordReader(path, name);
    try {
      const header = headerOf(reader, name);
      columns ??= header;
      if (!haveSameHeader([columns, header])) throw otherHeader(name);
      if (older !== undefined && haveSameHeader([older.columns, header])) {
        unchanged ??= new UnchangedRows(older);
      }
      bom ||= reader.bom;
      scanRows(reader, { position, name, identity, unchanged }, { ...found, columns, bom });
    } finally {
      reader.close();
    }
  }
  return { ...found, columns: columns ?? [], bom };
}

function headerOf(reader: RecordReader, name: string): readonly string[] {
  if (!reader.next()) {
    throw new CsvError('EMPTY', name, 1, 0, `${name} is empty. Restore its header line.`);
  }
  const { cellCount } = reader.bounds;
  if (cellCount > mostColumns) {
    const message = `${name} line 1: the header has ${cellCount} columns, and Wix takes 1000 fields. Remove those that hold nothing.`;
    throw new CsvError('CELL_COUNT', name, 1, 0, message);
  }
  const columns = cellsOf(reader.record);
  refuseForeignHeader(name, reader.record, columns);
  return columns;
}

/** Many times the fields that Wix takes (wix-api.md 3.2): a line of commas is no header. */
const mostColumns = 20_000;

function otherHeader(name: string): CsvError {
  const message = `${name} line 1: the header differs from that of the other parts. Give all the parts one header.`;
  return new CsvError('OTHER_HEADER', name, 1, 0, message);
}

/**
 * Rows without a key are all held, since each gets one. Wix takes no more rows in one file (wix-api.md
 * 3.2), and a file of nothing but such rows would take many times its size in memory.
 */
const mostKeyless = 50_000;

/** So many blank rows are named. */
const mostNamed = 10;

interface ScannedFile {
  readonly position: number;
  readonly name: string;
  readonly identity: Identity;
  readonly unchanged: UnchangedRows | undefined;
}

/** Adds the rows of a file to what was found. */
function scanRows(
  reader: RecordReader,
  { position: file, name, identity, unchanged }: ScannedFile,
  { columns, keyed, keyless, blankRows }: Scan,
): void {
  const positions = identity.columns(columns);
  while (true) {
    unchanged?.pass(reader, keyed, file);
    if (!reader.next()) return;
    const { line } = reader;
    const cells = positions.map((position) => keyCell(reader, position));
    if (cells.every(isBlank) && cellsOf(reader.record).every(isBlank)) {
      blankRows.count += 1;
      if (blankRows.count <= mostNamed) blankRows.first.push({ file: name, line });
      continue;
    }
    if (reader.bounds.cellCount !== columns.length) {
      throw wrongCellCount(name, reader, columns.length);
    }
    const key = identity.key(cells);
    (key === '' ? keyless : keyed).add(key, standOf(reader, file));
    if (keyless.size > mostKeyless) throw tooManyKeyless(name, line, positions.length > 0);
    unchanged?.cameInstead(key);
  }
}

function standOf({ bounds, offset, line, crlf }: RecordReader, file: number): Stand {
  const { start, end, lines, canonical, holdsCr } = bounds;
  const length = end - start;
  return { file, offset, length, line, lines, canonical, crlf: crlf && holdsCr };
}

function keyCell({ bounds, buffer, crlf }: RecordReader, position: number): string {
  if (position >= bounds.cellCount) return '';
  const text = bounds.text(buffer, position);
  return crlf ? text.replaceAll('\r\n', '\n') : text;
}

/** `false`: what a checkbox of a spreadsheet leaves in rows that hold nothing else; controls: the end of a file of MS-DOS. */
const blank = /^(?:[\s\p{Cc}\p{Default_Ignorable_Code_Point}]*|false)$/iu;

function isBlank(text: string): boolean {
  return blank.test(text);
}

function tooManyKeyless(name: string, line: number, hasKeyColumn: boolean): CsvError {
  const message = hasKeyColumn
    ? `${name} line ${line}: more than ${mostKeyless} rows have no key. Add fewer at once.`
    : `${name} line 1: no column holds the keys of the rows, and there are more than ${mostKeyless}. Restore the header from git.`;
  return new CsvError('KEYLESS', name, hasKeyColumn ? line : 1, 0, message);
}
