import { expect, test } from '@jest/globals';
import { refusalFailure } from '../../src/wix/failures.ts';

const application = (code: string, description: string) =>
  JSON.stringify({ message: description, details: { applicationError: { code, description } } });

test.each([
  ['a key that is not let in', 401, '', 'auth', /HTTP 401, request r-1\).*valid API key/],
  [
    'a missing permission, with an empty envelope',
    403,
    '{"message":"","details":{}}',
    'auth',
    /Data Mover Manage Jobs and Wix Data/,
  ],
  [
    'a wrong site',
    400,
    application('WDE0117', 'MetaSite not found'),
    'api',
    /WDE0117, MetaSite not found.*site-id/,
  ],
  ['a missing CMS', 428, application('WDE0110', 'Not installed'), 'api', /Add the CMS/],
  [
    'missing translations',
    428,
    application('MULTILINGUAL_NOT_INSTALLED', 'x'),
    'api',
    /Wix Multilingual/,
  ],
  ['a collection that is gone', 404, application('WDE0025', 'Not found'), 'api', /correct its id/],
  [
    'an invalid request',
    400,
    '{"message":"bad","details":{"validationError":{"fieldViolations":[{"field":"source","description":"must not be empty"}]}}}',
    'api',
    /bad; source must not be empty/,
  ],
  [
    'a gateway',
    502,
    '<html><body>Bad Gateway</body></html>',
    'api',
    /HTTP 502, request r-1\).*run again later/,
  ],
  ['a quota', 429, application('WDE0014', 'Quota'), 'api', /requests-per-minute/],
])('%s is named with its remedy', (_name, status, body, reason, message) => {
  const failure = refusalFailure('list the collections', { status, body, requestId: 'r-1' });
  expect(failure.reason).toBe(reason);
  expect(failure.message).toMatch(message);
  expect(failure.message).toMatch(/^Wix refused to list the collections \(/);
});

test("the vendor's words stay on one line, and are not endless", () => {
  const body = application('X', `one\n::error::two\u001b[31m ${'x'.repeat(2_000)}`);
  const { message } = refusalFailure('ask', { status: 400, body, requestId: undefined });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: there must be none
  expect(message).not.toMatch(/[\x00-\x1f]/);
  expect(message.length).toBeLessThan(600);
});
