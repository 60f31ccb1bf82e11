import { expect, test } from '@jest/globals';
import { planned } from './proposal.ts';
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

test('an import asks for the languages of the site once, though it reads the translations twice', async () => {
  await within(translated, async ({ run, file, merge, emulator }) => {
    await run({ command: 'export', ...inputs });
    const content = file('content/localizations/en.csv') ?? '';
    merge({ 'content/localizations/en.csv': content.replace('Thé vert', 'Thé du matin') });
    const since = emulator.requests.length;
    expect((await run({ command: 'import', ...inputs })).outputs.status).toBe('success');
    const asked = emulator.requests.slice(since).map((request) => request.path);
    expect(asked.filter((each) => each === '/locales/v2/locale/query')).toHaveLength(1);
  });
});

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

test('an export takes back an ID cell that was edited', async () => {
  await within(translated, async ({ run, file, merge }) => {
    await run({ command: 'export', ...both });
    const content = file(texts) ?? '';
    merge({ [texts]: content.replace('""p1""', '""nobody""') });
    await run({ command: 'export', ...both });
    expect(file(texts)).toBe(content);
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

test('translations are sent though their new items cannot be read, and the run fails', async () => {
  await within(translated, async ({ run, file, merge, emulator }) => {
    await run({ command: 'export', ...both });
    const [items = '', translations = ''] = [file(path), file(texts)];
    emulator.site.remove('products', 'p1');
    await run({ command: 'export', ...both });
    merge({ [path]: items, [texts]: translations.replace('Thé vert', 'Sencha') });
    const match = { kind: 'export', localization: true, nth: 2 } as const;
    emulator.faults.addToJob({ match, end: 'FAILED', code: 'WDH0001' });
    const { outputs } = await run({ command: 'import', ...both });
    // The item and its translations have arrived.
    expect(outputs).toMatchObject({ status: 'failed', 'rows-added': '2' });
    expect(emulator.site.translation('p1', 'title', 'fr')).toBe('Sencha');
    expect((await run({ command: 'import', ...both })).outputs.status).toBe('unchanged');
  });
});

test('an emptied translation that the site keeps is said once, and comes back', async () => {
  await within(translated, async ({ run, file, merge }) => {
    await run({ command: 'export', ...inputs });
    const content = file(texts) ?? '';
    merge({ [texts]: content.replace('Thé vert', '') });
    const imported = await run({ command: 'import', ...inputs });
    expect(imported.outputs['failure-reason']).toBe('verify-mismatch');
    expect(imported.annotations).toEqual([
      expect.stringContaining('was sent empty, but the site still has "Thé vert"'),
    ]);
    expect((await run({ command: 'import', ...inputs })).outputs.status).toBe('unchanged');
    await run({ command: 'export', ...inputs });
    expect(file(texts)).toBe(content);
  });
});

test('an emptied translation that the configuration leaves on the site comes back, and is a remark', async () => {
  await within(translated, async ({ run, file, merge, emulator }) => {
    const entry = '{ languages: [en, fr, de], empty-translation: skip }';
    merge({ '.github/wix-cms.yml': `localizations:\n  - ${entry}\n` });
    const configured = { collections: '' };
    await run({ command: 'export', ...configured });
    const content = file(texts) ?? '';
    merge({ [texts]: content.replace('Thé vert', '') });
    const imported = await run({ command: 'import', ...configured });
    expect(imported.outputs['rows-changed']).toBe('0');
    expect(imported.exitCode).toBe(0);
    expect(emulator.site.translation('p1', 'title', 'fr')).toBe('Thé vert');
    const exported = await run({ command: 'export', ...configured });
    expect(exported.outputs.status).toBe('success');
    expect(file(texts)).toBe(content);
  });
});

test('a layout that nobody knows is understood once the configuration describes it', async () => {
  const localizationColumns = { id: 'Key', source: 'Text (EN)', target: 'Text ({LANGUAGE})' };
  await within({ ...translated, localizationColumns }, async ({ run, file, merge, emulator }) => {
    const entry = (more = '') => `localizations:\n  - languages: [en, fr, de]\n${more}`;
    const configured = { collections: '' };
    merge({ '.github/wix-cms.yml': entry() });
    const unknown = await run({ command: 'export', ...configured });
    expect(unknown.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
    expect(unknown.annotations.join('\n')).toMatch(
      /wix-cms\.yml,line=2.*columns: \{ id: ID, source: Source, targets: Target \}/,
    );
    const columns = '    columns: { id: Key, source: Text (EN), targets: "Text (*)" }\n';
    merge({ '.github/wix-cms.yml': entry(columns) });
    expect((await run({ command: 'export', ...configured })).outputs.status).toBe('success');
    merge({ [texts]: (file(texts) ?? '').replace('Thé vert', 'Thé du matin') });
    const imported = await run({ command: 'import', ...configured });
    expect(imported.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(emulator.site.translation('p1', 'title', 'fr')).toBe('Thé du matin');
  });
});

test.each(['export', 'plan', 'import'])(
  'a language that is not the main one of the site is not taken for it: %s',
  async (command) => {
    await within(translated, async ({ run, merge, file, emulator }) => {
      await run({ command: 'export', ...both });
      const content = file(texts) ?? '';
      const before = [...emulator.site.translations.values()];
      const config = 'collections: [products]\nlocalizations:\n  - languages: [fr, en]\n';
      const renamed = { 'content/localizations/fr.csv': content.replace('Thé vert', 'Sencha') };
      merge({ '.github/wix-cms.yml': config, [texts]: null, ...renamed });
      const { outputs, annotations } = await run({ command, collections: '', languages: '' });
      expect(outputs['failure-reason']).toBe('config');
      expect(annotations.join('\n')).toContain(
        '.github/wix-cms.yml line 3: localization fr, en: the main language of the site is en, but fr is named first. Name en first.',
      );
      expect([...emulator.site.translations.values()]).toEqual(before);
    });
  },
);

test('of a site that does not tell its languages, the first one is believed', async () => {
  await within({ ...translated, localesStatus: 403 }, async ({ run }) => {
    const { outputs } = await run({ command: 'export', collections: '', languages: 'fr, en' });
    expect(outputs.status).toBe('success');
  });
});

test('a text and its translation that are edited together arrive together', () =>
  within(translated, async ({ run, file, merge, emulator }) => {
    await run({ command: 'export', ...both });
    merge({
      [path]: (file(path) ?? '').replace('Green tea', 'Sencha'),
      [texts]: (file(texts) ?? '').replace('Thé vert', 'Thé sencha'),
    });
    const { outputs, annotations } = await run({ command: 'import', ...both });
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '2' });
    expect(annotations.filter((line) => line.startsWith('::error'))).toEqual([]);
    expect(emulator.site.translation('p1', 'title', 'fr')).toBe('Thé sencha');
    await run({ command: 'export', ...both });
    expect((await run({ command: 'import', ...both })).outputs.status).toBe('unchanged');
  }));

test('a column of a language that the site does not have is not sent', () =>
  within(translated, async (situation) => {
    const { run, file, merge } = situation;
    await run({ command: 'export', ...both });
    const text = file(texts) ?? '';
    const added = text
      .replace(/^(.*)$/gm, '$1,té')
      .replace(/,té$/m, ',Target language (ES)')
      .trim();
    const files = { [texts]: `${added.slice(0, -',té'.length)}\n` };
    const plan = await planned(situation, files, both);
    const imported = await run({ command: 'import', ...both }, { event: merge(files) });
    for (const { outputs, annotations } of [plan, imported]) {
      expect(outputs).toMatchObject({ status: 'unchanged', 'rows-changed': '0' });
      expect(annotations.join()).toContain('the column "Target language (ES)" was added in git');
    }
  }));

test.each([
  ['it', '"it". The site has: en, fr, de'],
  ['FR', '"FR". Did you mean fr? The site has: en, fr, de'],
])(
  'the language %s, which the site does not have, is an error of the configuration',
  (name, words) =>
    within(translated, async ({ run, merge }) => {
      merge({ '.github/wix-cms.yml': `localizations:\n  - languages: [en, de, ${name}]\n` });
      const { outputs, annotations } = await run({ command: 'export', collections: '' });
      expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
      expect(annotations.join()).toMatch(/file=.github\/wix-cms.yml,line=2/);
      expect(annotations.join()).toContain(`the site has no language ${words}`);
    }),
);
