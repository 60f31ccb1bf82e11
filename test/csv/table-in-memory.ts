import { formatRecord } from '../../src/csv/format.ts';
import { byteOrder } from '../../src/csv/order.ts';
import type { Identity, Row, Table } from '../../src/csv/table.ts';

/** A table of rows that are in memory already: what a file of them has to be read as. */
export function tableOf(
  columns: readonly string[],
  cells: Iterable<readonly string[]>,
  identity: Identity,
): Table {
  const positions = identity.columns(columns);
  const rows = Array.from(cells, (each, i) => ({
    key: identity.key(positions.map((position) => each[position] ?? '')),
    cells: each,
    file: '',
    line: i + 2,
    bytes: Buffer.from(formatRecord(each)),
  }));
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    if (row.key !== '') groups.set(row.key, [...(groups.get(row.key) ?? []), row]);
  }
  const keys = [...groups.keys()];
  const orders = rows.filter(({ key }) => key !== '').map(({ key }) => byteOrder(key));
  const ordered = [...keys].sort((left, right) => (byteOrder(left) < byteOrder(right) ? -1 : 1));
  return {
    files: [],
    columns,
    size: keys.length,
    keyless: rows.filter(({ key }) => key === ''),
    duplicates: [...groups].flatMap(([key, places]) =>
      places.length > 1 ? [{ key, places }] : [],
    ),
    sorted: orders.every((order, i) => i === 0 || (orders[i - 1] ?? '') <= order),
    quirks: { bom: false, crlf: false },
    rows: () => ordered.flatMap((key) => groups.get(key)?.[0] ?? []),
    row: (key) => groups.get(key)?.[0],
    has: (key) => groups.has(key),
  };
}
