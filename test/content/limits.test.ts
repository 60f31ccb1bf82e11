import { describe, expect, test } from '@jest/globals';
import { excesses, type Limits } from '../../src/content/limits.ts';

describe('limits', () => {
  const limits: Limits = {
    maxDeletes: { kind: 'percent', percent: 10 },
    maxChanges: { kind: 'percent', percent: 50 },
    allowEmpty: false,
  };

  const rowsThatAre = (kind: 'removed' | 'changed', count: number) =>
    Array.from({ length: count }, (_, i) => {
      return { kind, key: `r${i + 1}`, cells: [], place: undefined } as const;
    });
  const removed = (count: number) => rowsThatAre('removed', count);

  test.each([
    ['three deletes of a small file are fine', { rows: 10, deleted: 3, changed: 0 }, []],
    ['four are not', { rows: 10, deleted: 4, changed: 0 }, ['max-deletes']],
    ['a tenth of a large file is fine', { rows: 1_000, deleted: 100, changed: 0 }, []],
    ['but never more than 500', { rows: 10_000, deleted: 501, changed: 0 }, ['max-deletes']],
    ['all rows are never fine', { rows: 2, deleted: 2, changed: 0 }, ['allow-empty']],
    ['twenty changes are fine', { rows: 20, deleted: 0, changed: 20 }, []],
    ['more than half a file is not', { rows: 100, deleted: 0, changed: 51 }, ['max-changes']],
    ['an empty file has nothing to lose', { rows: 0, deleted: 0, changed: 0 }, []],
  ])('%s', (_name, { rows, deleted, changed }, expected) => {
    const changes = [...removed(deleted), ...rowsThatAre('changed', changed)];
    const found = excesses({ rows, changes, deletes: 'apply' }, limits);
    expect(found.map(({ limit }) => limit)).toEqual(expected);
  });

  test('a file that loses all its rows is not fine, though all the items stay', () => {
    const keptItems = { changes: removed(2), deletes: 'keep' } as const;
    const found = excesses({ rows: 2, ...keptItems }, limits);
    expect(found.map(({ limit }) => limit)).toEqual(['allow-empty']);
    expect(excesses({ rows: 2, ...keptItems }, { ...limits, allowEmpty: true })).toEqual([]);
    expect(excesses({ rows: 9, ...keptItems }, limits)).toEqual([]);
  });

  test('say how they were reckoned', () => {
    const [excess] = excesses({ rows: 10, changes: removed(7), deletes: 'apply' }, limits);
    expect(excess?.message).toBe(
      '7 of 10 rows would be gone (r1, r2, r3, r4, r5 and 2 more); max-deletes allows 3 (10% of 10 is 1, but at least 3)',
    );
  });

  test('that are numbers are taken as they are', () => {
    const strict: Limits = { ...limits, maxDeletes: { kind: 'count', count: 0 } };
    expect(excesses({ rows: 10, changes: removed(1), deletes: 'apply' }, strict)).toHaveLength(1);
  });
});
