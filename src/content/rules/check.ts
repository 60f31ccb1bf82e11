import type { FieldSchema } from '../schema.ts';
import type { Versions } from '../versions.ts';
import type { Finding, Rule } from './finding.ts';

/** A cell of head that git changed. */
export interface EditedCell {
  readonly key: string;
  readonly type: string;
  /** Whether it is neither an id nor a number. */
  readonly isText: boolean;
  /** The field of the column, if the schema has it. */
  readonly field: FieldSchema | undefined;
  /** `undefined`: the row is new. */
  readonly old: string | undefined;
  readonly text: string;
}

/** Each rule returns what is wrong with a cell and what to do about it, or nothing. */
export type CellRules = {
  readonly [Name in Rule]?: (cell: EditedCell) => string | false | undefined;
};

/** Looks at each row that git changed, and at the end at what the rows show together. */
export interface Check {
  readonly row: (row: Versions) => Iterable<Finding>;
  readonly end?: () => Iterable<Finding>;
}

/** Applies checks to rows, reading each row once. */
export function* findingsOf(
  checks: readonly Check[],
  rows: Iterable<Versions>,
): Generator<Finding> {
  for (const row of rows) for (const check of checks) yield* check.row(row);
  for (const { end } of checks) if (end !== undefined) yield* end();
}
