/** Edits that were lost while an export's pull request waited: docs/decisions/2-record.md. */
import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../emulator/json.ts';
import { cloneOf, commit, git, pushElsewhere } from '../repository/support.ts';
import { mergePull } from './proposal.ts';
import { exported, path, type Situation, site, titleOf, within } from './situation.ts';

const branch = 'wix-cms/export';
const propose = { command: 'export', commit: 'pull-request' };

function mergeBranch({ remote }: Situation, name = branch): void {
  git(remote, 'update-ref', 'refs/heads/main', git(remote, 'rev-parse', name));
}

function edit({ emulator }: Situation, id: string, fields: Readonly<Record<string, Json>>): void {
  emulator.site.edit('products', id, fields);
}

/** Both sides come together, and hold this title. */
async function expectTitle(situation: Situation, id: string, title: string): Promise<void> {
  const { run, file } = situation;
  expect((await run({ command: 'import' })).outputs['failure-reason']).toBe('');
  expect((await run({ command: 'export' })).outputs['failure-reason']).toBe('');
  expect((await run({ command: 'import' })).outputs.status).toBe('unchanged');
  expect(titleOf(situation, id)).toBe(title);
  expect(file(path)).toContain(`${id},${title},`);
}

describe('an export’s pull request that was squash-merged, whose branch GitHub keeps', () => {
  test.each([
    ['is not proposed again once git has taken it back', 'Update branch'],
    ['is not proposed again where somebody had corrected another cell on it', 'correction'],
  ])('%s', (_what, how) =>
    within(site, async (situation) => {
      const { run, merge, remote, file } = situation;
      await run({ command: 'export' });
      edit(situation, 'p1', { title: 'Oolong' });
      await run(propose);
      if (how === 'correction') {
        const text = file(path, branch) ?? '';
        pushElsewhere(remote, { [path]: text.replace('White tea', 'Silver tips') }, branch);
      } else {
        pushElsewhere(remote, { 'README.md': 'Moved on.\n' });
        const clone = cloneOf(remote, { branch });
        git(clone, 'merge', '--quiet', '-m', 'Update branch', 'origin/main');
        git(clone, 'push', '--quiet', 'origin', `HEAD:${branch}`);
      }
      await mergePull(situation, 'squash');
      await run({ command: 'import' });
      const now = file(path) ?? '';
      merge({ [path]: now.replace('Oolong', 'Green tea') });
      await run({ command: 'import' });
      edit(situation, 'p2', { title: 'Assam' });
      await run(propose);
      expect(file(path, branch)).toContain('p1,Green tea,');
      await mergePull(situation, 'squash');
      await expectTitle(situation, 'p1', 'Green tea');
      expect(titleOf(situation, 'p2')).toBe('Assam');
    }),
  );
});

test.each([['push'], ['none']])(
  'an offer that waits, and that the CMS takes back, is known after an export by %s',
  (how) =>
    within(site, async (situation) => {
      const { run } = situation;
      await run({ command: 'export' });
      edit(situation, 'p1', { title: 'Oolong' });
      await run(propose);
      edit(situation, 'p1', { title: 'Green tea' });
      await run({ command: 'export', commit: how });
      mergeBranch(situation);
      await expectTitle(situation, 'p1', 'Green tea');
    }),
);

test.each([['merge'], ['squash'], ['rebase']] as const)(
  'an export’s pull request that is merged by %s and reverted before a run looked is taken back',
  (method) =>
    within(site, async (situation) => {
      const { run, merge } = situation;
      await run({ command: 'export' });
      edit(situation, 'p1', { title: 'Oolong' });
      await run(propose);
      await mergePull(situation, method);
      merge({ [path]: exported });
      await run({ command: 'export' });
      await expectTitle(situation, 'p1', 'Green tea');
    }),
);

async function corrected(situation: Situation, method: 'merge' | 'squash'): Promise<void> {
  const { run, remote, file } = situation;
  await run({ command: 'export' });
  edit(situation, 'p1', { title: 'Oolongg' });
  await run(propose);
  const text = file(path, branch) ?? '';
  pushElsewhere(remote, { [path]: text.replace('Oolongg', 'Oolong') }, branch);
  await mergePull(situation, method);
}

test('a correction on the export’s own pull request is git’s edit', () =>
  within(site, async (situation) => {
    await corrected(situation, 'merge');
    await expectTitle(situation, 'p1', 'Oolong');
  }));

test('a correction that was squashed with what it corrects is a conflict: no commit tells them apart', () =>
  within(site, async (situation) => {
    const { run, file } = situation;
    await corrected(situation, 'squash');
    const { outputs } = await run({ command: 'import' });
    expect(outputs).toMatchObject({ 'failure-reason': 'conflict', 'rows-conflicting': '1' });
    expect(titleOf(situation, 'p1')).toBe('Oolongg');
    expect(file(path)).toContain('p1,Oolong,');
    await run({ command: 'import', 'on-conflict': 'git' });
    await expectTitle(situation, 'p1', 'Oolong');
  }));

test('a correction in git right after the merge is git’s edit', () =>
  within(site, async (situation) => {
    const { run, merge } = situation;
    await run({ command: 'export' });
    edit(situation, 'p1', { title: 'Oolongg' });
    await run(propose);
    await mergePull(situation, 'squash');
    merge({ [path]: exported.replace('Green tea', 'Oolong') });
    await expectTitle(situation, 'p1', 'Oolong');
  }));

test('a commit on the proposal that is behind its target is kept, and the target merged into it', () =>
  within(site, async (situation) => {
    const { run, remote, file, merge } = situation;
    await run({ command: 'export' });
    edit(situation, 'p1', { title: 'Oolong' });
    await run(propose);
    pushElsewhere(remote, { 'NOTES.md': 'From a person.\n' }, branch);
    merge({ 'README.md': 'Moved on.\n' });
    edit(situation, 'p3', { title: 'Silver tips' });
    await run(propose);
    expect(file('NOTES.md', branch)).toBe('From a person.\n');
    expect(file('README.md', branch)).toBe('Moved on.\n');
    expect(file(path, branch)).toContain('Silver tips');
    const clone = cloneOf(remote, { branch });
    expect(commit(clone, { 'x.txt': 'x' }, 'x')).not.toBe('');
  }));
