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

const kinds: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
  ['Object', 'an object'],
  ['Array', 'a list'],
  ['!0', 'a text that is not empty'],
]);
