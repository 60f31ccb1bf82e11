import { isDateTime, isObject, type Json } from '../json.ts';
import { type Random, shuffled } from '../random.ts';

/**
 * A CSV cell on its way out: a text is written in quotes, a number, a boolean, a `Bare` and
 * nothing at all are written bare, as vendor files have it (wix-api.md 3.2).
 */
export type Cell = string | number | boolean | Bare | null;

/** A text, such as a date, that is written without quotes. */
interface Bare {
  readonly bare: string;
}

const jsonTypes: ReadonlySet<string> = new Set([
  'ADDRESS',
  'ARRAY',
  'ARRAY_DOCUMENT',
  'ARRAY_STRING',
  'MEDIA_GALLERY',
  'MEDIA_IMAGE',
  'MEDIA_VECTOR_ART',
  'MULTI_REFERENCE',
  'OBJECT',
  'RICH_CONTENT',
]);

/** The cell of a stored value (wix-api.md 3.6). A value of the wrong type leaves as what it is. */
export function cellOf(
  value: Json | undefined,
  type: string,
  random: Random | undefined,
  milliseconds: boolean,
): Cell {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    return type === 'DATE' || type === 'TIME' ? { bare: value } : value;
  }
  if (isDateTime(value)) {
    return { bare: milliseconds ? value.$date : withoutMilliseconds(value.$date) };
  }
  return JSON.stringify(withKeysMoved(value, random));
}

/** What a cell is read as: a value, or the reason why it cannot be. */
export type ReadCell = { readonly value: Json } | { readonly reason: string };

/** What a cell becomes when the importer knows the field's type (wix-api.md 3.6). */
export function readCell(text: string, type: string): ReadCell {
  if (jsonTypes.has(type)) return readJson(text);
  switch (type) {
    case 'NUMBER':
      return readNumber(text);
    case 'BOOLEAN':
      return { value: booleanOf(text) };
    case 'DATE':
      return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))
        ? { value: text }
        : readDateTime(text, 'a date');
    case 'DATETIME':
      return readDateTime(text, 'a date and time');
    case 'ANY':
      return { value: parsed(text) ?? text };
    default:
      return { value: text };
  }
}

/** The same value with the keys of its objects in another order; lists keep theirs. */
export function withKeysMoved(value: Json, random: Random | undefined): Json {
  if (random === undefined) return value;
  if (Array.isArray(value)) return value.map((one: Json) => withKeysMoved(one, random));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    shuffled(Object.entries(value), random).map(([key, one]) => [key, withKeysMoved(one, random)]),
  );
}

function readNumber(text: string): ReadCell {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? { value } : { reason: `"${text}" is not a number` };
}

function readDateTime(text: string, expected: string): ReadCell {
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) return { reason: `"${text}" is not ${expected}` };
  const isInstant = /T.*(Z|[+-]\d\d:\d\d)$/.test(text);
  return { value: { $date: isInstant ? text : new Date(time).toISOString() } };
}

function readJson(text: string): ReadCell {
  const value = parsed(text);
  return value === undefined ? { reason: `"${text.slice(0, 40)}" is not JSON` } : { value };
}

function withoutMilliseconds(date: string): string {
  return date.replace(/\.\d+(?=Z|$)/, '');
}

/** Best effort; anything else is kept as it is (wix-api.md 3.6). */
function booleanOf(text: string): Json {
  const lower = text.trim().toLowerCase();
  if (lower === 'true') return true;
  return lower === 'false' ? false : text;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
