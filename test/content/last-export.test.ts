import { expect, test } from '@jest/globals';
import { lastExportOf } from '../../src/content/last-export.ts';

const hour = 3_600_000;

/** Exports so many hours ago, newest first: scheduled ones, but for those in `byHand`. */
function ago(hours: readonly number[], byHand: readonly number[] = []) {
  const exports = hours.map((each) => ({ at: -each * hour, isScheduled: !byHand.includes(each) }));
  const { age, usual, isLate } = lastExportOf(exports, 0) ?? {};
  return {
    age: age === undefined ? undefined : age / hour,
    usual: usual === undefined ? undefined : usual / hour,
    isLate,
  };
}

test('without an export there is nothing to say', () => {
  expect(lastExportOf([], 0)).toBeUndefined();
});

test('the usual interval is the median, so that one long pause does not count', () => {
  expect(ago([6, 30, 54, 300, 324])).toEqual({ age: 6, usual: 24, isLate: false });
});

test('within three usual intervals nothing is late, after them it is', () => {
  expect(ago([72, 96, 120])).toMatchObject({ usual: 24, isLate: false });
  expect(ago([73, 97, 121])).toMatchObject({ usual: 24, isLate: true });
});

test('of two exports nobody can tell what is usual', () => {
  expect(ago([500, 524])).toEqual({ age: 500, usual: undefined, isLate: false });
});

test('exports that somebody started by hand count as exports, and have no interval', () => {
  expect(ago([1, 80, 104, 128], [1])).toEqual({ age: 1, usual: 24, isLate: false });
  expect(ago([100, 101, 102], [100, 101, 102])).toEqual({
    age: 100,
    usual: undefined,
    isLate: false,
  });
});

test('a clock that goes wrong makes no export younger than new', () => {
  expect(ago([-1])).toMatchObject({ age: 0 });
});
