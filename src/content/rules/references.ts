import type { Row } from '../../csv/table.ts';
import type { ImportPolicy } from '../import-plan.ts';
import type { CollectionSchema, FieldSchema, FieldSelection } from '../schema.ts';
import { referencedIds, sameValue } from '../values/value.ts';
import type { Column, Side } from '../versions.ts';
import type { Check } from './check.ts';
import { type Finding, finding, quoted, type Rule } from './finding.ts';

/** Whether git has an item of a collection; `undefined` if git does not know. */
export type Holds = (collection: string, id: string) => boolean | undefined;

/** What is wrong with a reference to an item that is not in the other collection's file. */
export function danglingReference(
  text: string,
  { key, type, references }: FieldSchema,
  holds: Holds,
): readonly [Rule, string] | undefined {
  if (references === undefined) return undefined;
  const id = idsIn(type, text).find((each) => holds(references, each) === false);
  if (id === undefined) return undefined;
  const words = `${key} refers to ${quoted(id)}, but ${references} has no such row. Correct the id, or add the row.`;
  return ['dangling-reference', words];
}

/** The items that a cell refers to. */
export function idsIn(type: string, text: string): readonly string[] {
  if (type === 'REFERENCE') return text === '' ? [] : [text];
  return type === 'MULTI_REFERENCE' ? referencedIds(text) : [];
}

/**
 * Cells that git edited though no import writes them: multi-references, and with `skip-existing` all those of
 * rows that the site has.
 *
 * @param written the columns that an import writes.
 */
export function unwrittenCheck(
  columns: readonly Column[],
  written: readonly Column[],
  schema: CollectionSchema | undefined,
  { multiReferences, writePolicy }: Pick<ImportPolicy, 'writePolicy'> & FieldSelection,
): Check {
  const firstEdits = new Map<Column, Row>();
  const isWritten = (column: Column, isNew: boolean) =>
    written.includes(column) && (isNew || writePolicy !== 'skip-existing');
  return {
    row({ base, head, headRow }) {
      if (head === null || headRow === undefined) return [];
      for (const [i, column] of columns.entries()) {
        if (isWritten(column, base === null) || firstEdits.has(column)) continue;
        const isEdited = !sameValue(column.type, base?.[i] ?? '', head[i] ?? '');
        if (isEdited) firstEdits.set(column, headRow);
      }
      return [];
    },
    *end() {
      for (const [column, row] of firstEdits) {
        const { references = 'the other collection', readOnly } =
          schema?.fields.find(({ key }) => key === column.key) ?? {};
        const why = written.includes(column)
          ? 'write-policy is skip-existing, so no import writes it. Restore it, or set overwrite.'
          : readOnly
            ? `Wix fills it from the references of ${references}, so no import writes it. Restore it, and edit those.`
            : `the configuration has multi-references: ${multiReferences}, so no import writes it. Restore it, or set auto.`;
        yield finding('read-only', row, `${column.key} was edited, but ${why}`);
      }
    },
  };
}

/** References from rows of a file to items that the pull request removes. */
export function* lostReferences(
  side: Side,
  schema: CollectionSchema,
  isRemoved: (collection: string, id: string) => boolean,
): Generator<Finding> {
  const fields = schema.fields.filter(({ references }) => references !== undefined);
  if (fields.length === 0) return;
  for (const row of side.table.rows()) {
    for (const { key, type, references: target = '' } of fields) {
      const text = row.cells[side.positions.get(key) ?? -1] ?? '';
      const id = idsIn(type, text).find((each) => isRemoved(target, each));
      if (id === undefined) continue;
      const words = `${key} refers to ${quoted(id)}, which is removed from ${target}. Change the reference, or keep the row.`;
      yield finding('dangling-reference', row, words);
    }
  }
}
