import { describe, expect, test } from '@jest/globals';
import { type Emulator, startEmulator } from '../../emulator/emulator.ts';
import { siteWith } from './driving.ts';
import { vendorSdk } from './vendor-sdk.ts';

const parts = {
  key: 'parts',
  type: 'MULTI_REFERENCE',
  typeMetadata: { multiReference: { referencedCollectionId: 'products' } },
};
const maker = {
  key: 'maker',
  type: 'REFERENCE',
  typeMetadata: { reference: { referencedCollectionId: 'products' } },
};
const shop = siteWith({
  fields: [{ key: 'title', type: 'TEXT' }, { key: 'price', type: 'NUMBER' }, parts, maker],
  items: [
    { _id: 'a', title: 'Desk', price: 480, parts: ['b', 'gone'], maker: 'c' },
    { _id: 'b', title: 'Lamp', price: 60 },
    { _id: 'c', title: 'Chair', price: 90 },
  ],
});

const held = (emulator: Emulator) => emulator.site.collection('products').items;
const code = (wanted: string) => ({
  details: { applicationError: expect.objectContaining({ code: wanted }) },
});

describe("the vendor's SDK reads items", () => {
  test('by a query, which it sends as GET or as POST', async () => {
    await using emulator = await startEmulator(shop);
    const { items } = vendorSdk(emulator);

    const found = await items.query('products').gt('price', 50).descending('price').limit(2).find();
    expect(found.items.map(({ title }) => title)).toEqual(['Desk', 'Chair']);
    expect(found.hasNext()).toBe(true);
    expect((await found.next()).items.map(({ title }) => title)).toEqual(['Lamp']);
    const many = Array.from({ length: 500 }, (_, index) => `item ${index}`);
    expect(
      (
        await items
          .query('products')
          .hasSome('title', ['Lamp', ...many])
          .find()
      ).items,
    ).toEqual([expect.objectContaining({ _id: 'b', _createdDate: expect.any(Date) })]);
    expect(emulator.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST']);
  });

  test('one by one, and by their number', async () => {
    await using emulator = await startEmulator(shop);
    const { items } = vendorSdk(emulator);

    expect(await items.get('products', 'b')).toMatchObject({ title: 'Lamp' });
    expect(await items.get('products', 'z')).toBeNull();
    expect(await items.query('products').startsWith('title', 'l').count()).toBe(1);
  });

  test('with the items that they refer to', async () => {
    await using emulator = await startEmulator(shop);
    const { items } = vendorSdk(emulator);

    const [desk] = (await items.query('products').eq('_id', 'a').include('parts', 'maker').find())
      .items;
    expect(desk).toMatchObject({
      parts: [{ _id: 'b', title: 'Lamp' }],
      maker: { _id: 'c', title: 'Chair' },
    });
    const referenced = await items.queryReferenced('products', 'a', 'parts');
    expect(referenced.items.map(({ _id }) => _id)).toEqual(['b']);
    expect(await items.queryReferencedItems('products', ['a'], 'parts')).toMatchObject({
      results: [
        { referringItemId: 'a', item: { title: 'Lamp' } },
        { referringItemId: 'a', unresolvedReference: { referencedItemId: 'gone' } },
      ],
    });
    expect(await items.isReferenced('products', 'parts', 'a', 'b')).toBe(true);
  });
});

describe("the vendor's SDK writes items", () => {
  test('one by one', async () => {
    await using emulator = await startEmulator(shop);
    const { items } = vendorSdk(emulator);

    const shelf = await items.insert('products', { title: 'Shelf', price: 30 });
    expect(held(emulator).get(String(shelf._id))).toMatchObject({ title: 'Shelf' });
    await items.update('products', { _id: 'a', title: 'Table' });
    expect(held(emulator).get('a')).toMatchObject({ title: 'Table', parts: ['b', 'gone'] });
    expect(held(emulator).get('a')).not.toHaveProperty('price');
    await items.save('products', { _id: 'd', title: 'Stool' });
    expect(held(emulator).get('d')).toMatchObject({ title: 'Stool' });
    await items
      .patch('products', 'b')
      .setField('title', 'Lantern')
      .incrementField('price', 5)
      .run();
    expect(held(emulator).get('b')).toMatchObject({ title: 'Lantern', price: 65 });
    await items.remove('products', 'd');
    expect(held(emulator).has('d')).toBe(false);
  });

  test('in bulk, and learns which of them failed', async () => {
    await using emulator = await startEmulator(shop);
    const { items } = vendorSdk(emulator);
    emulator.faults.rejectRow({ id: 'x', code: 'WDE0009', description: 'The item is too large.' });

    expect(
      await items.bulkInsert('products', [{ _id: 'a', title: 'Desk' }, { _id: 'x' }, { _id: 'y' }]),
    ).toMatchObject({
      inserted: 1,
      skipped: 1,
      insertedItemIds: ['y'],
      errors: [{ code: 'WDE0009', originalIndex: 1 }],
    });
    expect(
      await items.bulkUpdate('products', [{ _id: 'a', title: 'Table' }, { _id: 'z' }]),
    ).toMatchObject({ updated: 1, skipped: 1 });
    expect(
      await items.bulkSave('products', [{ _id: 'a', title: 'Bench' }, { title: 'Shelf' }]),
    ).toMatchObject({ inserted: 1, updated: 1 });
    expect(
      await items.bulkPatch('products', ['b', 'c', 'z']).setField('price', 1).run(),
    ).toMatchObject({ updated: 2, skipped: 1 });
    expect(await items.bulkRemove('products', ['b', 'z'])).toMatchObject({
      removed: 1,
      skipped: 1,
    });
    expect(held(emulator).get('c')).toMatchObject({ title: 'Chair', price: 1 });
    await items.truncate('products');
    expect(held(emulator).size).toBe(0);
  });

  test('but not their dates, and in the forms of the site', async () => {
    await using emulator = await startEmulator({ ...shop, forms: ['trimmed'] });
    const { items } = vendorSdk(emulator);
    const before = held(emulator).get('a')?._createdDate;

    const changed = { _id: 'a', title: ' Table ', _createdDate: new Date(0) };
    await items.update('products', changed);
    expect(held(emulator).get('a')).toMatchObject({ title: 'Table', _createdDate: before });
  });
});

describe('an item is refused', () => {
  test('when it exists already, or does not exist', async () => {
    await using emulator = await startEmulator(shop);
    const { items } = vendorSdk(emulator);

    await expect(items.insert('products', { _id: 'a' })).rejects.toMatchObject(code('WDE0074'));
    await expect(items.update('products', { _id: 'z' })).rejects.toMatchObject(code('WDE0073'));
    await expect(items.patch('products', 'z').setField('title', 'x').run()).rejects.toMatchObject(
      code('WDE0073'),
    );
  });

  test('when it sets references, unless that is asked for', async () => {
    await using emulator = await startEmulator(shop);
    const { items } = vendorSdk(emulator);
    const referring = { _id: 'b', title: 'Lamp', parts: ['c'] };

    await expect(items.update('products', referring)).rejects.toMatchObject(code('WDE0303'));
    await expect(items.save('products', referring)).rejects.toMatchObject(code('WDE0303'));
    await expect(items.patch('products', 'b').setField('parts', ['c']).run()).rejects.toMatchObject(
      code('WDE0303'),
    );
    expect(held(emulator).get('b')).not.toHaveProperty('parts');
    await items.save('products', referring, { saveReferences: true });
    expect(held(emulator).get('b')).toMatchObject({ parts: ['c'] });

    emulator.settings.multiReferencesInItems = 'dropped';
    await items.update('products', { ...referring, parts: ['a'] });
    expect(held(emulator).get('b')).toMatchObject({ parts: ['c'] });
  });

  test('when the collection cannot be written, or holds a single item', async () => {
    await using app = await startEmulator(siteWith({ collectionType: 'WIX_APP' }));
    const read = vendorSdk(app).items;
    await expect(read.save('products', { title: 'Desk' })).rejects.toMatchObject(code('WDE0119'));

    const plugins = [{ type: 'SINGLE_ITEM', singleItemOptions: { singleItemId: 'only' } }];
    await using single = await startEmulator(siteWith({ plugins }));
    const { items } = vendorSdk(single);
    await expect(items.bulkSave('products', [{ title: 'Home' }])).rejects.toMatchObject(
      code('WDE0119'),
    );
    await items.save('products', { title: 'Home' });
    expect([...held(single).keys()]).toEqual(['only']);
  });
});

describe("the vendor's SDK writes references", () => {
  test('adds, removes and replaces them', async () => {
    await using emulator = await startEmulator(shop);
    const { items } = vendorSdk(emulator);
    const ofDesk = () => held(emulator).get('a')?.parts;

    await items.insertReference('products', 'parts', 'a', ['c', 'b']);
    expect(ofDesk()).toEqual(['b', 'gone', 'c']);
    await items.removeReference('products', 'parts', 'a', ['gone', 'b']);
    expect(ofDesk()).toEqual(['c']);
    await items.replaceReferences('products', 'parts', 'a', ['b', 'a']);
    expect(ofDesk()).toEqual(['b', 'a']);
    await items.replaceReferences('products', 'parts', 'a', []);
    expect(ofDesk()).toEqual([]);
    await expect(items.replaceReferences('products', 'title', 'a', ['b'])).rejects.toMatchObject(
      code('WDE0020'),
    );
  });

  test('of a two-way pair on both sides, and leaves the dates of the other side alone', async () => {
    let now = 0;
    const clock = { now: () => now, sleep: async () => {} };
    await using emulator = await startEmulator({ clock, site: { collections: [teas, shelves] } });
    const { items } = vendorSdk(emulator);
    const { items: onShelves } = emulator.site.collection('shelves');
    const { items: ofTeas } = emulator.site.collection('teas');
    expect(onShelves.get('s')).toMatchObject({ teas: ['t1'] });
    now = 1000;

    await items.replaceReferences('teas', 'shelves', 't2', ['s']);
    expect(onShelves.get('s')).toMatchObject({
      teas: ['t1', 't2'],
      _updatedDate: { $date: '1970-01-01T00:00:00.000Z' },
    });
    await items.removeReference('shelves', 'teas', 's', 't1');
    expect(ofTeas.get('t1')).toMatchObject({ shelves: [] });
    emulator.site.remove('teas', 't2');
    expect(onShelves.get('s')).toMatchObject({ teas: [] });
  });
});

const paired = (key: string, referencedCollectionId: string, referencingFieldKey: string) => ({
  key,
  type: 'MULTI_REFERENCE',
  typeMetadata: { multiReference: { referencedCollectionId, referencingFieldKey } },
});
const teas = {
  id: 'teas',
  fields: [paired('shelves', 'shelves', 'teas')],
  items: [{ _id: 't1', shelves: ['s'] }, { _id: 't2' }],
};
const shelves = {
  id: 'shelves',
  fields: [paired('teas', 'teas', 'shelves')],
  items: [{ _id: 's' }],
};
