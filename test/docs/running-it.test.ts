import { expect, test } from '@jest/globals';
import { exported, path, products, site, within } from '../end-to-end/situation.ts';
import { cloneOf, git } from '../repository/support.ts';
import { scriptOn, shell } from './commands.ts';

// What docs/running-it.md says of changes to the setup, and of its end.

test('a new display name of a field changes only the schema file', async () => {
  await within(site, async ({ emulator, run, file }) => {
    await run({ command: 'export' });
    const { schema } = emulator.site.collection('products');
    const fields = schema.fields.map((field) =>
      field.key === 'price' ? { ...field, displayName: 'Cost' } : field,
    );
    Object.assign(schema, { fields });
    expect((await run({ command: 'export' })).outputs.changed).toBe('true');
    expect(file(path)).toBe(exported);
    expect(file(path.replace('.csv', '.schema.json'))).toContain('"displayName": "Cost"');
  });
});

test('cells that git copied to a new field reach the site, and the old field takes its column with it', async () => {
  await within(site, async ({ emulator, run, merge, file }) => {
    const { items, schema } = emulator.site.collection('products');
    await run({ command: 'export' });
    Object.assign(schema, {
      fields: [...schema.fields, { key: 'cost', displayName: 'Cost', type: 'NUMBER' }],
    });
    await run({ command: 'export' });
    const [header = '', ...rows] = (file(path) ?? '').trimEnd().split('\n');
    expect(header).toMatch(/,cost$/);
    const copied = rows.map((row) => (row.startsWith('p1,') ? `${row}4` : row));
    merge({ [path]: `${[header, ...copied].join('\n')}\n` });
    expect((await run({ command: 'import' })).outputs['rows-changed']).toBe('1');
    Object.assign(schema, { fields: schema.fields.filter(({ key }) => key !== 'price') });
    for (const item of items.values()) delete item.price;
    expect((await run({ command: 'export' })).outputs.status).toBe('success');
    expect(file(path)?.split('\n')[0]).toBe(header.replace(',price', ''));
    expect(items.get('p1')).toMatchObject({ title: 'Green tea', cost: 4 });
  });
});

test('a collection that left the configuration and git stays on the site', async () => {
  const posts = { id: 'posts', fields: [{ key: 'title', type: 'TEXT' }], items: [{ _id: 'b1' }] };
  await within({ site: { collections: [products, posts] } }, async ({ emulator, run, merge }) => {
    const config = '.github/wix-cms.yml';
    merge({ [config]: 'collections: [products, posts]\n' });
    await run({ command: 'export', collections: '' });
    const event = merge({ [config]: 'collections: [posts]\n', [path]: null });
    const inputs = { command: 'import', collections: '', deletes: 'apply' };
    expect((await run(inputs, { event })).outputs.status).toBe('unchanged');
    expect(emulator.site.collection('products').items.size).toBe(3);
  });
});

test('the command that removes the record leaves nothing of the action beside the branches', async () => {
  await within(site, async ({ emulator, remote, run }) => {
    await run({ command: 'export' });
    const refs = () => git(remote, 'for-each-ref', '--format=%(refname)', 'refs/wix-cms');
    expect(refs().split('\n')).toHaveLength(2);
    const script = scriptOn('docs/running-it.md', 'git push origin --delete');
    shell(script, cloneOf(remote), { 'site id': emulator.siteId });
    expect(refs()).toBe('');
  });
});
