/** A JSON value, as it travels and as the site stores it. A date-time is `{"$date": "…Z"}` (wix-api.md 3.6). */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  [key: string]: Json;
}

/** Whether a parsed value is a JSON object (not null, not a list). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a date-time as Wix Data writes one. */
export function isDateTime(value: unknown): value is { $date: string } {
  return isObject(value) && typeof value.$date === 'string';
}

/** The value at a dotted path (`address.city`, `tags.0`), or undefined. */
export function valueAt(value: unknown, path: string): unknown {
  let found: unknown = value;
  for (const step of path.split('.')) {
    if (Array.isArray(found)) found = found[Number(step)];
    else if (isObject(found)) found = found[step];
    else return undefined;
  }
  return found;
}

/** The object at a dotted path; an empty one when there is none. */
export function objectAt(value: unknown, path: string): JsonObject {
  const found = valueAt(value, path);
  return isObject(found) ? found : {};
}

/** The text at a dotted path, or undefined when there is none. */
export function textAt(value: unknown, path: string): string | undefined {
  const found = valueAt(value, path);
  return typeof found === 'string' ? found : undefined;
}

/** The number at a dotted path; numbers in a query string arrive as text. */
export function numberAt(value: unknown, path: string): number | undefined {
  const found = valueAt(value, path);
  if (typeof found === 'number') return found;
  return typeof found === 'string' && found.trim() !== '' ? Number(found) : undefined;
}

/** The list at a dotted path; one value alone in a query string is a list of one. */
export function listAt(value: unknown, path: string): readonly Json[] | undefined {
  const found = valueAt(value, path);
  if (found === undefined || found === null) return undefined;
  // What was parsed from JSON, or from a query string, holds nothing but JSON.
  return Array.isArray(found) ? (found as Json[]) : [found as Json];
}

/** The texts in the list at a dotted path; other values are left out. */
export function textsAt(value: unknown, path: string): readonly string[] | undefined {
  return listAt(value, path)?.filter((one) => typeof one === 'string');
}

/** The members of an object whose keys are wanted. */
export function only(object: JsonObject, wanted: (key: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => wanted(key)));
}
