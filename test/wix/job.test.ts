import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { type EndedJob, endOf, explainEnd, jobAnswer } from '../../src/wix/jobs.ts';
import type { Job } from '../../src/wix/wire.ts';

describe('a job is read from an answer', () => {
  test('that wraps it', () => {
    expect(v.parse(jobAnswer, { job: { id: 'j', status: 'COMPLETED' } }).id).toBe('j');
  });

  test('that is the job itself', () => {
    expect(v.parse(jobAnswer, { id: 'j', status: 'COMPLETED' }).id).toBe('j');
  });

  test('whose counters are texts', () => {
    const progress = { current: '5', total: '7', itemsRejected: '1', itemsSuccessful: '4' };
    expect(v.parse(jobAnswer, { id: 'j', status: 'IN_PROGRESS', progress })).toMatchObject({
      rejected: 1,
      successful: 4,
    });
  });

  test('that says nothing but an id and a status', () => {
    expect(v.parse(jobAnswer, { id: 'j', status: 'INITIALIZING' })).toEqual({
      id: 'j',
      name: '',
      status: 'INITIALIZING',
      rejected: 0,
      successful: 0,
      startedAt: undefined,
      logged: undefined,
      cause: undefined,
      error: undefined,
      fileUrl: undefined,
    });
  });

  test('without a status, as one that has not begun', () => {
    expect(v.parse(jobAnswer, { job: { id: 'j' } }).status).toBe('UNINITIALIZED');
  });

  test('with a status of the future, as one that runs', () => {
    expect(v.parse(jobAnswer, { job: { id: 'j', status: 'QUEUED' } }).status).toBe('IN_PROGRESS');
  });

  test('whose error stays on one line', () => {
    const error = { code: 'WDH0003\n::error::', description: 'bad\r\nfile' };
    expect(v.parse(jobAnswer, { id: 'j', status: 'FAILED', error }).error).toEqual({
      code: 'WDH0003 ::error::',
      description: 'bad file',
    });
  });

  test.each([
    [{}],
    [{ job: null }],
    [{ job: {} }],
    [{ status: 'COMPLETED' }],
    [{ id: '' }],
    [{ id: 7 }],
  ])('but not from %j', (answer) => {
    expect(v.is(jobAnswer, answer)).toBe(false);
  });
});

test.each([
  ['UNINITIALIZED', undefined],
  ['INITIALIZING', undefined],
  ['IN_PROGRESS', undefined],
  ['COMPLETED', 'completed'],
  ['PARTIALLY_SUCCESSFUL', 'partially-successful'],
  ['FAILED', 'failed'],
] as const)('the end of a job that is %s is %s', (status, kind) => {
  expect(endOf(aJob({ status }))?.kind).toBe(kind);
});

test.each<[string, EndedJob, string]>([
  [
    'a completed job',
    { kind: 'completed', job: aJob({ rejected: 3 }) },
    'the job j ended with 3 items rejected.',
  ],
  [
    'a partial one',
    { kind: 'partially-successful', job: aJob({ cause: 'too\nmany' }) },
    'the job j was only partially successful: too many.',
  ],
  [
    'a partial one without a cause',
    { kind: 'partially-successful', job: aJob({}) },
    'the job j was only partially successful: Wix gave no cause.',
  ],
  [
    'one that is gone',
    { kind: 'vanished', job: aJob({}) },
    'the job j is gone: somebody terminated it. Run again.',
  ],
  [
    'one that failed',
    { kind: 'failed', job: aJob({ error: { code: 'WDH0001', description: 'no such field' } }) },
    'the job j failed: WDH0001 no such field. Check the ids, fields and languages in the configuration.',
  ],
  [
    'one that failed without a reason',
    { kind: 'failed', job: aJob({}) },
    'the job j failed: Wix gave no reason. Run again; if it happens again, report the job id to Wix.',
  ],
])('%s is explained in one line', (_name, end, line) => {
  expect(explainEnd(end)).toBe(line);
});

function aJob(changes: Partial<Job>): Job {
  return {
    id: 'j',
    name: 'a job',
    status: 'COMPLETED',
    rejected: 0,
    successful: 0,
    startedAt: undefined,
    logged: undefined,
    cause: undefined,
    error: undefined,
    fileUrl: undefined,
    ...changes,
  };
}
