/**
 * What an answer may hold: a text, a number, also one that comes as a text, a flag, an object of
 * whatever members, a list, an object of these members. Every member may be missing, or be `null`.
 */
export type Shape = 'text' | 'number' | 'flag' | 'object' | readonly [Shape] | Members;

interface Members {
  readonly [name: string]: Shape;
}

/** What has a shape. */
export type Conformed<S extends Shape> = S extends 'text'
  ? string
  : S extends 'number'
    ? number
    : S extends 'flag'
      ? boolean
      : S extends 'object'
        ? Readonly<Record<string, unknown>>
        : S extends readonly [infer Entry extends Shape]
          ? readonly Conformed<Entry>[]
          : S extends Members
            ? { readonly [Name in keyof S]?: Conformed<S[Name]> }
            : never;

/**
 * An answer as far as it has its shape. A member of another type counts as missing, as does an entry
 * of a list, so that whatever the vendor sends, what is read of it is what its type says.
 */
export function conform<const S extends Members>(answer: unknown, shape: S): Conformed<S> {
  // What has a shape is of its type.
  return (conformed(answer, shape) ?? {}) as Conformed<S>;
}

function conformed(value: unknown, shape: Shape): unknown {
  if (isList(shape)) {
    if (!Array.isArray(value)) return undefined;
    return value.map((entry) => conformed(entry, shape[0])).filter((entry) => entry !== undefined);
  }
  if (typeof shape === 'object') {
    if (!isObject(value)) return undefined;
    const members = Object.entries(shape).map(([name, member]) => [
      name,
      conformed(Object.getOwnPropertyDescriptor(value, name)?.value, member),
    ]);
    return Object.fromEntries(members.filter(([, member]) => member !== undefined));
  }
  if (!isPlain(value, shape)) return undefined;
  return shape === 'number' ? Number(value) : value;
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
