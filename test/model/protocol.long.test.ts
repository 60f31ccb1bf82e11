import { expect, test } from '@jest/globals';
import { firstWrong } from './protocol/play.ts';

/** The model of `protocol.test.ts` at length: other histories than there, a million of them. */
const seed = Number(process.env.PROTOCOL_SEED ?? 1_000_000);

test(`no edit is lost in a million histories of runs and people (PROTOCOL_SEED=${seed})`, () => {
  expect(firstWrong(seed, 1_000_000)).toEqual([]);
}, 600_000);
