import { describe, expect, test } from '@jest/globals';
import { type Refusal, refusalOf } from '../../src/github/refusal.ts';
import { waitBeforeNext } from '../../src/github/retry.ts';

const now = 1_700_000_000_000;

function refused(changes: Partial<Refusal>): Refusal {
  return { status: 502, types: [], words: '', headers: {}, ...changes };
}

describe('the wait before the next try', () => {
  test.each([
    {
      name: 'what Retry-After says',
      refusal: refused({ headers: { 'retry-after': '7' } }),
      attempt: 1,
      wait: 7000,
    },
    {
      name: 'until a second after the limit is reset',
      refusal: refused({
        status: 403,
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1700000030' },
      }),
      attempt: 1,
      wait: 31_000,
    },
    {
      name: 'a second when the limit should be over already',
      refusal: refused({
        status: 429,
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1699999000' },
      }),
      attempt: 1,
      wait: 1000,
    },
    {
      name: 'a minute for a secondary limit that says nothing',
      refusal: refused({ status: 403, words: 'You have exceeded a secondary rate limit.' }),
      attempt: 1,
      wait: 60_000,
    },
    {
      name: 'twice as long the second time',
      refusal: refused({ status: 429 }),
      attempt: 2,
      wait: 120_000,
    },
    { name: 'a part of two seconds after a fault', refusal: refused({}), attempt: 1, wait: 1000 },
    {
      name: 'a part of eight seconds after the third',
      refusal: refused({}),
      attempt: 3,
      wait: 4000,
    },
  ])('is $name', ({ refusal, attempt, wait }) => {
    expect(waitBeforeNext(refusal, attempt, { now, random: () => 0.5 })).toBe(wait);
  });
});

describe('reading a refusal', () => {
  test('puts the reasons of a 422 on one line', () => {
    const data = {
      message: 'Validation Failed',
      errors: [
        { resource: 'PullRequest', code: 'custom', message: 'No commits\nbetween' },
        { field: 'head', code: 'invalid' },
      ],
    };
    const error = Object.assign(new Error('x'), {
      name: 'HttpError',
      response: { status: 422, data, headers: { 'Retry-After': 5 } },
    });
    expect(refusalOf(error)).toEqual({
      status: 422,
      types: [],
      words: 'Validation Failed: No commits between: head is invalid',
      headers: { 'retry-after': '5' },
    });
  });

  test('leaves alone what does not come from GitHub', () => {
    expect(refusalOf(new TypeError('a defect'))).toBeUndefined();
    expect(refusalOf('text')).toBeUndefined();
  });
});
