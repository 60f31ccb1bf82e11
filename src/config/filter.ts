import { nearest } from '../io/did-you-mean.ts';

type Operand = readonly [what: string, isIt: (value: unknown) => boolean];

const anything: Operand = ['anything', () => true];
const list: Operand = ['a list', Array.isArray];
const text: Operand = ['a text', (value) => typeof value === 'string'];
const yesOrNo: Operand = ['true or false', (value) => typeof value === 'boolean'];
const size: Operand = [
  'a number, a text or { $date: … }',
  (value) =>
    ['number', 'string'].includes(typeof value) ||
    membersOf(value).some(([name]) => name === '$date'),
];

/** The operators of the API query language, without their `$`, and what they take (wix-api.md 1.7). */
const operators: ReadonlyMap<string, Operand> = new Map(
  Object.entries({
    ...{ eq: anything, ne: anything, not: anything, isEmpty: anything, exists: yesOrNo },
    ...{ gt: size, gte: size, lt: size, lte: size },
    ...{ in: list, nin: list, hasSome: list, hasAll: list, and: list, or: list },
    ...{ startsWith: text, endsWith: text, contains: text, date: text },
  }),
);

/** The fields that a filter asks for; of `address.city`, the address. */
export function filteredFields(filter: unknown): readonly string[] {
  return membersOf(filter).flatMap(([key, value]) =>
    key.startsWith('$') ? filteredFields(value) : [key.split('.')[0] ?? key],
  );
}

/** What is wrong with an operator: `{ price: { lt: 9 } }` compares with an object, and no `$lessThan` exists. */
export function wrongOperator(filter: unknown): string | undefined {
  for (const [key, value] of membersOf(filter)) {
    const words = key.startsWith('$') ? wrongUse(key.slice(1), value) : bareOperator(value);
    const found = words ?? wrongOperator(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function wrongUse(operator: string, value: unknown): string | undefined {
  const [what, isIt] = operators.get(operator) ?? [];
  if (isIt === undefined) {
    const near = nearest(operator, operators.keys());
    const hint = near === undefined ? '' : ` Did you mean $${near}?`;
    return `the filter has $${operator}, which is not an operator of Wix.${hint} Correct it.`;
  }
  if (isIt(value)) return undefined;
  return `the filter has $${operator} with ${JSON.stringify(value)}, but it takes ${what}. Correct it.`;
}

function bareOperator(value: unknown): string | undefined {
  const [bare] = membersOf(value).find(([name]) => operators.has(name)) ?? [];
  return bare && `"${bare}" in the filter lacks its $. Write $${bare}.`;
}

function membersOf(filter: unknown): readonly (readonly [string, unknown])[] {
  if (Array.isArray(filter)) return filter.flatMap(membersOf);
  return typeof filter === 'object' && filter !== null ? Object.entries(filter) : [];
}
