import { formatRecord } from '../csv/canonical.ts';
import { byteOrder } from '../csv/order.ts';
import type { Row, Table } from '../csv/table.ts';
import type { Write } from './import-plan.ts';
import type { Side } from './versions.ts';

/** A table with some rows laid over it: in place of those with the same key, else in between. */
export function withRows(table: Table, added: readonly Row[]): Table {
  const byKey = new Map(added.map((row) => [row.key, row]));
  const isNew = (row: Row) => !table.has(row.key);
  return {
    ...table,
    size: table.size + added.filter(isNew).length,
    keyless: [],
    row: (key) => byKey.get(key) ?? table.row(key),
    has: (key) => byKey.has(key) || table.has(key),
    rows: () => overlaid(table.rows(), added),
  };
}

function* overlaid(rows: Iterable<Row>, added: readonly Row[]): Generator<Row> {
  const waiting = added
    .map((row) => ({ row, order: byteOrder(row.key) }))
    .sort((left, right) => (left.order < right.order ? -1 : 1));
  let next = 0;
  for (const row of rows) {
    const order = byteOrder(row.key);
    for (; next < waiting.length; next += 1) {
      const first = waiting[next];
      if (first === undefined || first.order >= order) break;
      yield first.row;
    }
    const replacement = waiting[next];
    if (replacement?.order === order) next += 1;
    yield replacement?.order === order ? replacement.row : row;
  }
  for (const { row } of waiting.slice(next)) yield row;
}

/** The site as it is when these rows have been written: for a run that does not read it back. */
export function withWrites(live: Side, writes: readonly Write[]): Side {
  const positions = new Map(live.positions);
  for (const { cells } of writes) {
    for (const key of cells.keys()) {
      if (!positions.has(key)) positions.set(key, live.table.columns.length + positions.size);
    }
  }
  const width = Math.max(-1, ...positions.values()) + 1;
  const rows = writes.map((write) => writtenRow(write, positions, width));
  return { positions, table: withRows(live.table, rows) };
}

function writtenRow(
  { key, cells, now }: Write,
  positions: ReadonlyMap<string, number>,
  width: number,
): Row {
  const written = Array.from({ length: width }, (_, position) => now?.[position] ?? '');
  for (const [field, text] of cells) written[positions.get(field) ?? 0] = text;
  const id = positions.get('_id');
  if (id !== undefined) written[id] = key;
  return { key, cells: written, file: '', line: 0, bytes: Buffer.from(formatRecord(written)) };
}
