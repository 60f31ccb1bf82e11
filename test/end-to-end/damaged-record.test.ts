/** Somebody has pushed to the ref of the record. A run says so: it never takes the record for an empty one. */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { cloneOf, git } from '../repository/support.ts';
import { exported, path, type Situation, site, titleOf, within } from './situation.ts';

const agreed = 'agreed/collections/products.csv';
const offered = 'offered/collections/products.csv';
const sent = 'sent/collections/products.csv';

/** Pushes another record in the place of the record. */
function forge(
  { remote, emulator }: Situation,
  files: Readonly<Record<string, string>>,
  message = '',
): void {
  const ref = `refs/wix-cms/${emulator.siteId}`;
  const clone = cloneOf(remote);
  git(clone, 'fetch', '--quiet', 'origin', ref);
  git(clone, 'checkout', '--quiet', 'FETCH_HEAD');
  for (const [name, text] of Object.entries(files)) {
    const file = join(clone, name);
    rmSync(file, { recursive: true, force: true });
    if (name.includes('csv/')) rmSync(dirname(file), { force: true });
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  git(clone, 'add', '--all');
  const words = message === '' ? ['--no-edit'] : ['--message', message];
  git(clone, 'commit', '--quiet', '--amend', '--allow-empty', ...words);
  git(clone, 'push', '--quiet', '--force', 'origin', `HEAD:${ref}`);
}

/** Every command stops, with words that say what is wrong and what to do, until that is done. */
async function expectStop(situation: Situation, what: RegExp): Promise<void> {
  const { run, merge, remote, emulator } = situation;
  merge({ [path]: exported.replace('Green', 'Red') });
  for (const command of ['plan', 'import', 'export']) {
    const { outputs, annotations } = await run({ command });
    expect([command, outputs.status]).toEqual([command, 'failed']);
    const words = `${annotations.join('\n')}\n`;
    expect(words).toMatch(what);
    expect(words).toContain('git push origin --delete refs/wix-cms/<site id>');
  }
  expect(titleOf(situation, 'p1')).toBe('Green tea');
  git(remote, 'update-ref', '-d', `refs/wix-cms/${emulator.siteId}`);
  expect((await run({ command: 'export' })).outputs['failure-reason']).toBe('');
}

test.each([
  [
    'a file that is not CSV',
    { [agreed]: 'a"b,c\n"x' },
    /agreed\/collections\/products.csv line 1, /,
  ],
  ['an empty file', { [agreed]: '' }, /products.csv is empty/],
  ['a file without keys', { [agreed]: 'a,b\n1,2\n' }, /the column _id is missing/],
  ['a folder in the place of a file', { [`${agreed}/x`]: '' }, /it has agreed\/.*csv\/x\n/],
  ['a file in the place of a folder', { agreed: '' }, /it has agreed\n/],
  ['sent rows that are not CSV', { [sent]: '#key,#fate,#job,#until,title\np1,"wri' }, /Quote/],
  ['offered rows that are cut short', { [offered]: '#key,#fate,#job,#until,title\np1' }, /Length/],
  ['offered rows of something else', { [offered]: 'a,b\nc,d\n' }, /has another header/],
])('every run stops at a record with %s', (_, files, words) =>
  within(site, async (situation) => {
    await situation.run({ command: 'export' });
    forge(situation, files);
    await expectStop(situation, words);
  }),
);

test('every run stops at a record without a branch', () =>
  within(site, async (situation) => {
    await situation.run({ command: 'export' });
    forge(situation, {}, 'Edit');
    await expectStop(situation, /its commit names no branch/);
  }));

test.each([
  ['a commit of the branch', 'main', /its commit names no branch/],
  ['a tree', 'main^{tree}', /could not be fetched as a commit/],
  ['a file', 'main:README.md', /could not be fetched as a commit/],
])('every run stops at a record that is %s', (_, object, words) =>
  within(site, async (situation) => {
    const { run, remote, emulator } = situation;
    await run({ command: 'export' });
    const id = git(remote, 'rev-parse', object);
    git(remote, 'update-ref', `refs/wix-cms/${emulator.siteId}`, id);
    await expectStop(situation, words);
  }),
);
