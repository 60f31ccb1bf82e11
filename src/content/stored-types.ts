import { valueProblem } from './rules/value-rules.ts';
import { isJsonType } from './value.ts';

/**
 * How the site stores a value, where that is not what its field holds: a file import may leave
 * numbers as texts, and the text of an export does not tell (wix-api.md 3.6, "type-loss risk").
 *
 * @param sent the cell as it was sent.
 * @param stored the value as the API gives it.
 * @returns `text`, `number`…; `undefined` where the value has its type, or the cell had none.
 */
export function lostType(type: string, sent: string, stored: unknown): string | undefined {
  const isRight = testOf(type);
  if (isRight === undefined || sent === '' || stored === undefined || stored === null) {
    return undefined;
  }
  if (isRight(stored) || valueProblem(type, sent) !== undefined) return undefined;
  return typeof stored === 'string' ? 'text' : typeof stored;
}

/** Whether values of this type can lose it on their way through a text. */
export function canLoseType(type: string): boolean {
  return testOf(type) !== undefined;
}

function testOf(type: string): ((value: unknown) => boolean) | undefined {
  return typeTests.get(type) ?? (isJsonType(type) && type !== 'ANY' ? isObject : undefined);
}

const typeTests: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['NUMBER', (value: unknown) => typeof value === 'number'],
  ['BOOLEAN', (value: unknown) => typeof value === 'boolean'],
  ['DATETIME', isObject],
]);

function isObject(value: unknown): boolean {
  return typeof value === 'object';
}
