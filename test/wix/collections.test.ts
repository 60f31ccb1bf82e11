import { describe, expect, test } from '@jest/globals';
import { listCollections } from '../../src/wix/collections.ts';
import { against, shop } from './support.ts';

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
    expect(await listCollections(client)).toEqual([
      {
        id: 'teas',
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
