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
