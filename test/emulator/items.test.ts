import { describe, expect, test } from '@jest/globals';
import { startEmulator } from '../../emulator/emulator.ts';
import { call, siteWith } from './driving.ts';

const base = '/wix-data/v2';
const dataCollectionId = 'products';
const items = [
  { _id: 'a', title: 'Desk', price: 480 },
  { _id: 'b', title: 'Lamp', price: 60 },
  { _id: 'c', title: 'Chair', price: 90 },
];
const [, ...others] = items;

describe('a query', () => {
  test('filters, sorts, pages and counts', async () => {
    await using emulator = await startEmulator(siteWith({ items }));
    const { body } = await call(emulator, 'POST', `${base}/items/query`, {
      dataCollectionId,
      query: {
        filter: { price: { $gt: 50 } },
        sort: [{ fieldName: 'price', order: 'DESC' }],
        paging: { limit: 1, offset: 1 },
      },
      returnTotalCount: true,
    });

    expect(body.dataItems).toEqual([
      {
        id: 'c',
        dataCollectionId,
        data: expect.objectContaining({ _id: 'c', title: 'Chair', price: 90 }),
      },
    ]);
    expect(body.pagingMetadata).toMatchObject({ count: 1, offset: 1, total: 3, hasNext: true });
  });

  test('pages by cursor, at most 100 at a time', async () => {
    await using emulator = await startEmulator(siteWith({ items }));
    const sort = [{ fieldName: '_id', order: 'ASC' }];
    const page = (query: object) =>
      call(emulator, 'POST', `${base}/items/query`, { dataCollectionId, query });

    const first = await page({ sort, cursorPaging: { limit: 2 } });
    const cursor = first.body.pagingMetadata.cursors.next;
    const second = await page({ cursorPaging: { limit: 2, cursor } });

    expect(first.body.dataItems.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(second.body.dataItems.map(({ id }) => id)).toEqual(['c']);
    expect((await page({ cursorPaging: { limit: 101 } })).status).toBe(400);
  });

  test('for some fields answers these and _id', async () => {
    await using emulator = await startEmulator(siteWith({ items }));
    const query = { filter: { _id: 'a' }, fields: ['price'] };
    const { body } = await call(emulator, 'POST', `${base}/items/query`, {
      dataCollectionId,
      query,
    });

    expect(body.dataItems[0]?.data).toEqual({ _id: 'a', price: 480 });
  });

  test('shows the items that multi-references point to, of the fields that are included', async () => {
    const parts = {
      key: 'parts',
      type: 'MULTI_REFERENCE',
      typeMetadata: { multiReference: { referencedCollectionId: 'products' } },
    };
    const fields = [{ key: 'title', type: 'TEXT' }, parts];
    const desk = { _id: 'a', title: 'Desk', parts: ['b', 'gone', 'c'] };
    await using emulator = await startEmulator(siteWith({ fields, items: [desk, ...others] }));
    const shown = async (more: object) => {
      const query = { filter: { _id: 'a' } };
      const body = { dataCollectionId, query, ...more };
      return (await call(emulator, 'POST', `${base}/items/query`, body)).body.dataItems[0]?.data;
    };

    expect(await shown({})).not.toHaveProperty('parts');
    expect(await shown({ includeReferences: [{ field: 'parts' }] })).toMatchObject({
      parts: [
        { _id: 'b', title: 'Lamp' },
        { _id: 'c', title: 'Chair' },
      ],
    });
    expect(await shown({ includeReferences: [{ field: 'parts', limit: 1 }] })).toMatchObject({
      parts: [{ _id: 'b' }],
    });
  });

  test('refuses to include what is no multi-reference, or too many items with it', async () => {
    const fields = [
      { key: 'title', type: 'TEXT' },
      { key: 'parts', type: 'MULTI_REFERENCE' },
    ];
    const many = Array.from({ length: 51 }, (_, i) => ({ _id: `p${i}`, title: 'Desk' }));
    await using emulator = await startEmulator(siteWith({ fields, items: many }));
    const query = (field: string, limit: number) =>
      call(emulator, 'POST', `${base}/items/query`, {
        dataCollectionId,
        query: { paging: { limit, offset: 0 } },
        includeReferences: [{ field, limit: 50 }],
      });

    expect(await query('title', 1)).toMatchObject({
      status: 400,
      body: { details: { applicationError: { code: 'WDE0020' } } },
    });
    expect((await query('parts', 50)).status).toBe(200);
    expect((await query('parts', 51)).status).toBe(400);
  });

  test('hides drafts unless asked for them', async () => {
    await using emulator = await startEmulator(
      siteWith({ plugins: [{ type: 'PUBLISH' }], items: [{ _id: 'a', _publishStatus: 'DRAFT' }] }),
    );
    const found = async (more: object) => {
      const body = { dataCollectionId, query: {}, ...more };
      return (await call(emulator, 'POST', `${base}/items/query`, body)).body.dataItems.length;
    };

    expect(await found({})).toBe(0);
    expect(await found({ publishPluginOptions: { includeDraftItems: true } })).toBe(1);
  });

  test('shows the latest write at once only with consistentRead, when reads lag', async () => {
    let now = 0;
    const clock = { now: () => now, sleep: async () => {} };
    await using emulator = await startEmulator({ ...siteWith({ items }), clock, readLag: 1000 });
    now = 5000;
    emulator.site.remove('products', 'a');
    const count = async (more: object) => {
      const answer = await call(emulator, 'POST', `${base}/items/count`, {
        dataCollectionId,
        ...more,
      });
      return answer.body;
    };

    expect(await count({})).toEqual({ totalCount: 3 });
    expect(await count({ consistentRead: true })).toEqual({ totalCount: 2 });
    now = 6001;
    expect(await count({})).toEqual({ totalCount: 2 });
  });
});

test('one item is got by id, or is a 404', async () => {
  await using emulator = await startEmulator(siteWith({ items }));
  const found = await call(emulator, 'GET', `${base}/items/a?dataCollectionId=products`);
  const missing = await call(emulator, 'GET', `${base}/items/z?dataCollectionId=products`);

  expect(found.body.dataItem.data).toMatchObject({ title: 'Desk' });
  expect(missing).toMatchObject({
    status: 404,
    body: { details: { applicationError: { code: 'WDE0073' } } },
  });
});

describe('a bulk remove', () => {
  test('answers 200 and says which items it could not remove', async () => {
    await using emulator = await startEmulator(siteWith({ items }));
    emulator.faults.rejectRow({ id: 'b', code: 'WDE0027', description: 'Not allowed.' });
    const answer = await call(emulator, 'POST', `${base}/bulk/items/remove`, {
      dataCollectionId,
      dataItemIds: ['a', 'b', 'z'],
    });

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      results: [
        { action: 'DELETE', itemMetadata: { id: 'a', originalIndex: 0, success: true } },
        { itemMetadata: { id: 'b', success: false, error: { code: 'WDE0027' } } },
        { itemMetadata: { id: 'z', success: false, error: { code: 'WDE0073' } } },
      ],
      bulkActionMetadata: { totalSuccesses: 1, totalFailures: 2 },
    });
    expect([...emulator.site.collection('products').items.keys()]).toEqual(['b', 'c']);
  });

  test('of more than 1,000 items is refused', async () => {
    await using emulator = await startEmulator(siteWith({ items }));
    const dataItemIds = Array.from({ length: 1001 }, (_, index) => `i${index}`);
    const path = `${base}/bulk/items/remove`;

    expect(await call(emulator, 'POST', path, { dataCollectionId, dataItemIds })).toMatchObject({
      status: 400,
      body: { details: { applicationError: { code: 'WDE0069' } } },
    });
  });
});

test('a bulk save replaces whole items and adds new ones', async () => {
  await using emulator = await startEmulator(siteWith({ items }));
  const { body } = await call(emulator, 'POST', `${base}/bulk/items/save`, {
    dataCollectionId,
    dataItems: [{ id: 'a', data: { title: 'Table' } }, { data: { title: 'Shelf' } }],
  });
  const stored = emulator.site.collection('products').items;

  expect(body.results.map((result) => result.action)).toEqual(['UPDATE', 'INSERT']);
  expect(stored.get('a')).toMatchObject({ title: 'Table' });
  expect(stored.get('a')).not.toHaveProperty('price');
  expect(stored.size).toBe(4);
});

test('a collection that does not exist is a 404', async () => {
  await using emulator = await startEmulator();

  for (const path of ['items/query', 'items/count', 'bulk/items/remove', 'bulk/items/save']) {
    const answer = await call(emulator, 'POST', `${base}/${path}`, { dataCollectionId: 'none' });
    expect(answer.status).toBe(404);
  }
});

test('one item is written by its path, as the documentation of REST has it', async () => {
  await using emulator = await startEmulator(siteWith({ items }));
  const stored = emulator.site.collection('products').items;
  const path = `${base}/items/a`;
  const modifications = [
    { fieldPath: 'maker.name', action: 'SET_FIELD', setFieldOptions: { value: 'Ann' } },
    { fieldPath: 'tags', action: 'APPEND_TO_ARRAY', appendToArrayOptions: { value: 'oak' } },
    { fieldPath: 'tags', action: 'APPEND_TO_ARRAY', appendToArrayOptions: { value: 'new' } },
    { fieldPath: 'tags', action: 'REMOVE_FROM_ARRAY', removeFromArrayOptions: { value: 'oak' } },
    { fieldPath: 'price', action: 'REMOVE_FIELD' },
  ];

  await call(emulator, 'PUT', path, {
    dataCollectionId,
    dataItem: { data: { title: 'Table', price: 1 } },
  });
  expect(stored.get('a')).toMatchObject({ title: 'Table', price: 1 });
  await call(emulator, 'PATCH', path, {
    dataCollectionId,
    patch: { fieldModifications: modifications },
  });
  expect(stored.get('a')).toMatchObject({ title: 'Table', maker: { name: 'Ann' }, tags: ['new'] });
  expect(stored.get('a')).not.toHaveProperty('price');
  await call(emulator, 'DELETE', `${path}?dataCollectionId=products`);
  expect(stored.has('a')).toBe(false);
});

test('a patch with an action that does not exist is refused', async () => {
  await using emulator = await startEmulator(siteWith({ items }));
  const patch = { fieldModifications: [{ fieldPath: 'title', action: 'SHOUT' }] };

  const answer = await call(emulator, 'PATCH', `${base}/items/a`, { dataCollectionId, patch });
  expect(answer.status).toBe(400);
});
