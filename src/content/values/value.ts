/**
 * When two texts are the same value of a field. Wix and people write a value in several ways: `1e3` and
 * `1000`, JSON with its keys in any order, `16:04+02:00` and `14:04Z` (wix-api.md 3.6), `\r\n` for `\n`
 * after an edit on Windows. Every other difference, even a blank, is somebody's edit.
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

/** One text for all texts of the same value; for most types, only line ends differ. */
export function meaning(type: string, cell: string): string {
  const text = cell.replaceAll('\r\n', '\n');
  switch (type) {
    case 'NUMBER':
      return exactNumber(text);
    case 'BOOLEAN':
      return /^(true|false)$/i.test(text) ? text.toLowerCase() : text;
    case 'DATETIME':
      return instant(text);
    case 'TIME':
      return timeOfDay(text);
    case 'MULTI_REFERENCE':
      return referenceSet(text);
    default:
      return jsonTypes.has(type) ? canonicalJson(text) : text;
  }
}

/** The ids in a cell of a multi-reference; none if it is empty or not a list (wix-api.md 11). */
export function referencedIds(text: string): readonly string[] {
  const ids = text === '' ? [] : parsedJson(text);
  return Array.isArray(ids) ? [...new Set(ids.map(String))] : [];
}

const decimal = /^(-?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/;

/**
 * A decimal number as digits and exponent. As a double, 9007199254740993 would equal its neighbour, and an
 * edit would be lost.
 */
function exactNumber(text: string): string {
  const match = decimal.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = withoutLastZeros(digits);
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return `${sign}${significant}${power === 0 ? '' : `e${power}`}`;
}

/** Without a regular expression, which would start again at every zero. */
function withoutLastZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}

const dateTime = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;

function instant(text: string): string {
  const [, local, fraction = '', sign, hours, minutes] = dateTime.exec(text) ?? [];
  const time = local === undefined ? Number.NaN : Date.parse(`${local}Z`);
  if (Number.isNaN(time)) return text;
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * (sign === '-' ? -1 : 1);
  const seconds = new Date(time - offset * 60_000).toISOString().replace('.000Z', '');
  return `${seconds}${pointed(fraction)}Z`;
}

function timeOfDay(text: string): string {
  const match = /^(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/.exec(text);
  if (match === null) return text;
  const [, minutes, seconds = '00', fraction = ''] = match;
  return `${minutes}:${seconds}${pointed(fraction)}`;
}

function pointed(fraction: string): string {
  const digits = withoutLastZeros(fraction);
  return digits === '' ? '' : `.${digits}`;
}

/** References have no order, and an empty list is an empty cell. */
function referenceSet(text: string): string {
  const ids = parsedJson(text);
  if (!Array.isArray(ids)) return canonicalJson(text);
  return ids.length === 0
    ? ''
    : JSON.stringify([...new Set(ids.map((id) => JSON.stringify(id)))].sort());
}

/** Twice what Wix takes in a cell; a pull request may bring a cell of a million keys. */
const longestJson = 1_000_000;

/** JSON with sorted keys and no blanks; other texts as they are. */
export function canonicalJson(text: string): string {
  const value = parsedJson(text, sortKeys);
  if (typeof value !== 'object') return text;
  if (!beyondDouble.test(text)) return JSON.stringify(value);
  return JSON.stringify(JSON.parse(withExactNumbers(text), sortKeys));
}

/** A list or an object in JSON; `undefined` if the text is neither, or far too long. */
export function parsedJson(
  text: string,
  revive?: (key: string, value: unknown) => unknown,
): unknown {
  if (text.length > longestJson) return undefined;
  const first = text.trimStart()[0];
  if (first !== '{' && first !== '[') return undefined;
  try {
    return JSON.parse(text, revive);
  } catch {
    return undefined;
  }
}

/** More digits than a double has, or an exponent that it may not have: also in a file's name. */
const beyondDouble = /\d[\d.]{15}|[eE][+-]?\d{3}/;

const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/** Replaces the numbers of a JSON that a double would round by texts. */
function withExactNumbers(json: string): string {
  return json.replace(stringOrNumber, (token) => {
    if (token.startsWith('"')) return token;
    const exact = exactNumber(token);
    const isDouble = exactNumber(String(Number(token))) === exact;
    return isDouble ? token : JSON.stringify(`\uffff${exact}`);
  });
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries);
}
