import * as v from 'valibot';
import { Failure } from '../errors.ts';

/** Who was asked for what, for messages: `{ of: 'Wix', to: 'list the collections' }`. */
interface Question {
  readonly of: 'Wix' | 'GitHub';
  readonly to: string;
}

/**
 * Reads an answer as far as this action relies on it. Members that the shape does not name are left out.
 *
 * @throws Failure `api` that names the first member that is not what it should be.
 */
export function readAnswer<const Shape extends v.GenericSchema>(
  shape: Shape,
  answer: unknown,
  { of, to }: Question,
): v.InferOutput<Shape> {
  const result = v.safeParse(shape, answer, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  const member = path === null ? 'it' : path.slice(0, 100);
  const expected = kinds.get(issue.expected ?? '') ?? issue.expected;
  const trouble = issue.received === 'undefined' ? 'is missing' : `should be ${expected}`;
  throw new Failure(
    'api',
    `${of} answered a request to ${to} with something unexpected: ${member} ${trouble}. Run again; if it happens again, report it.`,
  );
}

/** What valibot calls the kinds of JSON, in plain words. */
const kinds: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
  ['Object', 'an object'],
  ['Array', 'a list'],
  ['!0', 'a text that is not empty'],
]);
