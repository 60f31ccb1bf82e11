import { expect, test } from '@jest/globals';
import { startEmulator } from '../../emulator/emulator.ts';
import { call, exportRows, importText, siteWith } from './driving.ts';

const shop = siteWith({ items: [{ _id: 'a', title: 'Desk' }] });
const noKey = { authorization: undefined, 'wix-site-id': undefined };

test('a person can edit, add and remove items without a key', async () => {
  await using emulator = await startEmulator(shop);
  const items = '/emulator/items';
  const collection = 'products';

  const changes = { title: 'Table', price: 7 };
  await call(emulator, 'PATCH', items, { collection, id: 'a', changes }, noKey);
  expect((await exportRows(emulator))[0]).toMatchObject({ title: 'Table', price: '7' });

  await call(emulator, 'POST', items, { collection, item: { _id: 'b', title: 'Lamp' } }, noKey);
  await call(emulator, 'PATCH', items, { collection, id: 'a', changes: { price: null } }, noKey);
  await call(emulator, 'DELETE', items, { collection, id: 'b' }, noKey);
  const rows = await exportRows(emulator);
  expect(rows.map((row) => row._id)).toEqual(['a']);
  expect(rows[0]).not.toHaveProperty('price');
});

test('a person can add a collection and a translation, and see the whole state', async () => {
  await using emulator = await startEmulator(shop);
  const fields = [{ key: 'text', type: 'TEXT' }];
  await call(emulator, 'POST', '/emulator/collections', { id: 'notes', fields, items: [{}] });
  const translation = { itemId: 'a', field: 'title', language: 'fr', text: 'Bureau' };
  await call(emulator, 'POST', '/emulator/translations', translation);

  const state = await call(emulator, 'GET', '/emulator/state', undefined, noKey);
  expect(state.body).toMatchObject({
    sites: [
      {
        id: emulator.siteId,
        collections: [{ schema: { id: 'products' } }, { schema: { id: 'notes' } }],
        translations: [{ text: 'Bureau', published: true }],
      },
    ],
  });
});

test('a person can break things and mend them', async () => {
  await using emulator = await startEmulator(shop);
  const jobs = '/data-mover/v1/jobs';
  const match = { path: '/data-mover/*', times: 'always' };
  await call(emulator, 'POST', '/emulator/faults', { match, kind: 'answer', status: 503 });
  expect((await call(emulator, 'GET', jobs)).status).toBe(503);
  await call(emulator, 'DELETE', '/emulator/faults');
  expect((await call(emulator, 'GET', jobs)).status).toBe(200);

  await call(emulator, 'POST', '/emulator/job-faults', { end: 'FAILED', code: 'WDH0002' });
  expect(await importText(emulator, '_id\nb\n')).toMatchObject({ error: { code: 'WDH0002' } });
  await call(emulator, 'POST', '/emulator/rejections', { id: 'b', code: 'X', description: 'No.' });
  expect(await importText(emulator, '_id\nb\n')).toMatchObject({
    progress: { itemsRejected: 1 },
  });
  await call(emulator, 'PATCH', '/emulator/settings', { headers: 'displayName' });
  expect((await exportRows(emulator))[0]).toMatchObject({ ID: 'a' });
});

test('what makes no sense is a 400 or a 404, and changes nothing', async () => {
  await using emulator = await startEmulator(shop);
  const wrong: [string, string, object, number][] = [
    ['POST', 'faults', { kind: 'explode' }, 400],
    ['POST', 'job-faults', {}, 400],
    ['PATCH', 'settings', { colour: 'red' }, 400],
    ['PATCH', 'settings', { forms: ['tidy'] }, 400],
    ['POST', 'collections', { id: 'x' }, 400],
    ['POST', 'nonsense', {}, 404],
    ['POST', 'items', { site: 'none', collection: 'products', item: {} }, 404],
  ];
  for (const [method, path, body, status] of wrong) {
    expect((await call(emulator, method, `/emulator/${path}`, body)).status).toBe(status);
  }
  expect([...emulator.site.collections.keys()]).toEqual(['products']);
});

test('the journal holds the requests to Wix, without the key', async () => {
  await using emulator = await startEmulator(shop);
  await importText(emulator, '_id,title\na,Table\n');

  const { requests } = (await call(emulator, 'GET', '/emulator/requests')).body;

  expect(requests.slice(0, 3)).toMatchObject([
    { host: 'api', path: '/data-mover/v1/temporary-files/upload-url', status: 200 },
    { host: 'upload', method: 'PUT', body: 18, status: 200 },
    { host: 'api', path: '/data-mover/v1/jobs', headers: { authorization: '***' } },
  ]);
  expect(requests.some(({ path }) => path.startsWith('/emulator'))).toBe(false);
  await call(emulator, 'DELETE', '/emulator/requests');
  expect(emulator.requests).toEqual([]);
});
