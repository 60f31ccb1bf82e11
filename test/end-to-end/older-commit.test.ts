import { expect, test } from '@jest/globals';
import { git } from '../repository/support.ts';
import { type ActionRun, runAction } from './action.ts';
import {
  exported,
  importUnrecorded,
  path,
  type Situation,
  site,
  titleOf,
  within,
} from './situation.ts';

/** Runs an import again in the checkout of an earlier run, as *Re-run jobs* does. */
function importAgain({ emulator }: Situation, workspace: string): Promise<ActionRun> {
  return runAction({
    workspace,
    inputs: {
      command: 'import',
      collections: 'products',
      'api-key': emulator.apiKey,
      'site-id': emulator.siteId,
      'api-url': emulator.apiUrl,
    },
  });
}

const merged = exported.replace('Green tea', 'Sencha');

test('an import on an older commit does not take back what was merged and imported since', async () => {
  await within(site, async (situation) => {
    const { run, merge } = situation;
    await run({ command: 'export' });
    merge({ [path]: merged });
    const older = await run({ command: 'import' });
    merge({ [path]: merged.replace('White tea', 'Silver tips') });
    expect((await run({ command: 'import' })).outputs.status).toBe('success');
    const again = await importAgain(situation, older.workspace);
    expect(again.outputs).toMatchObject({ status: 'unchanged', 'failure-reason': '' });
    expect(titleOf(situation, 'p3')).toBe('Silver tips');
  });
});

test.each(['push', 'none'])(
  'an import that is run again does not take back what the CMS changed and an export (commit: %s) brought since',
  async (commit) => {
    await within(site, async (situation) => {
      const { run, merge, emulator } = situation;
      await run({ command: 'export' });
      merge({ [path]: merged });
      const older = await run({ command: 'import' });
      emulator.site.edit('products', 'p3', { title: 'Silver tips' });
      if (commit === 'none') merge({ [path]: merged.replace('White tea', 'Silver tips') });
      expect((await run({ command: 'export', commit })).exitCode).toBe(0);
      const again = await importAgain(situation, older.workspace);
      expect(again.outputs).toMatchObject({ status: 'unchanged', 'failure-reason': '' });
      expect(titleOf(situation, 'p3')).toBe('Silver tips');
    });
  },
);

test('an import that is run again does not take back what a later one wrote and could not record', async () => {
  await within(site, async (situation) => {
    const { run, merge } = situation;
    await run({ command: 'export' });
    const older = await run({ command: 'import' });
    merge({ [path]: merged });
    await importUnrecorded(situation);
    const again = await importAgain(situation, older.workspace);
    expect(again.outputs).toMatchObject({ status: 'unchanged', 'failure-reason': '' });
    expect(titleOf(situation, 'p1')).toBe('Sencha');
  });
});

test('an import of an older commit brings what the branch has, whatever later commits were about', async () => {
  await within(site, async (situation) => {
    const { run, merge } = situation;
    await run({ command: 'export' });
    merge({ [path]: merged });
    const before = await run({ command: 'export', commit: 'none' });
    merge({ 'README.md': 'A shop.\n' });
    await run({ command: 'export' });
    const late = await importAgain(situation, before.workspace);
    expect(late.outputs.status).toBe('success');
    expect(titleOf(situation, 'p1')).toBe('Sencha');
  });
});

test('without a record, an import on an older commit goes by the branch', async () => {
  await within(site, async (situation) => {
    const { run, merge, emulator, remote } = situation;
    await run({ command: 'export' });
    const older = await run({ command: 'import' });
    merge({ [path]: exported.replace('p3,White tea,9,,\n', '') });
    expect((await run({ command: 'import', deletes: 'apply' })).exitCode).toBe(0);
    git(remote, 'update-ref', '-d', `refs/wix-cms/${emulator.siteId}`);
    const again = await importAgain(situation, older.workspace);
    expect(again.outputs).toMatchObject({ status: 'unchanged', 'failure-reason': '' });
    expect(emulator.site.collection('products').items.has('p3')).toBe(false);
  });
});
