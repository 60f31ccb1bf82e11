import { expect, test } from '@jest/globals';
import { exported, path, site, within } from './situation.ts';

const jsonl = {
  '.github/wix-cms.yml': 'collections: [{ id: products, upload-format: jsonl }]\n',
};

test.each(['replaced', 'patched'] as const)(
  'with upload-format: jsonl values are sent typed, emptied ones too, where items are %s',
  async (importedItems) => {
    const options = { ...site, csvTypes: 'text', importedItems } as const;
    await within(options, async ({ run, merge, emulator, file }) => {
      merge(jsonl);
      const inputs = { collections: '' };
      await run({ command: 'export', ...inputs });
      const edited = exported
        .replace('White tea,9,,', 'White tea,10,,"[""white"",""rare""]"')
        .replace('Green tea,4,order more,', 'Green tea,,,');
      merge({ [path]: edited });
      const second = await run({ command: 'import', ...inputs });
      expect(second.outputs).toMatchObject({ status: 'success', 'rows-changed': '2' });
      const item = emulator.site.collection('products').items.get('p3');
      expect(item).toMatchObject({ price: 10, tags: ['white', 'rare'] });
      expect((await run({ command: 'export', ...inputs })).outputs.status).toBe('unchanged');
      expect(file(path)).toBe(edited);
    });
  },
);

test('values that an import stored as texts are shown and sent again with reconcile: all', async () => {
  await within(site, async ({ run, merge, emulator }) => {
    await run({ command: 'export' });
    emulator.settings.csvTypes = 'text';
    merge({ [path]: exported.replace('White tea,9', 'White tea,10') });
    await run({ command: 'import', verify: 'false' });
    const { items } = emulator.site.collection('products');
    expect(items.get('p3')).toMatchObject({ price: '10' });
    const quiet = await run({ command: 'plan' });
    expect(quiet.outputs.status).toBe('unchanged');
    const shown = await run({ command: 'plan', reconcile: 'all' });
    expect(shown.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(shown.summary).toContain('<b><code>White tea</code></b>');
    expect(shown.summary).toContain('<code><del>&quot;</del>10<del>&quot;</del></code>');
    const mended = await run({ command: 'import', reconcile: 'all' });
    expect(mended.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(mended.outputs.fingerprint).toBe(shown.outputs.fingerprint);
    expect(items.get('p3')).toMatchObject({ title: 'White tea', price: 10 });
    const again = await run({ command: 'import', reconcile: 'all' });
    expect(again.outputs.status).toBe('unchanged');
  });
});

test.each(['csv', 'jsonl'])(
  'a boolean as a spreadsheet writes it arrives as one, by %s',
  async (format) => {
    const fields = [
      { key: 'title', type: 'TEXT' },
      { key: 'visible', type: 'BOOLEAN' },
    ];
    const items = [
      { _id: 'p1', title: 'Green tea', visible: true },
      { _id: 'p2', title: 'Black tea', visible: true },
    ];
    const teas = { site: { collections: [{ id: 'products', fields, items }] } };
    await within(teas, async ({ run, merge, emulator, file }) => {
      merge({
        '.github/wix-cms.yml': `collections: [{ id: products, upload-format: ${format} }]\n`,
      });
      await run({ command: 'export', collections: '' });
      const edited =
        '_id,title,visible\np1,Green tea,TRUE\np2,Black tea,FALSE\np3,White tea,TRUE\n';
      merge({ [path]: edited });
      const imported = await run({ command: 'import', collections: '' });
      expect(imported.outputs).toMatchObject({ 'rows-changed': '1', 'rows-added': '1' });
      expect(imported.annotations).toEqual([]);
      const stored = [...emulator.site.collection('products').items.values()];
      expect(stored.map(({ visible }) => visible)).toEqual([true, false, true]);
      expect((await run({ command: 'export', collections: '' })).outputs.status).toBe('unchanged');
      expect(file(path)).toBe(edited);
    });
  },
);
