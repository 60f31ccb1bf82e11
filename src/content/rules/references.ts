import type { Place } from '../../errors.ts';
import type { CollectionSchema, FieldSchema } from '../schema.ts';
import type { Side } from '../versions.ts';
import type { EditedCell } from './cells.ts';
import { type Finding, finding, quoted } from './finding.ts';

/** Whether git holds an item of a collection; `undefined` where git can not tell. */
export type Holds = (collection: string, id: string) => boolean | undefined;

/** A reference that git changed to an item that no row of the other collection's file is. */
export function* danglingReference(
  { text, place }: EditedCell,
  { key, type, references }: FieldSchema,
  holds: Holds,
): Generator<Finding> {
  if (type !== 'REFERENCE' || references === undefined || text === '') return;
  if (holds(references, text) !== false) return;
  const words = `${key} refers to ${quoted(text)}, but ${references} has no such row. Correct the id, or add the row.`;
  yield finding('dangling-reference', place(), words);
}

/** References from rows of a file to items that the pull request removes. */
export function* lostReferences(
  side: Side,
  schema: CollectionSchema,
  isRemoved: (collection: string, id: string) => boolean,
): Generator<Finding> {
  const fields = schema.fields.flatMap(({ key, type, references: target }) => {
    const position = side.positions.get(key);
    const isReference = type === 'REFERENCE' && target !== undefined && position !== undefined;
    return isReference ? [{ key, target, position }] : [];
  });
  if (fields.length === 0) return;
  for (const { cells, file, line } of side.table.rows()) {
    for (const { key, target, position } of fields) {
      const text = cells[position] ?? '';
      if (text === '' || !isRemoved(target, text)) continue;
      const place: Place = { file, line };
      const words = `${key} refers to ${quoted(text)}, which is removed from ${target}. Change the reference, or keep the row.`;
      yield finding('dangling-reference', place, words);
    }
  }
}
