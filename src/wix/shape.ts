/**
 * What an answer may hold: a text, a number that may come as a text, a flag, an object of whatever
 * members, a list, an object of these members. Every member may be missing.
 */
export type Shape =
  | 'text'
  | 'number'
  | 'flag'
  | 'object'
  | readonly [Shape]
  | { readonly [name: string]: Shape };

/**
 * An answer as far as it has its shape. A member of another type counts as missing, as does an entry
 * of a list, so that whatever the vendor sends, what is read of it is what its type says.
 */
export function conform(value: unknown, shape: Shape): unknown {
  if (isList(shape)) {
    if (!Array.isArray(value)) return undefined;
    return value.map((entry) => conform(entry, shape[0])).filter((entry) => entry !== undefined);
  }
  if (typeof shape === 'object') {
    if (!isObject(value)) return undefined;
    const members = Object.entries(shape).map(([name, member]) => [
      name,
      conform(Object.getOwnPropertyDescriptor(value, name)?.value, member),
    ]);
    return Object.fromEntries(members.filter(([, member]) => member !== undefined));
  }
  return isPlain(value, shape) ? value : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function isPlain(value: unknown, shape: 'text' | 'number' | 'flag' | 'object'): boolean {
  switch (shape) {
    case 'text':
      return typeof value === 'string';
    case 'flag':
      return typeof value === 'boolean';
    case 'object':
      return isObject(value);
    case 'number':
      return Number.isFinite(typeof value === 'string' && value !== '' ? Number(value) : value);
  }
}
