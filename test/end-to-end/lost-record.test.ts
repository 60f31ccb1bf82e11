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
  ['makes the item again', { command: 'import', reconcile: 'all' }, removedInCms, 'White tea'],
  ['removes the item', { command: 'import', reconcile: 'all' }, removedInGit, undefined],
  ['brings the row back', { command: 'export', deletes: 'keep' }, removedInGit, 'White tea'],
] as const)('a person %s: %s', (_, inputs, lost, title) =>
  within(site, async (situation) => {
    const { run, file } = situation;
    await lost(situation);
    await run({ command: 'export', ...applying });
    await run({ ...applying, ...inputs });
    for (const command of ['import', 'export']) {
      expect((await run({ command, ...applying })).outputs.status).toBe('unchanged');
    }
    expect(titleOf(situation, 'p3')).toBe(title);
    expect(file(path)).toBe(title === undefined ? withoutWhite : exported);
  }),
);

test('the import says what a person can do about a row that one side lacks', () =>
  within(site, async (situation) => {
    await removedInCms(situation);
    for (let time = 0; time < 2; time += 1) {
      const { annotations } = await situation.run({ command: 'import' });
      expect(annotations.join()).toContain('the input reconcile set to all');
      expect(annotations.join()).not.toContain('on-conflict');
    }
  }));

test.each([
  ['an import', 'import'],
  ['an export', 'export'],
])('%s never says that a row left git which may be new on the site', (_, command) =>
  within(site, async (situation) => {
    await removedInGit(situation);
    const { outputs, summary } = await situation.run({ command });
    expect(outputs['failure-reason']).toBe('');
    expect(summary).toContain('White tea');
    expect(summary).not.toContain('left git');
  }),
);

test('a row without an id is new, also where an export has given it one', () =>
  within(site, async (situation) => {
    const { run, merge, emulator } = situation;
    await run({ command: 'export' });
    merge({ [path]: `${exported},Oolong,7,,\n` });
    lose(situation);
    await run({ command: 'export', ...applying });
    expect((await run({ command: 'import', ...applying })).outputs.status).toBe('success');
    expect(emulator.site.collection('products').items.size).toBe(4);
  }));

test('a person removes the row, since its item is gone', () =>
  within(site, async (situation) => {
    const { run, merge } = situation;
    await removedInCms(situation);
    await run({ command: 'import', ...applying });
    merge({ [path]: withoutWhite });
    for (const command of ['import', 'export']) {
      expect((await run({ command, ...applying })).outputs.status).toBe('unchanged');
    }
  }));

test.each(['git', 'cms'])('no row and no item is removed because on-conflict is %s', (winner) =>
  within(site, async (situation) => {
    const { run, merge, file, emulator } = situation;
    await run({ command: 'export' });
    merge({ [path]: `${exported}p4,Oolong,7,,\n` });
    lose(situation);
    emulator.site.insert('products', { _id: 'p5', title: 'Assam' });
    for (const command of ['import', 'export', 'import']) {
      const inputs = { command, 'on-conflict': winner, 'max-deletes': '100%', ...applying };
      expect((await run(inputs)).outputs['rows-conflicting']).toBe('2');
    }
    expect(file(path)).toBe(`${exported}p4,Oolong,7,,\n`);
    expect(titleOf(situation, 'p4')).toBeUndefined();
    expect(titleOf(situation, 'p5')).toBe('Assam');
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
