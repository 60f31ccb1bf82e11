import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { commitFiles } from '../../src/repository/commit-files.ts';
import { fetchCommit, pushCommit } from '../../src/repository/remote.ts';
import {
  cloneOf,
  freshFolder,
  git,
  makeRemote,
  open,
  pushElsewhere,
  show,
  staged,
} from './support.ts';

/** An ssh that runs what it is asked to in this repository, and only with the key of the checkout. */
function sshTo(remote: string): string {
  const script = join(freshFolder(), 'connect');
  const lines = [
    '#!/bin/sh',
    '[ "$1" = -i ] && [ "$2" = deploy-key ] || exit 255',
    'for last; do :; done',
    `case $last in git-*-pack*) exec git "$(expr "$last" : 'git-\\([a-z]*-pack\\)')" ${remote};; esac`,
    '',
  ];
  writeFileSync(script, lines.join('\n'), { mode: 0o755 });
  return `${script} -i deploy-key`;
}

test('a checkout with a deploy key fetches and pushes by the ssh command that it was given', async () => {
  const remote = makeRemote();
  const clone = cloneOf(remote, { depth: 1 });
  git(clone, 'config', 'core.sshCommand', sshTo(remote));
  git(clone, 'remote', 'set-url', 'origin', 'ssh://git@github.com/acme/site.git');
  const opened = await open(clone);
  const parent = pushElsewhere(remote, { 'a.csv': 'theirs\n' });
  expect(await fetchCommit(opened, parent)).toBe(parent);
  const files = staged({ 'a.csv': 'ours\n' });
  const made = await commitFiles(opened, { parent, files, message: 'x' });
  const push = { commit: made ?? '', ref: 'refs/heads/main', expected: parent };
  expect(await pushCommit(opened, push)).toBe('pushed');
  expect(show(remote, 'main', 'a.csv')).toBe('ours\n');
});
