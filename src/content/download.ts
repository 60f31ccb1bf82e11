import { Failure } from '../errors.ts';
import { isOfDashboard } from './identity.ts';
import { unspaced } from './rules/columns.ts';
import type { CollectionSchema, LiveCollection } from './schema.ts';

/** Two columns of a download have the same name. */
export class DoubledColumn extends Failure {}

/** What the configuration says of the columns of an export. */
export interface ColumnSettings {
  readonly idColumn: string;
  /** The fields of columns with one display name, from left to right. */
  readonly columns?: Readonly<Record<string, readonly string[]>> | undefined;
}

/**
 * The positions of the field keys in the records of a downloaded collection. A header with the key of the
 * item id has keys; one with its display name has display names, which the schema maps to keys
 * (wix-api.md 3.1).
 *
 * @throws DoubledColumn for duplicate headers, Failure for a header without the item id.
 */
export function downloadedPositions(
  header: readonly string[],
  collection: LiveCollection,
  { idColumn, columns = {} }: ColumnSettings,
): ReadonlyMap<string, number> {
  const hasKeys = header.includes('_id');
  const positions = new Map<string, number>();
  for (const [position, name] of header.entries()) {
    const before = header.slice(0, position).filter((each) => each === name).length;
    const told = columns[name];
    if (!hasKeys && told && before >= told.length) {
      throw doubled(collection, name, name, told.at(-1) ?? '');
    }
    const key = hasKeys ? name : (told?.[before] ?? keyOfDisplayName(name, collection, idColumn));
    if (key === undefined) continue;
    const other = positions.get(key);
    if (other !== undefined) throw doubled(collection, header[other] ?? '', name, key);
    positions.set(key, position);
  }
  if (positions.has('_id')) return positions;
  throw new Failure(
    'api',
    `${collection.id}: the export has no column with the item ids; its columns are ${quoted(header)}. ` +
      'Name the column in `id-column` of the configuration file.',
  );
}

function doubled({ id }: LiveCollection, one: string, other: string, key: string): Failure {
  return new DoubledColumn(
    'api',
    `${id}: two columns of the export, "${one}" and "${other}", are both the field "${key}", so the file was left as it was. ` +
      "Give that field a display name of its own in the CMS: a plugin's keeps its name.",
  );
}

/** The system columns as the dashboard names them (wix-api.md 3.4). */
const systemDisplayNames: ReadonlyMap<string, string> = new Map([
  ['ID', '_id'],
  ['Created Date', '_createdDate'],
  ['Updated Date', '_updatedDate'],
  ['Owner', '_owner'],
]);

/**
 * The field keys of a dashboard export that somebody put in the place of an exported file: its headers are
 * `ID` and display names (wix-api.md 3.1 and 3.3). What is no field, such as a page link, begins with `#`,
 * and so is left out.
 *
 * @returns `undefined` for any other header.
 * @throws Failure if it is not clear which column is a field.
 */
export function dashboardColumns(
  header: readonly string[],
  { fields }: CollectionSchema,
  { file, columns = {} }: Pick<ColumnSettings, 'columns'> & { readonly file: string },
): readonly string[] | undefined {
  if (!isOfDashboard(header)) return undefined;
  const keysOf = (cell: string): readonly string[] => {
    if (cell === 'ID') return ['_id'];
    const system = systemDisplayNames.get(cell);
    const loose = unspaced(cell);
    const ways = [
      fields.filter(({ displayName }) => displayName === cell),
      fields.filter(({ key }) => key === cell),
      system === undefined ? [] : [{ key: system }],
      fields.filter(({ displayName }) => unspaced(displayName) === loose),
    ];
    return (ways.find(({ length }) => length > 0) ?? []).map(({ key }) => key);
  };
  const taken = new Set<string>();
  const keys = header.map((cell, i) => {
    const before = header.slice(0, i).filter((each) => each === cell).length;
    const told = columns[cell]?.[before];
    const found = told === undefined ? keysOf(cell) : [told];
    const [key, other] = found;
    if (key === undefined) return `#${i} ${cell}`;
    if (other !== undefined || taken.has(key)) throw unclearColumn(file, cell, found);
    taken.add(key);
    return key;
  });
  return fields.some(({ key }) => taken.has(key)) ? keys : undefined;
}

function unclearColumn(file: string, cell: string, fields: readonly string[]): Failure {
  const words = `${file} line 1: the header ${JSON.stringify(cell)} could stand for another column or field, too. Write the key of the field (${fields.join(', ')}) into the header instead, and delete the columns that are no fields.`;
  return new Failure('validation', words, { place: { file, line: 1 } });
}

/** The header of a field in files with display names. */
export function displayNameOf({ fields }: LiveCollection, key: string): string {
  const [system] = [...systemDisplayNames].find(([, systemKey]) => systemKey === key) ?? [];
  return system ?? fields.find((field) => field.key === key)?.displayName ?? key;
}

/** The first header of a file with display names that could be another field's, too. */
export function doubledName(
  collection: LiveCollection,
  columns: readonly string[],
): string | undefined {
  const all = new Set([...columns, ...collection.fields.map(({ key }) => key)]);
  const names = [...all].map((key) => displayNameOf(collection, key));
  return columns
    .map((key) => displayNameOf(collection, key))
    .find((name) => names.indexOf(name) < names.lastIndexOf(name));
}

function keyOfDisplayName(
  cell: string,
  collection: LiveCollection,
  idColumn: string,
): string | undefined {
  if (cell === idColumn) return '_id';
  const named = collection.fields.filter(({ displayName }) => displayName === cell);
  const own = named.filter((field) => !isOfPlugin(field));
  const fields = own.length > 0 ? own : named;
  if (fields.length > 1) {
    throw new Failure(
      'api',
      `${collection.id}: the export's column "${cell}" could be any of the fields ` +
        `${quoted(fields.map(({ key }) => key))}. Give the fields different display names in the CMS, or write into the configuration which is which, from left to right, such as columns: { ${cell}: [${fields.map(({ key }) => key).join(', ')}] }.`,
    );
  }
  const isField = collection.fields.some(({ key }) => key === cell);
  return fields[0]?.key ?? systemDisplayNames.get(cell) ?? (isField ? cell : undefined);
}

/** The fields that no plugin owns, and the system fields, unless one of those has such a name. */
export function ownFields({ fields }: LiveCollection): readonly string[] {
  const own = fields.filter((field) => !isOfPlugin(field));
  const names = new Set(own.map(({ displayName }) => displayName));
  const system = [...systemDisplayNames].flatMap(([name, key]) =>
    key === '_id' || !names.has(name) ? key : [],
  );
  return [...system, ...own.map(({ key }) => key)];
}

/** A plugin's field, such as `_publishStatus`, may have the name of a user's, and keeps it (wix-api.md 11). */
function isOfPlugin({ key, systemField }: LiveCollection['fields'][number]): boolean {
  return systemField || key.startsWith('_');
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
