/** Edits that were lost while an export's pull request waited: docs/decisions/2-record.md. */
import { describe, expect, test } from '@jest/globals';
import { cloneOf, commit, git, pushElsewhere } from '../repository/support.ts';
import { branch, mergeBranch, mergePull, propose } from './proposal.ts';
import {
  edit,
  expectTitle,
  exported,
  path,
  type Situation,
  site,
  titleOf,
  within,
} from './situation.ts';

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

test('a corrected proposal that was squash-merged while it was behind is begun anew', () =>
  within(site, async (situation) => {
    const { run, merge, remote, file } = situation;
    await run({ command: 'export' });
    edit(situation, 'p1', { title: 'Oolong' });
    await run(propose);
    const text = file(path, branch) ?? '';
    pushElsewhere(remote, { [path]: text.replace('Oolong,4', 'Oolong,5') }, branch);
    merge({ [path]: exported.replace('White tea', 'Silver tips') });
    await mergePull(situation, 'squash');
    merge({ [path]: (file(path) ?? '').replace('Oolong,5', 'Oolong,6') });
    await run({ command: 'import' });
    edit(situation, 'p2', { title: 'Assam' });
    expect((await run(propose)).outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(file(path, branch)).toMatch(/p1,Oolong,6,[\s\S]*p2,Assam,[\s\S]*p3,Silver tips,/);
  }));

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

async function corrected(
  situation: Situation,
  method: Parameters<typeof mergePull>[1] | undefined,
) {
  const { run, remote, file } = situation;
  await run({ command: 'export' });
  edit(situation, 'p1', { title: 'Oolongg' });
  await run(propose);
  const text = file(path, branch) ?? '';
  pushElsewhere(remote, { [path]: text.replace('Oolongg', 'Oolong') }, branch);
  if (method !== undefined) await mergePull(situation, method);
}

test.each([['merge'], ['squash'], ['rebase']] as const)(
  'a correction on the export’s own pull request is git’s edit, also if it is merged by %s',
  (method) =>
    within(site, async (situation) => {
      await corrected(situation, method);
      await expectTitle(situation, 'p1', 'Oolong');
    }),
);

test('a correction is git’s edit if main went on before it was squashed, and after', () =>
  within(site, async (situation) => {
    const { merge, file } = situation;
    await corrected(situation, undefined);
    merge({ [path]: exported.replace('White', 'Silver') });
    await mergePull(situation, 'squash');
    merge({ [path]: (file(path) ?? '').replace('Oolong', 'Oolong tea') });
    await expectTitle(situation, 'p1', 'Oolong tea');
    expect(titleOf(situation, 'p3')).toBe('Silver tea');
  }));

test('a correction that was squashed, and undone in git before a run looked, is git’s edit', () =>
  within(site, async (situation) => {
    await corrected(situation, 'squash');
    situation.merge({ [path]: exported });
    await expectTitle(situation, 'p1', 'Green tea');
  }));

test('an edit of main that the next proposal takes over is no correction', () =>
  within(site, async (situation) => {
    const { run, merge } = situation;
    await run({ command: 'export' });
    edit(situation, 'p1', { title: 'Oolong' });
    await run(propose);
    merge({ [path]: exported.replace('Green tea', 'Sencha') });
    edit(situation, 'p3', { title: 'Silver tea' });
    await run(propose);
    await mergePull(situation, 'squash');
    const { outputs } = await run({ command: 'import' });
    expect(outputs).toMatchObject({ 'failure-reason': 'conflict', 'rows-conflicting': '1' });
    expect(titleOf(situation, 'p1')).toBe('Oolong');
  }));

test('a correction of what the CMS has edited again since is a conflict', () =>
  within(site, async (situation) => {
    const { run } = situation;
    await corrected(situation, 'squash');
    edit(situation, 'p1', { title: 'Pu-erh' });
    const { outputs } = await run({ command: 'import' });
    expect(outputs).toMatchObject({ 'failure-reason': 'conflict', 'rows-conflicting': '1' });
  }));

test('a correction is a conflict if its branch is gone: no commit tells it from an edit of main', () =>
  within(site, async (situation) => {
    const { run, remote, file } = situation;
    await corrected(situation, 'squash');
    git(remote, 'update-ref', '-d', `refs/heads/${branch}`);
    const { outputs } = await run({ command: 'import' });
    expect(outputs).toMatchObject({ 'failure-reason': 'conflict', 'rows-conflicting': '1' });
    expect(titleOf(situation, 'p1')).toBe('Oolongg');
    expect(file(path)).toContain('p1,Oolong,');
    await run({ command: 'import', 'on-conflict': 'git' });
    await expectTitle(situation, 'p1', 'Oolong');
  }));

test('a correction that nobody has merged yet reaches no side', () =>
  within(site, async (situation) => {
    const { run, file, merge } = situation;
    await corrected(situation, undefined);
    merge({ [path]: exported.replace('White', 'Silver') });
    const { outputs } = await run({ command: 'import' });
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(titleOf(situation, 'p1')).toBe('Oolongg');
    await run(propose);
    expect(file(path, branch)).toContain('p1,Oolong,');
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

describe('rows whose ids wait in a pull request', () => {
  const oolong = `${exported},Oolong,7,fine leaves,\n`;

  test.each([
    ['a typo in the row is mended', oolong.replace('Oolong', 'Oolong tea')],
    ['a cell of the row is edited', oolong.replace('Oolong,7', 'Oolong,8')],
  ])('are one item, though %s', (_what, mended) =>
    within(site, async (situation) => {
      const { run, merge, emulator } = situation;
      await run({ command: 'export' });
      merge({ [path]: oolong });
      await run({ command: 'import', commit: 'pull-request' });
      merge({ [path]: mended });
      await run({ command: 'import', commit: 'pull-request' });
      const titles = [...emulator.site.collection('products').items.values()].map(
        ({ title }) => title,
      );
      expect(titles.filter((title) => String(title).startsWith('Oolong'))).toHaveLength(1);
    }),
  );

  test('two equal ones stay two, though one is edited', () =>
    within(site, async (situation) => {
      const { run, merge, emulator } = situation;
      await run({ command: 'export' });
      merge({ [path]: `${oolong},Oolong,7,fine leaves,\n` });
      await run({ command: 'import', commit: 'pull-request' });
      merge({ [path]: `${oolong},Oolong,9,fine leaves,\n` });
      await run({ command: 'import', commit: 'pull-request' });
      const items = [...emulator.site.collection('products').items.values()];
      const prices = items.filter(({ title }) => title === 'Oolong').map(({ price }) => price);
      expect(prices.sort()).toEqual([7, 9]);
    }));

  test('two equal ones are one, once one is removed', () =>
    within(site, async (situation) => {
      const { run, merge, file, emulator } = situation;
      await run({ command: 'export' });
      merge({ [path]: `${oolong},Oolong,7,fine leaves,\n` });
      await run({ command: 'import', commit: 'pull-request' });
      merge({ [path]: oolong });
      await run({ command: 'import', commit: 'pull-request', deletes: 'apply' });
      await mergePull(situation);
      await run({ command: 'export' });
      expect((await run({ command: 'import' })).outputs.status).toBe('unchanged');
      expect(file(path)?.match(/Oolong/g)).toHaveLength(1);
      const items = [...emulator.site.collection('products').items.values()];
      expect(items.filter(({ title }) => title === 'Oolong')).toHaveLength(1);
    }));

  test('are in git once, also where an export’s pull request waits that lacks them', () =>
    within(site, async (situation) => {
      const { run, merge, file, emulator } = situation;
      await run({ command: 'export' });
      edit(situation, 'p3', { title: 'Silver tips' });
      await run(propose);
      merge({ [path]: oolong });
      await run({ command: 'import', commit: 'pull-request' });
      await mergePull(situation, 'squash');
      await run({ command: 'import' });
      await run({ command: 'export' });
      expect(file(path)?.match(/Oolong/g)).toHaveLength(1);
      expect(file(path)).toContain('Silver tips');
      const items = [...emulator.site.collection('products').items.values()];
      expect(items.filter(({ title }) => title === 'Oolong')).toHaveLength(1);
    }));
});
