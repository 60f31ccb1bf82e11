import type { Content } from '../../config/config.ts';
import { downloadedColumns } from '../../content/download.ts';
import { localizationLayout, translationIdentity } from '../../content/identity.ts';
import type { LiveCollection } from '../../content/schema.ts';
import { type Side, sideOf } from '../../content/versions.ts';
import { openTable, refuseDuplicateHeaders, type Table } from '../../csv/table.ts';
import { Failure } from '../../errors.ts';
import { nameOf } from '../run.ts';

/**
 * Opens a download as the site's side of the comparison.
 *
 * @param collection the collection's schema as the site gives it; needed for a collection.
 * @throws Failure for a header that can not be understood and for rows that can not be told apart.
 */
export function liveSide(
  content: Content,
  path: string,
  collection: LiveCollection | undefined,
): Side {
  const side =
    content.kind === 'collection' && collection !== undefined
      ? collectionSide(content, path, collection)
      : sideOf(localizationTable(path));
  if (content.kind === 'localization') refuseUnknownLayout(content, side.table);
  refuseLostRows(content, side.table);
  return side;
}

function collectionSide(
  content: Content & { readonly kind: 'collection' },
  path: string,
  collection: LiveCollection,
): Side {
  const columnsOf = (header: readonly string[]) =>
    downloadedColumns(header, collection, content.idColumn);
  const table = openTable([path], {
    columns: (header) =>
      columnsOf(header).flatMap(({ key, position }) => (key === '_id' ? [position] : [])),
    key: ([id = '']) => id,
  });
  const positions = columnsOf(table.columns).map(({ key, position }) => [key, position] as const);
  return { table, positions: new Map(positions) };
}

function localizationTable(path: string): Table {
  const table = openTable([path], translationIdentity);
  refuseDuplicateHeaders(table);
  return table;
}

function refuseUnknownLayout(content: Content, table: Table): void {
  if (localizationLayout(table.columns) !== undefined) return;
  const header = table.columns.map((name) => `"${name}"`).join(', ');
  throw new Failure(
    'api',
    `${nameOf(content)}: the export's columns ${header} fit no layout that is known, so the file was left as it was. ` +
      'Please report the columns to the project.',
  );
}

function refuseLostRows(content: Content, table: Table): void {
  const [duplicate] = table.duplicates;
  if (duplicate !== undefined) {
    throw new Failure(
      'api',
      `${nameOf(content)}: the export holds the key "${duplicate.key}" more than once, so the file was left as it was. Run the export again.`,
    );
  }
  if (table.keyless.length > 0) {
    throw new Failure(
      'api',
      `${nameOf(content)}: ${table.keyless.length} rows of the export have no id, so the file was left as it was. Run the export again.`,
    );
  }
}
