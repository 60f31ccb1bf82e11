import { nearest } from '../io/did-you-mean.ts';

/** The operators of the API query language, without their `$` (wix-api.md 1.7). */
const operators: ReadonlySet<string> = new Set([
  ...['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'nin', 'hasSome', 'hasAll', 'startsWith'],
  ...['endsWith', 'contains', 'exists', 'isEmpty', 'and', 'or', 'not', 'date'],
]);

/** The fields that a filter asks for; of `address.city`, the address. */
export function filteredFields(filter: unknown): readonly string[] {
  return membersOf(filter).flatMap(([key, value]) =>
    key.startsWith('$') ? filteredFields(value) : [key.split('.')[0] ?? key],
  );
}

/** What is wrong with an operator: `{ price: { lt: 9 } }` compares with an object, and no `$lessThan` exists. */
export function wrongOperator(filter: unknown): string | undefined {
  for (const [key, value] of membersOf(filter)) {
    const isOperator = key.startsWith('$');
    if (isOperator && !operators.has(key.slice(1))) {
      const near = nearest(key, operators);
      const hint = near === undefined ? '' : ` Did you mean $${near}?`;
      return `the filter has ${key}, which is not an operator of Wix.${hint} Correct it.`;
    }
    const [bare] =
      membersOf(isOperator ? undefined : value).find(([name]) => operators.has(name)) ?? [];
    if (bare !== undefined) return `"${bare}" in the filter lacks its $. Write $${bare}.`;
    const inner = wrongOperator(value);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function membersOf(filter: unknown): readonly (readonly [string, unknown])[] {
  if (Array.isArray(filter)) return filter.flatMap(membersOf);
  return typeof filter === 'object' && filter !== null ? Object.entries(filter) : [];
}
