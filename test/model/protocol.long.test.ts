import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { played } from './playing.ts';
import { bugs } from './protocol/planted.ts';

/** The model of `protocol.test.ts` at length: a million histories. */
const seed = Number(process.env.PROTOCOL_SEED ?? 1);
const half = 500_000;

const program = (name: string) => join(import.meta.dirname, 'protocol', name);

test(`no edit is lost in a million histories of runs and people (PROTOCOL_SEED=${seed})`, async () => {
  const halves = [seed, seed + half].map((first) => played(program('play.ts'), [first, half]));
  expect(await Promise.all(halves)).toEqual(['', '']);
}, 600_000);

/** What it would be worth nothing without: it finds what is wrong. */
test.each(Object.keys(bugs))(
  'the model finds it where %s',
  async (bug) => {
    expect(await played(program('planted.ts'), [bug, 500_000])).toMatch(/^\d+ histories$/);
  },
  300_000,
);
