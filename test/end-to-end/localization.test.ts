import { expect, test } from '@jest/globals';
import { products, within } from './situation.ts';

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

test('a source text that was edited in git is refused', async () => {
  await within(translated, async ({ run, file, merge }) => {
    await run({ command: 'export', ...inputs });
    const content = file('content/localizations/en.csv') ?? '';
    merge({ 'content/localizations/en.csv': content.replace('White tea', 'Silver tips') });
    const second = await run({ command: 'import', ...inputs });
    expect(second.outputs['failure-reason']).toBe('validation');
    expect(second.annotations.join('\n')).toContain('only translations can be');
  });
});
