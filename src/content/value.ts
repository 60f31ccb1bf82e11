/**
 * When two cell texts of a field say the same thing.
 *
 * The vendor writes some values in more than one way: JSON with its keys in any order, date-times
 * with and without milliseconds, numbers with and without trailing zeros (wix-api.md 3.6). Such
 * texts are one value; every other difference, down to a blank, is a change that somebody made.
 */

const jsonTypes: ReadonlySet<string> = new Set([
  'ADDRESS',
  'ANY',
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

/** The field type of a localization's ID cell, which is JSON too (wix-api.md 2.2). */
export const idCellType = 'OBJECT';

/** Whether a field of this type holds JSON in its CSV cell. */
export function isJsonType(type: string): boolean {
  return jsonTypes.has(type);
}

/** Whether two texts are the same value of a field of this type. */
export function sameValue(type: string, left: string, right: string): boolean {
  return left === right || meaning(type, left) === meaning(type, right);
}

/** The one text that stands for all the texts of the same value; the text itself for most types. */
export function meaning(type: string, text: string): string {
  if (text === '') return text;
  if (type === 'NUMBER') return plainNumber(text);
  if (type === 'DATETIME') return instant(text);
  if (jsonTypes.has(type)) return canonicalJson(text);
  return text;
}

const decimal = /^-?\d+(?:\.\d*)?$/;

/**
 * Decimal digits, compared as digits: through a double, 9007199254740993 would equal its neighbour
 * and an edit could be lost.
 */
function plainNumber(text: string): string {
  if (!decimal.test(text)) return text;
  const sign = text.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = text.slice(sign.length).split('.');
  const [left, right] = [whole.replace(/^0+(?=\d)/, ''), withoutLastZeros(fraction)];
  const digits = right === '' ? left : `${left}.${right}`;
  return digits === '0' ? '0' : sign + digits;
}

/** By hand: an expression that looks for zeros at the end begins at each zero anew. */
function withoutLastZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}

function instant(text: string): string {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}?)0*)?(?:Z|\+00:00)$/.exec(text);
  if (match === null) return text;
  const [, seconds = '', fraction = ''] = match;
  return /[1-9]/.test(fraction) ? `${seconds}.${fraction}Z` : `${seconds}Z`;
}

/** Digits beyond a double's precision would be rounded by JSON.parse: such a text stands for itself. */
const beyondDouble = /\d{16}/;

/** JSON with sorted keys and no blanks, or the text itself where it is not JSON. */
export function canonicalJson(text: string): string {
  const first = text.trimStart()[0];
  if ((first !== '{' && first !== '[') || beyondDouble.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text, sortKeys));
  } catch {
    return text;
  }
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries);
}
