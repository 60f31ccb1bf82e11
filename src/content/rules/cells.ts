import { cellPlaces } from '../../csv/rows.ts';
import type { Row } from '../../csv/table.ts';
import type { CollectionSchema, FieldSchema } from '../schema.ts';
import { isJsonType, sameValue } from '../values/value.ts';
import type { Cells, Column, Side } from '../versions.ts';
import type { Check, EditedCell } from './check.ts';
import { damageRules, isBlank, mayBeDamaged } from './damage.ts';
import { type Finding, finding, quoted, type Rule } from './finding.ts';
import { guardRules } from './guards.ts';
import { danglingReference, type Holds } from './references.ts';
import { valueProblem } from './value-rules.ts';

/** The rules for cells of every type. */
const rulesOfDamage = Object.entries(damageRules);
const cellRules = [...rulesOfDamage, ...Object.entries(guardRules)];

/** The most bytes that an item of the CMS may have (wix-api.md 3.2). */
const largestItem = 500_000;

/** What is known beside a file. */
interface Known {
  readonly holds?: Holds;
  /** Whether a cell is again what it was before: then an edit that is rarely meant is. */
  readonly goesBack?: ((key: string, field: string) => boolean) | undefined;
}

/**
 * Checks the cells that git changed, and all those of new rows: against the schema, for references to
 * items that do not exist, and for the damage that spreadsheets and slips do.
 */
export function cellCheck(
  columns: readonly Column[],
  head: Side | undefined,
  schema: CollectionSchema | undefined,
  { holds = () => undefined, goesBack = () => false }: Known = {},
): Check {
  const { fields = [], omitted = [] } = schema ?? {};
  const byKey = new Map(fields.map((field) => [field.key, field]));
  const known = columns.map(({ key, type }) => {
    return { key, type, isText: key !== '_id' && type !== 'NUMBER', field: byKey.get(key) };
  });
  const lacking = [...fields, ...omitted].filter(
    ({ key, required }) => required && !columns.some((column) => column.key === key),
  );
  return {
    *row({ key, headRow, head: cells, base }) {
      if (cells === null || headRow === undefined) return;
      let places: ReturnType<typeof cellPlaces> | undefined;
      for (const [i, column] of known.entries()) {
        const [old, text = ''] = [base?.[i], cells[i]];
        if (old !== undefined && sameValue(column.type, text, old)) continue;
        const isBack = () => goesBack(key, column.key);
        for (const [rule, words] of problemsOf({ ...column, old, text }, holds, isBack)) {
          places ??= cellPlaces(headRow);
          const { file, line } = headRow;
          const place = { file, line, ...places[head?.positions.get(column.key) ?? -1] };
          yield finding(rule, place, words);
        }
      }
      yield* tooLarge(columns, cells, headRow);
      if (base === null) yield* lacking.map((field) => absent(field.key, headRow));
    },
  };
}

function absent(key: string, row: Row): Finding {
  const words = `the file has no column ${key}, but the field is required. Have it in the file, with a value for this row, or add the item in the CMS.`;
  return finding('required', row, words);
}

type Problem = readonly [Rule, words: string];

/** What is wrong with a cell: for most new ones, a glance shows that nothing is. */
function problemsOf(cell: EditedCell, holds: Holds, isBack: () => boolean): readonly Problem[] {
  const { field, old, text } = cell;
  const problems = field === undefined ? [] : fieldProblems(text, field, holds);
  if (old === undefined && !mayBeDamaged(text)) return problems;
  const judged = (isBack() ? rulesOfDamage : cellRules).flatMap(([rule, judge]): Problem[] => {
    const words = judge(cell);
    // All keys of the tables are rules.
    return words ? [[rule as Rule, words]] : [];
  });
  return [...problems, ...judged];
}

function fieldProblems(text: string, field: FieldSchema, holds: Holds): readonly Problem[] {
  const { key, type, required } = field;
  if (required && isBlank(text) && key !== '_id') {
    return [['required', `${key} is empty, but the field is required. Fill it in.`]];
  }
  if (text === '') return [];
  const [rule, words] = valueProblem(type, text) ?? [];
  if (rule !== undefined) return [[rule, `${key} is ${quoted(text)}, but ${words}`]];
  const problem = boundProblem(text, field) ?? danglingReference(text, field, holds);
  return problem === undefined ? [] : [problem];
}

/** The bounds of a field limit a number's value, a list's entries, or a text's characters. */
function boundProblem(text: string, { key, type, bounds }: FieldSchema): Problem | undefined {
  if (bounds === undefined) return undefined;
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = bounds;
  const sizes = sizesOf(type, text);
  const isOver = sizes.every((size) => size > max);
  if (!isOver && !sizes.every((size) => size < min)) return undefined;
  const [rule, has] =
    type === 'NUMBER' ? (['range', 'is'] as const) : (['length', 'has a length of'] as const);
  const limit = isOver ? `at most ${max}` : `at least ${min}`;
  return [
    rule,
    `${key} ${has} ${sizes[0]}, but the field takes ${limit}. Correct it, or change the limit of the field in the CMS.`,
  ];
}

/** An emoji counts as one character or as two, nobody knows which: what fails either way is wrong. */
function sizesOf(type: string, text: string): readonly number[] {
  if (type === 'NUMBER') return [Number(text)];
  if (!isJsonType(type)) return [[...text].length, text.length];
  const list: unknown = JSON.parse(text);
  return [Array.isArray(list) ? list.length : 0];
}

function* tooLarge(columns: readonly Column[], cells: Cells, row: Row): Generator<Finding> {
  if (row.bytes.length <= largestItem) return;
  const sizes = cells.map((cell) => Buffer.byteLength(cell));
  const size = sizes.reduce((sum, each) => sum + each, 0);
  if (size <= largestItem) return;
  const largest = columns[sizes.indexOf(Math.max(...sizes))]?.key ?? '';
  const words = `the row holds ${size} bytes, but Wix takes ${largestItem} at most. Shorten ${largest}, which is the largest.`;
  yield finding('too-large', row, words);
}
