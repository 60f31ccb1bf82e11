/** The ref of the record is gone. Then a row that one side lacks may be new, or removed there: a person has to decide. */
import { expect, test } from '@jest/globals';
import { git } from '../repository/support.ts';
import { edit, exported, path, type Situation, site, titleOf, within } from './situation.ts';

const applying = { deletes: 'apply' };
const withoutWhite = exported.replace('p3,White tea,9,,\n', '');

function lose({ remote, emulator }: Situation): void {
  git(remote, 'update-ref', '-d', `refs/wix-cms/${emulator.siteId}`);
}

/** Runs in turn, and expects that each of them reports a conflict. */
async function expectConflicts({ run }: Situation, commands: readonly string[]): Promise<void> {
  for (const command of commands) {
    const { outputs, annotations } = await run({ command, ...applying });
    const reason = command === 'import' ? 'conflict' : '';
    expect(outputs).toMatchObject({ 'failure-reason': reason, 'rows-conflicting': '1' });
    expect(annotations.join()).toContain('p3');
  }
}

/** The CMS has removed a product, and nobody knows that any more. */
async function removedInCms(situation: Situation): Promise<void> {
  await situation.run({ command: 'export' });
  lose(situation);
  situation.emulator.site.remove('products', 'p3');
}

/** Git has removed a product, and nobody knows that any more. */
async function removedInGit(situation: Situation): Promise<void> {
  await situation.run({ command: 'export' });
  situation.merge({ [path]: withoutWhite });
  lose(situation);
}

test.each([[['import', 'import', 'export', 'import']], [['export', 'export', 'import']]])(
  'an item that the CMS has removed is never made anew unasked, in any run: %s',
  (commands) =>
    within(site, async (situation) => {
      await removedInCms(situation);
      await expectConflicts(situation, commands);
      expect(titleOf(situation, 'p3')).toBeUndefined();
      expect(situation.file(path)).toBe(exported);
    }),
);

test.each([[['import', 'import', 'export', 'import']], [['export', 'export', 'import']]])(
  'a row that git has removed comes back to no side, and leaves none, unasked: %s',
  (commands) =>
    within(site, async (situation) => {
      await removedInGit(situation);
      await expectConflicts(situation, commands);
      expect(titleOf(situation, 'p3')).toBe('White tea');
      expect(situation.file(path)).toBe(withoutWhite);
    }),
);

test.each([
  ['import', 'git', removedInCms, exported, 'White tea'],
  ['export', 'cms', removedInCms, withoutWhite, undefined],
  ['import', 'git', removedInGit, withoutWhite, undefined],
  ['export', 'cms', removedInGit, exported, 'White tea'],
] as const)('a person decides: %s with on-conflict: %s', (command, winner, lost, file, title) =>
  within(site, async (situation) => {
    const { run } = situation;
    await lost(situation);
    await run({ command: 'export', ...applying });
    const limits = { 'max-deletes': '100%' };
    await run({ command, 'on-conflict': winner, ...applying, ...limits });
    for (const each of ['import', 'export']) {
      expect((await run({ command: each, ...applying })).outputs.status).toBe('unchanged');
    }
    expect(titleOf(situation, 'p3')).toBe(title);
    expect(situation.file(path)).toBe(file);
  }),
);

test('an item in conflict that the CMS removes stays a question', () =>
  within(site, async (situation) => {
    const { run, merge, emulator } = situation;
    await run({ command: 'export' });
    merge({ [path]: exported.replace('White', 'Silver') });
    edit(situation, 'p3', { title: 'Yellow tea' });
    lose(situation);
    await expectConflicts(situation, ['export']);
    emulator.site.remove('products', 'p3');
    await expectConflicts(situation, ['import', 'export']);
    expect(titleOf(situation, 'p3')).toBeUndefined();
  }));

test('what both sides hold is agreed, so that the next edit is known by who made it', () =>
  within(site, async (situation) => {
    const { run, merge, file } = situation;
    await run({ command: 'export' });
    merge({ [path]: exported.replace('White tea,9', 'Silver tea,9') });
    lose(situation);
    await expectConflicts(situation, ['export']);
    edit(situation, 'p3', { notes: 'rare' });
    merge({ [path]: exported });
    expect((await run({ command: 'export' })).outputs.status).toBe('success');
    expect(file(path)).toContain('p3,White tea,9,rare');
  }));
