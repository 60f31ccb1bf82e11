import { type HeaderPatterns, type LocalizationLayout, localizationLayout } from './identity.ts';
import {
  type CollectionSchema,
  carriedColumns,
  type FieldSchema,
  type FieldSelection,
} from './schema.ts';
import { idCellType, sameValue } from './values/value.ts';
import { type Column, type Sides, versionsOf } from './versions.ts';

/**
 * The columns of a collection's file: `_id` first, then the committed file's in their order, then
 * new ones in the schema's order, else alphabetically (docs/files.md).
 *
 * @param committed the header of the file in git; empty without one.
 * @param exported the field keys that the site's export carries; in any order.
 * @param kept columns that stay, though the selection leaves them out.
 */
export function collectionColumns(
  committed: readonly string[],
  exported: readonly string[],
  schema: CollectionSchema,
  selection: FieldSelection,
  kept: ReadonlySet<string>,
): readonly Column[] {
  const carried = carriedColumns(schema, selection, kept);
  const known = new Set(exported);
  const inSchemaOrder = schema.fields.map(({ key }) => key).filter((key) => known.has(key));
  const keys = new Set(['_id', ...committed, ...inSchemaOrder, ...alphabetical(exported)]);
  return typedColumns([...keys].filter(carried), schema.fields);
}

/** Columns of these fields; what is no field is text. */
export function typedColumns(
  keys: readonly string[],
  fields: readonly Pick<FieldSchema, 'key' | 'type'>[] = [],
): readonly Column[] {
  const types = new Map(fields.map(({ key, type }) => [key, type]));
  return keys.map((key) => ({ key, type: types.get(key) ?? 'TEXT' }));
}

export interface TranslationSettings {
  readonly columns?: HeaderPatterns | undefined;
  readonly emptyTranslation?: 'clear' | 'skip';
}

/**
 * The columns of a localization's file: the keys first, then the committed file's in their order, then new
 * ones alphabetically. None is left out.
 */
export function localizationColumns(
  committed: readonly string[],
  exported: readonly string[],
  settings: TranslationSettings = {},
): readonly Column[] {
  const keys = keyHeaders(exported.length > 0 ? exported : committed, settings.columns);
  const names = [...new Set([...keys, ...committed, ...alphabetical(exported)])];
  return translationColumns(names, localizationLayout(names, settings.columns), settings);
}

/** The columns of a localization, in which git may edit only translations. */
export function translationColumns(
  header: readonly string[],
  layout: LocalizationLayout | undefined,
  { emptyTranslation }: TranslationSettings = {},
): readonly Column[] {
  return header.map((key, i) => {
    const type = layout?.keys.includes(i) ? idCellType : 'TEXT';
    if (!layout?.targets.includes(i)) return { key, type, owner: 'site' };
    return emptyTranslation === 'skip' ? { key, type, owner: 'site-where-empty' } : { key, type };
  });
}

/** The headers of a localization that identify its rows. */
export function keyHeaders(
  header: readonly string[],
  patterns?: HeaderPatterns,
): readonly string[] {
  return localizationLayout(header, patterns)?.keys.map((at) => header[at] ?? '') ?? [];
}

function alphabetical(names: readonly string[]): readonly string[] {
  return [...names].sort();
}

/** The keys of those columns in which git has edited a cell: the edit would be lost with the column. */
export function editedColumns(columns: readonly Column[], sides: Sides): ReadonlySet<string> {
  const edited = new Set<string>();
  if (columns.length === 0) return edited;
  for (const { head, base } of versionsOf(columns, sides, 'different')) {
    columns.forEach(({ key, type }, i) => {
      if (head !== null && !sameValue(type, head[i] ?? '', base?.[i] ?? '')) edited.add(key);
    });
  }
  return edited;
}
