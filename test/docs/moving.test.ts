import { expect, test } from '@jest/globals';
import { exported, path, products, site, within } from '../end-to-end/situation.ts';
import { yamlOn } from './blocks.ts';

// What docs/moving-from.md says of files that come from elsewhere.

const dashboard = 'ID,Title,Price\np1,Sencha,4\n,Oolong,7\n';

test.each([
  ['an export of the dashboard', dashboard],
  ['the same with keys for headers', dashboard.replace('ID,Title,Price', '_id,title,price')],
])('%s takes the place of the file; other columns are left alone', async (_name, text) => {
  await within(site, async ({ emulator, file, run, merge }) => {
    await run({ command: 'export' });
    const { fields } = JSON.parse(file(path.replace('.csv', '.schema.json')) ?? '');
    expect(fields).toContainEqual(expect.objectContaining({ key: 'price', displayName: 'Price' }));
    merge({ [path]: text });
    const imported = await run({ command: 'import' });
    expect(imported.outputs).toMatchObject({ 'rows-changed': '1', 'rows-added': '1' });
    const { items } = emulator.site.collection('products');
    expect(items.get('p1')).toMatchObject({ title: 'Sencha', notes: 'order more' });
    expect(items.size).toBe(4);
    expect((await run({ command: 'import' })).outputs.status).toBe('unchanged');
    expect(items.size).toBe(4);
  });
});

test('an API export that names the id otherwise is read with id-column', async () => {
  const other = { ...products, items: [{ _id: 'p1', title: 'Green tea', price: 4 }] };
  await within({ site: { collections: [other] }, headers: 'displayName' }, async (situation) => {
    const { file, merge, run } = situation;
    merge({ '.github/wix-cms.yml': yamlOn('docs/moving-from.md', 'id-column: ID') });
    await run({ command: 'export', collections: '' });
    expect(file(path)).toContain('p1,Green tea,4,,');
    expect(exported).toContain(file(path)?.split('\n')[0]);
  });
});
