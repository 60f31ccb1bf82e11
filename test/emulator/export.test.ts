import { describe, expect, test } from '@jest/globals';
import { startEmulator } from '../../emulator/emulator.ts';
import type { JsonObject } from '../../emulator/json.ts';
import { exportRows, exportText, runJob, siteWith } from './driving.ts';

const plain = { bom: false, ...siteWith({ items: [{ _id: 'a', title: 'Desk' }] }) };
const source = (details: object) => ({
  wixDataCollection: { collectionId: 'products', ...details },
});
const header = (text: string) => text.slice(0, text.indexOf('\n'));

describe('the cell of a value', () => {
  const cells: [string, JsonObject[string], string][] = [
    ['TEXT', 'Say "hi", now', '"Say ""hi"", now"'],
    ['TEXT', 'two\nlines', '"two\nlines"'],
    ['TEXT', '', ''],
    ['TEXT', '007', '"007"'],
    ['TEXT', 7, '7'],
    ['NUMBER', 4.5, '4.5'],
    ['NUMBER', null, ''],
    ['BOOLEAN', true, 'true'],
    ['DATE', '2026-07-03', '2026-07-03'],
    ['DATETIME', { $date: '2026-07-03T14:04:31.123Z' }, '2026-07-03T14:04:31Z'],
    ['TIME', '14:04:00.000', '14:04:00.000'],
    ['ARRAY_STRING', ['a', 'b'], '"[""a"",""b""]"'],
    ['OBJECT', { a: 1 }, '"{""a"":1}"'],
    ['REFERENCE', 'c1', '"c1"'],
    ['MULTI_REFERENCE', ['c1', 'c2'], '"[""c1"",""c2""]"'],
    [
      'IMAGE',
      'wix:image://v1/x.jpg/x.jpg#originWidth=1',
      '"wix:image://v1/x.jpg/x.jpg#originWidth=1"',
    ],
  ];
  test.each(cells)('%s %j is %s', async (type, value, cell) => {
    await using emulator = await startEmulator({
      bom: false,
      ...siteWith({ fields: [{ key: 'value', type }], items: [{ _id: 'a', value }] }),
    });
    const text = await exportText(emulator, source({ filterQuery: { fields: ['value', '_id'] } }));

    expect(text).toBe(`"_id","value"\n"a",${cell}\n`);
  });
});

test('headers are field keys, system fields among them', async () => {
  await using emulator = await startEmulator(plain);

  expect(header(await exportText(emulator))).toBe(
    '"_id","_createdDate","_updatedDate","_owner","title"',
  );
});

test('headers may be display names, and then the same one may occur twice', async () => {
  const status = { key: 'state', type: 'TEXT', displayName: 'Status' };
  await using emulator = await startEmulator({
    bom: false,
    headers: 'displayName',
    ...siteWith({ fields: [status], plugins: [{ type: 'PUBLISH' }] }),
  });

  expect(header(await exportText(emulator))).toBe(
    '"ID","Created Date","Updated Date","Owner","Status","Publish Date","Unpublish Date","Status"',
  );
});

test('rows, columns and the keys of JSON cells come in another order every time', async () => {
  const place = { city: 'Oslo', country: 'NO', zip: '1', street: 'x' };
  const items = Array.from({ length: 20 }, (_, index) => ({ _id: `i${index}`, place }));
  await using emulator = await startEmulator({
    ...siteWith({ fields: [{ key: 'place', type: 'ADDRESS' }], items }),
    shuffle: true,
  });
  const [first, second] = [await exportRows(emulator), await exportRows(emulator)];

  expect(Object.keys(first[0] ?? {})).not.toEqual(Object.keys(second[0] ?? {}));
  expect(first.map((row) => row._id)).not.toEqual(second.map((row) => row._id));
  expect(new Set(first.map((row) => row.place)).size).toBeGreaterThan(1);
  expect(new Set(first.map((row) => row._id))).toEqual(new Set(items.map(({ _id }) => _id)));
});

test('the same seed gives the same order', async () => {
  const items = [{ _id: 'a' }, { _id: 'b' }, { _id: 'c' }, { _id: 'd' }];
  const clock = { now: () => 0, sleep: async () => {} };
  const mixed = { ...siteWith({ items }), seed: 7, clock, shuffle: true };
  await using one = await startEmulator(mixed);
  await using other = await startEmulator(mixed);

  expect(await exportText(one)).toBe(await exportText(other));
});

test('rows come sorted by id and columns as the schema has them', async () => {
  const items = ['c', 'a', 'B'].map((_id) => ({ _id, title: 'Desk' }));
  await using emulator = await startEmulator(siteWith({ items }));

  expect((await exportRows(emulator)).map(({ _id }) => _id)).toEqual(['B', 'a', 'c']);
});

describe('a property that no field declares', () => {
  const items = [{ _id: 'a', title: 'Desk', _manualSort_1: '0fo', colour: 'red' }];
  const sorted = { bom: false, ...siteWith({ items }) };

  test('has a column with its key, or with the name that the CMS shows', async () => {
    await using emulator = await startEmulator(sorted);
    expect(header(await exportText(emulator))).toMatch(/,"title","_manualSort_1","colour"$/);
    emulator.settings.headers = 'displayName';
    expect(header(await exportText(emulator))).toMatch(/,"title","Manual sort","colour"$/);
  });

  test('has none, when set so', async () => {
    await using emulator = await startEmulator({ ...sorted, undeclaredProperties: 'absent' });
    expect(header(await exportText(emulator))).toMatch(/,"title"$/);
  });
});

test('date-times keep their milliseconds, when set so', async () => {
  const listed = { $date: '2026-07-03T14:04:31.123Z' };
  await using emulator = await startEmulator({
    ...siteWith({ fields: [{ key: 'listed', type: 'DATETIME' }], items: [{ listed }] }),
    exportedMilliseconds: true,
  });
  expect((await exportRows(emulator))[0]).toMatchObject({ listed: '2026-07-03T14:04:31.123Z' });
});

test('an export begins with a byte order mark', async () => {
  await using emulator = await startEmulator(siteWith({}));

  expect((await exportText(emulator)).startsWith('\uFEFF"_id"')).toBe(true);
});

test('page links are computed', async () => {
  await using emulator = await startEmulator(
    siteWith({
      fields: [
        { key: 'title', type: 'TEXT' },
        { key: 'link-products-title', type: 'PAGE_LINK', displayName: 'Products (Item)' },
      ],
      items: [{ _id: 'a', title: 'Café Chair' }],
    }),
  );

  expect((await exportRows(emulator))[0]).toMatchObject({
    'link-products-title': '/products/caf%C3%A9-chair',
  });
});

test('multi-references leave as lists of ids, or as empty cells or not at all, when set so', async () => {
  await using emulator = await startEmulator(
    siteWith({
      fields: [{ key: 'parts', type: 'MULTI_REFERENCE' }],
      items: [{ _id: 'a', parts: ['x', 'y'] }],
    }),
  );
  expect((await exportRows(emulator))[0]).toMatchObject({ parts: '["x","y"]' });

  emulator.settings.multiReferences = 'empty';
  expect((await exportRows(emulator))[0]).toMatchObject({ parts: '' });

  emulator.settings.multiReferences = 'absent';
  expect((await exportRows(emulator))[0]).not.toHaveProperty('parts');
});

test('encrypted fields leave as any other, or not at all, when set so', async () => {
  await using emulator = await startEmulator(
    siteWith({
      fields: [{ key: 'phone', type: 'TEXT', encrypted: true }],
      items: [{ _id: 'a', phone: '555' }],
    }),
  );
  expect((await exportRows(emulator))[0]).toMatchObject({ phone: '555' });

  emulator.settings.encryptedFields = 'absent';
  expect((await exportRows(emulator))[0]).not.toHaveProperty('phone');
});

describe('a query', () => {
  const items = [
    { _id: 'a', title: 'Desk', price: 480, tags: ['wood', 'office'] },
    { _id: 'b', title: 'Lamp', price: 60, seen: { $date: '2026-01-02T00:00:00.000Z' } },
    { _id: 'c', title: 'Lamp shade', price: 20, tags: ['paper'] },
  ];
  const filters: [object, string[]][] = [
    [{ price: { $gte: 60 } }, ['a', 'b']],
    [{ title: { $contains: 'lamp' } }, ['b', 'c']],
    [{ tags: { $hasSome: ['paper', 'office'] } }, ['a', 'c']],
    [{ tags: { $hasAll: ['wood', 'office'] } }, ['a']],
    [{ seen: { $lt: { $date: '2026-01-03T00:00:00.000Z' } } }, ['b']],
    [{ tags: { $exists: false } }, ['b']],
    [{ $or: [{ _id: 'a' }, { _id: { $in: ['c'] } }] }, ['a', 'c']],
  ];
  test.each(filters)('%j exports %j', async (filter, ids) => {
    await using emulator = await startEmulator({ bom: false, ...siteWith({ items }) });
    const now = await exportRows(emulator, source({ filterQuery: { filter } }));
    const deprecated = await exportRows(emulator, source({ filter }));

    expect(now.map((row) => row._id)).toEqual(ids);
    expect(deprecated.map((row) => row._id)).toEqual(ids);
  });

  test('for some fields exports these alone, even without _id', async () => {
    await using emulator = await startEmulator({ bom: false, ...siteWith({ items }) });

    expect(header(await exportText(emulator, source({ fields: ['title'] })))).toBe('"title"');
    emulator.settings.idAlwaysExported = true;
    expect(header(await exportText(emulator, source({ filterQuery: { fields: ['title'] } })))).toBe(
      '"_id","title"',
    );
  });

  test('with an aggregation settles order and headers', async () => {
    await using emulator = await startEmulator({ bom: false, ...siteWith({ items }) });
    const aggregationQuery = {
      aggregationPipeline: {
        stages: [
          { filter: { price: { $lt: 100 } } },
          { sort: { values: [{ fieldName: '_id', order: 'DESC' }] } },
        ],
      },
      fields: [{ key: 'title', displayName: 'Name' }, { key: '_id' }],
    };

    expect(await exportText(emulator, source({ aggregationQuery }))).toBe(
      '"Name","_id"\n"Lamp shade","c"\n"Lamp","b"\n',
    );
  });

  test('with an operator that does not exist fails the job', async () => {
    await using emulator = await startEmulator(siteWith({ items }));
    const job = await runJob(emulator, {
      source: source({ filterQuery: { filter: { price: { $near: 1 } } } }),
      destination: { file: { format: 'CSV' } },
    });

    expect(job).toMatchObject({ status: 'FAILED', error: { code: 'WDH0001' } });
  });
});

test('JSON Lines keep the types of values', async () => {
  const seen = { $date: '2026-01-02T00:00:00.123Z' };
  await using emulator = await startEmulator(
    siteWith({ items: [{ _id: 'a', title: 'Desk', price: 480, seen, tags: ['wood'] }] }),
  );
  const text = await exportText(emulator, undefined, 'JSONL');

  expect(text.endsWith('}\n')).toBe(true);
  expect(JSON.parse(text)).toMatchObject({ _id: 'a', price: 480, seen, tags: ['wood'] });
});

test('a collection of another site of the account can be exported', async () => {
  const id = '22222222-2222-4222-8222-222222222222';
  const collections = [
    { id: 'notes', fields: [{ key: 'text', type: 'TEXT' }], items: [{ text: 'there' }] },
  ];
  await using emulator = await startEmulator({ otherSites: [{ id, collections }] });
  const job = await runJob(emulator, {
    sourceSiteId: id,
    source: { wixDataCollection: { collectionId: 'notes' } },
    destination: { file: { format: 'CSV' } },
  });

  expect(job).toMatchObject({ status: 'COMPLETED', progress: { itemsSuccessful: 1 } });
});

test('exports lag behind writes, when set so', async () => {
  let now = 0;
  const clock = { now: () => now, sleep: async () => {} };
  await using emulator = await startEmulator({ ...plain, clock, readLag: 1000 });
  now = 5000;
  emulator.site.edit('products', 'a', { title: 'Table' });

  now = 5500;
  expect((await exportRows(emulator))[0]).toMatchObject({ title: 'Desk' });
  now = 6001;
  expect((await exportRows(emulator))[0]).toMatchObject({ title: 'Table' });
});
