import { expect, test } from '@jest/globals';
import type { JsonObject } from '../../emulator/json.ts';
import { git, pushElsewhere } from '../repository/support.ts';
import { exported, onPush, path, products, site, within } from './situation.ts';

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

const conflicting = exported.replace('Green tea', 'Sencha').replace('White tea', 'Silver tips');

test('holds a row that both sides changed, names all three values, and brings every other one', async () => {
  await within(site, async ({ run, merge, file, emulator }) => {
    await run({ command: 'export' });
    merge({ [path]: conflicting.replace('order more', 'order two') });
    emulator.site.edit('products', 'p1', { title: 'Gunpowder' });
    const second = await run({ command: 'import' });
    expect(second.exitCode).toBe(1);
    expect(second.outputs).toMatchObject({
      status: 'partial',
      'failure-reason': 'conflict',
      'rows-conflicting': '1',
      'rows-changed': '1',
    });
    const annotation = second.annotations.find((line) => line.includes('Gunpowder'));
    expect(annotation).toContain(`file=${path},line=2`);
    expect(annotation).toMatch(/Green tea.*Sencha.*Gunpowder|Sencha.*Gunpowder.*Green tea/s);
    const { items } = emulator.site.collection('products');
    expect(items.get('p1')).toMatchObject({ title: 'Gunpowder', notes: 'order more' });
    expect(items.get('p3')).toMatchObject({ title: 'Silver tips' });
    await run({ command: 'export' });
    expect(file(path)).toContain('p1,Sencha,4,order two');
  });
});

test('with on-conflict: fail, writes nothing where both sides changed a cell', async () => {
  await within(site, async ({ run, merge, emulator }) => {
    await run({ command: 'export' });
    merge({ [path]: conflicting });
    emulator.site.edit('products', 'p1', { title: 'Gunpowder' });
    const { outputs } = await run({ command: 'import', 'on-conflict': 'fail' });
    expect(outputs).toMatchObject({
      status: 'failed',
      'failure-reason': 'conflict',
      'rows-changed': '0',
    });
    const { items } = emulator.site.collection('products');
    expect(items.get('p3')).toMatchObject({ title: 'White tea' });
    expect(emulator.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
    const before = (await run({ command: 'export', 'on-conflict': 'fail' })).outputs;
    expect(before).toMatchObject({ status: 'failed', 'failure-reason': 'conflict' });
  });
});

test('a conflict is over when git takes what the site has, and not by any other value', async () => {
  await within(site, async ({ run, merge, emulator }) => {
    await run({ command: 'export' });
    merge({ [path]: exported.replace('Green tea', 'Sencha') });
    emulator.site.edit('products', 'p1', { title: 'Gunpowder' });
    await run({ command: 'import' });
    merge({ [path]: exported.replace('Green tea', 'Matcha') });
    const other = await run({ command: 'import' });
    expect(other.outputs['failure-reason']).toBe('conflict');
    merge({ [path]: exported.replace('Green tea', 'Gunpowder') });
    const given = await run({ command: 'import' });
    expect(given.outputs.status).toBe('unchanged');
    merge({ [path]: exported.replace('Green tea', 'Matcha') });
    const edited = await run({ command: 'import' });
    expect(edited.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(emulator.site.collection('products').items.get('p1')?.title).toBe('Matcha');
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

test('after a job that failed halfway, reverting in git takes back what it had written', async () => {
  await within(site, async ({ run, merge, file, emulator }) => {
    await run({ command: 'export' });
    merge({ [path]: exported.replace('Green tea', 'Sencha').replace('White tea', 'Silver tips') });
    emulator.faults.addToJob({
      match: { kind: 'import' },
      ...{ end: 'FAILED', code: 'WDH0001', rows: 1 },
    });
    const second = await run({ command: 'import' });
    expect(second.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'job-failed' });
    const { items } = emulator.site.collection('products');
    expect(items.get('p1')).toMatchObject({ title: 'Sencha' });
    merge({ [path]: exported });
    await run({ command: 'export' });
    expect(file(path)).toBe(exported);
    expect((await run({ command: 'import' })).outputs.status).toBe('success');
    expect(items.get('p1')).toMatchObject({ title: 'Green tea' });
  });
});

test.each([
  ['true', 'partial', 'error'],
  ['49%', 'partial', 'error'],
  ['50%', '', 'warning'],
  ['false', '', 'warning'],
])(
  'where one of two rows is rejected, fail-on-partial-success: %s makes it "%s"',
  async (given, reason, level) => {
    await within(site, async ({ run, merge, emulator }) => {
      await run({ command: 'export' });
      merge({
        [path]: exported.replace('White tea', 'Silver tips').replace('Green tea', 'Sencha'),
      });
      const fault = { collection: 'products', id: 'p3', code: 'WDE0009', description: 'no' };
      emulator.faults.rejectRow(fault);
      const second = await run({ command: 'import', 'fail-on-partial-success': given });
      expect(second.exitCode).toBe(reason === '' ? 0 : 1);
      expect(second.outputs).toMatchObject({
        status: 'partial',
        'failure-reason': reason,
        'rows-rejected': '1',
      });
      const line = second.annotations.find((each) => each.includes('WDE0009'));
      expect(line).toMatch(new RegExp(`^::${level} `));
    });
  },
);

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

test('keeps the site as it was before the first write, as git would have it', async () => {
  await within(site, async ({ run, merge }) => {
    await run({ command: 'export' });
    merge({ [path]: exported.replace('Green tea', 'Sencha') });
    const { outputs, read } = await run({ command: 'import' });
    expect(read(`${outputs['backup-directory']}/${path}`)).toBe(exported);
  });
});

test('keeps nothing in the backup that the configuration keeps out of git', async () => {
  const secret = { key: 'secret', displayName: 'Secret', type: 'TEXT', encrypted: true };
  const [first, ...others] = products.items;
  const collection = {
    ...products,
    fields: [...products.fields, secret],
    items: [{ ...first, secret: 'encrypted' }, ...others],
  };
  const config = [
    'collections:',
    '  - id: products',
    '    exclude: [notes]',
    '    filter: { price: { $lt: 9 } }',
    '',
  ].join('\n');
  await within({ site: { collections: [collection] } }, async ({ run, merge, file }) => {
    merge({ '.github/wix-cms.yml': config });
    await run({ command: 'export', collections: '' });
    const before = file(path) ?? '';
    expect(before).toContain('_id,title,price,tags\np1,');
    merge({ [path]: before.replace('Green tea', 'Sencha') });
    const { outputs, read } = await run({ command: 'import', collections: '' });
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(read(`${outputs['backup-directory']}/${path}`)).toBe(before);
  });
});

test('an import that writes nothing has no backup to keep', async () => {
  await within(site, async ({ run, merge }) => {
    await run({ command: 'export' });
    merge({ [path]: exported.replace('Green tea', 'Sencha') });
    await run({ command: 'import' });
    const { outputs } = await run({ command: 'import', reconcile: 'all' });
    expect(outputs).toMatchObject({ status: 'unchanged', 'backup-directory': '' });
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
    expect(second.annotations.join('\n')).toContain('so this run compares with the commit');
    expect(emulator.site.collection('products').items.get('p1')).toMatchObject({
      title: 'Sencha',
    });
  });
});

test('ids are written back on top of what was merged meanwhile, whoever wins conflicts', async () => {
  await within(site, async ({ run, remote, file, merge }) => {
    await run({ command: 'export' });
    merge({ [path]: `${exported.replace('Green tea', 'Sencha')},Oolong,7,,\n` });
    const meanwhile = (file(path) ?? '').replace('Sencha', 'Gyokuro');
    const theirs = pushElsewhere(remote, { [path]: meanwhile });
    git(remote, 'update-ref', 'refs/heads/main', `${theirs}^`);
    onPush(remote, `test -e raced || { touch raced; git update-ref refs/heads/main ${theirs}; }`);
    const second = await run({ command: 'import', 'on-conflict': 'cms' });
    expect(second.outputs).toMatchObject({ status: 'success', 'rows-added': '1' });
    expect(file(path)).toContain('p1,Gyokuro,4');
    expect(file(path)).toMatch(/^[0-9a-f-]{36},Oolong,7,,$/m);
  });
});

test('a field may have the key of what every object inherits', () => {
  const title = { key: 'title', displayName: 'Title', type: 'TEXT' };
  const team = { key: 'constructor', displayName: 'Constructor', type: 'TEXT' };
  const items: JsonObject[] = [
    { _id: 'r1', title: 'Monza', constructor: 'Lotus' },
    { _id: 'r2', title: 'Spa' },
  ];
  const races = { id: 'products', fields: [title, team], items };
  return within({ site: { collections: [races] } }, async ({ run, merge, file, emulator }) => {
    await run({ command: 'export' });
    merge({ [path]: file(path)?.replace('Lotus', 'Cooper').replace('Spa', 'Francorchamps') ?? '' });
    const { outputs } = await run({ command: 'import' });
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '2' });
    expect(emulator.site.collection('products').items.get('r1')?.constructor).toBe('Cooper');
    expect((await run({ command: 'export' })).outputs.status).toBe('unchanged');
  });
});
