import { isJsonType } from '../content/value.ts';

/** HTML tags after which a browser starts a new line. */
const endOfBlock =
  /(<\/(?:p|div|li|ul|ol|h[1-6]|table|tr|blockquote|section)>|<br\s*\/?>)(?=[^\n])/gi;

/** Digits beyond a double's precision would be rounded by JSON.parse. */
const beyondDouble = /\d{16}/;

/**
 * A cell's text laid out for people: HTML with its blocks on lines of their own, a list with its
 * entries, other JSON indented. Every other text is left alone.
 *
 * @param type the field's type, as the schema calls it.
 */
export function readable(type: string, text: string): string {
  if (isJsonType(type)) return readableJson(text);
  return text.replace(endOfBlock, '$1\n');
}

/** Two texts laid out for people, or as they are where only their layout differs. */
export function readablePair(type: string, old: string, next: string): readonly [string, string] {
  const [before, after] = [readable(type, old), readable(type, next)];
  return before === after ? [old, next] : [before, after];
}

function readableJson(text: string): string {
  if (beyondDouble.test(text)) return text;
  try {
    const value: unknown = JSON.parse(text);
    if (!isList(value)) return JSON.stringify(value, null, 2);
    return value.map((entry) => `• ${entry}`).join('\n');
  } catch {
    return text;
  }
}

/** Whether all entries can stand on a line without their quotes. */
function isList(value: unknown): value is readonly (string | number)[] {
  const plain = (entry: unknown) =>
    typeof entry === 'number' || (typeof entry === 'string' && !entry.includes('\n'));
  return Array.isArray(value) && value.length > 0 && value.every(plain);
}
