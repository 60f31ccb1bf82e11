import { CsvError } from './errors.ts';
import { cellsOf, refuseOtherThanUtf8, someCells } from './format.ts';
import type { Likeness } from './likeness.ts';
import { RecordReader } from './reader.ts';
import { newRecord, RowIndex } from './row-index.ts';
import type { Identity } from './table.ts';

/** What is found in the files of a table when they are gone through once. */
export interface Scan {
  readonly columns: readonly string[];
  /** The rows that have a key, in the order of the files. */
  readonly keyed: RowIndex;
  readonly keyless: RowIndex;
  readonly bom: boolean;
  readonly crlf: boolean;
}

/**
 * Goes through the files of a table and checks every record of them.
 *
 * @param names of the files in messages.
 * @param likenessFor gives what guesses the records of a table with these columns, if anything does.
 * @throws CsvError for a file that is not strict CSV, or whose header is not that of the others.
 */
export function scanFiles(
  files: readonly string[],
  names: readonly string[],
  identity: Identity,
  likenessFor: (columns: readonly string[]) => Likeness | undefined,
): Scan {
  const keyed = new RowIndex();
  const keyless = new RowIndex();
  let columns: readonly string[] | undefined;
  let likeness: Likeness | undefined;
  let bom = false;
  let crlf = false;
  try {
    for (const [file, path] of files.entries()) {
      const name = names[file] ?? path;
      const reader = new RecordReader(path, name);
      try {
        const header = headerOf(reader, name);
        if (columns === undefined) {
          columns = header;
          likeness = likenessFor(header);
        }
        refuseOtherHeader(columns, header, name);
        bom ||= reader.bom;
        crlf ||= reader.crlf;
        const found = { file, name, columns, identity, likeness };
        crlf = scanRows(reader, found, keyed, keyless) || crlf;
      } finally {
        reader.close();
      }
    }
  } finally {
    likeness?.close();
  }
  return { columns: columns ?? [], keyed, keyless, bom, crlf };
}

function headerOf(reader: RecordReader, name: string): readonly string[] {
  if (!reader.next()) {
    throw new CsvError('EMPTY', name, 1, 0, `${name} is empty. Restore its header line.`);
  }
  return cellsOf(reader.buffer.subarray(reader.start, reader.end), { file: name, line: 1 });
}

function refuseOtherHeader(
  expected: readonly string[],
  columns: readonly string[],
  name: string,
): void {
  const isSame =
    columns.length === expected.length && columns.every((cell, i) => cell === expected[i]);
  if (isSame) return;
  const message = `${name} line 1: the header differs from that of the other parts. Give all the parts one header.`;
  throw new CsvError('OTHER_HEADER', name, 1, 0, message);
}

/**
 * Rows without a key are all held, since each gets one. Wix takes no more rows in one file (wix-api.md
 * 3.2), and a file of empty lines would take a hundred times its size in memory.
 */
const mostKeyless = 50_000;

/** The file whose rows are gone through. */
interface ScannedFile {
  readonly file: number;
  readonly name: string;
  readonly columns: readonly string[];
  readonly identity: Identity;
  readonly likeness: Likeness | undefined;
}

/** Adds the rows of a file to the indexes; returns whether any of them ends with CRLF. */
function scanRows(
  reader: RecordReader,
  { file, name, columns, identity, likeness }: ScannedFile,
  keyed: RowIndex,
  keyless: RowIndex,
): boolean {
  const positions = identity.columns(columns);
  let crlf = false;
  while (true) {
    likeness?.take(reader, keyed, file);
    if (!reader.next()) return crlf;
    if (reader.cellCount !== columns.length) throw wrongCellCount(name, reader, columns.length);
    const { buffer, start, end, offset, line, lines, canonical } = reader;
    refuseOtherThanUtf8(buffer.subarray(start, end), { file: name, line });
    const key = identity.key(someCells(buffer, reader, positions, { file: name, line }));
    const length = end - start;
    const stand = { file, offset, length, line, lines, record: newRecord(), canonical };
    (key === '' ? keyless : keyed).add(key, stand);
    if (keyless.size > mostKeyless) throw tooManyKeyless(name, line, positions.length > 0);
    crlf ||= reader.crlf;
    likeness?.cameInstead(key);
  }
}

function wrongCellCount(name: string, reader: RecordReader, expected: number): CsvError {
  const { line, cellCount } = reader;
  const remedy =
    cellCount < expected
      ? 'Add the missing commas, or quote the cell that holds a line break.'
      : 'Quote the cells that hold a comma.';
  const message = `${name} line ${line}: the row has ${cellCount} cells, but the header has ${expected}. ${remedy}`;
  return new CsvError('CELL_COUNT', name, line, 0, message);
}

function tooManyKeyless(name: string, line: number, hasKeyColumn: boolean): CsvError {
  const message = hasKeyColumn
    ? `${name} line ${line}: more than ${mostKeyless} rows have no key. Delete those that are empty, and add fewer at once.`
    : `${name} line 1: no column holds the keys of the rows, and there are more than ${mostKeyless}. Restore the header from git.`;
  return new CsvError('KEYLESS', name, hasKeyColumn ? line : 1, 0, message);
}
