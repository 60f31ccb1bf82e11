import { refuseForeignHeader, wrongCellCount } from './diagnosis.ts';
import { CsvError } from './errors.ts';
import { nameOf } from './files.ts';
import { cellsOf } from './format.ts';
import { RecordReader } from './reader.ts';
import {
  type Location,
  orderByKey,
  type Row,
  RowIndex,
  rowNumbers,
  rowOf,
  type Store,
  StoredRows,
} from './rows.ts';
import { UnchangedRows } from './unchanged-rows.ts';

export type { Row } from './rows.ts';

/** How a row is identified. */
export interface Identity {
  /** The positions of the key cells; none in a header without them. */
  readonly columns: (header: readonly string[]) => readonly number[];
  /** The key, from the key cells; empty if the row has none. */
  readonly key: (cells: readonly string[]) => string;
}

interface RowPlace {
  readonly file: string;
  readonly line: number;
}

/** A CSV file, or its parts, as rows by key. */
export interface Table {
  /** The files as messages name them. */
  readonly files: readonly string[];
  readonly columns: readonly string[];
  /** The header in the file, if the columns go by other names. */
  readonly header?: readonly string[];
  /** How many keys there are. */
  readonly size: number;
  /** The rows without a key, in the order of the file. */
  readonly keyless: readonly Row[];
  /** Keys that more than one row has. */
  readonly duplicates: readonly { readonly key: string; readonly places: readonly RowPlace[] }[];
  /** Rows whose cells are all blank, as spreadsheets leave them. They do not count as rows. */
  readonly blankRows: { readonly count: number; readonly first: readonly RowPlace[] };
  /** Whether one of the files begins with a byte order mark. */
  readonly bom: boolean;
  /** The first row of each key, in the order of their UTF-8 bytes. */
  rows(): Iterable<Row>;
  row(key: string): Row | undefined;
  has(key: string): boolean;
}

/**
 * Opens a file, or its parts, and checks every record. The files are read again when rows are asked for,
 * so they must not change. If a file was saved with CRLF, lines inside of cells end with LF all the same.
 * @param root the folder that messages leave out of paths.
 * @param other a version of the same rows, identified in the same way: rows that it shares are read, and
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
  const { columns, keyed, keyless, bom, blankRows } = scanFiles(files, names, identity, older);
  const { order, duplicates } = orderByKey(keyed);
  const store = { files, names, columns, index: keyed, order, older };
  return {
    files: names,
    columns,
    size: order.length,
    keyless: readAll({ ...store, index: keyless, order: rowNumbers(keyless.size) }),
    duplicates: duplicates.map((rows) => ({
      key: keyed.key(rows[0] ?? 0),
      places: rows.map((row) => {
        const { file, line } = keyed.locate(row);
        return { file: names[file] ?? '', line };
      }),
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

function readAll(store: Store): readonly Row[] {
  return Array.from(new StoredRows(store), ({ key, cells, file, line, bytes }) => {
    return { key, cells, file, line, bytes: Buffer.from(bytes) };
  });
}

export function haveSameHeader(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((column, i) => column === right[i]);
}

/** @throws CsvError that names the headers which occur more than once. */
export function refuseDuplicateHeaders({ columns, files: [file = ''] }: Table): void {
  const known = new Set<string>();
  const twice = new Set(columns.filter((column) => known.size === known.add(column).size));
  if (twice.size === 0) return;
  const names = [...twice].map((name) => `"${name}"`).join(', ');
  const message = twice.has('')
    ? `${file} line 1: ${columns.filter((column) => column === '').length} headers are empty. If this is a title, delete the line, so that the header is the first; else name or remove these columns.`
    : `${file} line 1: ${names} is in the header more than once. Remove or rename one of them.`;
  throw new CsvError('DUPLICATE_HEADER', { file, line: 1 }, message);
}

interface Scan {
  columns: readonly string[];
  /** The rows with a key. */
  readonly keyed: RowIndex;
  readonly keyless: RowIndex;
  readonly blankRows: { count: number; readonly first: RowPlace[] };
  bom: boolean;
}

function scanFiles(
  files: readonly string[],
  names: readonly string[],
  identity: Identity,
  older: Store | undefined,
): Scan {
  const blankRows = { count: 0, first: [] };
  const [keyed, keyless] = [new RowIndex(), new RowIndex()];
  const scan: Scan = { columns: [], keyed, keyless, blankRows, bom: false };
  let unchanged: UnchangedRows | undefined;
  for (const [file, path] of files.entries()) {
    const reader = new RecordReader(path, names[file]);
    try {
      const header = headerOf(reader);
      if (file === 0) {
        scan.columns = header;
        if (older && haveSameHeader(older.columns, header)) unchanged = new UnchangedRows(older);
      }
      if (!haveSameHeader(scan.columns, header)) throw otherHeader(reader.name);
      scan.bom ||= reader.bom;
      scanRows(reader, file, identity, unchanged, scan);
    } finally {
      reader.close();
    }
  }
  return scan;
}

function headerOf(reader: RecordReader): readonly string[] {
  const place = { file: reader.name, line: 1 };
  if (!reader.next()) {
    throw new CsvError('EMPTY', place, `${reader.name} is empty. Restore its header line.`);
  }
  const { cellCount } = reader.bounds;
  if (cellCount > mostColumns) {
    const message = `${reader.name} line 1: the header has ${cellCount} columns, and Wix takes 1000 fields. Remove those that hold nothing.`;
    throw new CsvError('CELL_COUNT', place, message);
  }
  const columns = cellsOf(reader.record);
  refuseForeignHeader(reader, columns);
  return columns;
}

/** A line of commas is no header. Wix takes 1,000 fields (wix-api.md 3.2). */
const mostColumns = 20_000;

function otherHeader(file: string): CsvError {
  const message = `${file} line 1: the header differs from that of the other parts. Give all the parts one header.`;
  return new CsvError('OTHER_HEADER', { file, line: 1 }, message);
}

/** They are held in memory. Wix takes no more rows in one file (wix-api.md 3.2). */
const mostKeyless = 50_000;

const mostNamed = 10;

function scanRows(
  reader: RecordReader,
  file: number,
  identity: Identity,
  unchanged: UnchangedRows | undefined,
  { columns, keyed, keyless, blankRows }: Scan,
): void {
  const positions = identity.columns(columns);
  while (true) {
    unchanged?.pass(reader, keyed, file);
    if (!reader.next()) return;
    const { bounds, line } = reader;
    const cells = positions.map((position) => keyCell(reader, position));
    if (cells.every(isBlank) && cellsOf(reader.record).every(isBlank)) {
      blankRows.count += 1;
      if (blankRows.count <= mostNamed) blankRows.first.push({ file: reader.name, line });
      continue;
    }
    if (bounds.cellCount !== columns.length) throw wrongCellCount(reader, columns.length);
    const key = identity.key(cells);
    (key === '' ? keyless : keyed).add(key, locationOf(reader, file));
    if (keyless.size > mostKeyless) throw tooManyKeyless(reader, positions.length > 0);
    unchanged?.unexpected(key);
  }
}

function locationOf(reader: RecordReader, file: number): Location {
  const { bounds, offset, line } = reader;
  const { start, end, lines, canonical } = bounds;
  const crlf = reader.crlf && bounds.holdsCr;
  return { file, offset, length: end - start, line, lines, canonical, crlf, unchanged: -1 };
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

function tooManyKeyless({ name: file, line }: RecordReader, hasKeyColumn: boolean): CsvError {
  const message = hasKeyColumn
    ? `${file} line ${line}: more than ${mostKeyless} rows have no key. Add fewer at once.`
    : `${file} line 1: no column holds the keys of the rows, and there are more than ${mostKeyless}. Restore the header from git.`;
  return new CsvError('KEYLESS', { file, line: hasKeyColumn ? line : 1 }, message);
}
