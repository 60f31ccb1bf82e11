import { expect, test } from '@jest/globals';
import { exported, path, products, site, within } from './situation.ts';

const origins = {
  id: 'origins',
  fields: [{ key: 'title', type: 'TEXT' }],
  items: [{ _id: 'uva', title: 'Uva' }],
};
const teas = {
  id: 'teas',
  fields: [
    { key: 'title', type: 'TEXT' },
    {
      key: 'origin',
      type: 'REFERENCE',
      typeMetadata: { reference: { referencedCollectionId: 'origins' } },
    },
  ],
  items: [{ _id: 't1', title: 'Black', origin: 'uva' }],
};

test('collections are written in the order of their references', async () => {
  await within({ site: { collections: [teas, origins] } }, async ({ run, merge, emulator }) => {
    const collections = 'teas, origins';
    await run({ command: 'export', collections });
    merge({
      'content/collections/teas.csv': '_id,title,origin\nt1,Black,uva\nt2,Green,assam\n',
      'content/collections/origins.csv': '_id,title\nassam,Assam\nuva,Uva\n',
    });
    const second = await run({ command: 'import', collections });
    expect(second.outputs).toMatchObject({ status: 'success', 'rows-added': '2' });
    const imported = emulator.jobs().filter(({ name }) => name?.includes(' import '));
    expect(imported.map(({ name }) => /import (\w+)/.exec(name ?? '')?.[1])).toEqual([
      'origins',
      'teas',
    ]);
  });
});

test('with on-conflict: fail, a conflict in one file stops the writing of all', async () => {
  await within({ site: { collections: [teas, origins] } }, async ({ run, merge, emulator }) => {
    const collections = 'teas, origins';
    await run({ command: 'export', collections });
    merge({
      'content/collections/teas.csv': '_id,title,origin\nt1,Assam,uva\n',
      'content/collections/origins.csv': '_id,title\nuva,Uva Highlands\n',
    });
    emulator.site.edit('teas', 't1', { title: 'Ceylon' });
    const second = await run({ command: 'import', collections, 'on-conflict': 'fail' });
    expect(second.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'conflict' });
    expect(emulator.site.collection('origins').items.get('uva')).toMatchObject({ title: 'Uva' });
  });
});

test('an export of 100 collections takes at most two requests each, and twenty', async () => {
  const collections = Array.from({ length: 100 }, (_, i) => ({ ...origins, id: `c${i}` }));
  await within({ site: { collections } }, async ({ run, emulator }) => {
    const ids = collections.map(({ id }) => id).join('\n');
    const result = await run({ command: 'export', collections: ids });
    expect(result.outputs).toMatchObject({ status: 'success', 'rows-added': '100' });
    const asked = emulator.requests.filter(({ host }) => host === 'api').length;
    expect(asked).toBeLessThanOrEqual(2 * 100 + 20);
    expect(asked).toBeLessThan(115);
  });
});

test('an import of one edited cell takes seven requests, beside those that follow its jobs', async () => {
  await within(site, async ({ run, merge, emulator }) => {
    await run({ command: 'export' });
    merge({ [path]: exported.replace('Green tea', 'Sencha') });
    const before = emulator.requests.length;
    await run({ command: 'import' });
    const asked = emulator.requests.slice(before).filter(({ host }) => host === 'api');
    const once = asked.map(({ path: to }) => to).filter((to) => to !== '/data-mover/v1/jobs/query');
    expect(once).toEqual([
      '/wix-data/v2/collections',
      '/data-mover/v1/jobs', // the export
      '/wix-data/v2/items/query', // the canary's item before, and whether somebody edited it since the export
      '/data-mover/v1/temporary-files/upload-url',
      '/data-mover/v1/jobs', // the import
      '/wix-data/v2/items/query', // the canary's item after
      '/data-mover/v1/jobs', // the read-back
    ]);
  });
});

test('an import that empties the collection first brings all that is to stay', async () => {
  await within(site, async ({ run, merge, emulator }) => {
    await run({ command: 'export' });
    merge({ [path]: exported.replace('Green tea', 'Sencha').replace('p3,White tea,9,,\n', '') });
    emulator.site.insert('products', { _id: 'p4', title: 'Rooibos' });
    const second = await run({
      command: 'import',
      'write-policy': 'truncate-before',
      deletes: 'apply',
    });
    expect(second.outputs).toMatchObject({
      status: 'success',
      'rows-changed': '1',
      'rows-removed': '1',
    });
    const { items } = emulator.site.collection('products');
    expect([...items.keys()].sort()).toEqual(['p1', 'p2', 'p4']);
    expect(items.get('p1')).toMatchObject({ title: 'Sencha', notes: 'order more' });
  });
});

test('an import that skips existing items writes only rows that the site lacks', async () => {
  await within(site, async ({ run, merge, emulator }) => {
    await run({ command: 'export' });
    merge({ [path]: `${exported.replace('Green tea', 'Sencha')}p9,Oolong,7,,\n` });
    const second = await run({ command: 'import', 'write-policy': 'skip-existing' });
    expect(second.outputs).toMatchObject({
      status: 'success',
      'rows-added': '1',
      'rows-changed': '0',
    });
    const { items } = emulator.site.collection('products');
    expect(items.get('p1')).toMatchObject({ title: 'Green tea' });
    expect(items.get('p9')).toMatchObject({ title: 'Oolong' });
  });
});

test('rows removed in git are removed from the site only where that is configured', async () => {
  await within(site, async ({ run, merge, emulator }) => {
    await run({ command: 'export' });
    merge({ [path]: exported.replace('p3,White tea,9,,\n', '') });
    const { items } = emulator.site.collection('products');
    await run({ command: 'import' });
    expect(items.has('p3')).toBe(true);
    const second = await run({ command: 'import', deletes: 'apply' });
    expect(second.outputs).toMatchObject({ status: 'success', 'rows-removed': '1' });
    expect([...items.keys()].sort()).toEqual(['p1', 'p2']);
    expect((await run({ command: 'export' })).outputs.status).toBe('unchanged');
  });
});

test('an import over a large part of a file stops with the arithmetic until it is approved', async () => {
  const items = Array.from({ length: 30 }, (_, i) => ({ _id: `p${100 + i}`, title: `Tea ${i}` }));
  const many = { site: { collections: [{ ...products, items }] } };
  await within(many, async ({ run, file, merge }) => {
    await run({ command: 'export' });
    merge({ [path]: (file(path) ?? '').replaceAll('Tea ', 'Finest tea ') });
    const stopped = await run({ command: 'import' });
    expect(stopped.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'limit' });
    expect(stopped.annotations.join('\n')).toContain('30 of 30 rows would change');
    const approve = stopped.outputs.fingerprint ?? '';
    const approved = await run({ command: 'import', approve });
    expect(approved.outputs).toMatchObject({ status: 'success', 'rows-changed': '30' });
  });
});

test('rows that refer to each other are written in two passes', async () => {
  const reference = (key: string, collection: string) => ({
    key,
    type: 'REFERENCE',
    typeMetadata: { reference: { referencedCollectionId: collection } },
  });
  const people = {
    id: 'people',
    fields: [
      { key: 'title', type: 'TEXT' },
      reference('employer', 'firms'),
      reference('boss', 'people'),
    ],
    items: [{ _id: 'p0', title: 'Ada' }],
  };
  const firms = {
    id: 'firms',
    fields: [{ key: 'title', type: 'TEXT' }, reference('owner', 'people')],
    items: [{ _id: 'f0', title: 'Acme' }],
  };
  await within({ site: { collections: [people, firms] } }, async ({ run, merge, emulator }) => {
    const collections = 'people, firms';
    await run({ command: 'export', collections });
    merge({
      'content/collections/people.csv':
        '_id,title,employer,boss\np0,Ada,f1,\np1,Grace,f1,p2\np2,Alan,f0,\n',
      'content/collections/firms.csv': '_id,title,owner\nf0,Acme,\nf1,Bell,p1\n',
    });
    const second = await run({ command: 'import', collections });
    expect(second.outputs).toMatchObject({
      status: 'success',
      'rows-added': '3',
      'rows-changed': '1',
    });
    const held = (collection: string, id: string) =>
      emulator.site.collection(collection).items.get(id);
    expect(held('people', 'p1')).toMatchObject({ title: 'Grace', employer: 'f1', boss: 'p2' });
    expect(held('people', 'p0')).toMatchObject({ title: 'Ada', employer: 'f1' });
    expect(held('firms', 'f1')).toMatchObject({ title: 'Bell', owner: 'p1' });
    expect((await run({ command: 'import', collections })).outputs.status).toBe('unchanged');
  });
});

test('references that a run was cut off before are written by the next import', async () => {
  const next = {
    key: 'next',
    type: 'REFERENCE',
    typeMetadata: { reference: { referencedCollectionId: 'products' } },
  };
  const linked = { ...origins, id: 'products', fields: [...origins.fields, next] };
  await within({ site: { collections: [linked] } }, async ({ run, merge, emulator }) => {
    await run({ command: 'export' });
    merge({ [path]: '_id,title,next\nassam,Assam,nilgiri\nnilgiri,Nilgiri,\nuva,Uva,\n' });
    const isWritten = () => emulator.site.collection('products').items.size === 3;
    await run(
      { command: 'import' },
      {
        onStart: (kill) => {
          const where = () => {
            if (isWritten()) kill('SIGTERM');
            return isWritten();
          };
          emulator.faults.add({ kind: 'hang', match: { path: '*/upload-url', where } });
        },
      },
    );
    expect((await run({ command: 'import' })).outputs).toMatchObject({ 'rows-changed': '1' });
    const { items } = emulator.site.collection('products');
    expect(items.get('assam')).toMatchObject({ next: 'nilgiri' });
  });
});
