import { expect } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '../../src/errors.ts';

/** Bytes that mean something to some reader, and some that mean nothing to any. */
const spice = fc
  .oneof(
    fc.constantFrom(
      ...[
        '"',
        '""',
        ',',
        '\n',
        '\r',
        '\r\n',
        '\u0000',
        '\uFEFF',
        ';',
        '\t',
        '=',
        '{',
        '}',
        '[',
        ']',
      ],
      ...[':', '- ', '  ', '&a', '*a', '!!js/function', '<<: ', '%', '__proto__', 'null', '1e999'],
      ...['\u2028', '\u202E', '../', '-rf', '.git/config', '💥', '\x1b[2J', '::error::', '%0A'],
    ),
    fc.string({ unit: 'binary', maxLength: 5 }),
  )
  .map((text) => Buffer.from(text));
const rawBytes = fc.uint8Array({ minLength: 1, maxLength: 4 }).map((bytes) => Buffer.from(bytes));

/** A real file, damaged in a few places. */
export function damaged(text: string): fc.Arbitrary<Buffer> {
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  const cut = fc.record({ at: place, remove: fc.nat(12), insert: fc.oneof(spice, rawBytes) });
  return fc.array(cut, { maxLength: 6 }).map((cuts) =>
    cuts.reduce((bytes, { at, remove, insert }) => {
      const from = Math.floor(at * bytes.length);
      return Buffer.concat([bytes.subarray(0, from), insert, bytes.subarray(from + remove)]);
    }, Buffer.from(text)),
  );
}

/** A value of JSON, with some members replaced by anything at all. */
export function distorted(value: unknown): fc.Arbitrary<unknown> {
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom({}, [], [null], null, 'x', -1),
  );
  const kept = () => {
    if (Array.isArray(value)) {
      const list: fc.Arbitrary<unknown> = fc.tuple(...value.map((entry) => distorted(entry)));
      return list;
    }
    if (typeof value !== 'object' || value === null) return fc.constant(value);
    const members = Object.entries(value).map(([name, member]) => [name, distorted(member)]);
    const object: fc.Arbitrary<unknown> = fc.record(Object.fromEntries(members), {
      requiredKeys: [],
    });
    return object;
  };
  return fc.oneof({ weight: 6, arbitrary: kept() }, { weight: 1, arbitrary: odd });
}

/** What a person is told is on one line. */
export const oneLine = /^[^\n\r\u2028\u2029]+$/;

/** Whatever an action throws has to be a failure of this kind, told on one line. */
export function expectFailure(reason: string, action: () => unknown): Failure | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.reason).toBe(reason);
    expect(error.message).toMatch(oneLine);
    return error;
  }
}
