import { expect, test } from '@jest/globals';
import { exported, path, products, within } from '../end-to-end/situation.ts';

// What docs/many-sites.md says of one site in two configurations.

const posts = {
  id: 'posts',
  fields: [{ key: 'title', type: 'TEXT' }],
  items: [{ _id: 'b1', title: 'Hello' }],
};

test('one site in two configurations keeps one record, and neither disturbs the other', async () => {
  await within(
    { site: { collections: [products, posts] } },
    async ({ emulator, file, merge, run }) => {
      merge({
        '.github/often.yml': 'collections: [products]\n',
        '.github/seldom.yml': 'collections: [posts]\n',
      });
      const often = { config: '.github/often.yml', collections: '' };
      const seldom = { config: '.github/seldom.yml', collections: '' };
      await run({ command: 'export', ...often });
      await run({ command: 'export', ...seldom });
      expect(file('content/collections/posts.csv')).toBe('_id,title\nb1,Hello\n');
      const before = emulator.requests.length;
      for (const config of [often, seldom]) {
        expect((await run({ command: 'import', ...config })).outputs.status).toBe('unchanged');
      }
      expect(emulator.requests).toHaveLength(before);
      merge({ [path]: exported.replace('Green tea', 'Sencha') });
      expect((await run({ command: 'import', ...seldom })).outputs.status).toBe('unchanged');
      expect((await run({ command: 'import', ...often })).outputs['rows-changed']).toBe('1');
      expect(emulator.site.collection('products').items.get('p1')?.title).toBe('Sencha');
    },
  );
});
