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

test('an import of one edited cell takes six requests, beside those that follow its jobs', async () => {
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
      '/wix-data/v2/items/query', // the canary's item after, which shows that all of it arrived
    ]);
  });
});

test('an import into 20 collections follows its jobs together: five requests each, and twenty', async () => {
  const collections = Array.from({ length: 20 }, (_, i) => ({ ...origins, id: `c${i}` }));
  await within({ site: { collections } }, async ({ run, merge, emulator }) => {
    const ids = collections.map(({ id }) => id).join('\n');
    await run({ command: 'export', collections: ids });
    const edits = collections.map(({ id }) => [
      `content/collections/${id}.csv`,
      '_id,title\nuva,Uva Highlands\n',
    ]);
    merge(Object.fromEntries(edits));
    const before = emulator.requests.length;
    const result = await run({ command: 'import', collections: ids });
    expect(result.outputs).toMatchObject({ status: 'success', 'rows-changed': '20' });
    const asked = emulator.requests.slice(before).filter(({ host }) => host === 'api').length;
    expect(asked).toBeLessThanOrEqual(5 * 20 + 20);
  });
});

test('collections that do not refer to each other are each looked at right before they are written, and none waits for the job of another', async () => {
  const others = ['first', 'second', 'third'].map((id) => ({ ...origins, id }));
  await within({ site: { collections: others } }, async ({ run, merge, emulator }) => {
    const collections = 'first, second, third';
    await run({ command: 'export', collections });
    const edit = '_id,title\nuva,Uva Highlands\n';
    merge(Object.fromEntries(others.map(({ id }) => [`content/collections/${id}.csv`, edit])));
    const before = emulator.requests.length;
    await run({ command: 'import', collections });
    const asked = emulator.requests
      .slice(before)
      .filter(({ host, path: to }) => host === 'api' && !to.endsWith('/jobs/query'));
    const words = asked.map(({ path: to, body }) => {
      const [, id = ''] =
        /"(?:dataCollectionId|collectionId)":"(\w+)"/.exec(JSON.stringify(body)) ?? [];
      return `${to.split('/').at(-1)} ${id}`.trim();
    });
    const writing = words.slice(words.indexOf('query first'));
    const send = (id: string) => [`query ${id}`, 'upload-url', `jobs ${id}`];
    expect(writing).toEqual([
      ...[...send('first'), 'query first'],
      ...[...send('second'), ...send('third'), 'query second', 'query third'],
    ]);
  });
});

test('a site that takes one import at a time gets them one after the other', async () => {
  const collections = ['first', 'second', 'third', 'fourth'].map((id) => ({ ...origins, id }));
  const jobSteps = { uninitialized: 2, initializing: 2, inProgress: 300 };
  await within({ site: { collections }, jobSteps }, async ({ run, merge, emulator }) => {
    const names = collections.map(({ id }) => id).join(', ');
    await run({ command: 'export', collections: names });
    const isAtWork = ({ name, status }: { readonly name?: string; readonly status: string }) =>
      name?.includes(' import ') === true && !['COMPLETED', 'FAILED'].includes(status);
    emulator.faults.add({
      kind: 'answer',
      status: 428,
      body: '{"message":"another import is running"}',
      match: {
        method: 'POST',
        path: '/data-mover/v1/jobs',
        where: () => emulator.jobs().some(isAtWork),
        times: 'always',
      },
    });
    const edited = collections.map(({ id }) => [
      `content/collections/${id}.csv`,
      '_id,title\nuva,Uva Highlands\n',
    ]);
    merge(Object.fromEntries(edited));
    const { outputs } = await run({ command: 'import', collections: names });
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '4' });
  });
});

test('where the job of a collection fails, those beside it are written, and those that come after it are not', async () => {
  const ids = ['first', 'second', 'third'];
  const fields = teas.fields.map((field) => ({
    ...field,
    ...(field.key === 'origin' && {
      typeMetadata: { reference: { referencedCollectionId: 'second' } },
    }),
  }));
  const collections = [
    ...ids.map((id) => ({ ...origins, id, items: [] })),
    { id: 'teas', fields, items: [] },
  ];
  await within({ site: { collections } }, async ({ run, merge, emulator }) => {
    const names = [...ids, 'teas'].join(', ');
    await run({ command: 'export', collections: names });
    emulator.faults.addToJob({ match: { kind: 'import', nth: 2 }, end: 'FAILED', code: 'WDH0003' });
    merge({
      ...Object.fromEntries(
        ids.map((id) => [`content/collections/${id}.csv`, '_id,title\nuva,Uva\n']),
      ),
      'content/collections/teas.csv': '_id,title,origin\nt1,Black,uva\n',
    });
    const { outputs, annotations } = await run({ command: 'import', collections: names });
    expect(outputs).toMatchObject({ 'failure-reason': 'job-failed', 'rows-added': '2' });
    expect(annotations.join('\n')).toContain('teas: not written, because an earlier file failed');
    const isThere = (id: string) => emulator.site.collection(id).items.size === 1;
    expect(['first', 'second', 'third', 'teas'].filter(isThere)).toEqual(['first', 'third']);
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
