import type { Row } from '../../csv/table.ts';
import { sameRow } from '../merge.ts';
import type { CollectionSchema, FieldSchema, FieldSelection } from '../schema.ts';
import { referencedIds, sameValue } from '../values/value.ts';
import type { Column, Side } from '../versions.ts';
import type { Check } from './check.ts';
import { type Finding, finding, quoted } from './finding.ts';

/** Whether git has an item of a collection; `undefined` if git does not know. */
export type Holds = (collection: string, id: string) => boolean | undefined;

/** What is wrong with a reference to an item that is not in the other collection's file. */
export function danglingReference(
  text: string,
  { key, type, references }: FieldSchema,
  holds: Holds,
): string | undefined {
  if (references === undefined) return undefined;
  const id = idsIn(type, text).find((each) => holds(references, each) === false);
  if (id === undefined) return undefined;
  return `${key} refers to ${quoted(id)}, but ${references} has no such row. Correct the id, or add the row.`;
}

/** The items that a cell refers to. */
export function idsIn(type: string, text: string): readonly string[] {
  if (type === 'REFERENCE') return text === '' ? [] : [text];
  return type === 'MULTI_REFERENCE' ? referencedIds(text) : [];
}

/** Multi-references that git edited though no import writes them. */
export function readOnlyCheck(
  columns: readonly Column[],
  written: readonly Column[],
  schema: CollectionSchema | undefined,
  setting: FieldSelection['multiReferences'],
): Check {
  const firstEdits = new Map<Column, Row>();
  return {
    row({ base, head, headRow }) {
      if (head === null || headRow === undefined) return [];
      for (const [i, column] of columns.entries()) {
        if (written.includes(column) || firstEdits.has(column)) continue;
        const isEdited = !sameValue(column.type, base?.[i] ?? '', head[i] ?? '');
        if (isEdited) firstEdits.set(column, headRow);
      }
      return [];
    },
    *end() {
      for (const [{ key }, row] of firstEdits) {
        const { references = 'the other collection', readOnly } =
          schema?.fields.find((field) => field.key === key) ?? {};
        const words = readOnly
          ? `${key} was edited, but Wix fills it from the references of ${references}, so no import writes it. Restore it, and edit those.`
          : `${key} was edited, but the configuration has multi-references: ${setting}, so no import writes it. Restore it, or set auto.`;
        yield finding('read-only', row, words);
      }
    },
  };
}

/** Edits of rows whose items `write-policy: skip-existing` leaves as they are. */
export function skippedEditsCheck(columns: readonly Column[]): Check {
  const edited: Row[] = [];
  return {
    row({ base, head, headRow }) {
      const isEdited = base !== null && head !== null && !sameRow(columns, base, head);
      if (isEdited && headRow !== undefined) edited.push(headRow);
      return [];
    },
    *end() {
      const [first, ...others] = edited;
      if (first === undefined) return;
      const rows = others.length === 0 ? 'the row was' : `the row and ${others.length} more were`;
      const words = `${rows} edited, but write-policy is skip-existing, so no import writes that. Restore what was edited, or set overwrite.`;
      yield finding('read-only', first, words);
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
