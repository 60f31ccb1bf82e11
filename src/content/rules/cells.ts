import { cellPlaces } from '../../csv/format.ts';
import { StoredRow } from '../../csv/stored-rows.ts';
import type { Row } from '../../csv/table.ts';
import type { Place } from '../../errors.ts';
import type { CollectionSchema, FieldSchema } from '../schema.ts';
import { isJsonType } from '../value.ts';
import type { Column, Side } from '../versions.ts';
import type { Check } from './check.ts';
import { damage, mayBeDamaged } from './damage.ts';
import { type Finding, finding, quoted, type Rule } from './finding.ts';
import { danglingReference, type Holds } from './references.ts';
import { valueProblem } from './value-rules.ts';

/** A cell of head that git changed. */
export interface EditedCell {
  readonly column: Column;
  /** `undefined`: the row is new. */
  readonly old: string | undefined;
  readonly text: string;
  readonly place: () => Place;
}

/**
 * Where the cells of a row stand, for the first that somebody is told of. A row that was given its id
 * has other bytes than its file, so its cells have no character.
 */
function placesIn(row: Row): (position: number | undefined) => Place {
  const { file, line, bytes } = row;
  let places: ReturnType<typeof cellPlaces> | undefined;
  return (position) => {
    if (position === undefined || !(row instanceof StoredRow)) return { file, line };
    places ??= cellPlaces(bytes, line);
    return { file, line, ...places[position] };
  };
}

/**
 * Checks the cells that git changed, and all those of rows that base lacks: against the schema, for
 * references to nowhere, and for what spreadsheets do to cells.
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
      const placeOf = placesIn(headRow);
      for (const [i, column] of columns.entries()) {
        const text = cells[i] ?? '';
        const old = base?.[i];
        const { field, position } = checks[i] ?? {};
        if (text === old || isPlainlyFine(text, old, field)) continue;
        const cell = { column, old, text, place: () => placeOf(position) };
        if (field !== undefined) {
          found.push(...fieldFindings(cell, field), ...danglingReference(cell, field, holds));
        }
        found.push(...damage(cell));
      }
      return found;
    },
  };
}

/** Most cells of a file hold texts in which nothing can be wrong. */
function isPlainlyFine(text: string, old: string | undefined, field: FieldSchema | undefined) {
  if (old !== undefined || mayBeDamaged(text)) return false;
  if (field === undefined) return true;
  if (text === '') return !field.required;
  return (
    field.type !== 'REFERENCE' && !field.bounds && valueProblem(field.type, text) === undefined
  );
}

function* fieldFindings({ text, place }: EditedCell, field: FieldSchema): Generator<Finding> {
  const { key, type, required, bounds } = field;
  if (text === '') {
    if (required && key !== '_id') {
      yield finding('required', place(), `${key} is empty, but the field is required. Fill it in.`);
    }
    return;
  }
  const problem = valueProblem(type, text);
  if (problem !== undefined) {
    yield finding(typeRule(type), place(), `${key} is ${quoted(text)}, but ${problem}`);
  } else if (bounds !== undefined) {
    yield* boundFindings(text, place(), field, bounds);
  }
}

const typeRules: ReadonlyMap<string, Rule> = new Map([
  ['NUMBER', 'type-number'],
  ['BOOLEAN', 'type-boolean'],
  ['DATE', 'type-date'],
  ['DATETIME', 'type-datetime'],
  ['TIME', 'type-time'],
  ['URL', 'type-url'],
  ['EMAIL', 'type-email'],
]);

function typeRule(type: string): Rule {
  return typeRules.get(type) ?? 'type-json';
}

function* boundFindings(
  text: string,
  place: Place,
  { key, type }: FieldSchema,
  { min, max }: NonNullable<FieldSchema['bounds']>,
): Generator<Finding> {
  const { least, most, unit } = sizeOf(type, text);
  const rule = type === 'NUMBER' ? 'range' : 'length';
  if (max !== undefined && least > max) {
    const words = `${key} ${unit.has} ${least}, but the field takes at most ${max}. ${unit.less}`;
    yield finding(rule, place, words);
  }
  if (min !== undefined && most < min) {
    const words = `${key} ${unit.has} ${most}, but the field takes at least ${min}. ${unit.more}`;
    yield finding(rule, place, words);
  }
}

/**
 * What a field's bounds speak of: a number's value, a list's entries, a text's characters. Whether
 * the vendor counts an emoji as one character or two is not known, so both are tried and only what
 * fails either way is reported.
 */
function sizeOf(type: string, text: string) {
  if (type === 'NUMBER') {
    const unit = { has: 'is', less: 'Write a smaller number.', more: 'Write a larger number.' };
    return { least: Number(text), most: Number(text), unit };
  }
  if (isJsonType(type)) {
    const list: unknown = JSON.parse(text);
    const size = Array.isArray(list) ? list.length : 0;
    const unit = { has: 'has a length of', less: 'Remove some entries.', more: 'Add entries.' };
    return { least: size, most: size, unit };
  }
  const unit = { has: 'has a length of', less: 'Shorten it.', more: 'Write more.' };
  return { least: [...text].length, most: text.length, unit };
}
