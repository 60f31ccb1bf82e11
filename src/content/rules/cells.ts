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

/**
 * Checks the cells that git changed, and all those of new rows: against the schema, for references to
 * items that do not exist, and for the damage that spreadsheets and slips do.
 *
 * @param known.goesBack whether a cell is again what it was before: then an edit that is rarely meant is.
 */
export function cellCheck(
  columns: readonly Column[],
  head: Side | undefined,
  schema: CollectionSchema | undefined,
  known: {
    readonly holds?: Holds;
    readonly goesBack?: ((key: string, field: string) => boolean) | undefined;
  } = {},
): Check {
  const { holds = () => undefined, goesBack = () => false } = known;
  const fields = new Map(schema?.fields.map((field) => [field.key, field]));
  const checks = columns.map(({ key }) => ({
    field: fields.get(key),
    position: head?.positions.get(key) ?? -1,
  }));
  const isAbsent = (field: { readonly key: string; readonly required: boolean }) =>
    field.required && !columns.some(({ key }) => key === field.key);
  // What every new row lacks.
  const lacking = [
    ...(schema?.fields ?? [])
      .filter(isAbsent)
      .map(
        ({ key }) =>
          `the file has no column ${key}, but the field is required. Add the column, with a value for this row.`,
      ),
    ...(schema?.omitted ?? [])
      .filter(isAbsent)
      .map(
        ({ key }) =>
          `the file leaves out ${key}, but the field is required. Add the item in the CMS, or have ${key} in the file.`,
      ),
  ];
  const lackingIn = (base: Cells | null, row: Row) =>
    base === null ? lacking.map((words) => finding('required', row, words)) : [];
  return {
    row({ key, headRow, head: cells, base }) {
      if (cells === null || headRow === undefined) return [];
      const found: Finding[] = [];
      let places: ReturnType<typeof cellPlaces> | undefined;
      for (const [i, column] of columns.entries()) {
        const text = cells[i] ?? '';
        const old = base?.[i];
        const { field, position = -1 } = checks[i] ?? {};
        if (isPlainlyFine(column, text, old, field)) continue;
        const isBack = goesBack(key, column.key);
        for (const [rule, words] of problemsOf({ column, field, old, text }, holds, isBack)) {
          places ??= cellPlaces(headRow);
          const { file, line } = headRow;
          found.push(finding(rule, { file, line, ...places[position] }, words));
        }
      }
      return [...found, ...tooLarge(columns, cells, headRow), ...lackingIn(base, headRow)];
    },
  };
}

/** Tells at a glance that nothing is wrong with a cell, as with most cells of a file. */
function isPlainlyFine(
  { type }: Column,
  text: string,
  old: string | undefined,
  field: FieldSchema | undefined,
): boolean {
  if (old !== undefined) return sameValue(type, text, old);
  if (mayBeDamaged(text)) return false;
  if (field === undefined) return true;
  if (field.required && isBlank(text)) return false;
  if (text === '') return true;
  return (
    field.type !== 'REFERENCE' && !field.bounds && valueProblem(field.type, text) === undefined
  );
}

function* problemsOf(
  cell: EditedCell,
  holds: Holds,
  isBack: boolean,
): Generator<readonly [Rule, string]> {
  const { field } = cell;
  if (field !== undefined) {
    const problems = [...fieldProblems(cell.text, field)];
    yield* problems;
    const words = problems.length === 0 ? danglingReference(cell.text, field, holds) : undefined;
    if (words !== undefined) yield ['dangling-reference', words];
  }
  // These rules compare with the former text.
  if (cell.old === undefined && !mayBeDamaged(cell.text)) return;
  for (const [rule, judge] of isBack ? rulesOfDamage : cellRules) {
    const words = judge(cell);
    // All keys of the tables are rules.
    if (words !== undefined) yield [rule as Rule, words];
  }
}

function* fieldProblems(text: string, field: FieldSchema): Generator<readonly [Rule, string]> {
  const { key, type, required, bounds } = field;
  if (required && isBlank(text) && key !== '_id') {
    yield ['required', `${key} is empty, but the field is required. Fill it in.`];
    return;
  }
  if (text === '') return;
  const [rule, words] = valueProblem(type, text) ?? [];
  if (rule !== undefined) yield [rule, `${key} is ${quoted(text)}, but ${words}`];
  else if (bounds !== undefined) yield* boundProblems(text, field, bounds);
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

function* boundProblems(
  text: string,
  { key, type }: FieldSchema,
  { min, max }: NonNullable<FieldSchema['bounds']>,
): Generator<readonly [Rule, string]> {
  const { least, most = least, has = 'has a length of', less, more } = sizeOf(type, text);
  const rule = type === 'NUMBER' ? 'range' : 'length';
  if (max !== undefined && least > max) {
    /**
     * @cause The CMS limits the length, the size or the number of entries of the field.
     * @remedy Shorten the cell, lower its number or remove entries; or raise the limit of the field
     * in the CMS.
     */
    yield [rule, `${key} ${has} ${least}, but the field takes at most ${max}. ${less}`];
  }
  if (min !== undefined && most < min) {
    /**
     * @cause The CMS asks for a minimum length, size or number of entries.
     * @remedy Write more, raise the number or add entries; or lower the limit of the field in the
     * CMS.
     */
    yield [rule, `${key} ${has} ${most}, but the field takes at least ${min}. ${more}`];
  }
}

/** What the bounds of a field limit: a number's value, a list's entries, a text's characters. */
interface Size {
  readonly least: number;
  /** An emoji counts as one character or as two, nobody knows which: what fails either way is wrong. */
  readonly most?: number;
  readonly has?: string;
  readonly less: string;
  readonly more: string;
}

function sizeOf(type: string, text: string): Size {
  if (type === 'NUMBER') {
    const words = { has: 'is', less: 'Write a smaller number.', more: 'Write a larger number.' };
    return { least: Number(text), ...words };
  }
  if (isJsonType(type)) {
    const list: unknown = JSON.parse(text);
    const least = Array.isArray(list) ? list.length : 0;
    return { least, less: 'Remove some entries.', more: 'Add entries.' };
  }
  const [least, most] = [[...text].length, text.length];
  return { least, most, less: 'Shorten it.', more: 'Write more.' };
}
