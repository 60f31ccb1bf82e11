import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { mergePull } from '../end-to-end/proposal.ts';
import { exported, path, products, type Situation, site, within } from '../end-to-end/situation.ts';
import { notAccessible } from '../github-stand-in/faults.ts';
import { git } from '../repository/support.ts';
import {
  artifactsOf,
  example,
  inputsOf,
  jobOf,
  play as playWorkflow,
  pullRequest,
} from './workflow.ts';

const configured = { '.github/wix-cms.yml': 'collections: [products]\n' };

/** Plays an example by its name. */
const play = (situation: Situation, name: string, options?: Parameters<typeof playWorkflow>[2]) =>
  playWorkflow(situation, example(name), options);

test('every example but the configuration is run here', () => {
  const text = readFileSync(import.meta.filename, 'utf8');
  const names = readdirSync(join(import.meta.dirname, '../../examples'));
  const workflows = names.filter((name) => name !== 'wix-cms.yml');
  expect(workflows.filter((name) => !text.includes(`'${name}'`))).toEqual([]);
});

test('an expression without a value is found', () => {
  expect(() => inputsOf(example('drift-check.yml'), {})).toThrow('secrets.WIX_API_KEY');
});

test('backup-by-push.yml commits the content to main, and asks GitHub for nothing', async () => {
  await within(site, async (situation) => {
    situation.merge(configured);
    const backup = await play(situation, 'backup-by-push.yml');
    expect(backup.outputs).toMatchObject({ status: 'success', branch: 'main' });
    expect(situation.file(path)).toBe(exported);
    expect(situation.hub.operations).toEqual([]);
    expect((await play(situation, 'backup-by-push.yml')).outputs.status).toBe('unchanged');
  });
});

test('export-pull-request.yml opens one pull request and keeps it up to date', async () => {
  await within(site, async (situation) => {
    const { emulator, hub } = situation;
    situation.merge(configured);
    const first = await play(situation, 'export-pull-request.yml');
    expect(first.outputs).toMatchObject({ status: 'success', 'pull-request-number': '1' });
    expect(situation.file(path, 'wix-cms/export')).toBe(exported);
    expect(situation.file(path)).toBeUndefined();
    emulator.site.edit('products', 'p3', { price: 10 });
    await play(situation, 'export-pull-request.yml');
    expect(situation.file(path, 'wix-cms/export')).toBe(exported.replace('tea,9', 'tea,10'));
    expect(hub.pulls).toHaveLength(1);
  });
});

test('import-on-merge.yml brings a merged edit to the site', async () => {
  await within(site, async (situation) => {
    const { emulator, merge } = situation;
    merge(configured);
    await play(situation, 'backup-by-push.yml');
    const event = merge({ [path]: exported.replace('Green tea', 'Sencha') });
    const imported = await play(situation, 'import-on-merge.yml', {
      event,
      environment: { GITHUB_EVENT_NAME: 'push' },
    });
    expect(imported.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(emulator.site.collection('products').items.get('p1')?.title).toBe('Sencha');
  });
});

test('import-on-merge.yml and export-pull-request.yml, run by hand, take an answer to a conflict', async () => {
  await within(site, async (situation) => {
    const { emulator, merge } = situation;
    merge(configured);
    await play(situation, 'backup-by-push.yml');
    merge({ [path]: exported.replace('Green tea', 'Sencha') });
    emulator.site.edit('products', 'p1', { title: 'Gyokuro' });
    const stopped = await play(situation, 'import-on-merge.yml');
    expect(stopped.outputs['failure-reason']).toBe('conflict');
    const cms = { values: { 'inputs.on-conflict': 'cms' } };
    await play(situation, 'export-pull-request.yml', cms);
    expect(situation.file(path, 'wix-cms/export')).toContain('Gyokuro');
    const git = { values: { 'inputs.on-conflict': 'git' } };
    expect((await play(situation, 'import-on-merge.yml', git)).outputs.status).toBe('success');
    expect(emulator.site.collection('products').items.get('p1')?.title).toBe('Sencha');
  });
});

test('plan-on-pull-request.yml comments on a pull request what its merge would change', async () => {
  await within(site, async (situation) => {
    situation.merge(configured);
    await play(situation, 'backup-by-push.yml');
    const event = await pullRequest(situation, { [path]: exported.replace('Green tea', 'Sencha') });
    const plan = await play(situation, 'plan-on-pull-request.yml', event);
    expect(plan.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    const [report = ''] = artifactsOf(example('plan-on-pull-request.yml'), plan);
    expect(readFileSync(report, 'utf8')).toContain('<!doctype html>');
    expect(situation.hub.comments[0]?.body).toContain('Sencha');
  });
});

/** What GitHub gives to a run for a fork: no secrets, no variables, and a token that may only read. */
const ofFork = { values: { 'secrets.WIX_API_KEY': '', 'vars.WIX_SITE_ID': '' } };

test('plan-on-pull-request.yml works for a pull request from a fork, in the summary alone', async () => {
  await within(site, async (situation) => {
    situation.merge(configured);
    await play(situation, 'backup-by-push.yml');
    // Merged, and not yet imported: the record alone tells.
    situation.merge({ [path]: exported.replace('White tea', 'Silver tips') });
    const before = situation.emulator.requests.length;
    const files = { [path]: (situation.file(path) ?? '').replace('Green tea', 'Sencha') };
    const event = await pullRequest(situation, files);
    situation.hub.faults.answer('issues/create-comment', notAccessible);
    const fork = await play(situation, 'plan-on-pull-request.yml', { ...event, ...ofFork });
    expect(fork.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(fork.summary).toContain('Sencha');
    expect(fork.summary).toContain('1 row from earlier merges has not reached the site yet');
    expect(fork.annotations).toEqual([
      expect.stringMatching(/^::warning.*The plan is only in the job summary: The token may not/),
    ]);
    expect(situation.emulator.requests).toHaveLength(before);
    expect(situation.hub.comments).toEqual([]);
  });
});

test('drift-check.yml is red once the site was edited, and writes nothing', async () => {
  await within(site, async (situation) => {
    const { emulator, remote } = situation;
    situation.merge(configured);
    await play(situation, 'backup-by-push.yml');
    const refs = git(remote, 'for-each-ref');
    expect((await play(situation, 'drift-check.yml')).exitCode).toBe(0);
    emulator.site.edit('products', 'p3', { price: 10 });
    const drift = await play(situation, 'drift-check.yml');
    expect(drift.exitCode).toBe(1);
    expect(drift.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'verify-mismatch' });
    expect(drift.summary).toContain('<ins>10</ins>');
    expect(git(remote, 'for-each-ref')).toBe(refs);
    expect(situation.hub.operations).toEqual([]);
  });
});

test('restore.yml brings an older state back: its pull request shows it, and the import of its merge does it', async () => {
  await within(site, async (situation) => {
    const { emulator, hub, remote } = situation;
    const { items } = emulator.site.collection('products');
    situation.merge(configured);
    await play(situation, 'backup-by-push.yml');
    git(remote, 'tag', 'good', 'main');
    emulator.site.edit('products', 'p1', { title: 'Spoiled' });
    emulator.site.insert('products', { _id: 'p4', title: 'Spam' });
    await play(situation, 'backup-by-push.yml');
    const values = { 'inputs.to': 'good', 'inputs.collections': '' };
    const restored = await play(situation, 'restore.yml', { values });
    expect(restored.outputs).toMatchObject({ status: 'success', 'pull-request-number': '1' });
    expect(hub.comments[0]?.body).toContain('<del>Spoiled</del>');
    expect(items.get('p1')?.title).toBe('Spoiled');
    const before = git(remote, 'rev-parse', 'main');
    await mergePull(situation, 'squash');
    await play(situation, 'import-on-merge.yml', {
      event: { before },
      environment: { GITHUB_EVENT_NAME: 'push' },
    });
    expect(items.get('p1')?.title).toBe('Green tea');
    expect(items.has('p4')).toBe(true);
  });
});

test('restore-drill.yml restores the backup into a stand-in, without a key', async () => {
  await within(site, async (situation) => {
    situation.merge(configured);
    await play(situation, 'backup-by-push.yml');
    const before = situation.emulator.requests.length;
    const drill = await play(situation, 'restore-drill.yml', ofFork);
    expect(drill.outputs.status).toBe('success');
    const [badge = ''] = artifactsOf(example('restore-drill.yml'), drill);
    expect(readFileSync(badge, 'utf8')).toContain('3 rows · restored');
    expect(situation.emulator.requests).toHaveLength(before);
    const next = await play(situation, 'backup-by-push.yml');
    expect(next.summary).toMatch(/last drill \d minutes? earlier/);
  });
});

test('match-git.yml shows how the site differs from git, and then makes it match', async () => {
  await within(site, async (situation) => {
    const { emulator } = situation;
    const { items } = emulator.site.collection('products');
    const config = 'collections: [products]\nlimits: { max-changes: 0 }\n';
    situation.merge({ '.github/wix-cms.yml': config });
    await play(situation, 'backup-by-push.yml');
    emulator.site.edit('products', 'p1', { title: 'Spoiled' });
    emulator.site.insert('products', { _id: 'p4', title: 'Spam' });
    const asked = { 'inputs.deletes': 'apply', 'inputs.approve': '' };
    const command = (name: string) => ({ values: { ...asked, 'inputs.command': name } });
    const plan = await play(situation, 'match-git.yml', command('plan'));
    expect(plan.outputs).toMatchObject({ 'rows-changed': '1', 'rows-removed': '1' });
    expect(plan.outputs['failure-reason']).toBe('limit');
    expect(plan.summary).toContain('<ins>Green tea</ins>');
    expect(items.get('p1')?.title).toBe('Spoiled');
    const stopped = await play(situation, 'match-git.yml', command('import'));
    expect(stopped.outputs).toMatchObject({
      'failure-reason': 'limit',
      fingerprint: plan.outputs.fingerprint,
    });
    const approve = { 'inputs.approve': plan.outputs.fingerprint ?? '' };
    const matched = await play(situation, 'match-git.yml', {
      values: { ...command('import').values, ...approve },
    });
    expect(matched.outputs.status).toBe('success');
    expect(items.get('p1')?.title).toBe('Green tea');
    expect(items.has('p4')).toBe(false);
    const [backup = ''] = artifactsOf(example('match-git.yml'), matched);
    expect(readFileSync(join(backup, path), 'utf8')).toContain('Spoiled');
  });
});

test('many-sites.yml keeps each site in a folder, a branch and a pull request of its own', async () => {
  const matrix = jobOf(example('many-sites.yml')).strategy?.matrix.include ?? [];
  const [first, ...others] = matrix.map(({ 'site-id': id = '' }) => ({
    id,
    collections: [products],
  }));
  const apiKeys = matrix.map(({ key = '' }) => `IST.${key}`);
  await within({ site: first ?? {}, otherSites: others, apiKeys }, async (situation) => {
    situation.merge(
      Object.fromEntries(
        matrix.map(({ site: name }) => [
          `.github/wix-cms.${name}.yml`,
          `directory: content/${name}\ncollections: [products]\n`,
        ]),
      ),
    );
    for (const [i, entry] of matrix.entries()) {
      const values = Object.fromEntries(
        Object.entries(entry).map(([name, value]) => [`matrix.${name}`, value]),
      );
      const run = await play(situation, 'many-sites.yml', {
        values: { ...values, 'secrets[matrix.key]': apiKeys[i] ?? '' },
      });
      expect(run.outputs).toMatchObject({ status: 'success', 'pull-request-number': `${i + 1}` });
      const file = `content/${entry.site}/collections/products.csv`;
      expect(situation.file(file, `wix-cms/export-${entry.site}`)).toBe(exported);
      expect(git(situation.remote, 'for-each-ref', 'refs/wix-cms')).toContain(entry['site-id']);
    }
  });
  expect(matrix).toHaveLength(2);
});
