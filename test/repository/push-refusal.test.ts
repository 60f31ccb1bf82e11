import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { pushRefs, pushRefusal } from '../../src/repository/remote.ts';
import { open } from './open.ts';
import { cloneOf, commitOnto, git, makeRemote } from './support.ts';

/** Pushes to a remote whose hook says these lines and declines. */
async function pushTo(lines: readonly string[]): Promise<unknown> {
  const remote = makeRemote();
  const said = lines.map((line) => `echo '${line}' >&2`).join('\n');
  writeFileSync(join(remote, 'hooks/pre-receive'), `#!/bin/sh\n${said}\nexit 1\n`, { mode: 0o755 });
  const clone = cloneOf(remote);
  const opened = await open(clone);
  const parent = git(clone, 'rev-parse', 'HEAD');
  const made = await commitOnto(opened, parent, { 'a.csv': 'ours\n' });
  return pushRefs(opened, [{ commit: made, ref: 'refs/heads/main', expected: parent }]);
}

test.each([
  [
    'push protection',
    [
      'error: GH013: Repository rule violations found for refs/heads/main.',
      '- GITHUB PUSH PROTECTION',
      '  - Push cannot contain secrets',
      '    https://github.com/acme/site/security/secret-scanning/unblock-secret/2abc',
    ],
    /^The push to main was refused: push protection .* \(.*unblock-secret\/2abc.*\)\. Take the secret out of the CMS/,
  ],
  [
    'a protected branch',
    ['error: GH006: Protected branch update failed for refs/heads/main.'],
    /^The push to main was refused: a rule .* forbids it \(.*GH006.*\)\. .*commit: pull-request/,
  ],
  [
    'signatures',
    ['error: GH013: Repository rule violations found.', '- Commits must have verified signatures.'],
    /signed commits only \(.*\)\. Set the input sign-commits to true/,
  ],
  [
    'a hook of its own',
    ['Titles are longer than our shop takes.'],
    /^The push to main was refused: a hook .* \(.*longer than our shop takes.*\)\. Correct what it names/,
  ],
])('a push that %s refuses is told in the words of the server', async (_name, lines, message) => {
  await expect(pushTo(lines)).rejects.toMatchObject({
    reason: 'config',
    message: expect.stringMatching(message),
  });
});

test('a missing permission is told with all that the command needs', async () => {
  const opened = await open(cloneOf(makeRemote()));
  const permissions = '"contents: write" and "pull-requests: write"';
  const words = "unable to access 'https://github.com/': The requested URL returned error: 403";
  const moves = [{ ref: 'refs/heads/main' }];
  const outcome = { stdout: '', stderr: words };
  expect(pushRefusal({ ...opened, permissions }, moves, outcome)).toMatchObject({
    reason: 'auth',
    message: expect.stringContaining(`Give the job the permissions ${permissions}, and let`),
  });
});
