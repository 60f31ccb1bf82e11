import type { CollectionContent, Content } from '../config/config.ts';
import {
  collectionColumns,
  editedColumns,
  localizationColumns,
  typedColumns,
} from '../content/columns.ts';
import type { HeaderPatterns } from '../content/identity.ts';
import { type CollectionSchema, carriedColumns } from '../content/schema.ts';
import { transitColumns } from '../content/transit.ts';
import type { Column, Sides } from '../content/versions.ts';

/** The columns that git or the site has of a content; if the site was not read, those recorded of it. */
export function columnsOf(
  content: Content,
  sides: Sides,
  schema: CollectionSchema | undefined,
): readonly Column[] {
  const committed = sides.head?.table.columns ?? [];
  const exported = [...((sides.live ?? sides.recorded)?.positions.keys() ?? [])];
  if (content.kind === 'localization' || schema === undefined) {
    return localizationColumns(committed, exported, content.kind === 'localization' ? content : {});
  }
  const kept = leftOutButEdited(content, sides, schema);
  return collectionColumns(committed, exported, schema, content, kept);
}

/** The excluded columns that git has edited, which stay until the edits have reached the site. */
export function leftOutButEdited(
  content: CollectionContent,
  sides: Sides,
  schema: CollectionSchema | undefined,
): ReadonlySet<string> {
  const { head, recorded } = sides;
  const fields = [...(schema?.fields ?? []), ...(schema?.omitted ?? [])];
  const isCarried = carriedColumns(schema, content);
  const keys = [...(head?.positions.keys() ?? [])].filter(
    (key) => !isCarried(key) && !/^[_#]/.test(key) && recorded?.positions.has(key),
  );
  return editedColumns(typedColumns(keys, fields), sides);
}

/** The columns that the record keeps: also those with only recorded or waiting values. */
export function recordColumns(
  content: Content,
  sides: Sides,
  schema: CollectionSchema | undefined,
): readonly Column[] {
  const columns = columnsOf(content, sides, schema);
  const known = new Set(columns.map(({ key }) => key));
  const onTheWay = [sides.offered, sides.sent].flatMap((records) =>
    transitColumns(records?.[0] ?? []),
  );
  const more = new Set(onTheWay.filter((key) => !known.has(key)));
  return [...columns, ...typedColumns([...more], schema?.fields)];
}

export function patternsOf(content: Content): HeaderPatterns | undefined {
  return content.kind === 'localization' ? content.columns : undefined;
}
