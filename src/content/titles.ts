import type { Column } from './versions.ts';

const textTypes: ReadonlySet<string> = new Set(['TEXT', 'SLUG']);

/**
 * The column that people know the rows of a collection by: `title` or `name`, which are what Wix
 * calls a collection's first field, else the first text.
 */
export function titleColumn(columns: readonly Column[]): string | undefined {
  const texts = columns.filter(({ key, type }) => key !== '_id' && textTypes.has(type));
  const named = ['title', 'name'].map((name) => texts.find(({ key }) => key === name));
  return (named.find((column) => column !== undefined) ?? texts[0])?.key;
}
