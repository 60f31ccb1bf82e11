import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/io/clock.ts';
import { cloneOf, commit, git } from '../repository/support.ts';
import { mergePull } from './proposal.ts';
import { exported, onPush, path, products, type Situation, site, within } from './situation.ts';

const byPull = { command: 'export', commit: 'pull-request' };

const item = ({ emulator }: Situation, id: string) =>
  emulator.site.collection('products').items.get(id);

const record = ({ remote, emulator }: Situation) =>
  git(remote, 'for-each-ref', '--format=%(objectname)', `refs/wix-cms/${emulator.siteId}`);

/** Nothing is left to do, and both sides hold the same. */
async function expectAgreement({ run, file }: Situation, expected: string): Promise<void> {
  const again = await run({ command: 'import' });
  expect([again.outputs.status, again.annotations]).toEqual(['unchanged', []]);
  expect((await run({ command: 'export' })).outputs.status).toBe('unchanged');
  expect(file(path)).toBe(expected);
}

describe('what git and the site agree on survives', () => {
  test.each(['merge', 'squash', 'rebase'] as const)(
    'an export that is merged by a %s commit',
    (method) =>
      within(site, async (situation) => {
        const { run, merge, emulator } = situation;
        await run({ command: 'export' });
        emulator.site.edit('products', 'p3', { price: 10 });
        await run(byPull);
        await mergePull(situation, method);
        expect((await run({ command: 'import' })).outputs.status).toBe('unchanged');
        emulator.site.edit('products', 'p3', { price: 11 });
        const edited = exported.replace('White tea,9', 'Silver Needle,10');
        merge({ [path]: edited });
        const second = await run({ command: 'import' });
        expect(second.outputs).toMatchObject({ status: 'success', 'rows-conflicting': '0' });
        expect(item(situation, 'p3')).toMatchObject({ title: 'Silver Needle', price: 11 });
        await run({ command: 'export' });
        await expectAgreement(situation, edited.replace('Needle,10', 'Needle,11'));
      }),
  );

  test('an export that waits while both sides go on', () =>
    within(site, async (situation) => {
      const { run, merge, emulator } = situation;
      await run({ command: 'export' });
      emulator.site.edit('products', 'p1', { price: 6 });
      await run(byPull);
      merge({ [path]: exported.replace('Green tea', 'Sencha') });
      expect((await run({ command: 'import' })).outputs).toMatchObject({ status: 'success' });
      emulator.site.edit('products', 'p2', { price: 7 });
      await run(byPull);
      merge({ [path]: exported.replace('Green tea', 'Sencha').replace('White', 'Yellow') });
      expect((await run({ command: 'import' })).outputs).toMatchObject({ status: 'success' });
      await run(byPull);
      await mergePull(situation, 'squash');
      expect(item(situation, 'p1')).toMatchObject({ title: 'Sencha', price: 6 });
      await expectAgreement(
        situation,
        exported
          .replace('Green tea,4', 'Sencha,6')
          .replace('""strong""",5.5', '""strong""",7')
          .replace('White', 'Yellow'),
      );
    }));

  test('two imports at once', () =>
    within(site, async (situation) => {
      const { run, merge, emulator } = situation;
      await run({ command: 'export' });
      merge({ [path]: `${exported.replace('Green tea', 'Sencha')}p4,Oolong,7,,\n` });
      const both = await Promise.all([run({ command: 'import' }), run({ command: 'import' })]);
      for (const { exitCode, annotations } of both) {
        if (exitCode !== 0)
          expect(annotations.join()).toContain('Another run has started to write');
      }
      expect(both.map(({ exitCode }) => exitCode)).toContain(0);
      expect(emulator.site.collection('products').items.size).toBe(4);
      await expectAgreement(situation, `${exported.replace('Green tea', 'Sencha')}p4,Oolong,7,,\n`);
    }));

  test('an import that is lost while its job goes on', () =>
    within(site, async (situation) => {
      const { run, merge, emulator } = situation;
      await run({ command: 'export' });
      const edited = `${exported.replace('Green tea', 'Sencha')}p4,Oolong,7,,\n`;
      merge({ [path]: edited });
      const { jobSteps } = emulator.settings;
      emulator.settings.jobSteps = { uninitialized: 0, initializing: 0, inProgress: 1_500 };
      const isSubmitted = () => emulator.jobs().some(({ name }) => name?.includes(' import '));
      const lost = await run(
        { command: 'import' },
        {
          bundled: true,
          onStart: (kill) => {
            const timer = setInterval(() => {
              if (!isSubmitted()) return;
              clearInterval(timer);
              emulator.settings.jobSteps = jobSteps;
              kill('SIGKILL');
            }, 20);
          },
        },
      );
      expect(lost.outputs).toEqual({});
      expect((await run({ command: 'import' }, { clock: systemClock })).exitCode).toBe(0);
      expect(item(situation, 'p1')).toMatchObject({ title: 'Sencha' });
      const imports = emulator.jobs().filter(({ name }) => name?.includes(' import '));
      // The first row goes alone, and the run is lost after it: no row is sent twice.
      expect(imports.map(({ progress }) => progress.itemsSuccessful)).toEqual([1, 1]);
      await expectAgreement(situation, edited);
    }));

  test('a token that may only read: the commit before each push stands in', () =>
    within(site, async (situation) => {
      const { run, merge, remote } = situation;
      await run({ command: 'export' });
      git(remote, 'update-ref', '-d', `refs/wix-cms/${situation.emulator.siteId}`);
      onPush(
        remote,
        'while read old new ref; do case "$ref" in refs/wix-cms/*) exit 1;; esac; done',
      );
      for (const title of ['Sencha', 'Gyokuro', 'Matcha']) {
        const event = merge({ [path]: exported.replace('Green tea', title) });
        const environment = { GITHUB_EVENT_NAME: 'push' };
        const pushed = await run({ command: 'import' }, { event, environment });
        expect(pushed.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
        expect(pushed.annotations.join('\n')).toContain('compares with the commit');
        expect(item(situation, 'p1')).toMatchObject({ title });
      }
    }));

  test('a branch that was pushed by force', () =>
    within(site, async (situation) => {
      const { run, merge, remote, emulator } = situation;
      await run({ command: 'export' });
      const before = git(remote, 'rev-parse', 'main');
      merge({ [path]: exported.replace('Green tea', 'Sencha') });
      await run({ command: 'import' });
      emulator.site.edit('products', 'p3', { price: 10 });
      const clone = cloneOf(remote, { depth: 5 });
      git(clone, 'reset', '--quiet', '--hard', before);
      commit(clone, { [path]: exported.replace('Black tea', 'Assam') }, 'Another edit');
      git(clone, 'push', '--quiet', '--force', 'origin', 'HEAD:main');
      const second = await run({ command: 'import' });
      expect(second.outputs).toMatchObject({ status: 'success', 'rows-changed': '2' });
      expect(item(situation, 'p1')).toMatchObject({ title: 'Green tea' });
      expect(item(situation, 'p2')).toMatchObject({ title: 'Assam, "strong"' });
      expect(item(situation, 'p3')).toMatchObject({ price: 10 });
    }));

  test('the ref deleted by hand', () =>
    within(site, async (situation) => {
      const { run, merge, remote, emulator } = situation;
      await run({ command: 'export' });
      git(remote, 'update-ref', '-d', `refs/wix-cms/${emulator.siteId}`);
      emulator.site.edit('products', 'p1', { price: 6 });
      const event = merge({ [path]: exported.replace('Green tea', 'Sencha') });
      const environment = { GITHUB_EVENT_NAME: 'push' };
      const second = await run({ command: 'import' }, { event, environment });
      expect(second.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
      expect(item(situation, 'p1')).toMatchObject({ title: 'Sencha', price: 6 });
      expect(record(situation)).not.toBe('');
      // What stood in for the record is part of the new one, so it is known who changed the price.
      const next = await run({ command: 'export' });
      expect(next.outputs).toMatchObject({ status: 'success', 'rows-conflicting': '0' });
      await expectAgreement(situation, exported.replace('Green tea,4', 'Sencha,6'));
    }));
});

test('the record of one site is not touched by a run of another', () =>
  within(
    { ...site, otherSites: [{ id: 'b1f0c3d2-0000-4000-8000-000000000002', ...site.site }] },
    async (situation) => {
      const { run, merge, file, remote } = situation;
      const other = {
        'site-id': 'b1f0c3d2-0000-4000-8000-000000000002',
        directory: 'other',
      };
      await run({ command: 'export' });
      await run({ command: 'export', ...other });
      const first = record(situation);
      expect(file('other/collections/products.csv')).toBe(exported);
      merge({ 'other/collections/products.csv': exported.replace('Green tea', 'Sencha') });
      const imported = await run({ command: 'import', ...other });
      expect(imported.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
      expect(item(situation, 'p1')).toMatchObject({ title: 'Green tea' });
      expect(record(situation)).toBe(first);
      const refs = git(remote, 'for-each-ref', '--format=%(refname)', 'refs/wix-cms/').split('\n');
      expect(refs.filter((ref) => !ref.endsWith('.exports'))).toHaveLength(2);
      expect((await run({ command: 'import' })).outputs.status).toBe('unchanged');
    },
  ));

test('an edit stays an edit of git where the job says that it took it, and the site kept the old value', () =>
  within(site, async (situation) => {
    const { run, merge, emulator, file } = situation;
    const edited = exported.replace('Green tea', 'Sencha');
    await run({ command: 'export' });
    merge({ [path]: edited });
    emulator.faults.addToJob({ match: { kind: 'import' }, end: 'COMPLETED', rows: 0 });
    const { outputs } = await run({ command: 'import' });
    expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'verify-mismatch' });
    emulator.faults.clear();
    await run({ command: 'export' });
    expect(file(path)).toContain('p1,Sencha,');
    await run({ command: 'import' });
    expect(item(situation, 'p1')).toMatchObject({ title: 'Sencha' });
    await expectAgreement(situation, edited);
  }));

test.each(['hold', 'fail'])(
  'with on-conflict: %s, a conflict says that the commit in the input base lacks the file',
  (onConflict) =>
    within(site, async ({ run, merge, remote }) => {
      const base = git(remote, 'rev-parse', 'main');
      await run({ command: 'export' });
      merge({ [path]: exported.replace('Green tea', 'Sencha').replace(/^p3.*\n/m, '') });
      const { annotations } = await run({ command: 'import', base, 'on-conflict': onConflict });
      const words = annotations.join();
      expect(words).toContain(`The commit in the input base does not have ${path}, so`);
      expect(words).not.toContain('record');
    }),
);

test('a commit from before the configuration is a base, also of an id that needs a file of its own', () =>
  within(
    { site: { collections: [{ ...products, id: 'con' }] } },
    async ({ run, merge, remote }) => {
      const base = git(remote, 'rev-parse', 'main');
      merge({ '.github/wix-cms.yml': 'collections: [{ id: con, file: teas.csv }]\n' });
      await run({ command: 'export', collections: '' });
      const { outputs } = await run({ command: 'plan', collections: '', base });
      expect(outputs).toMatchObject({ status: 'success', 'rows-added': '3' });
    },
  ));
