import { describe, expect, test } from '@jest/globals';
import { exported, path, products, type Situation, site, within } from '../end-to-end/situation.ts';
import { git } from '../repository/support.ts';

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

describe('two configurations of one site that would undo each other’s edits', () => {
  const own = { config: '.github/own.yml', collections: '' };
  const other = { config: '.github/other.yml', collections: '' };
  const elsewhere = 'collections: [{ id: products, file: elsewhere.csv }]\n';

  /** Exports with one configuration; then both sides have an edit, and the other configuration is merged. */
  async function edited({ run, merge, emulator }: Situation, configuration: string) {
    merge({ '.github/own.yml': 'collections: [products]\n' });
    await run({ command: 'export', ...own });
    emulator.site.edit('products', 'p1', { title: 'Gyokuro' });
    await run({ command: 'export', ...own });
    merge({ '.github/other.yml': configuration });
  }

  test.each(['export', 'import', 'plan'])(
    '%s refuses a collection that another one keeps in another file',
    (command) =>
      within(site, async (situation) => {
        const { run, emulator, remote } = situation;
        await edited(situation, elsewhere);
        const [requests, refs] = [emulator.requests.length, git(remote, 'show-ref')];
        const { outputs, annotations } = await run({ command, ...other });
        expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
        expect(annotations.join()).toContain(
          `content/elsewhere.csv would be a second file of products, which is in ${path} already`,
        );
        expect(emulator.requests).toHaveLength(requests);
        expect(git(remote, 'show-ref')).toBe(refs);
      }),
  );

  test('the file of another one’s collection is refused', () =>
    within({ site: { collections: [products, posts] } }, async (situation) => {
      await edited(situation, `collections: [{ id: posts, file: collections/products.csv }]\n`);
      const { outputs, annotations } = await situation.run({ command: 'export', ...other });
      expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
      expect(annotations.join()).toContain(`${path} is already the file of products`);
    }));

  test('a file that git no longer has may become that of another collection, and stays it', () =>
    within({ site: { collections: [products, posts] } }, async (situation) => {
      await edited(situation, `collections: [{ id: posts, file: collections/products.csv }]\n`);
      situation.merge({ [path]: null, '.github/own.yml': null });
      for (const status of ['success', 'unchanged']) {
        expect((await situation.run({ command: 'export', ...other })).outputs.status).toBe(status);
      }
    }));

  test('one may take a collection over with its file', () =>
    within(site, async (situation) => {
      await edited(situation, elsewhere);
      const moved = { [path]: null, 'content/elsewhere.csv': situation.file(path) ?? null };
      situation.merge(moved);
      const { outputs } = await situation.run({ command: 'export', ...other });
      expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '0' });
    }));

  test('files that swap their names in one configuration are moved files', () =>
    within({ site: { collections: [products, posts] } }, async (situation) => {
      const { run, merge, file } = situation;
      const configure = (first: string, second: string) =>
        `collections: [{ id: products, file: ${first}.csv }, { id: posts, file: ${second}.csv }]\n`;
      merge({ '.github/own.yml': configure('a', 'b') });
      await run({ command: 'export', ...own });
      const read = (name: string) => file(`content/${name}`) ?? null;
      merge({
        '.github/own.yml': configure('b', 'a'),
        'content/a.csv': read('b.csv'),
        'content/a.schema.json': read('b.schema.json'),
        'content/b.csv': read('a.csv'),
        'content/b.schema.json': read('a.schema.json'),
      });
      expect((await run({ command: 'import', ...own })).outputs.status).toBe('unchanged');
    }));
});
