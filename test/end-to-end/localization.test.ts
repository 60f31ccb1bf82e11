import { expect, test } from '@jest/globals';
import { path, products, within } from './situation.ts';

const translated = {
  site: {
    languages: ['en', 'fr', 'de'],
    collections: [products],
    translations: [{ itemId: 'p1', field: 'title', language: 'fr', text: 'Thé vert' }],
  },
};
const inputs = { collections: '', languages: 'en, fr, de' };

test.each(['translation-manager', 'flat'] as const)(
  'in the %s layout go to git, and an edited translation comes back',
  async (localizationLayout) => {
    await within({ ...translated, localizationLayout }, async ({ run, file, merge, emulator }) => {
      await run({ command: 'export', ...inputs });
      const content = file('content/localizations/en.csv') ?? '';
      expect(content).toContain('Thé vert');
      merge({ 'content/localizations/en.csv': content.replace('Thé vert', 'Thé du matin') });
      const second = await run({ command: 'import', ...inputs });
      expect(second.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
      expect(emulator.site.translation('p1', 'title', 'fr')).toBe('Thé du matin');
      const again = await run({ command: 'export', ...inputs });
      expect(again.outputs.status).toBe('unchanged');
    });
  },
);

const both = { collections: 'products', languages: 'en, fr, de' };
const texts = 'content/localizations/en.csv';
const strayRow = `"{""contentId"":""nobody"",""fieldId"":""title"",""sequencePath"":[]}",Products,PlainText,Oolong,Oolong,\n`;

test('source texts and rows that differ from the site are remarks, and an export takes them back', async () => {
  await within(translated, async ({ run, file, merge, emulator }) => {
    await run({ command: 'export', ...both });
    const content = file(texts) ?? '';
    const edited = content.replace('White tea', 'Silver tips').replace('Thé vert', 'Sencha');
    merge({ [texts]: `${edited}${strayRow}` });
    const imported = await run({ command: 'import', ...both });
    expect(imported.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(imported.annotations).toEqual([
      expect.stringMatching(/^::warning.*no file has the item of this row/),
      expect.stringMatching(/^::warning.*the cell in "Source language \(EN\)" was edited/),
    ]);
    expect(emulator.site.translation('p1', 'title', 'fr')).toBe('Sencha');
    await run({ command: 'export', ...both });
    expect(file(texts)).toBe(content.replace('Thé vert', 'Sencha'));
    const settled = await run({ command: 'import', ...both });
    expect(settled.outputs.status).toBe('unchanged');
    expect(settled.annotations).toEqual([]);
  });
});

test('an export keeps the translations of an item that waits for its import', async () => {
  await within(translated, async ({ run, file, merge, emulator }) => {
    await run({ command: 'export', ...both });
    const [items = '', translations = ''] = [file(path), file(texts)];
    emulator.site.remove('products', 'p1');
    await run({ command: 'export', ...both });
    merge({ [path]: items, [texts]: translations });
    expect((await run({ command: 'export', ...both })).outputs.status).toBe('unchanged');
    expect(file(texts)).toBe(translations);
    expect((await run({ command: 'import', ...both })).outputs.status).toBe('success');
    expect(emulator.site.translation('p1', 'title', 'fr')).toBe('Thé vert');
  });
});
