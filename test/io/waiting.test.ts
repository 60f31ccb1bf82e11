import { expect, test } from '@jest/globals';
import { waitLogger } from '../../src/io/waiting.ts';

/** Waits of so many seconds after another, of work that began with the first; what the log says. */
function told(waits: readonly number[]): readonly string[] {
  const lines: string[] = [];
  let now = 0;
  const log = {
    info: (line: string) => void lines.push(`${now / 1_000}: ${line}`),
    debug: () => {},
    warning: () => {},
  };
  const waiting = waitLogger({ now: () => now, sleep: async () => {} }, log);
  for (const seconds of waits) {
    waiting({ line: `for ${seconds} s`, since: 0, milliseconds: seconds * 1_000 });
    now += seconds * 1_000;
  }
  return lines;
}

test('a short wait is not worth a line', () => {
  expect(told([1, 2, 4])).toEqual([]);
});

test('a long wait is said as it begins', () => {
  expect(told([120])).toEqual(['0: for 120 s']);
});

test('short waits that add up to a long one are said', () => {
  expect(told([1, 2, 4, 8])).toEqual(['7: for 8 s']);
});

test('many waits are said once a minute', () => {
  const lines = told(Array.from({ length: 100 }, () => 12));
  expect(lines).toHaveLength(20);
  expect(lines.slice(0, 3)).toEqual(['0: for 12 s', '60: for 12 s', '120: for 12 s']);
});
