import * as v from 'valibot';
import { Failure } from '../errors.ts';

interface Question {
  readonly of: 'Wix' | 'GitHub';
  readonly to: string;
}

/** Reads the members of an answer that a shape names. Throws a Failure `api` that names the first wrong one. */
export function readAnswer<const Shape extends v.GenericSchema>(
  shape: Shape,
  answer: unknown,
  { of, to }: Question,
): v.InferOutput<Shape> {
  const result = v.safeParse(shape, answer, { abortEarly: true });
  if (result.success) return result.output;
  const message = `${of} answered a request to ${to} with something unexpected: ${troubleIn(result.issues[0])}. Run again; if it happens again, report it.`;
  throw new Failure('api', message);
}

/** What is wrong with a value, in words: `fields should be a list`. */
export function troubleIn(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  const member = path === null ? 'it' : path.slice(0, 100);
  const expected = kinds.get(issue.expected ?? '') ?? issue.expected;
  return `${member} ${issue.received === 'undefined' ? 'is missing' : `should be ${expected}`}`;
}

const kinds: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
  ['Object', 'an object'],
  ['Array', 'a list'],
  ['!0', 'a text that is not empty'],
]);

/** A member that is read as `undefined` if it is not as expected. */
export function lenient<const Schema extends v.GenericSchema>(schema: Schema) {
  return v.fallback(v.optional(schema), undefined);
}
