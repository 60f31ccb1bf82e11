import { isOneFile } from '../io/one-file.ts';
import { CsvError } from './errors.ts';
import { Likeness } from './likeness.ts';
import type { Row } from './row.ts';
import { orderByKey, type RowIndex, rowNumbers } from './row-index.ts';
import { scanFiles } from './scan.ts';
import type { Store } from './store.ts';
import { StoredRows } from './stored-rows.ts';

export type { Row } from './row.ts';

/** How a row is identified. */
export interface Identity {
  /** The positions of the key cells in this header; none where it has no key. */
  readonly columns: (header: readonly string[]) => readonly number[];
  /** The key as text, from the key cells; empty where the row has none. Equal keys, same row. */
  readonly key: (cells: readonly string[]) => string;
}

/** Rows that stand under one key. */
interface Duplicate {
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
  /** Whether the rows with a key stand in the order of their keys, in each of the files. */
  readonly sorted: boolean;
  readonly quirks: { readonly bom: boolean; readonly crlf: boolean };
  /** The rows by key, as UTF-8 bytes ascending; of those with the same key the first. */
  rows(): Iterable<Row>;
  row(key: string): Row | undefined;
  /** Whether there is a row with this key, without reading it. */
  has(key: string): boolean;
}

/**
 * Opens a file, or all the parts of one, and checks every record of it. The files are read again
 * when rows are asked for, so they must stay as they are.
 *
 * @param root the folder that messages leave out of paths.
 * @param like a table that is mostly the same and whose rows are identified by the same object, such
 * as an older version: what is the same is read many times faster, and `joinRows` knows it without a look.
 * @throws CsvError for a file that is not strict CSV, or whose parts have different headers.
 */
export function openTable(
  files: readonly string[],
  identity: Identity,
  root = '',
  like?: Table,
): Table {
  const names = files.map((file) => nameOf(file, root));
  if (like !== undefined && isTableOf(like, files, names, identity)) return like;
  const scan = scanFiles(files, names, identity, (columns) => likenessTo(like, columns, identity));
  const { columns, keyed, bom, crlf } = scan;
  const { order, sorted, duplicates } = orderByKey(keyed);
  const store = { files, names, identity, cellCount: columns.length, index: keyed };
  let keyless: readonly Row[] | undefined;
  let byKey: ReadonlyMap<string, number> | undefined;
  const numbers = () => {
    byKey ??= new Map(Array.from(order, (row) => [keyed.keys[row] ?? '', row]));
    return byKey;
  };
  return {
    files: names,
    columns,
    size: order.length,
    get keyless() {
      keyless ??= allRows({ ...store, index: scan.keyless });
      return keyless;
    },
    duplicates: duplicates.map((rows) => duplicateOf(rows, store)),
    sorted: sorted || isSortedByFile(keyed),
    quirks: { bom, crlf },
    rows: () => new StoredRows(store, order),
    row(key) {
      const row = numbers().get(key);
      return row === undefined ? undefined : [...new StoredRows(store, Uint32Array.of(row))][0];
    },
    has: (key) => numbers().has(key),
  };
}

/** Whether a table is what these files hold, since it stands in them, whatever else they are called. */
function isTableOf(
  table: Table,
  files: readonly string[],
  names: readonly string[],
  identity: Identity,
): boolean {
  const rows = table.rows();
  return (
    rows instanceof StoredRows &&
    rows.store.identity === identity &&
    rows.store.files.length === files.length &&
    files.every((file, i) => isOneFile(file, rows.store.files[i] ?? '')) &&
    names.every((name, i) => name === table.files[i])
  );
}

function nameOf(file: string, root: string): string {
  const inside = root !== '' && file.startsWith(`${root}/`);
  return inside ? file.slice(root.length + 1) : file;
}

function likenessTo(
  like: Table | undefined,
  columns: readonly string[],
  identity: Identity,
): Likeness | undefined {
  const rows = like?.rows();
  const isAlike =
    rows instanceof StoredRows &&
    rows.store.identity === identity &&
    haveSameHeader([like?.columns ?? [], columns]);
  return isAlike ? new Likeness(rows) : undefined;
}

/** Whether all these headers are the same. */
export function haveSameHeader(headers: readonly (readonly string[])[]): boolean {
  const [first = [], ...others] = headers;
  return others.every(
    (header) => header.length === first.length && header.every((cell, i) => cell === first[i]),
  );
}

function allRows(store: Store): readonly Row[] {
  return [...new StoredRows(store, rowNumbers(store.index.size))];
}

function duplicateOf(rows: readonly number[], { index, names }: Store): Duplicate {
  const places = rows.map((row) => ({
    file: names[index.file(row)] ?? '',
    line: index.line(row),
  }));
  return { key: index.keys[rows[0] ?? 0] ?? '', places };
}

function isSortedByFile(index: RowIndex): boolean {
  return index.orders.every((order, row) => {
    const isFirst = row === 0 || index.file(row) !== index.file(row - 1);
    return isFirst || (index.orders[row - 1] ?? '') <= order;
  });
}

/** @throws CsvError naming the headers that stand more than once. */
export function refuseDuplicateHeaders(table: Table): void {
  const { columns } = table;
  const known = new Set<string>();
  const twice = columns.filter((column) => known.size === known.add(column).size);
  if (twice.length === 0) return;
  const [file = ''] = table.files;
  const names = [...new Set(twice)].map((name) => `"${name}"`).join(', ');
  const message = `${file} line 1: ${names} stands more than once in the header. Remove or rename one of them.`;
  throw new CsvError('DUPLICATE_HEADER', file, 1, 0, message);
}
