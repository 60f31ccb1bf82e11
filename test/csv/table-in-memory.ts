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
  const all = Array.from(cells, (each, i) => ({
    key: identity.key(positions.map((position) => each[position] ?? '')),
    cells: each,
    file: '',
    line: i + 2,
    bytes: Buffer.from(formatRecord(each)),
  }));
  const isBlank = ({ cells }: Row) => cells.every((cell) => cell.trim() === '');
  const rows = all.filter((row) => !isBlank(row));
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    if (row.key !== '') groups.set(row.key, [...(groups.get(row.key) ?? []), row]);
  }
  const keys = [...groups.keys()];
  const ordered = [...keys].sort((left, right) => (byteOrder(left) < byteOrder(right) ? -1 : 1));
  return {
    files: [],
    columns,
    size: keys.length,
    keyless: rows.filter(({ key }) => key === ''),
    duplicates: [...groups].flatMap(([key, places]) =>
      places.length > 1 ? [{ key, places }] : [],
    ),
    blankRows: { count: all.length - rows.length, first: all.filter(isBlank).slice(0, 10) },
    bom: false,
    rows: () => ordered.flatMap((key) => groups.get(key)?.[0] ?? []),
    row: (key) => groups.get(key)?.[0],
    has: (key) => groups.has(key),
  };
}
