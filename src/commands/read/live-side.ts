import type { CollectionContent, Content } from '../../config/config.ts';
import { downloadedPositions } from '../../content/download.ts';
import { localizationLayout, translationIdentity } from '../../content/identity.ts';
import type { LiveCollection } from '../../content/schema.ts';
import { type Side, sideOf } from '../../content/versions.ts';
import { openTable, refuseDuplicateHeaders, type Table } from '../../csv/table.ts';
import { Failure } from '../../errors.ts';
import { nameOf } from '../run.ts';

/**
 * Opens a download as the site's side of the comparison.
 *
 * @throws Failure for a header that nobody understands, and for rows with the same key or none.
 */
export function liveSide(
  content: Content,
  path: string,
  collection: LiveCollection | undefined,
): Side {
  const side =
    content.kind === 'collection' && collection !== undefined
      ? collectionSide(content, path, collection)
      : sideOf(localizationTable(content, path));
  refuseLostRows(content, side.table);
  return side;
}

function collectionSide(
  content: CollectionContent,
  path: string,
  collection: LiveCollection,
): Side {
  const positionsIn = (header: readonly string[]) =>
    downloadedPositions(header, collection, content);
  const table = openTable([path], {
    columns: (header) => [positionsIn(header).get('_id') ?? -1],
    key: ([id = '']) => id,
  });
  return { table, positions: positionsIn(table.columns) };
}

function localizationTable(content: Content, path: string): Table {
  const patterns = content.kind === 'localization' ? content.columns : undefined;
  const table = openTable([path], translationIdentity(patterns));
  refuseDuplicateHeaders(table);
  if (localizationLayout(table.columns, patterns) !== undefined) return table;
  const header = table.columns.map((name) => `"${name}"`).join(', ');
  throw new Failure(
    'config',
    `${nameOf(content)}: the columns ${header} of the export have an unknown layout, so the file was left as it was. ` +
      'Write into the configuration how the headers begin, such as columns: { id: ID, source: Source, targets: Target }.',
  );
}

function refuseLostRows(content: Content, { duplicates, keyless }: Table): void {
  const [duplicate] = duplicates;
  if (duplicate === undefined && keyless.length === 0) return;
  const what = duplicate
    ? `holds the key "${duplicate.key}" more than once`
    : `has ${keyless.length} rows without an id`;
  throw new Failure(
    'api',
    `${nameOf(content)}: the export ${what}, so the file was left as it was. Run the export again.`,
  );
}
