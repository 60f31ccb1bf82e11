import { describe, expect, test } from '@jest/globals';
import { startEmulator } from '../../emulator/emulator.ts';
import type { CollectionSeed } from '../../emulator/schema.ts';
import { call, siteWith } from './driving.ts';
import { vendorSdk } from './vendor-sdk.ts';

const path = '/wix-data/v2/collections';
const empty = (id: string): CollectionSeed => ({ id, fields: [] });

test("the vendor's SDK sees a collection whole", async () => {
  await using emulator = await startEmulator(
    siteWith({
      displayName: 'Products',
      fields: [
        { key: 'title', type: 'TEXT', required: true },
        {
          key: 'maker',
          type: 'REFERENCE',
          typeMetadata: { reference: { referencedCollectionId: 'makers' } },
        },
      ],
      translatable: ['title'],
    }),
  );
  const collection = await vendorSdk(emulator).collections.getDataCollection('products');

  expect(collection).toMatchObject({
    _id: 'products',
    displayName: 'Products',
    collectionType: 'NATIVE',
    plugins: [{ type: 'MULTILINGUAL', multilingualOptions: { translatableFieldKeys: ['title'] } }],
    _createdDate: expect.any(Date),
  });
  expect(collection.capabilities?.dataOperations).toContain('BULK_SAVE');
  expect(collection.fields?.map((field) => field.key)).toEqual([
    '_id',
    '_createdDate',
    '_updatedDate',
    '_owner',
    'title',
    'maker',
  ]);
  expect(collection.fields?.at(-1)?.typeMetadata?.reference?.referencedCollectionId).toBe('makers');
});

test('an id with a slash is found encoded, and as the SDK sends it', async () => {
  await using emulator = await startEmulator(siteWith({ id: 'Stores/Products' }));

  const encoded = await call(emulator, 'GET', `${path}/Stores%2FProducts?consistentRead=true`);
  const bare = await vendorSdk(emulator).collections.getDataCollection('Stores/Products');

  expect(encoded.body.collection.id).toBe('Stores/Products');
  expect(bare._id).toBe('Stores/Products');
});

test('a collection that does not exist is a 404 with WDE0025', async () => {
  await using emulator = await startEmulator();

  expect(await call(emulator, 'GET', `${path}/none`)).toMatchObject({
    status: 404,
    body: { details: { applicationError: { code: 'WDE0025' } } },
  });
});

test('the list comes in pages by offset, ordered by id', async () => {
  const collections = ['c', 'a', 'b'].map(empty);
  await using emulator = await startEmulator({ site: { collections } });

  const first = await call(emulator, 'GET', `${path}?paging.limit=2`);
  const second = await call(emulator, 'GET', `${path}?paging.limit=2&paging.offset=2`);

  expect(first.body.collections.map(({ id }) => id)).toEqual(['a', 'b']);
  expect(second.body.collections.map(({ id }) => id)).toEqual(['c']);
  expect(second.body.pagingMetadata).toEqual({
    count: 1,
    offset: 2,
    total: 3,
    tooManyToCount: false,
  });
});

test("the vendor's SDK lists collections, and only the members it asks for", async () => {
  await using emulator = await startEmulator({ site: { collections: ['a', 'b'].map(empty) } });

  const { collections } = await vendorSdk(emulator).collections.listDataCollections({
    fields: ['displayName', 'plugins'],
  });

  expect(collections?.map((collection) => Object.keys(collection).toSorted())).toEqual([
    ['_id', 'displayName', 'plugins'],
    ['_id', 'displayName', 'plugins'],
  ]);
});

test('a page of more collections than there may be is refused', async () => {
  await using emulator = await startEmulator();

  expect((await call(emulator, 'GET', `${path}?paging.limit=1001`)).status).toBe(400);
});

describe("the vendor's SDK", () => {
  const permissions = {
    insert: 'ADMIN',
    update: 'ADMIN',
    remove: 'ADMIN',
    read: 'ANYONE',
  } as const;
  const teas = {
    _id: 'teas',
    displayName: 'Teas',
    fields: [{ key: 'title', type: 'TEXT', displayName: 'Title' }],
    permissions,
  } as const;

  test('makes a collection, with the fields that every one has, and removes it', async () => {
    await using emulator = await startEmulator();
    const { collections, items } = vendorSdk(emulator);

    const made = await collections.createDataCollection({ ...teas, fields: [...teas.fields] });
    expect(made).toMatchObject({ _id: 'teas', displayName: 'Teas', collectionType: 'NATIVE' });
    expect(made.fields?.map(({ key }) => key)).toContain('_id');
    await items.insert('teas', { _id: 't', title: 'Sencha' });
    expect(emulator.site.collection('teas').items.get('t')).toMatchObject({ title: 'Sencha' });
    await collections.deleteDataCollection('teas');
    expect(emulator.site.collections.has('teas')).toBe(false);
  });

  test('is refused a collection that exists, or that has a field without a key', async () => {
    await using emulator = await startEmulator({ site: { collections: [empty('teas')] } });
    const answer = await call(emulator, 'POST', path, { collection: { id: 'teas', fields: [] } });
    const broken = { id: 'other', fields: [{ type: 'TEXT' }] };

    expect(answer).toMatchObject({
      status: 409,
      body: { details: { applicationError: { code: 'WDE0104' } } },
    });
    expect((await call(emulator, 'POST', path, { collection: broken })).status).toBe(400);
    expect((await call(emulator, 'POST', path, { collection: { fields: [] } })).status).toBe(400);
  });

  test('is refused to remove a collection of an app, and one that is not there', async () => {
    const shop: CollectionSeed = { ...empty('Stores/Products'), collectionType: 'WIX_APP' };
    await using emulator = await startEmulator({ site: { collections: [shop] } });

    expect((await call(emulator, 'DELETE', `${path}/Stores%2FProducts`)).status).toBe(428);
    expect((await call(emulator, 'DELETE', `${path}/none`)).status).toBe(404);
  });

  test('makes collections with a key that may, and no other', async () => {
    const apiKeys = [{ key: 'IST.reader', scopes: ['SCOPE.DC-DATA.READ'] as const }];
    await using emulator = await startEmulator({ apiKeys });

    const collection = { id: 'teas', fields: [] };
    expect((await call(emulator, 'POST', path, { collection })).status).toBe(403);
  });
});
