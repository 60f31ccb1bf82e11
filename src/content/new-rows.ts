import { createHash } from 'node:crypto';
import { formatRecord } from '../csv/format.ts';
import { byteOrder, inByteOrder } from '../csv/order.ts';
import type { Row, Table } from '../csv/table.ts';
import { meaning, sameValue } from './values/value.ts';

/**
 * Derives ids for rows without one from their cells: a run that is repeated gives the same ids, and so
 * creates no item twice. Equal rows are told apart by their order.
 *
 * @param rows each row as its non-empty cells by field key.
 * @param isTaken whether a row of the table has an id already.
 * @returns one id per row: a UUID of version 8 (RFC 9562), made of SHA-256.
 * @internal
 */
export function derivedIds(
  collection: string,
  rows: readonly ReadonlyMap<string, string>[],
  isTaken: (id: string) => boolean,
): readonly string[] {
  const copies = new Map<string, number>();
  return rows.map((row) => {
    const cells = [...row].filter(([, text]) => text !== '');
    cells.sort(([left], [right]) => (left < right ? -1 : 1));
    const content = JSON.stringify([collection, cells]);
    for (let copy = copies.get(content) ?? 0; ; copy += 1) {
      const id = uuid(createHash('sha256').update(`${copy}\n${content}`).digest());
      if (isTaken(id)) continue;
      copies.set(content, copy + 1);
      return id;
    }
  });
}

function uuid(digest: Buffer): string {
  const bytes = digest.subarray(0, 16);
  bytes[6] = 0x80 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Whether an id was derived. */
export function isDerivedId(id: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id);
}

/** The texts of rows whose ids git does not have yet, by id and column. */
export type WaitingIds = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * The table, with the rows that lack an id under derived ids. Example: a new row was imported, its id
 * waits in a pull request, and somebody corrects a typo in the row. Its new text would derive another id,
 * and so a second item. So it takes the id that waits for a row that is mostly the same.
 */
export function withDerivedIds(
  collection: string,
  table: Table,
  waiting: WaitingIds = new Map(),
): Table {
  if (table.keyless.length === 0) return table;
  const contents = table.keyless.map(
    ({ cells }) =>
      new Map(table.columns.map((column, i) => [column, meaning('TEXT', cells[i] ?? '')])),
  );
  const derived = derivedIds(collection, contents, table.has);
  const ids = withWaitingIds(derived, contents, waiting, table);
  const idPosition = table.columns.indexOf('_id');
  const added = table.keyless.map((row, i) => withId(row, idPosition, ids[i] ?? ''));
  const byKey = new Map(added.map((row) => [row.key, row]));
  return {
    ...table,
    size: table.size + added.length,
    keyless: [],
    row: (key) => byKey.get(key) ?? table.row(key),
    has: (key) => byKey.has(key) || table.has(key),
    rows: () => interleaved(table.rows(), added),
  };
}

function withWaitingIds(
  derived: readonly string[],
  contents: readonly ReadonlyMap<string, string>[],
  waiting: WaitingIds,
  table: Table,
): readonly string[] {
  const ids = [...derived];
  const own = new Set(derived);
  const free = new Set(derived.flatMap((id, i) => (waiting.has(id) ? [] : [i])));
  for (const [id, texts] of waiting) {
    if (own.has(id) || table.has(id)) continue;
    const [best] = [...free]
      .map((i) => ({ i, share: shareOfSame(texts, contents[i] ?? new Map()) }))
      .sort((left, right) => right.share - left.share);
    if (best === undefined || best.share <= 0.5) continue;
    ids[best.i] = id;
    free.delete(best.i);
  }
  return ids;
}

/** The share of texts that two rows have in common, from 0 to 1. */
function shareOfSame(row: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): number {
  const columns = new Set([...row.keys(), ...other.keys()]);
  columns.delete('_id');
  const filled = [...columns].filter((column) => row.get(column) || other.get(column));
  const same = filled.filter((column) =>
    sameValue('TEXT', row.get(column) ?? '', other.get(column) ?? ''),
  );
  return filled.length === 0 ? 0 : same.length / filled.length;
}

/** Rows in the order of their keys, with others in between. */
function* interleaved(rows: Iterable<Row>, added: readonly Row[]): Generator<Row> {
  const waiting = inByteOrder(added);
  let next = 0;
  for (const row of rows) {
    const order = byteOrder(row.key);
    for (; next < waiting.length; next += 1) {
      const first = waiting[next];
      if (first === undefined || first.order >= order) break;
      yield first.row;
    }
    yield row;
  }
  for (const { row } of waiting.slice(next)) yield row;
}

function withId(row: Row, idPosition: number, id: string): Row {
  const cells = row.cells.map((cell, position) => (position === idPosition ? id : cell));
  return {
    key: id,
    cells,
    file: row.file,
    line: row.line,
    bytes: Buffer.from(formatRecord(cells)),
  };
}
