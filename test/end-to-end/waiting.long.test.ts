/** What waits while the other side moves on: pull requests, items outside a filter, slow runs. */
import { expect, test } from '@jest/globals';
import type { EmulatorOptions } from '../../emulator/emulator.ts';
import { systemClock } from '../../src/io/clock.ts';
import { cloneOf, pushElsewhere } from '../repository/support.ts';
import { runAction } from './action.ts';
import { mergePull, planned } from './proposal.ts';
import { exported, path, products, type Situation, site, within } from './situation.ts';

const config = '.github/wix-cms.yml';
const configured = { collections: '' };
const posts = {
  id: 'posts',
  fields: [{ key: 'title', type: 'TEXT' }],
  items: [{ _id: 'a', title: 'Hello' }],
};
const postsPath = 'content/collections/posts.csv';
const two: EmulatorOptions = { site: { collections: [products, posts] } };
const both = { collections: 'products, posts' };

function item({ emulator }: Situation, id: string) {
  return emulator.site.collection('products').items.get(id);
}

function ids({ emulator }: Situation): readonly string[] {
  return [...emulator.site.collection('products').items.keys()].sort();
}

test('an export that waits in its pull request takes nothing back when it is merged late', async () => {
  await within(site, async (situation) => {
    const { run, merge, emulator, file } = situation;
    await run({ command: 'export' });
    emulator.site.insert('products', { _id: 'p4', title: 'Oolong', price: 1 });
    emulator.site.edit('products', 'p3', { price: 99 });
    await run({ command: 'export', commit: 'pull-request' });
    emulator.site.remove('products', 'p4');
    emulator.site.edit('products', 'p3', { price: 9 });
    merge({ [path]: exported.replace('Green tea', 'Sencha') });
    await run({ command: 'import' });
    const offered = file(path, 'wix-cms/export') ?? '';
    merge({ [path]: offered.replace('Green tea', 'Sencha') });
    const late = await run({ command: 'import' });
    expect(late.outputs['failure-reason']).toBe('');
    expect(ids(situation)).toEqual(['p1', 'p2', 'p3']);
    expect(item(situation, 'p3')).toMatchObject({ price: 9 });
    await run({ command: 'export' });
    expect(file(path)).toBe(exported.replace('Green tea', 'Sencha'));
  });
});

test('an item that left the filter stays on the site, though its row leaves git', async () => {
  const filtered =
    '{ id: products, deletes: apply, filter: { price: { $lt: 6 } }, fields: [title] }';
  await within(site, async (situation) => {
    const { run, merge, emulator, file } = situation;
    merge({ [config]: `collections:\n  - ${filtered}\n` });
    await run({ command: 'export', ...configured });
    emulator.site.edit('products', 'p1', { price: 20 });
    await run({ command: 'export', commit: 'pull-request', ...configured });
    merge({ [path]: (file(path) ?? '').replace('Black', 'Assam') });
    await run({ command: 'import', ...configured });
    merge({ [path]: (file(path, 'wix-cms/export') ?? '').replace('Black', 'Assam') });
    expect((await run({ command: 'import', ...configured })).outputs['rows-removed']).toBe('0');
    expect(ids(situation)).toEqual(['p1', 'p2', 'p3']);
  });
});

test('items outside the filter are no business of a restore, nor of a drift check', async () => {
  const filtered = '{ id: products, deletes: apply, filter: { price: { $lt: 6 } } }';
  await within(site, async (situation) => {
    const { run, merge, file } = situation;
    merge({ [config]: `collections:\n  - ${filtered}\n` });
    await run({ command: 'export', ...configured });
    const drift = await run({ command: 'plan', 'fail-on-drift': 'true', ...configured });
    expect(drift.outputs.status).toBe('unchanged');
    merge({ [path]: (file(path) ?? '').replace('Green tea', 'Sencha') });
    await run({ command: 'import', reconcile: 'all', ...configured });
    expect(ids(situation)).toEqual(['p1', 'p2', 'p3']);
    expect(item(situation, 'p1')).toMatchObject({ title: 'Sencha' });
  });
});

test('a slow export puts no older read in the place of a newer one', async () => {
  await within(site, async (situation) => {
    const { run, merge, emulator, file } = situation;
    await run({ command: 'export' });
    emulator.site.edit('products', 'p3', { price: 10 });
    const downloads = () => emulator.requests.filter(({ host }) => host === 'download').length;
    const before = downloads();
    const match = { host: 'download', nth: 1 } as const;
    emulator.faults.add({ kind: 'slow', delay: 5_000, match });
    const slow = run({ command: 'export' }, { clock: systemClock });
    while (downloads() === before) await new Promise((resolve) => setTimeout(resolve, 20));
    merge({ [path]: exported.replace('Green tea', 'Sencha') });
    expect((await run({ command: 'import' })).outputs.status).toBe('success');
    await slow;
    merge({ [path]: (file(path) ?? '').replace('Sencha', 'Green tea') });
    expect((await run({ command: 'import' })).outputs.status).toBe('success');
    expect(item(situation, 'p1')).toMatchObject({ title: 'Green tea' });
    await run({ command: 'export' });
    expect(file(path)).toBe(exported.replace(',9,', ',10,'));
  });
});

test('an item that is edited while the import writes is not removed', async () => {
  const slowly: EmulatorOptions = {
    ...site,
    jobSteps: { uninitialized: 0, initializing: 0, inProgress: 1_500 },
  };
  await within(slowly, async (situation) => {
    const { run, merge, emulator } = situation;
    await run({ command: 'export' }, { clock: systemClock });
    const withoutWhite = exported.replace('p3,White tea,9,,\n', '');
    merge({ [path]: withoutWhite.replace('Green tea', 'Sencha') });
    const going = run({ command: 'import', deletes: 'apply' }, { clock: systemClock });
    const isWriting = () => emulator.jobs().some(({ name }) => name?.includes(' import '));
    while (!isWriting()) await new Promise((resolve) => setTimeout(resolve, 20));
    emulator.site.edit('products', 'p3', { price: 77 });
    const { outputs, annotations } = await going;
    expect(outputs).toMatchObject({ 'failure-reason': 'conflict', 'rows-removed': '0' });
    expect(annotations.join()).toContain(
      'the item p3 was edited on the site while this import ran',
    );
    expect(item(situation, 'p3')).toMatchObject({ price: 77 });
  });
});

test('an item that Wix says was removed, and that is still there, is no success', async () => {
  await within(site, async (situation) => {
    const { run, merge, emulator } = situation;
    await run({ command: 'export' });
    merge({ [path]: exported.replace('p3,White tea,9,,\n', '') });
    const results = [{ itemMetadata: { id: 'p3', originalIndex: 0, success: true } }];
    const body = JSON.stringify({ results });
    const match = { path: '/wix-data/v2/bulk/items/remove' };
    emulator.faults.add({ kind: 'answer', status: 200, body, match });
    const { outputs } = await run({ command: 'import', deletes: 'apply' });
    expect(outputs).toMatchObject({ 'failure-reason': 'verify-mismatch', 'rows-removed': '0' });
  });
});

test('a new row does not take the place of an item that was made from the same content', async () => {
  await within(site, async (situation) => {
    const { run, merge, file } = situation;
    await run({ command: 'export' });
    merge({ [path]: `${exported},New,0,,\n` });
    await run({ command: 'import' });
    merge({ [path]: (file(path) ?? '').replace('New,0', 'Chair,10') });
    await run({ command: 'import' });
    merge({ [path]: `${file(path)},New,0,,\n` });
    expect((await run({ command: 'import' })).outputs['rows-added']).toBe('1');
    const titles = ids(situation).map((id) => item(situation, id)?.title);
    expect(titles).toHaveLength(5);
    expect(titles).toEqual(expect.arrayContaining(['Chair', 'New']));
    expect(file(path)).toMatch(/,Chair,10,,\n[\s\S]*,New,0,,\n|,New,0,,\n[\s\S]*,Chair,10,,\n/);
  });
});

test('what another file brings to the site does not keep this one from being agreed', async () => {
  await within(two, async (situation) => {
    const { run, merge, emulator, file } = situation;
    await run({ command: 'export', ...both });
    emulator.site.edit('posts', 'a', { title: 'Hello, world' });
    await run({ command: 'export', commit: 'pull-request', ...both });
    merge({ [path]: exported.replace('Green tea', 'Sencha') });
    merge({ [postsPath]: file(postsPath, 'wix-cms/export') ?? '' });
    expect((await run({ command: 'import', ...both })).outputs['rows-changed']).toBe('1');
    merge({ [postsPath]: (file(postsPath) ?? '').replace('world', 'all') });
    expect((await run({ command: 'import', ...both })).outputs.status).toBe('success');
    expect(emulator.site.collection('posts').items.get('a')?.title).toBe('Hello, all');
  });
});

test('a drift check on a pull request looks at the files that it leaves alone, too', async () => {
  await within(two, async (situation) => {
    await situation.run({ command: 'export', ...both });
    situation.emulator.site.edit('posts', 'a', { title: 'Hello, world' });
    const edit = { [path]: exported.replace('Green tea', 'Sencha') };
    const { outputs } = await planned(situation, edit, { 'fail-on-drift': 'true', ...both });
    expect(outputs['failure-reason']).toBe('verify-mismatch');
  });
});

test('what stands in the working tree alone is agreed by nobody', async () => {
  await within(site, async (situation) => {
    const { run, merge, emulator, remote, hub } = situation;
    await run({ command: 'export' });
    emulator.site.edit('products', 'p3', { price: 10 });
    const workspace = cloneOf(remote, { depth: 1 });
    const inputs = {
      command: 'export',
      commit: 'none',
      collections: 'products',
      token: 'token',
      'api-key': emulator.apiKey,
      'site-id': emulator.siteId,
      'api-url': emulator.apiUrl,
    };
    const environment = { GITHUB_API_URL: hub.url, GITHUB_GRAPHQL_URL: hub.graphqlUrl };
    for (const _ of ['one', 'two']) await runAction({ workspace, inputs, environment });
    merge({ [path]: exported.replace('Green tea', 'Sencha') });
    await run({ command: 'import' });
    expect(item(situation, 'p3')).toMatchObject({ price: 10 });
  });
});

test('a language that is no longer configured leaves the file, and its translations stay on the site', async () => {
  const translations = [{ itemId: 'p1', field: 'title', language: 'de', text: 'Grüner Tee' }];
  const translated = {
    site: { languages: ['en', 'fr', 'de'], collections: [products], translations },
  };
  await within(translated, async ({ run, merge, file, emulator }) => {
    const localization = 'content/localizations/en.csv';
    merge({ [config]: 'localizations: [{ languages: [en, fr, de] }]\n' });
    await run({ command: 'export', ...configured });
    expect(file(localization)).toContain('Grüner Tee');
    merge({ [config]: 'localizations: [{ languages: [en, fr] }]\n' });
    await run({ command: 'export', ...configured });
    expect(file(localization)).not.toContain('(DE)');
    expect(emulator.site.translation('p1', 'title', 'de')).toBe('Grüner Tee');
  });
});

test('an export’s pull request stays a draft when somebody commits to its branch', async () => {
  await within(site, async (situation) => {
    const { run, emulator, hub } = situation;
    await run({ command: 'export' });
    for (const id of ids(situation)) emulator.site.remove('products', id);
    await run({ command: 'export', commit: 'pull-request' });
    note(situation);
    await run({ command: 'export', commit: 'pull-request' });
    expect(hub.pulls).toHaveLength(1);
    expect(hub.pulls[0]).toMatchObject({ draft: true, state: 'open' });
    expect(hub.pulls[0]?.body).toContain('<code>products</code>: 3 removed');
    expect([...(hub.pulls[0]?.labels ?? [])]).toContain('wix-cms: deletes');
  });
});

test('a branch that was squashed into its target is not proposed again', async () => {
  await within(site, async (situation) => {
    const { run, emulator, hub } = situation;
    await run({ command: 'export' });
    emulator.site.edit('products', 'p3', { price: 10 });
    await run({ command: 'export', commit: 'pull-request' });
    note(situation);
    await mergePull(situation, 'squash');
    expect((await run({ command: 'export', commit: 'pull-request' })).outputs.changed).toBe(
      'false',
    );
    expect(hub.pulls.map(({ state }) => state)).toEqual(['closed']);
  });
});

/** Somebody else puts a commit on the export's branch. */
function note({ remote }: Situation): void {
  pushElsewhere(remote, { 'note.txt': 'Hello\n' }, 'wix-cms/export');
}
