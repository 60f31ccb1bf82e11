import { expect, test } from '@jest/globals';
import { git } from '../repository/support.ts';
import { exported, path, products, site, within } from './situation.ts';

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
      reason: 'a multi-reference, which exports of the site do not carry',
    });
  });
});

test('of an unchanged site commits nothing, whatever the order of its rows and columns', async () => {
  await within({ ...site, shuffle: true }, async ({ run, remote, emulator }) => {
    await run({ command: 'export' });
    await run({ command: 'export' });
    const refs = ['refs/heads/main', `refs/wix-cms/${emulator.siteId}`];
    const tips = () => refs.map((ref) => git(remote, 'rev-parse', ref));
    const before = tips();
    const again = await run({ command: 'export' });
    expect(again.outputs).toMatchObject({
      status: 'unchanged',
      changed: 'false',
      'commit-sha': '',
    });
    expect(tips()).toEqual(before);
  });
});

test.each([
  ['display names as headers', { headers: 'displayName' }],
  ['no byte order mark', { bom: false }],
  ['empty multi-references', { multiReferences: 'empty' }],
  ['rows and columns in another order', { shuffle: true }],
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

test('brings no row back that git has under another id: an import would add it a second time', async () => {
  await within(site, async ({ run, merge, file, emulator }) => {
    await run({ command: 'export' });
    const edited = exported.replace('p1,', 'P1,').replace('p3,', ',');
    merge({ [path]: edited });
    const refused = await run({ command: 'import' });
    expect(refused.annotations).toHaveLength(2);
    await run({ command: 'export' });
    expect(file(path)).not.toMatch(/^p[13],/m);
    const again = await run({ command: 'import' });
    expect(again.outputs['failure-reason']).toBe('validation');
    expect(again.annotations.join()).toMatch(/"p3" under the new id.*"p1" under the new id "P1"/s);
    expect(emulator.site.collection('products').items.size).toBe(3);
  });
});

test('a partial export is told with what its log says of the items that it left out', async () => {
  await within(site, async ({ emulator, run, file }) => {
    const failure = { code: 'WDE0009', description: 'Item is too large', data: {} };
    const logs = ['p1', 'p2'].map((sourceItemId) => ({ sourceItemId, failure }));
    emulator.faults.addToJob({ end: 'PARTIALLY_SUCCESSFUL', cause: 'a limit', logs });
    const result = await run({ command: 'export' });
    expect(result.annotations.join('\n')).toContain(
      'only partially successful: a limit. Its log names the item p1 and 1 more: WDE0009 Item is too large. The file was left as it was.',
    );
    expect(file(path)).toBeUndefined();
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

test('a job that fails because of a service behind it is tried once more', async () => {
  await within(site, async ({ run, file, emulator }) => {
    emulator.faults.addToJob({ match: { kind: 'export' }, end: 'FAILED', code: 'WDH0000' });
    expect((await run({ command: 'export' })).outputs.status).toBe('success');
    expect(file(path)).toBe(exported);
  });
});

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

test('a first export counts all its rows, and lists the first ones in its reports', async () => {
  const items = Array.from({ length: 1_200 }, (_, i) => ({ _id: `p${i}`, title: `Tea ${i}` }));
  const many = { ...products, items };
  await within({ site: { collections: [many] } }, async ({ run, file }) => {
    const first = await run({ command: 'export' });
    expect(first.outputs).toMatchObject({ status: 'success', 'rows-added': '1200' });
    expect(file(path)?.split('\n')).toHaveLength(1_202);
    const report = JSON.parse(first.read(first.outputs['report-json'] ?? ''));
    expect(report.totals.added).toBe(1_200);
    expect(report.files[0].changes).toHaveLength(1_000);
    expect(report.files[0].unlisted).toBe(200);
  });
});
