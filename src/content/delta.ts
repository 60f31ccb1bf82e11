import type { KeyedRow } from '../csv/writer.ts';
import type { Place } from '../errors.ts';
import type { Write } from './import-plan.ts';
import { type LiveCollection, whyUnsent } from './schema.ts';
import { isJsonType } from './values/value.ts';
import type { Side } from './versions.ts';

/** A record of a delta file, and where its row stands in git. */
export interface DeltaRow extends KeyedRow {
  readonly place: Place | undefined;
  /** The columns that git has emptied. */
  readonly emptied?: readonly string[];
}

/**
 * The columns of a delta file: all that the item can be given, also what git does not keep and what is
 * encrypted, because an import replaces whole items (wix-api.md 3.5). Not a column that neither the schema
 * nor the export has, which every item would then have.
 *
 * @param live the site as it was just read, with all columns of its export.
 */
export function deltaColumns(
  { fields }: LiveCollection,
  live: Side,
  writes: readonly Write[],
): readonly string[] {
  const declared = new Map(fields.map((field) => [field.key, field]));
  const keys = new Set(['_id', ...live.positions.keys()]);
  for (const { cells } of writes) {
    for (const key of cells.keys()) if (declared.has(key)) keys.add(key);
  }
  return [...keys].filter((key) => {
    const field = declared.get(key);
    return field === undefined || whyUnsent(field) === undefined;
  });
}

/** The record that writes a row: git's cells over the live item's. */
export function deltaRow(
  columns: readonly string[],
  live: Side | undefined,
  { key, cells, now, place }: Write,
): DeltaRow {
  const before = (column: string) => now?.[live?.positions.get(column) ?? -1] ?? '';
  const text = (column: string) => cells.get(column) ?? before(column);
  return {
    key,
    cells: columns.map((column) => (column === '_id' ? key : text(column))),
    place,
    emptied: columns.filter((column) => cells.get(column) === '' && before(column) !== ''),
  };
}

/**
 * A record as one line of JSONL, with its values typed by the schema, for imports whose CSV reader
 * would store every value as text (wix-api.md 3.6, "Type-loss risk"). An empty cell is left out, unless it
 * was emptied: a site that changes the file's columns alone would keep its value.
 */
export function typedLine(
  columns: readonly string[],
  { cells, emptied = [] }: Pick<DeltaRow, 'cells' | 'emptied'>,
  types: ReadonlyMap<string, string>,
): string {
  const entries = columns.flatMap((column, i) => {
    const text = cells[i] ?? '';
    if (text === '') return emptied.includes(column) ? [[column, null]] : [];
    return [[column, typedValue(types.get(column) ?? 'TEXT', text)]];
  });
  return JSON.stringify(Object.fromEntries(entries));
}

function typedValue(type: string, text: string): unknown {
  if (type === 'NUMBER') {
    const number = Number(text);
    return Number.isFinite(number) && text.trim() !== '' ? number : text;
  }
  if (type === 'BOOLEAN') return text === 'true' ? true : text === 'false' ? false : text;
  if (type === 'DATETIME') return { $date: text };
  if (!isJsonType(type)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
