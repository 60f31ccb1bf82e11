import { cellPlaces } from '../../csv/rows.ts';
import type { Row } from '../../csv/table.ts';
import type { CollectionSchema, FieldSchema } from '../schema.ts';
import { isJsonType, sameValue } from '../values/value.ts';
import type { Cells, Column, Side } from '../versions.ts';
import type { Check, EditedCell } from './check.ts';
import { damageRules, mayBeDamaged } from './damage.ts';
import { type Finding, finding, quoted, type Rule } from './finding.ts';
import { guardRules } from './guards.ts';
import { danglingReference, type Holds } from './references.ts';
import { valueProblem } from './value-rules.ts';

/** What each rule has to say of a cell, beside what the type of its field says. */
const cellRules = Object.entries({ ...damageRules, ...guardRules });

/** An item of the CMS has so many bytes at most (wix-api.md 3.2). */
const largestItem = 500_000;

/**
 * Checks the cells that git changed, and all those of rows that base lacks: against the schema, for
 * references to nowhere, and for what spreadsheets and slips do to cells.
 */
export function cellCheck(
  columns: readonly Column[],
  head: Side | undefined,
  schema: CollectionSchema | undefined,
  holds: Holds,
): Check {
  const fields = new Map(schema?.fields.map((field) => [field.key, field]));
  const checks = columns.map(({ key }) => ({
    field: fields.get(key),
    position: head?.positions.get(key),
  }));
  return {
    row({ headRow, head: cells, base }) {
      if (cells === null || headRow === undefined) return [];
      const found: Finding[] = [];
      const { file, line } = headRow;
      let places: ReturnType<typeof cellPlaces> | undefined;
      for (const [i, column] of columns.entries()) {
        const text = cells[i] ?? '';
        const old = base?.[i];
        const { field, position } = checks[i] ?? {};
        if (isPlainlyFine(column, text, old, field)) continue;
        for (const [rule, words] of problemsOf({ column, field, old, text }, holds)) {
          places ??= cellPlaces(headRow);
          found.push(finding(rule, { file, line, ...places[position ?? -1] }, words));
        }
      }
      return [...found, ...tooLarge(columns, cells, headRow)];
    },
  };
}

/** Most cells of a file hold texts in which nothing can be wrong, and of those that were there most stay. */
function isPlainlyFine(
  { type }: Column,
  text: string,
  old: string | undefined,
  field: FieldSchema | undefined,
): boolean {
  if (old !== undefined) return sameValue(type, text, old);
  if (mayBeDamaged(text)) return false;
  if (field === undefined) return true;
  if (text === '') return !field.required;
  return (
    field.type !== 'REFERENCE' && !field.bounds && valueProblem(field.type, text) === undefined
  );
}

function* problemsOf(cell: EditedCell, holds: Holds): Generator<readonly [Rule, string]> {
  const { field } = cell;
  if (field !== undefined) {
    yield* fieldProblems(cell.text, field);
    const words = danglingReference(cell.text, field, holds);
    if (words !== undefined) yield ['dangling-reference', words];
  }
  // Those rules compare with what stood there before.
  if (cell.old === undefined && !mayBeDamaged(cell.text)) return;
  for (const [rule, judge] of cellRules) {
    const words = judge(cell);
    // The tables are keyed by rules, and by nothing else.
    if (words !== undefined) yield [rule as Rule, words];
  }
}

function* fieldProblems(text: string, field: FieldSchema): Generator<readonly [Rule, string]> {
  const { key, type, required, bounds } = field;
  if (text === '') {
    if (required && key !== '_id') {
      yield ['required', `${key} is empty, but the field is required. Fill it in.`];
    }
    return;
  }
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
  yield finding('too-large', { file: row.file, line: row.line }, words);
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

/** What a field's bounds speak of: a number's value, a list's entries, a text's characters. */
interface Size {
  readonly least: number;
  /** Whether the vendor counts an emoji as one character or two is not known: only what fails either way is wrong. */
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
