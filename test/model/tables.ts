import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { Site } from '../../emulator/site.ts';
import type { Row, Rows } from './ledger.ts';

/** The fields that git carries, in the order of the file. */
export const fields = ['title', 'price', 'notes'] as const;
export type FieldName = (typeof fields)[number];

/** Fields of an item that git never carries: the configuration leaves them out. */
const hiddenFields = ['secret', 'related'] as const;

export const collection = {
  id: 'items',
  fields: [
    { key: 'title', type: 'TEXT' },
    { key: 'price', type: 'NUMBER' },
    { key: 'notes', type: 'TEXT' },
    { key: 'secret', type: 'TEXT' },
    { key: 'related', type: 'MULTI_REFERENCE' },
  ],
} as const;

export const csvPath = 'content/collections/items.csv';
export const paths = [csvPath, 'content/collections/items.schema.json'];

/** A line of the file in git: the id may be missing yet. */
export interface Line {
  readonly id: string;
  readonly cells: Readonly<Record<FieldName, string>>;
}

/** The file in git, read by a reader that is not the action's. */
export function linesOf(text: string): readonly Line[] {
  // The columns are those of the header, which the model never changes.
  const records = parse(text, { columns: true }) as Record<string, string>[];
  return records.map((record) => ({ id: record._id ?? '', cells: cellsFrom(record) }));
}

export function textOf(lines: readonly Line[]): string {
  const records = lines.map(({ id, cells }) => [id, ...fields.map((field) => cells[field])]);
  return stringify([['_id', ...fields], ...records]);
}

/** The items of the site as rows, each cell as an export would write it. */
export function itemsOf(site: Site): ReadonlyMap<string, Row & Pick<Line, 'cells'>> {
  const items = [...site.collection(collection.id).items];
  return new Map(
    items.map(([id, item]) => {
      const hidden = Object.fromEntries(hiddenFields.map((field) => [field, item[field]]));
      const { related } = hidden;
      const shown = { ...hidden, related: Array.isArray(related) ? related : [] };
      return [id, { cells: cellsFrom(item), hidden: JSON.stringify(shown) }];
    }),
  );
}

function cellsFrom(record: Readonly<Record<string, unknown>>): Line['cells'] {
  const text = (field: FieldName) => String(record[field] ?? '');
  return { title: text('title'), price: text('price'), notes: text('notes') };
}

/**
 * Rows go by their ids; one without an id goes by its title, which no other row ever has, and its
 * item, once there is one, by the same name.
 */
export function naming() {
  const names = new Map<string, string>();
  const nameOf = (id: string, cells: Line['cells']) =>
    id === '' ? `new ${cells.title}` : (names.get(id) ?? id);
  return {
    nameOf: ({ id, cells }: Line) => nameOf(id, cells),
    /** The rows of git; throws where two lines speak of the same row. */
    gitRows(lines: readonly Line[]): Rows {
      const rows = new Map<string, Row>();
      for (const { id, cells } of lines) {
        const name = nameOf(id, cells);
        if (rows.has(name)) throw new Error(`git holds the row ${name} twice`);
        rows.set(name, { cells, hidden: '{}' });
      }
      return rows;
    },
    siteRows(items: Rows): Rows {
      return new Map([...items].map(([id, row]) => [names.get(id) ?? id, row]));
    },
    /** Recognises the rows, of either side, that a run gave an id. */
    adopt(rows: readonly Line[], nameless: readonly Line[]): void {
      const taken = new Set(names.values());
      const waiting = new Set(
        nameless.flatMap(({ id, cells }) => (id === '' ? [`new ${cells.title}`] : [])),
      );
      for (const { id, cells } of rows) {
        const name = `new ${cells.title}`;
        if (id === '' || names.has(id) || taken.has(name) || !waiting.has(name)) continue;
        names.set(id, name);
        taken.add(name);
      }
    },
    /** What the rest of the model calls the row of this id. */
    of: (id: string) => names.get(id) ?? id,
  };
}
