import { expect, test } from '@jest/globals';
import { refusalFailure } from '../../src/wix/failures.ts';

const application = (code: string, description: string) =>
  JSON.stringify({ message: description, details: { applicationError: { code, description } } });

const asked = { requestId: 'r-1' };
const silent = { requestId: undefined };

test.each([
  ['a key that is not let in', 401, '', 'auth', /HTTP 401, request r-1\).*valid API key/],
  [
    'a missing permission, with an empty envelope',
    403,
    '{"message":"","details":{}}',
    'auth',
    /all permissions under "Wix Data"/,
  ],
  [
    'a wrong site',
    400,
    application('WDE0117', 'MetaSite not found'),
    'config',
    /WDE0117, MetaSite not found.*site-id/,
  ],
  [
    'a site without the CMS, however the status is',
    400,
    application('WDE0110', 'Velo not installed'),
    'config',
    /WDE0110, Velo not installed.*Add the CMS/,
  ],
  ['a missing CMS', 428, application('WDE0110', 'Not installed'), 'config', /Add the CMS/],
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
  const failure = refusalFailure('list the collections', { ...asked, status, body });
  expect(failure.reason).toBe(reason);
  expect(failure.message).toMatch(message);
  expect(failure.message).toMatch(/^Wix refused to list the collections \(/);
});

test('a 403 names all the permissions to tick', () => {
  const failure = refusalFailure('ask', { ...silent, status: 403, body: '' });
  expect(failure.message).toContain('Tick all permissions under "Wix Data" for the API key');
  expect(failure).toMatchObject({ reason: 'auth', status: 403, code: undefined });
});

test.each([
  ['in the words of an old error', { message: 'WDE0025: no such collection' }],
  ['as a system error', { details: { systemError: { errorCode: 'WDE0025' } } }],
  ['at the top', { code: 'WDE0025' }],
])('the code is found %s', (_name, answer) => {
  const body = JSON.stringify(answer);
  expect(refusalFailure('ask', { ...silent, status: 404, body }).code).toBe('WDE0025');
});

test('a violation without a field, or without words, is told as far as it goes', () => {
  const fieldViolations = [{ description: 'must not be empty' }, { field: 'destination' }, 7];
  const body = JSON.stringify({ details: { validationError: { fieldViolations } } });
  const { message } = refusalFailure('ask', { ...silent, status: 400, body });
  expect(message).toContain('(HTTP 400, must not be empty; destination)');
});

test.each([
  ['no body', ''],
  ['null', 'null'],
  ['a list', '[1]'],
  ['a text', '"no"'],
  ['members of other types', '{"message":7,"code":[],"details":{"applicationError":"x"}}'],
])('a refusal with %s is told by its status alone', (_name, body) => {
  const { message } = refusalFailure('ask', { ...silent, status: 400, body });
  expect(message).toMatch(/^Wix refused to ask \(HTTP 400\)\. /);
});

// The C0 and C1 controls, and the line ends of Unicode.
// biome-ignore lint/suspicious/noControlCharactersInRegex: there must be none
const controls = /[\x00-\x1f\x7f-\x9f\u2028\u2029]/;

test.each([
  ['words', application('X', `one\n::error::two\u001b[31m\u2028 ${'x'.repeat(2_000)}`)],
  ['code', application(`X\r\n::error::\u001b[31m${'x'.repeat(2_000)}`, 'words')],
])("the vendor's %s stays on one line, and is not endless", (_name, body) => {
  const { message } = refusalFailure('ask', { ...silent, status: 400, body });
  expect(message).not.toMatch(controls);
  expect(message.length).toBeLessThan(600);
});
