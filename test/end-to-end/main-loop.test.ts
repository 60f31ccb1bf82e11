import { describe, expect, test } from '@jest/globals';
import { git } from '../repository/support.ts';
import { products, within } from './situation.ts';

const path = 'content/collections/products.csv';
const site = { site: { collections: [products] } };
const exported = [
  '_id,title,price,notes,tags',
  'p1,Green tea,4,order more,"[""tea"",""green""]"',
  'p2,"Black tea, ""strong""",5.5,"line one\nline two",',
  'p3,White tea,9,,',
  '',
].join('\n');

describe('export', () => {
  test('brings content out of the CMS into git, as a canonical file', async () => {
    await within(site, async ({ run, file, remote }) => {
      const first = await run({ command: 'export' });
      expect(first.exitCode).toBe(0);
      expect(file(path)).toBe(exported);
      expect(first.outputs).toMatchObject({
        status: 'success',
        'failure-reason': '',
        changed: 'true',
        'rows-added': '3',
        branch: 'main',
        'commit-sha': git(remote, 'rev-parse', 'main'),
      });
      expect(git(remote, 'log', '-1', '--format=%an: %s%n%b', 'main')).toMatch(
        /^github-actions\[bot\]: Export Wix CMS content\nproducts: 3 added\n/,
      );
    });
  });

  test('writes the schema beside the file, with what the file does not carry and why', async () => {
    await within(site, async ({ run, file }) => {
      await run({ command: 'export' });
      const schema = JSON.parse(file('content/collections/products.schema.json') ?? '');
      expect(schema.fields).toContainEqual({
        key: 'title',
        type: 'TEXT',
        displayName: 'Title',
        required: true,
        translatable: true,
      });
      expect(schema.omitted).toContainEqual({
        key: 'related',
        type: 'MULTI_REFERENCE',
        reason: 'a multi-reference, which a CSV import can not set',
      });
    });
  });

  test('of an unchanged site commits nothing, whatever the order of its rows and columns', async () => {
    await within(site, async ({ run, remote }) => {
      await run({ command: 'export' });
      await run({ command: 'export' });
      const tips = () => git(remote, 'for-each-ref', '--format=%(refname) %(objectname)');
      const before = tips();
      const again = await run({ command: 'export' });
      expect(again.outputs).toMatchObject({
        status: 'unchanged',
        changed: 'false',
        'commit-sha': '',
      });
      expect(tips()).toBe(before);
    });
  });

  test.each([
    ['display names as headers', { headers: 'displayName' }],
    ['a byte order mark', { bom: true }],
    ['multi-references as ids', { multiReferences: 'ids' }],
    ['bare job answers', { submitAnswer: 'bare' }],
  ] as const)('gives the same bytes from an export with %s', async (_name, settings) => {
    await within({ ...site, ...settings }, async ({ run, file }) => {
      await run({ command: 'export' });
      expect(file(path)).toBe(exported);
    });
  });

  test('keeps an edit that was merged and never imported', async () => {
    await within(site, async ({ run, file, merge, emulator }) => {
      await run({ command: 'export' });
      merge({ [path]: exported.replace('Green tea', 'Sencha') });
      emulator.site.edit('products', 'p1', { price: 4.5 });
      const second = await run({ command: 'export' });
      expect(file(path)).toBe(exported.replace('Green tea,4', 'Sencha,4.5'));
      expect(second.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
      expect(second.summary).toContain('Sencha');
    });
  });

  test("keeps git's value of a cell that both sides changed, and says so", async () => {
    await within(site, async ({ run, file, merge, emulator }) => {
      await run({ command: 'export' });
      merge({ [path]: exported.replace('Green tea', 'Sencha') });
      emulator.site.edit('products', 'p1', { title: 'Gunpowder' });
      const second = await run({ command: 'export' });
      expect(file(path)).toBe(exported.replace('Green tea', 'Sencha'));
      expect(second.outputs).toMatchObject({ status: 'unchanged', 'rows-conflicting': '1' });
      expect(second.annotations.join('\n')).toContain('Gunpowder');
      const third = await run({ command: 'export', 'on-conflict': 'cms' });
      expect(third.outputs.status).toBe('success');
      expect(file(path)).toBe(exported.replace('Green tea', 'Gunpowder'));
    });
  });

  test('follows the items that come and go in the CMS, and brings back what only git removed', async () => {
    await within(site, async ({ run, file, merge, emulator }) => {
      await run({ command: 'export' });
      merge({ [path]: exported.replace('p3,White tea,9,,\n', '') });
      emulator.site.remove('products', 'p1');
      emulator.site.insert('products', { _id: 'p0', title: 'Rooibos' });
      const second = await run({ command: 'export' });
      expect(file(path)).toBe(
        [
          '_id,title,price,notes,tags',
          'p0,Rooibos,,,',
          'p2,"Black tea, ""strong""",5.5,"line one\nline two",',
          'p3,White tea,9,,',
          '',
        ].join('\n'),
      );
      expect(second.outputs).toMatchObject({ 'rows-added': '2', 'rows-removed': '1' });
    });
  });

  test.each([
    ['fails', { end: 'FAILED', code: 'WDH0003' }, 'job-failed'],
    ['ends partially successful', { end: 'PARTIALLY_SUCCESSFUL', cause: 'too large' }, 'partial'],
  ] as const)(
    'a job that %s leaves its file alone and the others go on',
    async (_name, fault, reason) => {
      const origins = {
        id: 'origins',
        fields: [{ key: 'title', type: 'TEXT' }],
        items: [{ _id: 'o', title: 'Uva' }],
      };
      await within(
        { site: { collections: [products, origins] } },
        async ({ run, file, emulator }) => {
          emulator.faults.addToJob({
            match: { collection: 'products', times: 'always' },
            ...fault,
          });
          const result = await run({ command: 'export', collections: 'products, origins' });
          expect(result.exitCode).toBe(1);
          expect(result.outputs).toMatchObject({ status: 'failed', 'failure-reason': reason });
          expect(result.annotations.join('\n')).toContain('left as it was');
          expect(file(path)).toBeUndefined();
          expect(file('content/collections/origins.csv')).toBe('_id,title\no,Uva\n');
        },
      );
    },
  );

  test('a file that would lose too many rows is kept, and the run fails with the arithmetic', async () => {
    await within(site, async ({ run, file, emulator }) => {
      await run({ command: 'export' });
      for (const id of ['p1', 'p2', 'p3']) emulator.site.remove('products', id);
      const second = await run({ command: 'export' });
      expect(second.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'limit' });
      expect(second.annotations.join('\n')).toContain('all 3 rows would be gone');
      expect(file(path)).toBe(exported);
    });
  });

  test('without a commit, the files are in the working tree alone', async () => {
    await within(site, async ({ run, remote }) => {
      const { workspace } = await run({ command: 'export', commit: 'none' });
      expect(git(workspace, 'status', '--porcelain', '--untracked-files=all')).toBe(
        '?? content/collections/products.csv\n?? content/collections/products.schema.json',
      );
      expect(git(remote, 'log', '--format=%s', 'main')).toBe('Begin');
    });
  });

  test('takes only the items and fields that the configuration names', async () => {
    await within(site, async ({ run, file, merge }) => {
      merge({
        '.github/wix-cms.yml': [
          'directory: site',
          'collections:',
          '  - id: products',
          '    file: shop/teas.csv',
          '    filter: { price: { $gt: 4 } }',
          '    fields: [title, notes]',
          '    exclude: [notes]',
        ].join('\n'),
      });
      await run({ command: 'export', collections: '' });
      expect(file('site/shop/teas.csv')).toBe(
        '_id,title\np2,"Black tea, ""strong"""\np3,White tea\n',
      );
    });
  });
});

describe('import', () => {
  test('brings one edited cell to the site, and keeps the cell that the CMS changed', async () => {
    await within(site, async ({ run, file, merge, emulator }) => {
      await run({ command: 'export' });
      const event = merge({ [path]: exported.replace('Green tea', 'Sencha') });
      emulator.site.edit('products', 'p1', { price: 4.5 });
      const second = await run({ command: 'import' }, { event });
      expect(second.outputs).toMatchObject({
        status: 'success',
        'rows-changed': '1',
        'rows-rejected': '0',
      });
      expect(emulator.site.collection('products').items.get('p1')).toMatchObject({
        title: 'Sencha',
        price: 4.5,
        notes: 'order more',
        tags: ['tea', 'green'],
      });
      await run({ command: 'export' });
      expect(file(path)).toBe(exported.replace('Green tea,4', 'Sencha,4.5'));
      const again = await run({ command: 'import' });
      expect(again.outputs.status).toBe('unchanged');
    });
  });

  test('never erases a field that the repository does not keep', async () => {
    await within(site, async ({ run, merge, emulator }) => {
      merge({
        '.github/wix-cms.yml': 'collections:\n  - { id: products, exclude: [notes, tags] }\n',
      });
      await run({ command: 'export', collections: '' });
      merge({
        [path]: '_id,title,price\np1,Sencha,4\np2,"Black tea, ""strong""",5.5\np3,White tea,9\n',
      });
      const second = await run({ command: 'import', collections: '' });
      expect(second.outputs.status).toBe('success');
      expect(emulator.site.collection('products').items.get('p1')).toMatchObject({
        title: 'Sencha',
        notes: 'order more',
        tags: ['tea', 'green'],
      });
    });
  });

  test('with nothing to do makes no request to Wix', async () => {
    await within(site, async ({ run, emulator }) => {
      await run({ command: 'export' });
      const before = emulator.requests.length;
      const second = await run({ command: 'import' });
      expect(second.outputs).toMatchObject({ status: 'unchanged', changed: 'false' });
      expect(emulator.requests.length).toBe(before);
    });
  });

  test('stops before any write when both sides changed a cell, and names all three values', async () => {
    await within(site, async ({ run, merge, emulator }) => {
      await run({ command: 'export' });
      merge({
        [path]: exported.replace('Green tea', 'Sencha').replace('White tea', 'Silver tips'),
      });
      emulator.site.edit('products', 'p1', { title: 'Gunpowder' });
      const second = await run({ command: 'import' });
      expect(second.exitCode).toBe(1);
      expect(second.outputs).toMatchObject({
        status: 'failed',
        'failure-reason': 'conflict',
        'rows-conflicting': '1',
        'rows-changed': '0',
      });
      const annotation = second.annotations.find((line) => line.includes('Gunpowder'));
      expect(annotation).toContain(`file=${path},line=2`);
      expect(annotation).toMatch(/Green tea.*Sencha.*Gunpowder|Sencha.*Gunpowder.*Green tea/s);
      expect(emulator.site.collection('products').items.get('p3')).toMatchObject({
        title: 'White tea',
      });
      expect(emulator.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
    });
  });

  test('a row that Wix rejects fails the run, on its line; the others arrive, and the next run tries again', async () => {
    await within(site, async ({ run, merge, emulator }) => {
      await run({ command: 'export' });
      merge({
        [path]: exported.replace('Green tea', 'Sencha').replace('White tea', 'Silver tips'),
      });
      emulator.faults.rejectRow({
        collection: 'products',
        id: 'p3',
        code: 'WDE0009',
        description: 'Item is too large',
      });
      const second = await run({ command: 'import' });
      expect(second.exitCode).toBe(1);
      expect(second.outputs).toMatchObject({
        status: 'partial',
        'failure-reason': 'partial',
        'rows-changed': '1',
        'rows-rejected': '1',
      });
      const annotation = second.annotations.find((line) => line.includes('WDE0009'));
      expect(annotation).toMatch(/^::error /);
      expect(annotation).toContain(`file=${path},line=5`);
      expect(second.summary).toContain('WDE0009');
      expect(emulator.site.collection('products').items.get('p1')).toMatchObject({
        title: 'Sencha',
      });
      emulator.faults.clear();
      const third = await run({ command: 'import' });
      expect(third.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
      expect(emulator.site.collection('products').items.get('p3')).toMatchObject({
        title: 'Silver tips',
      });
    });
  });

  test('rejected rows are warnings where partial success is fine', async () => {
    await within(site, async ({ run, merge, emulator }) => {
      await run({ command: 'export' });
      merge({ [path]: exported.replace('White tea', 'Silver tips') });
      emulator.faults.rejectRow({ collection: 'products', code: 'WDE0009', description: 'no' });
      const second = await run({ command: 'import', 'fail-on-partial-success': 'false' });
      expect(second.exitCode).toBe(0);
      expect(second.outputs).toMatchObject({
        status: 'partial',
        'failure-reason': '',
        'rows-rejected': '1',
      });
      expect(second.annotations.find((line) => line.includes('WDE0009'))).toMatch(/^::warning /);
    });
  });

  test('a new row without an id becomes one item, however often the run is repeated, and gets its id', async () => {
    await within(site, async ({ run, file, merge, emulator }) => {
      await run({ command: 'export' });
      merge({ [path]: `${exported},Oolong,7,,\n` });
      await run({ command: 'import', commit: 'none' });
      const second = await run({ command: 'import' });
      expect(second.outputs.status).toBe('unchanged');
      const { items } = emulator.site.collection('products');
      const created = [...items.values()].filter(({ title }) => title === 'Oolong');
      expect(created).toHaveLength(1);
      await run({ command: 'export' });
      expect(file(path)).toContain(`${created[0]?._id},Oolong,7,,\n`);
      expect((await run({ command: 'import' })).outputs.status).toBe('unchanged');
    });
  });

  test('invalid content is refused before any request, on its line', async () => {
    await within(site, async ({ run, merge, emulator }) => {
      await run({ command: 'export' });
      merge({ [path]: exported.replace('Green tea,4', 'Green tea,ten') });
      const before = emulator.requests.length;
      const second = await run({ command: 'import' });
      expect(second.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'validation' });
      const [annotation] = second.annotations;
      expect(annotation).toContain(`file=${path},line=2`);
      expect(annotation).toContain('the field is a number');
      expect(emulator.requests.length).toBe(before);
    });
  });

  test('keeps the site as it was before the first write', async () => {
    await within(site, async ({ run, merge }) => {
      await run({ command: 'export' });
      merge({ [path]: exported.replace('Green tea', 'Sencha') });
      const { outputs, read } = await run({ command: 'import' });
      expect(read(`${outputs['backup-directory']}/${path}`)).toContain('Green tea');
    });
  });

  test('without a record, the commit before the push stands in for base, and the run says so', async () => {
    await within(site, async ({ run, merge, remote, emulator }) => {
      await run({ command: 'export' });
      git(remote, 'update-ref', '-d', `refs/wix-cms/${emulator.siteId}`);
      const event = merge({ [path]: exported.replace('Green tea', 'Sencha') });
      const environment = { GITHUB_EVENT_NAME: 'push' };
      const second = await run({ command: 'import' }, { event, environment });
      expect(second.outputs.status).toBe('success');
      expect(second.annotations.join('\n')).toContain('stands in');
      expect(emulator.site.collection('products').items.get('p1')).toMatchObject({
        title: 'Sencha',
      });
    });
  });
});

describe('localizations', () => {
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
      await within(
        { ...translated, localizationLayout },
        async ({ run, file, merge, emulator }) => {
          await run({ command: 'export', ...inputs });
          const content = file('content/localizations/en.csv') ?? '';
          expect(content).toContain('Thé vert');
          merge({ 'content/localizations/en.csv': content.replace('Thé vert', 'Thé du matin') });
          const second = await run({ command: 'import', ...inputs });
          expect(second.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
          expect(emulator.site.translation('p1', 'title', 'fr')).toBe('Thé du matin');
          const again = await run({ command: 'export', ...inputs });
          expect(again.outputs.status).toBe('unchanged');
        },
      );
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
});
