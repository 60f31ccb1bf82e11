import type { FieldSchema } from '../schema.ts';
import type { Column, Versions } from '../versions.ts';
import type { Finding, Rule } from './finding.ts';

/** A cell of head that git changed. */
export interface EditedCell {
  readonly column: Column;
  /** The field of the column, where the schema has it. */
  readonly field: FieldSchema | undefined;
  /** `undefined`: the row is new. */
  readonly old: string | undefined;
  readonly text: string;
}

/** What rules have to say of a cell: what is wrong and what to do about it, or nothing. */
export type CellRules = { readonly [Name in Rule]?: (cell: EditedCell) => string | undefined };

/** Looks at the rows that git changed, one after the other, then at what they show together. */
export interface Check {
  /**
   * @param row with base brought forward: what the site is known to hold already is no edit.
   * @param raw with base as it is.
   */
  readonly row: (row: Versions, raw: Versions) => Iterable<Finding>;
  readonly end?: () => Iterable<Finding>;
}

/** Applies checks to rows, each row once. */
export function* findingsOf(
  checks: readonly Check[],
  rows: Iterable<readonly [row: Versions, raw: Versions]>,
): Generator<Finding> {
  for (const [row, raw] of rows) {
    for (const check of checks) yield* check.row(row, raw);
  }
  for (const { end } of checks) if (end !== undefined) yield* end();
}
