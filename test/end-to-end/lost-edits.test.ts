/** Edits that were lost before git and the site had one record: docs/decisions/2-record.md. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { cloneOf, git, pushElsewhere } from '../repository/support.ts';
import { mergeBranch, mergePull, planned, propose } from './proposal.ts';
import {
  edit,
  expectTitle,
  exported,
  importCutOff,
  onPush,
  path,
  products,
  type Situation,
  site,
  titleOf,
  within,
} from './situation.ts';

const sencha = exported.replace('Green tea', 'Sencha');

/** Refuses records from the moment on that a branch was moved. */
const refuseAfterMove =
  'while read old new ref; do case $ref in refs/heads/*) touch moved;; refs/wix-cms/*) test -e moved && exit 1;; esac; done; exit 0';

describe('a run that is cut off at its push', () => {
  test('has offered nothing that the record does not know', () =>
    within(site, async (situation) => {
      const { run, remote } = situation;
      await run({ command: 'export' });
      edit(situation, 'p1', { title: 'Oolong' });
      await run(propose);
      edit(situation, 'p1', { title: 'Pu-erh' });
      onPush(remote, refuseAfterMove);
      await run(propose);
      onPush(remote, 'true');
      edit(situation, 'p1', { title: 'Green tea' });
      mergeBranch(situation);
      await expectTitle(situation, 'p1', 'Green tea');
    }));

  test('has pushed nothing that a revert could not take back', () =>
    within(site, async (situation) => {
      const { run, remote, file, merge } = situation;
      await run({ command: 'export' });
      edit(situation, 'p1', { title: 'Oolong' });
      onPush(remote, refuseAfterMove);
      const { outputs } = await run({ command: 'export' });
      onPush(remote, 'true');
      expect(outputs.status).toBe('failed');
      expect(file(path)).toBe(exported);
      await run({ command: 'export' });
      merge({ [path]: exported });
      await expectTitle(situation, 'p1', 'Green tea');
    }));

  test('leaves its note to the next import, whatever an export does meanwhile', () =>
    within(site, async (situation) => {
      const { run, merge } = situation;
      await run({ command: 'export' });
      merge({ [path]: sencha });
      await importCutOff(situation);
      await run({ command: 'export' });
      merge({ [path]: exported });
      await expectTitle(situation, 'p1', 'Green tea');
    }));
});

describe('what checkout does to the files is nobody’s edit', () => {
  const attributes: readonly (readonly [string, Record<string, string>])[] = [
    ['*.csv text eol=crlf', { '.gitattributes': '*.csv text eol=crlf\n' }],
    ['ident', { '.gitattributes': '*.csv ident\n' }],
    ['UTF-16', { '.gitattributes': '*.csv text eol=crlf working-tree-encoding=UTF-16LE-BOM\n' }],
  ];
  test.each(attributes)('%s', (_what, files) =>
    within(site, async (situation) => {
      const { run, merge, emulator } = situation;
      await run({ command: 'export' });
      merge(files);
      expect((await run({ command: 'import' })).outputs.status).toBe('unchanged');
      expect(emulator.jobs().filter(({ name }) => name?.includes(' import '))).toEqual([]);
    }),
  );

  test('core.autocrlf', () =>
    within(site, async ({ run, remote }) => {
      await run({ command: 'export' });
      const workspace = cloneOf(remote);
      git(workspace, 'config', 'core.autocrlf', 'true');
      rmSync(join(workspace, path));
      git(workspace, 'checkout', '--', path);
      expect(readFileSync(join(workspace, path), 'utf8')).toContain('\r\n');
      expect((await run({ command: 'import' }, { workspace })).outputs.status).toBe('unchanged');
    }));

  test('an edit in the working tree alone, unless the workflow says that it counts', () =>
    within(site, async (situation) => {
      const { run, remote } = situation;
      await run({ command: 'export' });
      const workspace = cloneOf(remote);
      writeFileSync(join(workspace, path), sencha);
      const { outputs } = await run({ command: 'import' }, { workspace });
      expect(outputs.status).toBe('unchanged');
      expect(titleOf(situation, 'p1')).toBe('Green tea');
      await run({ command: 'import', source: 'working-tree' }, { workspace });
      expect(titleOf(situation, 'p1')).toBe('Sencha');
    }));
});

test.each([
  ['an item with CRLF in a text, whose file was saved with LF', 'one\r\ntwo', '\r\n', '\n'],
  ['an item with LF in a text, of which a tool made CRLF', 'one\ntwo', 'one\ntwo', 'one\r\ntwo'],
])('%s, is not edited', (_name, notes, from, to) =>
  within(site, async (situation) => {
    const { run, merge, file, emulator } = situation;
    edit(situation, 'p1', { notes });
    await run({ command: 'export' });
    merge({ [path]: (file(path) ?? '').replace(from, to) });
    expect((await run({ command: 'plan' })).outputs).toMatchObject({ status: 'unchanged' });
    expect((await run({ command: 'import' })).outputs).toMatchObject({ status: 'unchanged' });
    expect((await run({ command: 'import', reconcile: 'all' })).outputs).toMatchObject({
      status: 'unchanged',
    });
    expect((await run({ command: 'export' })).outputs).toMatchObject({ status: 'unchanged' });
    // Nor is it when another cell of the row is.
    merge({ [path]: (file(path) ?? '').replace('Green tea', 'Sencha') });
    expect((await run({ command: 'import' })).outputs).toMatchObject({ 'rows-changed': '1' });
    const item = emulator.site.collection('products').items.get('p1');
    expect(item).toMatchObject({ title: 'Sencha', notes });
  }),
);

test.each([
  ['one edit', sencha, 'line one\nline two'],
  ['an edit in a cell of two lines', exported.replace('line two', 'line 2'), 'line one\nline 2'],
])('a file that was saved with CRLF and %s is one edit', (_what, edited, notes) =>
  within(site, async (situation) => {
    const { run, merge, emulator } = situation;
    await run({ command: 'export' });
    merge({ [path]: edited.replaceAll('\n', '\r\n') });
    const { outputs } = await run({ command: 'import' });
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(emulator.site.collection('products').items.get('p2')?.notes).toBe(notes);
  }),
);

test('a run on another branch than that of the record reads and writes nothing', () =>
  within(site, async (situation) => {
    const { run, merge, remote, emulator } = situation;
    await run({ command: 'export' });
    git(remote, 'branch', 'staging', 'main');
    merge({ [path]: sencha });
    const requests = emulator.requests.length;
    for (const command of ['export', 'import']) {
      const there = { branch: 'staging', environment: { GITHUB_REF: 'refs/heads/staging' } };
      const { outputs, annotations } = await run({ command }, there);
      expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
      expect(annotations.join()).toContain('the record of the site belongs to main');
    }
    expect(emulator.requests).toHaveLength(requests);
    await expectTitle(situation, 'p1', 'Sencha');
  }));

test('the record goes on with a branch that was renamed', () =>
  within(site, async (situation) => {
    const { run, merge, remote } = situation;
    await run({ command: 'export' });
    merge({ [path]: sencha });
    git(remote, 'branch', '-m', 'main', 'trunk');
    git(remote, 'symbolic-ref', 'HEAD', 'refs/heads/trunk');
    const there = { branch: 'trunk', environment: { GITHUB_REF: 'refs/heads/trunk' } };
    const { outputs } = await run({ command: 'import' }, there);
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
  }));

test('a branch that lacks what the gone branch of the record had does not revert it', () =>
  within(site, async (situation) => {
    const { run, remote } = situation;
    await run({ command: 'export' });
    git(remote, 'branch', 'staging', 'main');
    edit(situation, 'p1', { title: 'Gunpowder' });
    const there = { branch: 'staging', environment: { GITHUB_REF: 'refs/heads/staging' } };
    await run({ command: 'export', 'base-branch': 'staging' }, there);
    git(remote, 'branch', '-D', 'staging');
    const { outputs, annotations } = await run({ command: 'import' });
    expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
    expect(annotations.join()).toContain('the record of the site belongs to staging');
    expect(titleOf(situation, 'p1')).toBe('Gunpowder');
  }));

test('a file that was moved keeps its past: an item that the CMS deleted stays deleted', () =>
  within(site, async (situation) => {
    const { run, remote, emulator } = situation;
    await run({ command: 'export' });
    const config = 'collections:\n  - id: products\n    file: shop.csv\n';
    const inputs = { collections: '' };
    const moved = {
      '.github/wix-cms.yml': config,
      'content/shop.csv': exported,
      'content/shop.schema.json': git(
        remote,
        'show',
        'main:content/collections/products.schema.json',
      ),
      [path]: null,
      'content/collections/products.schema.json': null,
    };
    const plan = await planned(situation, moved, inputs);
    expect(plan.outputs).toMatchObject({ status: 'unchanged', 'rows-added': '0' });
    emulator.site.remove('products', 'p3');
    await mergePull(situation);
    await run({ command: 'import', ...inputs });
    expect(emulator.site.collection('products').items.has('p3')).toBe(false);
  }));

describe('without a repository that git can open, nobody can tell what is new', () => {
  test.each(['import', 'plan'])('%s stops with the words of git', (command) =>
    within(site, async (situation) => {
      const { run, remote, emulator } = situation;
      await run({ command: 'export' });
      const workspace = cloneOf(remote);
      git(workspace, 'config', 'core.repositoryformatversion', '99');
      const { outputs, annotations } = await run({ command }, { workspace });
      expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
      expect(annotations.join()).toMatch(/git repo version|repository version/i);
      expect(emulator.jobs().filter(({ name }) => name?.includes(' import '))).toEqual([]);
    }),
  );
});

test('an edit in a column that is excluded stays until it has reached the site', () =>
  within(site, async (situation) => {
    const { run, file, emulator } = situation;
    await run({ command: 'export' });
    pushElsewhere(situation.remote, {
      [path]: exported.replace('order more', 'order two'),
      '.github/wix-cms.yml': 'collections:\n  - id: products\n    exclude: [notes]\n',
    });
    const inputs = { collections: '' };
    await run({ command: 'export', ...inputs });
    expect(file(path)).toContain('order two');
    await run({ command: 'import', ...inputs });
    expect(emulator.site.collection('products').items.get('p1')?.notes).toBe('order two');
    await run({ command: 'export', ...inputs });
    expect(file(path)).not.toContain('order two');
  }));

test('a plan judges the rows that its pull request changes, however far it is behind', () =>
  within(site, async (situation) => {
    const { run, merge, remote } = situation;
    await run({ command: 'export' });
    const plan = await planned(situation, { [path]: exported.replace('White tea', 'Silver tips') });
    expect(plan.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    merge({ [path]: sencha });
    await run({ command: 'import' });
    edit(situation, 'p1', { title: 'Gunpowder' });
    const base = git(remote, 'rev-parse', 'main~1');
    const event = {
      pull_request: {
        number: 1,
        base: { sha: base, ref: 'main' },
        head: { sha: git(remote, 'rev-parse', 'edit') },
      },
    };
    const environment = { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/1/merge' };
    const again = await run(
      { command: 'plan', comment: 'false' },
      { branch: 'edit', event, environment },
    );
    expect(again.outputs).toMatchObject({
      status: 'success',
      'rows-changed': '1',
      'rows-conflicting': '0',
    });
  }));

describe('an item that is edited in the CMS while an import runs', () => {
  const others = { ...products, id: 'others', displayName: 'Others' };
  const two = { site: { collections: [products, others] } };
  const collections = 'products, others';

  test('is held: its collection’s turn comes long after it was read', () =>
    within(two, async (situation) => {
      const { run, merge, emulator } = situation;
      await run({ command: 'export', collections });
      merge({ [path]: sencha, 'content/collections/others.csv': sencha });
      let isEdited = false;
      const where = () => {
        const isWriting = emulator
          .jobs()
          .some(({ name, status }) => name?.includes(' import products') && status === 'COMPLETED');
        if (isWriting && !isEdited) {
          isEdited = true;
          emulator.site.edit('others', 'p1', { price: 5 });
        }
        return false;
      };
      emulator.faults.add({
        kind: 'hang',
        match: { path: '/data-mover/v1/jobs/query', where, times: 'always' },
      });
      const { outputs } = await run({ command: 'import', collections });
      expect(outputs).toMatchObject({ status: 'partial', 'failure-reason': 'conflict' });
      const item = emulator.site.collection('others').items.get('p1');
      expect(item).toMatchObject({ title: 'Green tea', price: 5 });
      expect(titleOf(situation, 'p1')).toBe('Sencha');
      emulator.faults.clear();
      expect((await run({ command: 'import', collections })).outputs.status).toBe('success');
      expect(emulator.site.collection('others').items.get('p1')).toMatchObject({
        title: 'Sencha',
        price: 5,
      });
    }));
});

describe('an import stops where, between its note and its job,', () => {
  const others: readonly (readonly [string, string, (situation: Situation) => Promise<void>])[] = [
    [
      'another one runs whole',
      'Gyokuro',
      async ({ run, merge }) => {
        merge({ [path]: `${exported}p4,Gyokuro,7,,\n` });
        expect((await run({ command: 'import' })).outputs.status).toBe('success');
      },
    ],
    [
      'an export moves the record',
      'Oolong',
      async (situation) => {
        edit(situation, 'p1', { title: 'Sencha' });
        await situation.run({ command: 'export' });
        expect(situation.file(path)).toContain('p1,Sencha,');
      },
    ],
  ];

  test.each(others)('%s', (_what, title, meanwhile) =>
    within(site, async (situation) => {
      const { run, merge, remote } = situation;
      await run({ command: 'export' });
      merge({ [path]: `${exported}p4,Oolong,7,,\n` });
      // The note is in the record, and the push that brought it does not end yet.
      const [noted, go] = [join(remote, 'noted'), join(remote, 'go')];
      const wait = `mkdir ${noted} 2>/dev/null || exit 0; until [ -e ${go} ]; do sleep 0.1; done`;
      writeFileSync(join(remote, 'hooks/post-receive'), `#!/bin/sh\n${wait}\n`, { mode: 0o755 });
      const slower = run({ command: 'import' });
      while (!existsSync(noted)) await setTimeout(20);
      await meanwhile(situation);
      writeFileSync(go, '');
      const { outputs, annotations } = await slower;
      expect(outputs['failure-reason']).toBe('api');
      expect(annotations.join()).toContain('Another run has started to write');
      await expectTitle(situation, 'p4', title);
    }),
  );
});

test('items that only the CMS had come back after an import emptied the collection and failed', () =>
  within(site, async (situation) => {
    const { run, merge, emulator } = situation;
    const truncating = { command: 'import', deletes: 'apply', 'write-policy': 'truncate-before' };
    const { items } = emulator.site.collection('products');
    for (const item of items.values()) delete item.related;
    await run({ command: 'export' });
    emulator.site.insert('products', { _id: 'cms', title: 'Made in the CMS', price: 3 });
    merge({ [path]: sencha });
    emulator.faults.addToJob({
      match: { kind: 'import' },
      end: 'FAILED',
      code: 'WDH0002',
      rows: 1,
    });
    expect((await run(truncating)).exitCode).toBe(1);
    emulator.faults.clear();
    expect((await run({ command: 'import' })).exitCode).toBe(0);
    expect(titleOf(situation, 'cms')).toBe('Made in the CMS');
    expect(titleOf(situation, 'p3')).toBe('White tea');
  }));
