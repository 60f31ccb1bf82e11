import { describe, expect, test } from '@jest/globals';
import { startEmulator } from '../../emulator/emulator.ts';
import type { Json } from '../../emulator/json.ts';
import {
  call,
  importText,
  logsOf,
  runJob,
  siteWith,
  steppedClock,
  turn,
  upload,
} from './driving.ts';

const fields = [
  { key: 'title', type: 'TEXT' },
  { key: 'price', type: 'NUMBER' },
  { key: 'parts', type: 'MULTI_REFERENCE' },
];
const shop = siteWith({
  fields,
  items: [
    { _id: 'a', title: 'Desk', price: 480, parts: ['x'] },
    { _id: 'b', title: 'Lamp', price: 60 },
  ],
});

describe('the write policy', () => {
  test('OVERWRITE replaces whole items, adds unknown ones and leaves the rest', async () => {
    await using emulator = await startEmulator(shop);
    const before = emulator.site.collection('products').items.get('a');

    const job = await importText(emulator, '_id,title\na,Table\nc,Chair\n');

    const { items } = emulator.site.collection('products');
    expect(job).toMatchObject({ status: 'COMPLETED', progress: { itemsSuccessful: 2 } });
    expect(items.get('a')).toEqual({
      _id: 'a',
      title: 'Table',
      parts: ['x'],
      _owner: before?._owner,
      _createdDate: before?._createdDate,
      _updatedDate: expect.anything(),
    });
    expect(items.get('b')).toMatchObject({ title: 'Lamp', price: 60 });
    expect(items.get('c')).toMatchObject({ title: 'Chair' });
  });

  test('OVERWRITE erases multi-references too, when set so', async () => {
    await using emulator = await startEmulator({ ...shop, importedMultiReferences: 'erased' });

    await importText(emulator, '_id,title\na,Table\n');

    const { items } = emulator.site.collection('products');
    expect(items.get('a')).toMatchObject({ title: 'Table' });
    expect(items.get('a')).not.toHaveProperty('parts');
  });

  test('OVERWRITE erases an encrypted field that the file lacks, as any other', async () => {
    await using emulator = await startEmulator(
      siteWith({
        fields: [
          { key: 'title', type: 'TEXT' },
          { key: 'phone', type: 'TEXT', encrypted: true },
        ],
        items: [{ _id: 'a', title: 'Desk', phone: '555' }],
      }),
    );

    await importText(emulator, '_id,title\na,Table\n');

    expect(emulator.site.collection('products').items.get('a')).not.toHaveProperty('phone');
  });

  test('SKIP_EXISTING leaves known items alone', async () => {
    await using emulator = await startEmulator(shop);

    await importText(emulator, '_id,title\na,Table\nc,Chair\n', { writePolicy: 'SKIP_EXISTING' });

    const { items } = emulator.site.collection('products');
    expect(items.get('a')).toMatchObject({ title: 'Desk', price: 480 });
    expect(items.get('c')).toMatchObject({ title: 'Chair' });
  });

  test('TRUNCATE_BEFORE empties the collection first', async () => {
    await using emulator = await startEmulator(shop);

    await importText(emulator, '_id,title\nc,Chair\n', { writePolicy: 'TRUNCATE_BEFORE' });

    expect([...emulator.site.collection('products').items.keys()]).toEqual(['c']);
  });
});

describe('a file', () => {
  test('with a byte order mark and CRLF is read all the same', async () => {
    await using emulator = await startEmulator(shop);

    await importText(emulator, '\uFEFF_id,title,price\r\na,"Tab\nle",1\r\n');

    expect(emulator.site.collection('products').items.get('a')).toMatchObject({
      title: 'Tab\nle',
      price: 1,
    });
  });

  test('without ids makes new items', async () => {
    await using emulator = await startEmulator(shop);

    await importText(emulator, 'title\nChair\n');

    const titles = [...emulator.site.collection('products').items.values()].map((i) => i.title);
    expect(titles).toEqual(['Desk', 'Lamp', 'Chair']);
  });

  test('of JSON Lines keeps types, and is recognised without being named', async () => {
    await using emulator = await startEmulator(shop);
    const at = { $date: '2026-01-02T00:00:00.000Z' };

    await importText(emulator, `${JSON.stringify({ _id: 'a', price: 7, at })}\n`, {
      format: 'UNKNOWN',
    });

    expect(emulator.site.collection('products').items.get('a')).toMatchObject({ price: 7, at });
    expect(emulator.site.collection('products').items.get('a')).not.toHaveProperty('title');
  });

  test.each([
    ['an unterminated quote', '_id,title\na,"Desk\n', 'CSV'],
    ['a row of another length', '_id,title\na\n', 'CSV'],
    ['nothing', '', 'CSV'],
    ['a line that is no JSON', '{"_id":"a"}\n{"_id":\n', 'JSONL'],
  ])('with %s fails the job as malformed and writes nothing', async (_, text, format) => {
    await using emulator = await startEmulator(shop);
    const before = [...emulator.site.collection('products').items.values()];

    const job = await importText(emulator, text, { format });

    expect(job).toMatchObject({ status: 'FAILED', error: { code: 'WDH0003' } });
    expect([...emulator.site.collection('products').items.values()]).toEqual(before);
  });

  test('that nobody knows, or nobody uploaded, fails the job', async () => {
    await using emulator = await startEmulator(shop);
    const path = '/data-mover/v1/temporary-files/upload-url';
    const { fileId } = (await call(emulator, 'POST', path, {})).body;
    const destination = { wixDataCollection: { collectionId: 'products' } };

    expect(await runJob(emulator, { source: { file: { fileId } }, destination })).toMatchObject({
      error: { code: 'WDH0003' },
    });
    expect(
      await runJob(emulator, { source: { file: { fileId: 'x' } }, destination }),
    ).toMatchObject({ error: { code: 'WDH0001' } });
  });

  test('cannot be moved into a collection that takes no writes', async () => {
    await using emulator = await startEmulator(siteWith({ collectionType: 'WIX_APP' }));

    expect(await importText(emulator, '_id,title\na,b\n')).toMatchObject({
      status: 'FAILED',
      error: { code: 'WDE0119' },
    });
  });
});

describe('a cell', () => {
  const typed: [string, string, Json][] = [
    ['TEXT', '007', '007'],
    ['NUMBER', '4.50', 4.5],
    ['BOOLEAN', 'TRUE', true],
    ['BOOLEAN', 'perhaps', 'perhaps'],
    ['DATE', '2026-07-03', '2026-07-03'],
    ['DATETIME', '2026-07-03T14:04:31Z', { $date: '2026-07-03T14:04:31.000Z' }],
    ['ARRAY_STRING', '["a"]', ['a']],
    ['OBJECT', '{"a":1}', { a: 1 }],
    ['ANY', '12', 12],
    ['ANY', 'free', 'free'],
  ];
  test.each(typed)('of a %s field that says %s becomes %j', async (type, cell, value) => {
    await using emulator = await startEmulator(siteWith({ fields: [{ key: 'value', type }] }));

    await importText(emulator, `_id,value\na,"${cell.replaceAll('"', '""')}"\n`);

    expect(emulator.site.collection('products').items.get('a')?.value).toEqual(value);
  });

  test('stays text when the importer has no types', async () => {
    await using emulator = await startEmulator({ ...shop, csvTypes: 'text' });

    await importText(emulator, '_id,price\na,7\n');

    expect(emulator.site.collection('products').items.get('a')?.price).toBe('7');
  });

  test.each([
    ['absent', undefined],
    ['null', null],
    ['text', ''],
  ] as const)('that is empty can become %s', async (emptyCell, value) => {
    await using emulator = await startEmulator({ ...shop, emptyCell });

    await importText(emulator, '_id,title\na,\n');

    expect(emulator.site.collection('products').items.get('a')?.title).toBe(value);
  });

  test('of a column that is no field is stored, or left out', async () => {
    await using emulator = await startEmulator(shop);
    const { items } = emulator.site.collection('products');

    await importText(emulator, '_id,colour\na,red\n');
    expect(items.get('a')).toMatchObject({ colour: 'red' });

    emulator.settings.unknownColumns = 'ignore';
    await importText(emulator, '_id,colour\na,red\n');
    expect(items.get('a')).not.toHaveProperty('colour');
  });

  test('of a system field changes nothing', async () => {
    await using emulator = await startEmulator(shop);

    await importText(emulator, '_id,_owner,_createdDate\na,me,1999-01-01T00:00:00Z\n');

    const item = emulator.site.collection('products').items.get('a');
    expect(item?._owner).not.toBe('me');
    expect(item?._createdDate).not.toEqual({ $date: '1999-01-01T00:00:00.000Z' });
  });
});

test('multi-references are written from lists of ids, when set so', async () => {
  await using emulator = await startEmulator({ ...shop, importedMultiReferences: 'written' });

  await importText(emulator, '_id,title,parts\na,Desk,"[""y"",""z""]"\n');
  expect(emulator.site.collection('products').items.get('a')).toMatchObject({ parts: ['y', 'z'] });
});

test.each([
  ['1e3', 1000],
  ['0.0000001', 1e-7],
  ['12345678901234567', 12345678901234568],
  ['-0', -0],
])('the number %s is stored as a double', async (text, value) => {
  await using emulator = await startEmulator(shop);

  await importText(emulator, `_id,price\na,${text}\n`);
  expect(emulator.site.collection('products').items.get('a')?.price).toBe(value);
});

describe('a row is rejected', () => {
  test('when its number is none, with its place in the file and the rest moved', async () => {
    await using emulator = await startEmulator(shop);

    const job = await importText(emulator, '_id,title,price\na,Table,7\nb,Lamp,ten\n');

    expect(job).toMatchObject({
      status: 'COMPLETED',
      logsRecorded: 1,
      progress: { itemsSuccessful: 1, itemsRejected: 1 },
    });
    expect(await logsOf(emulator, job.id)).toEqual([
      {
        sourceItemId: '2',
        failure: {
          code: 'WDE0147',
          description: 'Invalid price: "ten" is not a number.',
          data: {},
        },
      },
    ]);
    expect(emulator.site.collection('products').items.get('b')).toMatchObject({ price: 60 });
  });

  test('when a required value is missing', async () => {
    await using emulator = await startEmulator(
      siteWith({ fields: [{ key: 'title', type: 'TEXT', required: true }] }),
    );
    const job = await importText(emulator, '_id,title\na,\n');

    expect((await logsOf(emulator, job.id))[0]?.failure?.code).toBe('WDE0075');
    expect(emulator.site.collection('products').items.size).toBe(0);
  });

  test('when it is too large', async () => {
    await using emulator = await startEmulator(shop);
    const job = await importText(emulator, `_id,title\na,${'x'.repeat(500_001)}\n`);

    expect((await logsOf(emulator, job.id))[0]?.failure?.code).toBe('WDE0009');
  });

  test('when a test wants it, by id or by what it holds', async () => {
    await using emulator = await startEmulator({ ...shop, logIds: 'item' });
    emulator.faults.rejectRow({ collection: 'products', id: 'a', code: 'X1', description: 'No.' });
    const clear = emulator.faults.rejectRow({
      where: (item) => item.title === 'Lamp',
      code: 'X2',
      description: 'No.',
    });
    const text = '_id,title\na,Table\nb,Lamp\nc,Chair\n';

    const first = await importText(emulator, text);
    clear();
    const second = await importText(emulator, text);

    const refused = async (id: string) =>
      (await logsOf(emulator, id)).map((log) => [log.sourceItemId, log.failure?.code]);
    expect(await refused(first.id)).toEqual([
      ['a', 'X1'],
      ['b', 'X2'],
    ]);
    expect(await refused(second.id)).toEqual([['a', 'X1']]);
  });

  test('and the job may then end as partially successful', async () => {
    await using emulator = await startEmulator({
      ...shop,
      rejectedRowsEnd: 'PARTIALLY_SUCCESSFUL',
    });

    expect(await importText(emulator, '_id,price\na,x\n')).toMatchObject({
      status: 'PARTIALLY_SUCCESSFUL',
      partiallySuccessfulOptions: { cause: '1 items could not be moved.' },
    });
  });
});

test('a job that is terminated while it writes leaves what it wrote', async () => {
  const clock = steppedClock();
  await using emulator = await startEmulator({ ...siteWith({}), clock });
  const { items } = emulator.site.collection('products');
  const rows = Array.from({ length: 40 }, (_, index) => `i${index},x\n`).join('');
  const fileId = await upload(emulator, `_id,title\n${rows}`);
  const submitted = await call(emulator, 'POST', '/data-mover/v1/jobs', {
    source: { file: { fileId } },
    destination: { wixDataCollection: { collectionId: 'products' } },
  });
  for (let state = 0; state < 3; state += 1) {
    await clock.asleep();
    clock.wake();
  }
  await clock.asleep();

  await call(emulator, 'POST', `/data-mover/v1/jobs/${submitted.body.job.id}/terminate`);
  clock.wake();
  for (let turns = 0; turns < 5; turns += 1) await turn();

  expect(items.size).toBe(10);
});

test('what arrived is in the log as well, where that is set', async () => {
  await using emulator = await startEmulator({ ...shop, successesLogged: true });

  const job = await importText(emulator, '_id,title,price\na,Table,7\nb,Lamp,ten\n');

  expect(job).toMatchObject({ logsRecorded: 2 });
  const [arrived, rejected] = await logsOf(emulator, job.id);
  expect(arrived).toEqual({ sourceItemId: '1' });
  expect(rejected).toHaveProperty('failure');
});
