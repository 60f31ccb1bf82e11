import type { Content } from '../../config/config.ts';
import { translationColumns, typedColumns } from '../../content/columns.ts';
import { type LocalizationLayout, localizationLayout } from '../../content/identity.ts';
import { type CollectionSchema, carriedColumns, isWritable } from '../../content/schema.ts';
import type { Column, Sides } from '../../content/versions.ts';
import type { Table } from '../../csv/table.ts';
import { leftOutButEdited } from '../../record/columns.ts';

/** A content in git, beside what git and the site last agreed on. */
export interface HeadContent {
  readonly content: Content;
  readonly table: Table;
  readonly sides: Sides;
  /** The columns that an import may write, and those of the key. */
  readonly columns: readonly Column[];
  /** All the columns of the file that are not left out by the configuration. */
  readonly allColumns: readonly Column[];
  /** The schema committed beside the file. */
  readonly schema: CollectionSchema | undefined;
  /** How the columns of a localization are laid out. */
  readonly layout: LocalizationLayout | undefined;
}

/** A content in git, with the columns that an import compares and writes. */
export function headContent(
  content: Content,
  table: Table,
  sides: Sides,
  schema: CollectionSchema | undefined,
): HeadContent {
  if (content.kind === 'collection') {
    const fields = new Map(schema?.fields.map((field) => [field.key, field]));
    const isIn = carriedColumns(schema, content, leftOutButEdited(content, sides, schema));
    const allColumns = typedColumns(table.columns.filter(isIn), schema?.fields);
    const columns = allColumns.filter((each) => isWritable(fields.get(each.key) ?? each, content));
    return { content, table, sides, schema, layout: undefined, columns, allColumns };
  }
  const layout = localizationLayout(table.columns, content.columns);
  const allColumns = translationColumns(table.columns, layout, content);
  const { keys = [], targets = [] } = layout ?? {};
  const columns = allColumns.filter((_, i) => keys.includes(i) || targets.includes(i));
  return { content, table, sides, schema, layout, columns, allColumns };
}
