import { describe, expect, test } from '@jest/globals';
import { Failure } from '../src/errors.ts';
import { type Inputs, readInputs } from '../src/inputs.ts';

const site = { 'api-key': 'IST.secret', 'site-id': '11111111-2222-3333-4444-555555555555' };

function read(inputs: Readonly<Record<string, string>>, mask = (_secret: string) => {}): Inputs {
  const entries = Object.entries({ token: 'ghs_x', ...inputs }).map(([name, value]) => [
    `INPUT_${name.toUpperCase()}`,
    value,
  ]);
  return readInputs(Object.fromEntries(entries), mask);
}

describe('inputs', () => {
  const cases: readonly [string, Record<string, string>, object][] = [
    [
      'an export with nothing more',
      { command: 'export', ...site },
      {
        command: 'export',
        apiKey: 'IST.secret',
        config: { file: '.github/wix-cms.yml', named: false },
        commit: 'pull-request',
        branch: 'wix-cms/export',
        baseBranch: undefined,
        commitMessage: 'Export Wix CMS content',
        signCommits: false,
        onConflict: 'hold',
        requestsPerMinute: 150,
        timeoutMinutes: 30,
        apiUrl: 'https://www.wixapis.com',
      },
    ],
    [
      'a branch as github.ref has it',
      { command: 'export', ...site, branch: 'refs/heads/cms', 'base-branch': 'refs/heads/main' },
      { branch: 'cms', baseBranch: 'main' },
    ],
    [
      'lists by lines and commas',
      { command: 'export', ...site, collections: ' a, b\n\nStores/Products ,' },
      { collections: ['a', 'b', 'Stores/Products'] },
    ],
    [
      'a folder with a slash at its end',
      { command: 'export', ...site, directory: 'cms/' },
      { directory: 'cms' },
    ],
    [
      'a local endpoint',
      { command: 'export', ...site, 'api-url': 'http://127.0.0.1:8080/' },
      { apiUrl: 'http://127.0.0.1:8080' },
    ],
    [
      'an import',
      { command: 'import', ...site, reconcile: 'all', verify: 'False', approve: 'AB'.repeat(32) },
      {
        command: 'import',
        reconcile: 'all',
        verify: false,
        approve: 'ab'.repeat(32),
        toleratedRejections: 0,
        deletes: undefined,
      },
    ],
    [
      'an import that only warns of rejected rows',
      { command: 'import', ...site, 'fail-on-partial-success': 'false' },
      { toleratedRejections: 1 },
    ],
    [
      'an import that bears some rejected rows',
      { command: 'import', ...site, 'fail-on-partial-success': '2.5 %' },
      { toleratedRejections: 0.025 },
    ],
    [
      'a plan without a site',
      { command: 'plan' },
      { command: 'plan', site: undefined, comment: true, failOnDrift: false },
    ],
    ['a plan with one', { command: 'plan', ...site }, { site: { apiKey: 'IST.secret' } }],
    [
      'a configuration that is named',
      { command: 'plan', config: 'sites/a.yml' },
      { config: { file: 'sites/a.yml', named: true } },
    ],
  ];
  test.each(cases)('of %s', (_name, inputs, expected) => {
    expect(read(inputs)).toMatchObject(expected);
  });

  test.each([
    [
      'no command',
      {},
      'The input command is missing. Set it to one of export, plan, import, restore.',
    ],
    [
      'another command',
      { command: 'sync' },
      'The input command is "sync", but should be one of export, plan, import, restore.',
    ],
    [
      'no key',
      { command: 'export', 'site-id': 'a' },
      'The input api-key is empty, and export needs it.',
    ],
    [
      'no site',
      { command: 'import', 'api-key': 'k' },
      'The input site-id is empty, and import needs it.',
    ],
    [
      'a site id that is a path',
      { command: 'import', 'api-key': 'k', 'site-id': '../x' },
      'which is not a site id',
    ],
    [
      'a boolean that is none',
      { command: 'import', ...site, verify: 'yes' },
      'The input verify is "yes", but should be true or false.',
    ],
    [
      'a number that is none',
      { command: 'export', ...site, 'timeout-minutes': '1e9' },
      'should be a whole number from 1 to 360',
    ],
    [
      'a branch that is an option',
      { command: 'export', ...site, branch: '--force' },
      "cannot be a branch's name",
    ],
    [
      'a part of a fingerprint',
      { command: 'import', ...site, approve: '53d6821eae66' },
      'The input approve is "53d6821eae66", which is not a fingerprint. Copy all 64 characters',
    ],
    [
      'a ref that is no branch',
      { command: 'export', ...site, branch: 'refs/pull/1/merge' },
      "cannot be a branch's name",
    ],
    [
      'a branch that git would not take',
      { command: 'export', ...site, 'base-branch': 'a..b' },
      'The input base-branch',
    ],
    ...[
      '+main',
      '-x',
      'main:refs/heads/main',
      'refs/wix-cms/site',
      'a b',
      'a..b',
      '*',
      'x@{1}',
    ].map(
      (base) =>
        [
          `the base ${base}`,
          { command: 'import', ...site, base },
          'which is not a branch, tag or commit',
        ] as const,
    ),
    [
      'an endpoint without encryption',
      { command: 'export', ...site, 'api-url': 'http://example.com' },
      'which is not an https URL',
    ],
    [
      'an endpoint that is none',
      { command: 'export', ...site, 'api-url': 'wix' },
      'The input api-url is "wix"',
    ],
    [
      'a key that holds a line break',
      { command: 'export', ...site, 'api-key': 'IST.one\nIST.two' },
      'The input api-key has a line break in its middle.',
    ],
    [
      'a key with a prefix',
      { command: 'export', ...site, 'api-key': 'Bearer IST.one' },
      'The input api-key has a space in its middle',
    ],
    [
      'a key with a dash that a word processor made',
      { command: 'export', ...site, 'api-key': 'IST.one\u2013two' },
      'The input api-key has a character that no key has',
    ],
    [
      'a key with a control character, offline as well',
      { command: 'plan', ...site, 'api-key': 'IST.one\u0000two' },
      'The input api-key has a character that no key has',
    ],
    [
      'a token that holds a line break',
      { command: 'export', ...site, token: 'ghs_x\r\nHost: example.com' },
      'The input token has a line break in its middle.',
    ],
  ])('with %s are refused', (_name, inputs, message) => {
    expect(() => read(inputs)).toThrow(message);
    expect(() => read(inputs)).toThrow(Failure);
  });

  test.each([
    [{ command: 'export' }, 'its pull request'],
    [{ command: 'export', commit: 'push', 'sign-commits': 'true' }, 'signed commits'],
    [{ command: 'import', 'require-plan': 'true' }, 'the plans of merged pull requests'],
  ])('with %j need a token', (inputs, reason) => {
    const needy = { ...site, ...inputs, token: ' ' };
    const message = `The input token is empty, and ${inputs.command} needs it for ${reason}`;
    expect(() => read(needy)).toThrow(message);
    expect(read({ ...needy, token: 'ghs_x' })).toMatchObject({ token: 'ghs_x' });
  });

  test.each([
    { command: 'export', commit: 'push' },
    { command: 'export', commit: 'none', 'sign-commits': 'true' },
    { command: 'import' },
    { command: 'plan' },
  ])('with %j do without a token', (inputs) => {
    expect(read({ ...site, ...inputs, token: '' })).toMatchObject({ token: undefined });
  });

  test('take a key that was pasted with white space around it', () => {
    const key = { 'api-key': '\ufeff \tIST.secret\r\n' };
    expect(read({ command: 'export', ...site, ...key })).toMatchObject({ apiKey: 'IST.secret' });
  });

  test.each(['IST.one\nIST.two', 'Bearer IST.one', 'IST.\u2013'])(
    'never show a key that is refused: %j',
    (key) => {
      const parts = key.split(/\s/).filter((part) => part.startsWith('IST'));
      for (const part of parts) {
        expect(() => read({ command: 'export', ...site, 'api-key': key })).toThrow(
          expect.objectContaining({ message: expect.not.stringContaining(part) }),
        );
      }
    },
  );

  test('are read after the secrets are masked, and never told in a message', () => {
    const masked: string[] = [];
    const wrong = {
      command: 'sync',
      'api-key': ' IST.secret\n',
      token: 'ghs_x',
      'site-id': 'IST.secret',
    };
    expect(() => read(wrong, (secret) => masked.push(secret))).toThrow(/^(?!.*IST\.secret)/);
    const basic = Buffer.from('x-access-token:ghs_x').toString('base64');
    expect(masked).toEqual(['IST.secret', 'ghs_x', basic]);
  });
});
