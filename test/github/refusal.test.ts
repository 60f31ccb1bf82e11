import { describe, expect, test } from '@jest/globals';
import { refusalOf } from '../../src/github/refusal.ts';

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
      response: { status: 422, data, headers: { 'retry-after': 5 } },
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
