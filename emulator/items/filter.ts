import { invalid } from '../http/failures.ts';
import { isDateTime, isObject, type Json, valueAt } from '../json.ts';

/** One entry of a `sort` list (wix-api.md 1.4). */
export interface SortEntry {
  readonly fieldName: string;
  readonly order: 'ASC' | 'DESC';
}

/**
 * Whether a value meets a filter in API Query Language: `$and $or $not`, comparisons, and bare
 * values as equality (wix-api.md 1.4, 1.7). Throws 400 for an operator that does not exist.
 */
export function meets(value: unknown, filter: unknown): boolean {
  if (filter === undefined || filter === null) return true;
  if (!isObject(filter)) throw badFilter('must be an object');
  return Object.entries(filter).every(([key, condition]) => meetsEntry(value, key, condition));
}

/** The keys of the values that a filter looks at. */
export function filteredFields(filter: unknown): string[] {
  if (Array.isArray(filter)) return filter.flatMap(filteredFields);
  if (!isObject(filter)) return [];
  return Object.entries(filter).flatMap(([key, condition]) =>
    key.startsWith('$') ? filteredFields(condition) : [key],
  );
}

/** A comparison of two values by a sort list; values without the field come first. */
export function comparison(sort: readonly SortEntry[]): (a: unknown, b: unknown) => number {
  return (a, b) => {
    for (const { fieldName, order } of sort) {
      const compared = compare(valueAt(a, fieldName), valueAt(b, fieldName));
      if (compared !== 0) return order === 'DESC' ? -compared : compared;
    }
    return 0;
  };
}

/** The sort list of a request; throws 400 when it is none. */
export function sortOf(sort: Json | undefined, most: number): SortEntry[] {
  if (sort === undefined || sort === null) return [];
  if (!Array.isArray(sort) || sort.length > most) {
    throw invalid([
      {
        field: 'sort',
        description: `must be a list of at most ${most}`,
        violatedRule: 'MAX_LENGTH',
      },
    ]);
  }
  return sort.map((entry) => {
    const fieldName = isObject(entry) ? entry.fieldName : undefined;
    if (typeof fieldName !== 'string' || fieldName === '') {
      throw invalid([
        { field: 'sort.fieldName', description: 'must not be empty', violatedRule: 'REQUIRED' },
      ]);
    }
    return { fieldName, order: isObject(entry) && entry.order === 'DESC' ? 'DESC' : 'ASC' };
  });
}

function meetsEntry(value: unknown, key: string, condition: Json): boolean {
  switch (key) {
    case '$and':
      return listOf(condition).every((one) => meets(value, one));
    case '$or':
      return listOf(condition).some((one) => meets(value, one));
    case '$not':
      return !listOf(condition).some((one) => meets(value, one));
    default:
      if (key.startsWith('$')) throw badFilter(`has no operator ${key}`);
      return meetsCondition(valueAt(value, key), condition);
  }
}

function meetsCondition(found: unknown, condition: Json): boolean {
  if (!isObject(condition) || isDateTime(condition)) return holds('$eq', found, condition);
  const operators = Object.entries(condition);
  if (!operators.some(([operator]) => operator.startsWith('$'))) {
    return holds('$eq', found, condition);
  }
  return operators.every(([operator, operand]) => holds(operator, found, operand));
}

function holds(operator: string, found: unknown, operand: Json): boolean {
  const test = operators[operator];
  if (test === undefined) throw badFilter(`has no operator ${operator}`);
  return test(found, operand);
}

const operators: Readonly<Record<string, (found: unknown, operand: Json) => boolean>> = {
  $eq: equals,
  $ne: (found, operand) => !equals(found, operand),
  $in: (found, operand) => listOf(operand).some((one) => equals(found, one)),
  $nin: (found, operand) => !listOf(operand).some((one) => equals(found, one)),
  $lt: (found, operand) => comparable(found) && compare(found, operand) < 0,
  $lte: (found, operand) => comparable(found) && compare(found, operand) <= 0,
  $gt: (found, operand) => comparable(found) && compare(found, operand) > 0,
  $gte: (found, operand) => comparable(found) && compare(found, operand) >= 0,
  $exists: (found, operand) => comparable(found) === (operand !== false),
  $startsWith: (found, operand) =>
    typeof found === 'string' && found.toLowerCase().startsWith(String(operand).toLowerCase()),
  $endsWith: (found, operand) =>
    typeof found === 'string' && found.toLowerCase().endsWith(String(operand).toLowerCase()),
  $contains: (found, operand) =>
    typeof found === 'string' && found.toLowerCase().includes(String(operand).toLowerCase()),
  $hasSome: (found, operand) =>
    listOf(operand).some((one) => elements(found).some((element) => equals(element, one))),
  $hasAll: (found, operand) =>
    listOf(operand).every((one) => elements(found).some((element) => equals(element, one))),
};

function comparable(found: unknown): boolean {
  return found !== undefined && found !== null;
}

function equals(found: unknown, operand: Json): boolean {
  if (Array.isArray(found) && !Array.isArray(operand)) {
    return found.some((element) => equals(element, operand));
  }
  return compare(found, operand) === 0;
}

function compare(a: unknown, b: unknown): number {
  const left = ordinal(a);
  const right = ordinal(b);
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (left === undefined || right === undefined) {
    return Number(left !== undefined) - Number(right !== undefined);
  }
  const [first, second] = [String(left), String(right)];
  return first < second ? -1 : Number(first > second);
}

function ordinal(value: unknown): number | string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return value;
  if (isDateTime(value)) return Date.parse(value.$date);
  if (typeof value === 'string') {
    return /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : value;
  }
  return JSON.stringify(value);
}

function elements(found: unknown): readonly unknown[] {
  if (Array.isArray(found)) return found;
  return comparable(found) ? [found] : [];
}

function listOf(value: Json): readonly Json[] {
  // `Array.isArray` does not narrow a readonly list.
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}

function badFilter(description: string) {
  return invalid([{ field: 'filter', description, violatedRule: 'OTHER' }]);
}
