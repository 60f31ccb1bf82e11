import { expect, test } from '@jest/globals';
import { planned } from './proposal.ts';
import { exported, path, products, site, within } from './situation.ts';

const fields = [{ key: 'title', displayName: 'Title', type: 'TEXT' }];
const items = [{ _id: 'p1', title: 'Green tea' }];

test.each([
  ['of an app', { collectionType: 'WIX_APP' }, /Wix does not allow writing to it/],
  [
    'with a single item',
    { plugins: [{ type: 'SINGLE_ITEM', singleItemOptions: { singleItemId: 'p1' } }] },
    /it holds a single item/,
  ],
] as const)(
  'a collection %s can be exported, and an edit of it in git is red before anything is written',
  async (_what, kind, words) => {
    const seed = { ...products, translatable: [], fields, items, ...kind };
    await within({ site: { collections: [seed] } }, async (situation) => {
      const { run, merge, emulator } = situation;
      expect((await run({ command: 'export' })).outputs.status).toBe('success');
      merge({ [path]: '_id,title\np1,Fine tea\n' });
      const planned = await run({ command: 'plan' }, { event: {} });
      expect(planned.exitCode).toBe(1);
      expect(planned.annotations.join()).toMatch(words);
      const imported = await run({ command: 'import' });
      expect(imported.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
      expect(imported.annotations.join()).toMatch(words);
      expect(emulator.site.collection('products').items.get('p1')?.title).toBe('Green tea');
      expect(emulator.jobs().filter(({ name }) => name?.includes(' import '))).toEqual([]);
    });
  },
);

test('a collection that cannot be written leaves the others alone, which are written', async () => {
  const app = { ...products, translatable: [], fields, items, collectionType: 'WIX_APP' } as const;
  const teas = { ...app, id: 'teas', displayName: 'Teas', collectionType: 'NATIVE' } as const;
  await within({ site: { collections: [app, teas] } }, async (situation) => {
    const { run, merge, emulator } = situation;
    const inputs = { collections: 'products, teas' };
    await run({ command: 'export', ...inputs });
    const edited = '_id,title\np1,Fine tea\n';
    merge({ [path]: edited, 'content/collections/teas.csv': edited });
    const { outputs, annotations } = await run({ command: 'import', ...inputs });
    expect(outputs).toMatchObject({ status: 'partial', 'failure-reason': 'config' });
    expect(outputs['rows-changed']).toBe('1');
    expect(annotations.join()).toMatch(
      /file=content\/collections\/products.csv.*not allow writing to it/,
    );
    expect(emulator.site.collection('products').items.get('p1')?.title).toBe('Green tea');
    expect(emulator.site.collection('teas').items.get('p1')?.title).toBe('Fine tea');
    const again = await run({ command: 'import', ...inputs });
    expect(again.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
  });
});

test('a column that neither the schema nor the site has is not sent', async () => {
  const seed = { ...products, translatable: [], fields, items };
  await within({ site: { collections: [seed] } }, async ({ run, merge, emulator }) => {
    await run({ command: 'export' });
    merge({ [path]: '_id,title,colour\np1,Fine tea,green\n' });
    const plan = await run({ command: 'plan' });
    expect(plan.summary).not.toContain('green');
    const { outputs } = await run({ command: 'import' });
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(outputs.fingerprint).toBe(plan.outputs.fingerprint);
    const item = emulator.site.collection('products').items.get('p1');
    expect(item).toMatchObject({ title: 'Fine tea' });
    expect(item).not.toHaveProperty('colour');
  });
});

test('a plan counts no cell that is not sent, as of the index that pandas writes', async () => {
  const many = Array.from({ length: 30 }, (_, i) => ({ _id: `p${i + 10}`, title: `Tea ${i}` }));
  const seed = { ...products, translatable: [], fields, items: many };
  await within({ site: { collections: [seed] } }, async ({ run, merge, file }) => {
    await run({ command: 'export' });
    const [header, ...rows] = (file(path) ?? '').trimEnd().split('\n');
    const indexed = [`Unnamed: 0,${header}`, ...rows.map((row, i) => `${i},${row}`)].join('\n');
    merge({ [path]: `${indexed.replace('Tea 7', 'Fine tea')}\n` });
    const plan = await run({ command: 'plan' });
    expect(plan.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    const imported = await run({ command: 'import' });
    expect(imported.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
  });
});

test('an edit in a field that was deleted in the CMS is red before anything is written', () =>
  within(site, async (situation) => {
    const { run, emulator, merge } = situation;
    await run({ command: 'export' });
    const { schema } = emulator.site.collection('products');
    Object.assign(schema, { fields: schema.fields.filter(({ key }) => key !== 'notes') });
    const files = { [path]: exported.replace('order more', 'order less') };
    const plan = await planned(situation, files);
    const imported = await run({ command: 'import' }, { event: merge(files) });
    for (const { annotations, exitCode } of [plan, imported]) {
      expect(exitCode).toBe(1);
      expect(annotations.join()).toMatch(
        /products.csv,line=2.*"p1" was edited in notes, a field that the collection no longer has/,
      );
    }
    expect(emulator.jobs().filter(({ name }) => name?.includes(' import '))).toEqual([]);
  }));

test.each(['exclude', 'fields'])(
  'a new row is red in the plan if the setting %s leaves out a required field',
  (setting) =>
    within(site, async (situation) => {
      const { run, merge, file } = situation;
      const keys = setting === 'fields' ? 'price' : 'title';
      merge({ '.github/wix-cms.yml': `collections: [{ id: products, ${setting}: [${keys}] }]\n` });
      await run({ command: 'export', collections: '' });
      const cells = file(path)?.split('\n')[0]?.replaceAll(/[^,]/g, '');
      const files = { [path]: `${file(path)}p4${cells}\n` };
      const plan = await planned(situation, files, { collections: '', 'api-key': '' });
      expect(plan.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'validation' });
      expect(plan.annotations.join()).toContain(
        'the file has no column title, but the field is required',
      );
    }),
);

test.each([
  [
    'a field whose type has changed',
    { key: 'notes', displayName: 'Notes', type: 'NUMBER' },
    exported.replace('order more', 'order less'),
    /products.csv,line=2.*notes is "order less", but the field is a number/,
  ],
  [
    'a new row without a field that is required now',
    { key: 'sku', displayName: 'SKU', type: 'TEXT', required: true },
    `${exported}p4,Red tea,3,,\n`,
    /products.csv,line=6.*the file has no column sku, but the field is required/,
  ],
])('%s is red in the plan, before an export brings the new schema', (_what, field, text, words) =>
  within(site, async (situation) => {
    await situation.run({ command: 'export' });
    const { schema } = situation.emulator.site.collection('products');
    const others = schema.fields.filter(({ key }) => key !== field.key);
    Object.assign(schema, { fields: [...others, field] });
    const plan = await planned(situation, { [path]: text });
    expect(plan.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'validation' });
    expect(plan.annotations.join()).toMatch(words);
  }),
);

test('an edit of a row whose item skip-existing leaves alone is told, and is no change of the plan', () =>
  within(site, async (situation) => {
    const inputs = { 'write-policy': 'skip-existing' };
    await situation.run({ command: 'export' });
    const files = { [path]: `${exported.replace('Green', 'Blue')}p4,Red tea,3,,\n` };
    const plan = await planned(situation, files, inputs);
    const imported = await situation.run(
      { command: 'import', ...inputs },
      { event: situation.merge(files) },
    );
    for (const { outputs, annotations } of [plan, imported]) {
      expect(outputs).toMatchObject({ status: 'success', 'rows-added': '1', 'rows-changed': '0' });
      expect(annotations.join()).toMatch(/line=2.*title was edited, but write-policy is skip-exi/);
    }
  }));

test('an edit below a misspelled header waits until an export has corrected the header', () =>
  within(site, async ({ run, merge, file, emulator }) => {
    await run({ command: 'export' });
    const edited = exported.replace('Green tea,4', 'Green tea,5');
    merge({ [path]: edited.replace('price', 'Price ') });
    const { annotations } = await run({ command: 'import' });
    expect(annotations.join()).toMatch(/^::error .*"Price " differs from the field "price"/);
    await run({ command: 'export' });
    expect(file(path)).toBe(edited);
    expect((await run({ command: 'import' })).outputs['rows-changed']).toBe('1');
    expect(emulator.site.collection('products').items.get('p1')?.price).toBe(5);
  }));
