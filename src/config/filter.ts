/** The operators of the API query language, without their `$` (wix-api.md 1.7). */
const operators: ReadonlySet<string> = new Set([
  ...['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'hasSome', 'hasAll', 'startsWith', 'contains'],
  ...['exists', 'and', 'or', 'not'],
]);

/** The fields that a filter asks for; of `address.city`, the address. */
export function filteredFields(filter: unknown): readonly string[] {
  return membersOf(filter).flatMap(([key, value]) =>
    key.startsWith('$') ? filteredFields(value) : [key.split('.')[0] ?? key],
  );
}

/** An operator without its `$`: `{ price: { lt: 9 } }` compares prices with an object. */
export function bareOperator(filter: unknown): string | undefined {
  for (const [key, value] of membersOf(filter)) {
    const bare = key.startsWith('$')
      ? bareOperator(value)
      : membersOf(value).find(([name]) => operators.has(name))?.[0];
    if (bare !== undefined) return bare;
  }
  return undefined;
}

function membersOf(filter: unknown): readonly (readonly [string, unknown])[] {
  if (Array.isArray(filter)) return filter.flatMap(membersOf);
  return typeof filter === 'object' && filter !== null ? Object.entries(filter) : [];
}
