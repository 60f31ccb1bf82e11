import { describe, expect, test } from '@jest/globals';
import { createCollection, listCollections } from '../../src/wix/collections.ts';
import { against, fakeClock, shop } from './support.ts';

const many = Array.from({ length: 230 }, (_, i) => ({ id: `c${i}`, fields: [] }));

describe('all the collections are listed', () => {
  test('a hundred per request', async () => {
    await against({ site: { collections: many } }, async ({ emulator, client }) => {
      const ids = (await listCollections(client)).map(({ id }) => id);
      expect(new Set(ids)).toEqual(new Set(many.map(({ id }) => id)));
      expect(emulator.requests).toHaveLength(3);
    });
  });

  test('where Wix gives fewer than it was asked for, and no total', async () => {
    await against(shop, async ({ emulator, client }) => {
      for (const [i, ids] of [['a', 'b'], ['c'], []].entries()) {
        const collections = ids.map((id) => ({ id, fields: [] }));
        const body = JSON.stringify({ collections });
        emulator.faults.add({ kind: 'answer', status: 200, body, match: { nth: i + 1 } });
      }
      expect((await listCollections(client)).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
      expect(emulator.requests.map(({ query }) => query)).toEqual([
        'paging.limit=100&paging.offset=0',
        'paging.limit=100&paging.offset=2',
        'paging.limit=100&paging.offset=3',
      ]);
    });
  });
});

test('what Wix leaves out of a field is filled in', async () => {
  await against(shop, async ({ emulator, client }) => {
    const fields = [
      { key: 'title' },
      {
        key: 'maker',
        displayName: 'Maker',
        type: 'REFERENCE',
        required: true,
        typeMetadata: { reference: { referencedCollectionId: 'makers' } },
      },
    ];
    const plugins = [
      { type: 'MULTILINGUAL', multilingualOptions: { translatableFieldKeys: ['title'] } },
    ];
    const collections = [{ id: 'teas', fields, plugins }];
    const body = JSON.stringify({ collections, pagingMetadata: { total: 1 } });
    emulator.faults.add({ kind: 'answer', status: 200, body });
    const unsaid = { systemField: false, readOnly: false, required: false, encrypted: false };
    expect(await listCollections(client)).toMatchObject([
      {
        ...{ id: 'teas', operations: undefined },
        fields: [
          { ...unsaid, key: 'title', displayName: 'title', type: 'ANY', translatable: true },
          {
            ...unsaid,
            key: 'maker',
            displayName: 'Maker',
            type: 'REFERENCE',
            required: true,
            translatable: false,
            referencedCollection: 'makers',
          },
        ],
      },
    ]);
  });
});

test('the bounds of a field are those of its type', async () => {
  const fields = [
    { key: 'price', type: 'NUMBER', numberRange: { min: 0, max: 99.5 } },
    { key: 'title', type: 'TEXT', stringLengthRange: { minLength: 3 } },
    { key: 'tags', type: 'ARRAY_STRING', arraySizeRange: { maxSize: 2 } },
    { key: 'notes', type: 'TEXT' },
  ];
  await against({ site: { collections: [{ id: 'teas', fields }] } }, async ({ client }) => {
    const [collection] = await listCollections(client);
    const bounds = collection?.fields.filter(({ key }) => fields.some((each) => each.key === key));
    expect(bounds?.map(({ key, bounds: found }) => [key, found])).toEqual([
      ['price', { min: 0, max: 99.5 }],
      ['title', { min: 3 }],
      ['tags', { max: 2 }],
      ['notes', undefined],
    ]);
  });
});

test('what a collection lets be done, and its plugins, are told', async () => {
  const collections = [
    { id: 'Stores/Products', collectionType: 'WIX_APP' as const, fields: [] },
    { id: 'home', fields: [], plugins: [singleItem] },
    { id: 'news', fields: [], plugins: [{ type: 'PUBLISH' }] },
  ];
  await against({ site: { collections } }, async ({ client }) => {
    const [app, home, news] = await listCollections(client);
    expect(app).toMatchObject({ id: 'Stores/Products' });
    expect(app?.operations).toContain('FIND');
    expect(app?.operations).not.toContain('BULK_SAVE');
    expect(home).toMatchObject({ singleItem: 'the-one' });
    expect(home?.operations).toContain('BULK_SAVE');
    expect(news).toMatchObject({ singleItem: undefined });
  });
});

const singleItem = { type: 'SINGLE_ITEM', singleItemOptions: { singleItemId: 'the-one' } };

test('the collection of drafts, and that of a multi-reference, are told', async () => {
  await against(shop, async ({ emulator, client }) => {
    const multiReference = { referencedCollectionId: 'makers', referencingFieldKey: 'teas' };
    const fields = [{ key: 'makers', type: 'MULTI_REFERENCE', typeMetadata: { multiReference } }];
    const plugins = [{ draftItemsPluginOptions: { draftsCollectionId: 'teas__drafts' } }];
    const body = JSON.stringify({ collections: [{ id: 'teas', fields, plugins }] });
    emulator.faults.add({ kind: 'answer', status: 200, body, match: { times: 'always' } });
    expect(await listCollections(client)).toMatchObject([
      {
        draftsCollection: 'teas__drafts',
        fields: [{ multiReferencedCollection: 'makers' }],
      },
    ]);
  });
});

test('an odd answer is named, and not taken for a collection', async () => {
  await against(shop, async ({ emulator, client }) => {
    const body = JSON.stringify({ collections: [{ id: 'teas', fields: [{ key: 7 }] }] });
    emulator.faults.add({ kind: 'answer', status: 200, body });
    await expect(listCollections(client)).rejects.toMatchObject({
      reason: 'api',
      message:
        'Wix answered a request to list the collections with something unexpected: collections.0.fields.0.key should be a text. Run again; if it happens again, report it.',
    });
  });
});

test('a list that never ends is left when the time of the run is up', async () => {
  const clock = fakeClock();
  const start = clock.now();
  await against(
    shop,
    async ({ client }) => {
      let page = 0;
      const json = async () => {
        page += 1;
        await clock.sleep(1_000);
        return { collections: [{ id: `c${page}` }] };
      };
      await expect(listCollections({ ...client, json })).rejects.toMatchObject({
        reason: 'timeout',
        message: expect.stringContaining('list the collections'),
      });
      expect(clock.now() - start).toBe(60_000);
    },
    { clock, deadline: start + 60_000 },
  );
});

test('a collection is made for its owner alone', async () => {
  await against(shop, async ({ emulator, client }) => {
    emulator.faults.add({ kind: 'answer', status: 200, body: '{}' });
    const fields = [{ key: 'title', displayName: 'Title', type: 'TEXT' }];
    await createCollection(client, { id: 'scratch', displayName: 'Scratch', fields });
    const owner = { insert: 'ADMIN', update: 'ADMIN', remove: 'ADMIN', read: 'ADMIN' };
    const collection = { id: 'scratch', displayName: 'Scratch', fields, permissions: owner };
    expect(emulator.requests).toMatchObject([
      { method: 'POST', path: '/wix-data/v2/collections', body: { collection } },
    ]);
  });
});

test('a collection is made once, though the answer to its making was lost', async () => {
  await against({ site: { collections: [] } }, async ({ emulator, client }) => {
    const lost = { path: '/wix-data/v2/collections', method: 'POST' };
    emulator.faults.add({ match: lost, kind: 'reset', when: 'after' });
    await createCollection(client, { id: 'scratch', displayName: 'Scratch', fields: [] });
    expect([...emulator.site.collections.keys()]).toEqual(['scratch']);
  });
});
