import type { Content } from '../config/config.ts';
import { collectionColumns, localizationColumns } from '../content/columns.ts';
import type { HeaderPatterns } from '../content/identity.ts';
import type { CollectionSchema } from '../content/schema.ts';
import { transitColumns } from '../content/transit.ts';
import type { Column, Sides } from '../content/versions.ts';

/** The columns that git or the site have of a content. */
export function columnsOf(
  content: Content,
  sides: Pick<Sides, 'head' | 'live'>,
  schema: CollectionSchema | undefined,
): readonly Column[] {
  const committed = sides.head?.table.columns ?? [];
  const exported = [...(sides.live?.positions.keys() ?? [])];
  if (content.kind === 'localization' || schema === undefined) {
    return localizationColumns(committed, exported, content.kind === 'localization' ? content : {});
  }
  return collectionColumns(committed, exported, schema, content);
}

/** The columns that the record keeps: those, and what was agreed or is on its way in others. */
export function recordColumns(
  content: Content,
  sides: Sides,
  schema: CollectionSchema | undefined,
): readonly Column[] {
  const columns = columnsOf(content, sides, schema);
  const known = new Set(columns.map(({ key }) => key));
  const types = new Map(schema?.fields.map(({ key, type }) => [key, type]));
  const onTheWay = [sides.offered, sides.sent].flatMap((records) =>
    transitColumns(records?.[0] ?? []),
  );
  const more = new Set(onTheWay.filter((key) => !known.has(key)));
  return [...columns, ...[...more].map((key) => ({ key, type: types.get(key) ?? 'TEXT' }))];
}

/** The headers that the configuration describes, of a localization whose layout is not known. */
export function patternsOf(content: Content): HeaderPatterns | undefined {
  return content.kind === 'localization' ? content.columns : undefined;
}
