import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Change } from '../../src/content/change.ts';
import { coverOf, fingerprint } from '../../src/content/fingerprint.ts';
import { columns } from './builders.ts';

describe('a fingerprint', () => {
  const [, title, data] = columns({ _id: 'TEXT', title: 'TEXT', data: 'OBJECT' });
  if (title === undefined || data === undefined) throw new Error('unreachable');
  const change = (key: string, text: string): Change => ({
    kind: 'changed',
    key,
    cells: [{ column: title, old: 'old', new: text }],
    place: undefined,
  });
  const policy = { deletes: 'keep', writePolicy: 'overwrite' } as const;
  const of = (...changes: readonly Change[]) =>
    fingerprint([{ name: 'products', changes, policy }]);

  test('does not depend on the order of changes', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(['a', 'b', 'c', 'd'], { minLength: 4 }), (keys) => {
        expect(of(...keys.map((key) => change(key, 'new')))).toBe(
          of(...['a', 'b', 'c', 'd'].map((key) => change(key, 'new'))),
        );
      }),
    );
  });

  test('depends on every key and value', () => {
    const prints = [of(change('a', 'x')), of(change('a', 'y')), of(change('b', 'x')), of()];
    expect(new Set(prints).size).toBe(4);
  });

  test('of rows whose items stay is not that of rows whose items are deleted', () => {
    const changes = [{ ...change('a', 'x'), kind: 'removed' as const }];
    const named = (deletes: 'keep' | 'apply') => [
      { name: 'products', changes, policy: { ...policy, deletes } },
    ];
    expect(fingerprint(named('keep'))).not.toBe(fingerprint(named('apply')));
    const [applied] = named('apply');
    const [removal] = changes;
    if (applied === undefined || removal === undefined) throw new Error('unreachable');
    expect(coverOf(named('apply'))(applied, removal)).toBe(true);
    expect(coverOf(named('keep'))(applied, removal)).toBe(false);
  });

  test('of edits that overwrite is not that of a collection that is emptied first', () => {
    const named = (writePolicy: 'overwrite' | 'truncate-before') => [
      { name: 'products', changes: [change('a', 'x')], policy: { ...policy, writePolicy } },
    ];
    expect(fingerprint(named('overwrite'))).not.toBe(fingerprint(named('truncate-before')));
  });

  test('speaks of values, not of texts', () => {
    const json = (text: string): Change => ({
      kind: 'changed',
      key: 'a',
      cells: [{ column: data, old: '', new: text }],
      place: undefined,
    });
    expect(of(json('{"a":1,"b":2}'))).toBe(of(json('{ "b": 2, "a": 1 }')));
  });
});
