import type { Column } from './versions.ts';

const textTypes: ReadonlySet<string> = new Set(['TEXT', 'SLUG']);

/**
 * The column with the titles of rows: `title` or `name`, as Wix calls the first field of a collection,
 * else the first text.
 */
export function titleColumn(columns: readonly Column[]): string | undefined {
  const texts = columns.filter(({ key, type }) => key !== '_id' && textTypes.has(type));
  const named = ['title', 'name'].map((name) => texts.find(({ key }) => key === name));
  return (named.find((column) => column !== undefined) ?? texts[0])?.key;
}
