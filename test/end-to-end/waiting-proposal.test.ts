/** What may happen between the opening of an export's pull request and its merge. */
import { expect, test } from '@jest/globals';
import { cloneOf, git } from '../repository/support.ts';
import { branch } from './proposal.ts';
import { exported, path, products, type Situation, titleOf, within } from './situation.ts';

const stories = {
  id: 'stories',
  displayName: 'Stories',
  fields: [{ key: 'title', displayName: 'Title', type: 'TEXT' }],
  items: [{ _id: 's', title: 'One' }],
} as const;
const storiesPath = 'content/collections/stories.csv';
const both = { site: { collections: [products, stories] } };
const collections = 'products, stories';
const propose = { command: 'export', commit: 'pull-request', collections };

/** A person merges the branch of the proposal. */
function mergeProposal({ remote }: Situation): void {
  git(remote, 'update-ref', 'refs/heads/main', git(remote, 'rev-parse', branch));
}

test('a value that the CMS takes back leaves the proposal, also where it proposes more', async () => {
  await within(both, async (situation) => {
    const { run, file, emulator } = situation;
    await run({ command: 'export', collections });
    emulator.site.edit('products', 'p1', { title: 'Oolong' });
    emulator.site.edit('stories', 's', { title: 'Two' });
    await run(propose);
    expect(file(path, branch)).toContain('p1,Oolong');
    emulator.site.edit('products', 'p1', { title: 'Green tea' });
    await run(propose);
    expect(file(path, branch)).toBe(exported);
    expect(file(storiesPath, branch)).toContain('s,Two');
    mergeProposal(situation);
    const { outputs } = await run({ command: 'import', collections });
    expect(outputs).toMatchObject({ status: 'unchanged' });
    expect(titleOf(situation, 'p1')).toBe('Green tea');
  });
});

test('a content that cannot be read now stays in the proposal as it is', async () => {
  await within(both, async ({ run, file, hub, emulator, remote }) => {
    await run({ command: 'export', collections });
    emulator.site.edit('products', 'p1', { title: 'Oolong' });
    await run(propose);
    const failing = { match: { kind: 'export', collection: 'products' }, end: 'FAILED' } as const;
    emulator.faults.addToJob({ ...failing, code: 'WDH0003', rows: 0 });
    const second = await run(propose);
    expect(second.outputs).toMatchObject({ status: 'failed', 'commit-sha': '' });
    expect(hub.pulls[0]?.state).toBe('open');
    expect(git(remote, 'log', '--format=%s', `main..${branch}`)).toBe('Export Wix CMS content');
    emulator.site.edit('stories', 's', { title: 'Two' });
    emulator.faults.addToJob({ ...failing, code: 'WDH0003', rows: 0 });
    await run(propose);
    expect(file(path, branch)).toContain('p1,Oolong');
    expect(file(storiesPath, branch)).toContain('s,Two');
  });
});

/** Somebody deletes a field of the products in the CMS. */
function deleteField({ emulator }: Situation, key: string): void {
  const { schema, items } = emulator.site.collection('products');
  Object.assign(schema, { fields: schema.fields.filter((field) => field.key !== key) });
  for (const item of items.values()) delete item[key];
}

test('a field that the CMS deleted stays gone while its removal waits', async () => {
  await within(both, async (situation) => {
    const { run, file, emulator } = situation;
    await run({ command: 'export' });
    deleteField(situation, 'notes');
    const [first, second] = [
      await run({ ...propose, collections: 'products' }),
      await run({ ...propose, collections: 'products' }),
    ];
    expect(first.outputs).toMatchObject({ 'pull-request-number': '1', changed: 'true' });
    expect(second.outputs).toMatchObject({ 'pull-request-number': '1', changed: 'false' });
    expect(file(path, branch)).toMatch(/^_id,title,price,tags\n/);
    const early = await run({ command: 'import' });
    expect(early.outputs).toMatchObject({ status: 'unchanged' });
    mergeProposal(situation);
    const { outputs } = await run({ command: 'import' });
    expect(outputs).toMatchObject({ status: 'unchanged' });
    const items = [...emulator.site.collection('products').items.values()];
    expect(items.filter((item) => 'notes' in item)).toEqual([]);
    const last = await run({ command: 'export' });
    expect(last.outputs).toMatchObject({ status: 'unchanged' });
  });
});

test('a language that left the configuration stays gone while its removal waits', async () => {
  const translations = ['p1', 'p2', 'p3'].flatMap((itemId) =>
    ['fr', 'de'].map((language) => ({
      itemId,
      field: 'title',
      language,
      text: `${language} ${itemId}`,
    })),
  );
  const translated = { languages: ['en', 'fr', 'de'], collections: [products], translations };
  await within({ site: translated }, async (situation) => {
    const { run, file, merge } = situation;
    const texts = 'content/localizations/en.csv';
    await run({ command: 'export', collections: '', languages: 'en, fr, de' });
    const two = { collections: '', languages: 'en, fr' };
    await run({ ...propose, ...two });
    const second = await run({ ...propose, ...two });
    expect(second.outputs).toMatchObject({ 'pull-request-number': '1', changed: 'false' });
    expect(file(texts, branch)?.split('\n')[0]).not.toContain('de');
    merge({ [texts]: file(texts)?.replace('fr p1', 'thé vert') ?? '' });
    const { outputs } = await run({ command: 'import', ...two });
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
  });
});

/** Somebody adds an item in the CMS, like the third product. */
function add(
  { emulator }: Situation,
  item: { readonly _id: string; readonly title: string },
): void {
  emulator.site.insert('products', item);
}

test('an item that was corrected in git and deleted in the CMS is a conflict', async () => {
  await within(both, async (situation) => {
    const { run, file, merge, emulator } = situation;
    await run({ command: 'export' });
    add(situation, { _id: 'p4', title: 'Oolong tee' });
    await run({ ...propose, collections: 'products' });
    mergeProposal(situation);
    merge({ [path]: file(path)?.replace('Oolong tee', 'Oolong tea') ?? '' });
    emulator.site.remove('products', 'p4');
    const { outputs } = await run({ command: 'import' });
    expect(outputs).toMatchObject({ status: 'partial', 'failure-reason': 'conflict' });
    expect(emulator.site.collection('products').items.has('p4')).toBe(false);
  });
});

test('an item that waits and is edited in the CMS meanwhile is no conflict after its merge', async () => {
  await within(both, async (situation) => {
    const { run, merge, remote, emulator } = situation;
    await run({ command: 'export' });
    add(situation, { _id: 'p4', title: 'Oolong' });
    await run({ ...propose, collections: 'products' });
    emulator.site.edit('products', 'p4', { price: 7 });
    merge({ [path]: exported.replace('Green tea', 'Sencha') });
    expect((await run({ command: 'import' })).outputs).toMatchObject({ status: 'success' });
    mergeInto(remote);
    const { outputs } = await run({ command: 'import' });
    expect(outputs).toMatchObject({ status: 'unchanged', 'failure-reason': '' });
    expect(emulator.site.collection('products').items.get('p4')?.price).toBe(7);
  });
});

/** A person merges the branch of the proposal into a main that went on. */
function mergeInto(remote: string): void {
  const clone = cloneOf(remote);
  git(clone, 'merge', '--quiet', '--no-edit', `origin/${branch}`);
  git(clone, 'push', '--quiet', 'origin', 'HEAD:main');
}

test('a file with an offer that cannot be read is named by a signed export of another one', async () => {
  await within(both, async (situation) => {
    const { run, merge, emulator, file } = situation;
    await run({ command: 'export', collections });
    emulator.site.edit('stories', 's', { title: 'Two' });
    await run(propose);
    merge({
      '.github/wix-cms.yml': `collections: [${collections}]\n`,
      [storiesPath]: `${file(storiesPath)}s2,Three,Four\n`,
    });
    emulator.site.edit('products', 'p1', { title: 'Sencha' });
    const { annotations } = await run({ command: 'export', 'sign-commits': 'true' });
    expect(annotations).toEqual([
      expect.stringMatching(/file=.*stories.csv,line=3::Nothing was committed.*has 3 cells/),
    ]);
  });
});
