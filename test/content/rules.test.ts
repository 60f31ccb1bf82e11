import { describe, expect, test } from '@jest/globals';
import { collectionColumns, localizationColumns } from '../../src/content/columns.ts';
import { deltaColumns, deltaRow, typedLine } from '../../src/content/delta.ts';
import { downloadedPositions } from '../../src/content/download.ts';
import { localizationLayout, translationIdentity } from '../../src/content/identity.ts';
import { derivedIds, withDerivedIds } from '../../src/content/new-rows.ts';
import { referenceWaves } from '../../src/content/order.ts';
import { locateRejections } from '../../src/content/rejections.ts';
import {
  formatSchema,
  type LiveCollection,
  parseSchema,
  schemaOf,
} from '../../src/content/schema.ts';
import { sideOf } from '../../src/content/versions.ts';
import { items } from './builders.ts';

function field(key: string, type = 'TEXT', more: Partial<LiveCollection['fields'][number]> = {}) {
  return {
    key,
    type,
    displayName: key.toUpperCase(),
    systemField: false,
    readOnly: false,
    required: false,
    encrypted: false,
    translatable: false,
    ...more,
  };
}

const everything = { fields: undefined, exclude: [] };

const collection: LiveCollection = {
  id: 'products',
  fields: [
    field('_id', 'TEXT', { systemField: true, displayName: 'ID' }),
    field('_owner', 'TEXT', { systemField: true, displayName: 'Owner' }),
    field('title'),
    field('price', 'NUMBER'),
    field('brand', 'REFERENCE', { referencedCollection: 'brands' }),
    field('link', 'PAGE_LINK'),
    field('related', 'MULTI_REFERENCE'),
  ],
};

describe('the columns of a file', () => {
  const schema = schemaOf(collection, everything);

  test('are _id, then the committed ones in their order, then new ones in the order of the schema', () => {
    const exported = [
      'zeta',
      'brand',
      'title',
      '_owner',
      'alpha',
      'price',
      '_id',
      'link',
      'related',
    ];
    const found = collectionColumns(
      ['price', '_id', 'own'],
      exported,
      schema,
      everything,
      new Set(),
    );
    expect(found.map(({ key }) => key)).toEqual([
      '_id',
      'price',
      'own',
      'title',
      'brand',
      'alpha',
      'zeta',
    ]);
    expect(found.find(({ key }) => key === 'price')?.type).toBe('NUMBER');
  });

  test('leave out what the configuration leaves out, committed or not', () => {
    const selection = { fields: ['title', 'price'], exclude: ['price'] };
    const found = collectionColumns(
      ['_id', 'price'],
      ['_id', 'title', 'price', 'brand'],
      schemaOf(collection, selection),
      selection,
      new Set(),
    );
    expect(found.map(({ key }) => key)).toEqual(['_id', 'title']);
  });

  test('of a localization begin with the key', () => {
    const exported = ['Target language (FR)', 'ID (do not edit)', 'Content type'];
    const found = localizationColumns([], exported);
    expect(found.map(({ key }) => key)).toEqual([
      'ID (do not edit)',
      'Content type',
      'Target language (FR)',
    ]);
  });
});

describe('a downloaded header', () => {
  test.each([
    ['of keys', ['title', '_id', 'price'], ['title', '_id', 'price']],
    ['of display names', ['TITLE', 'ID', 'PRICE', 'Owner'], ['title', '_id', 'price', '_owner']],
  ])('%s is read as field keys', (_name, header, keys) => {
    expect([...downloadedPositions(header, collection, { idColumn: '_id' }).keys()]).toEqual(keys);
  });

  test('with a column of another name for the ids is read where that is configured', () => {
    expect([
      ...downloadedPositions(['Item id', 'TITLE'], collection, { idColumn: 'Item id' }),
    ]).toEqual([
      ['_id', 0],
      ['title', 1],
    ]);
  });

  test.each([
    ['without ids', ['TITLE'], 'no column with the item ids'],
    ['with a key that stands twice', ['_id', 'title', 'title'], '"title"'],
  ])('%s is refused', (_name, header, words) => {
    expect(() => downloadedPositions(header, collection, { idColumn: '_id' })).toThrow(words);
  });

  test('with a display name of two fields is refused by the names of both', () => {
    const twins = {
      ...collection,
      fields: [...collection.fields, field('headline', 'TEXT', { displayName: 'TITLE' })],
    };
    expect(() => downloadedPositions(['ID', 'TITLE'], twins, { idColumn: '_id' })).toThrow(
      '"title", "headline"',
    );
  });
});

describe('a display name that a user and a plugin have given', () => {
  const status = [
    field('status', 'TEXT', { displayName: 'Status' }),
    field('_publishStatus', 'TEXT', { displayName: 'Status' }),
  ];
  const both = { ...collection, fields: [...collection.fields, ...status] };

  test('is the user’s where it stands once', () => {
    const positions = downloadedPositions(['ID', 'Status'], both, { idColumn: '_id' });
    expect([...positions.keys()]).toEqual(['_id', 'status']);
  });

  test('is refused where it stands twice, since nobody can tell whose column is whose', () => {
    const words =
      "Give that field a display name of its own in the CMS: a plugin's keeps its name.";
    expect(() =>
      downloadedPositions(['ID', 'Status', 'Status'], both, { idColumn: '_id' }),
    ).toThrow(words);
  });
});

describe('a delta file', () => {
  const live = sideOf(
    items({ _id: 'a', title: 'Green', notes: 'order', link: '/a', _owner: 'me' }),
  );
  const now = live.table.row('a')?.cells;
  const place = undefined;

  test('carries all that the item can be given, with git laid over it', () => {
    const write = {
      key: 'a',
      cells: new Map([
        ['title', 'Sencha'],
        ['price', '4'],
        ['notes', ''],
      ]),
      now,
      place,
    };
    const names = deltaColumns(collection, live, [write]);
    expect(names).toEqual(['_id', 'title', 'notes', 'price']);
    expect(deltaRow(names, live, write)).toEqual({
      key: 'a',
      cells: ['a', 'Sencha', '', '4'],
      emptied: ['notes'],
    });
  });

  test('carries what is encrypted, which git does not', () => {
    const secret = field('notes', 'TEXT', { encrypted: true });
    const fields = [...collection.fields.filter(({ key }) => key !== 'notes'), secret];
    expect(deltaColumns({ ...collection, fields }, live, [])).toEqual(['_id', 'title', 'notes']);
    expect(schemaOf({ ...collection, fields }, everything).omitted).toContainEqual({
      key: 'notes',
      type: 'TEXT',
      reason: 'an encrypted field',
      required: false,
    });
  });

  test('as JSONL has values typed by the schema, and no empty ones but those that git has emptied', () => {
    const types = new Map(
      Object.entries({ price: 'NUMBER', ok: 'BOOLEAN', at: 'DATETIME', tags: 'ARRAY_STRING' }),
    );
    const cells = ['a', '4.5', 'true', '2026-07-03T14:04:31Z', '["x"]', '', ''];
    const line = typedLine(
      ['_id', 'price', 'ok', 'at', 'tags', 'title', 'notes'],
      { cells, emptied: ['notes'] },
      types,
    );
    expect(JSON.parse(line)).toEqual({
      _id: 'a',
      price: 4.5,
      ok: true,
      at: { $date: '2026-07-03T14:04:31Z' },
      tags: ['x'],
      notes: null,
    });
  });
});

describe('rejected rows', () => {
  const rows = ['a', 'b', 'c'].map((key, i) => ({
    key,
    cells: [],
    place: { file: 'x.csv', line: i + 2 },
  }));
  const entry = (source: string) => ({ source, code: 'WDE0009', description: 'too large' });
  const keys = (sources: readonly string[], missing?: readonly string[]) =>
    locateRejections(sources.map(entry), rows, missing && new Set(missing)).map(({ key }) => key);

  test.each([
    ['by item id', ['b'], undefined, ['b']],
    ['by row number from 1, where nothing tells', ['2'], undefined, ['b']],
    ['by row number from 0, where that is what did not arrive', ['0', '1'], ['a', 'b'], ['a', 'b']],
    ['by line, where that is what did not arrive', ['3'], ['b'], ['b']],
    ['of which the log names none', ['?'], undefined, [undefined]],
  ])('are found %s', (_name, sources, missing, expected) => {
    expect(keys(sources, missing)).toEqual(expected);
  });
});

describe('new rows', () => {
  const free = () => false;

  test('get the same id on every run, and equal rows get two', () => {
    const row = new Map([
      ['title', 'Oolong'],
      ['price', ''],
    ]);
    const [first, second] = derivedIds('products', [row, row], free);
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(second).not.toBe(first);
    expect(derivedIds('products', [new Map([['title', 'Oolong']])], free)).toEqual([first]);
    expect(derivedIds('teas', [row], free)).not.toEqual([first]);
  });

  test('do not get the id of a row that was made from the same content', () => {
    const row = new Map([['title', 'Oolong']]);
    const [first, second, third] = derivedIds('products', [row, row, row], free);
    expect(derivedIds('products', [row], (id) => id === first)).toEqual([second]);
    expect(derivedIds('products', [row, row], (id) => id === first)).toEqual([second, third]);
  });

  test('have one id whatever the line ends in their cells', () => {
    const id = (text: string) =>
      [...withDerivedIds('products', items({ _id: '', notes: text })).rows()][0]?.key;
    expect(id('one\r\ntwo')).toBe(id('one\ntwo'));
    expect(id('one\rtwo')).not.toBe(id('one\ntwo'));
  });

  test('stand among the others under their ids', () => {
    const table = withDerivedIds(
      'products',
      items({ _id: 'a', title: 'x' }, { _id: '', title: 'y' }, { _id: 'zz', title: 'z' }),
    );
    const rows = [...table.rows()];
    expect(rows.map(({ cells }) => cells[1])).toEqual(expect.arrayContaining(['x', 'y', 'z']));
    expect(rows.map(({ key }) => key)).toEqual([...rows.map(({ key }) => key)].sort());
    expect(table.size).toBe(3);
    const added = rows.find(({ cells }) => cells[1] === 'y');
    expect(added?.cells[0]).toBe(added?.key);
  });
});

test.each([
  [['teas', 'origins'], { teas: ['origins'] }, [['origins'], ['teas']]],
  [['a', 'b', 'c'], { a: ['b'], b: ['c'] }, [['c'], ['b'], ['a']]],
  [['a', 'b', 'c'], { a: ['c'], b: ['c'] }, [['c'], ['a', 'b']]],
  [['a', 'b', 'c'], { a: ['b', 'c'], b: ['c'] }, [['c'], ['b'], ['a']]],
  [['a', 'b'], { a: ['b'], b: ['a'] }, [['b'], ['a']]],
  [['a', 'b'], { a: ['a', 'elsewhere'] }, [['a', 'b']]],
])('%j are written in the order of their references', (collections, references, expected) => {
  expect(referenceWaves(collections, new Map(Object.entries(references)))).toEqual(expected);
});

describe('a schema file', () => {
  test('is read back as it was written', () => {
    const schema = schemaOf(collection, everything);
    const read = parseSchema(formatSchema(schema), 'x.schema.json');
    expect(formatSchema(read)).toBe(formatSchema(schema));
    expect(read.fields.find(({ key }) => key === 'brand')).toMatchObject({ references: 'brands' });
    expect(read.omitted.map(({ key }) => key)).toEqual(['_owner', 'link', 'related']);
  });

  test.each(['', '[]', '{"collection":"x"}', '{"collection":1,"fields":[],"omitted":[]}'])(
    '%j is refused by name',
    (text) => {
      expect(() => parseSchema(text, 'x.schema.json')).toThrow(
        'x.schema.json: this is not a schema file',
      );
    },
  );
});

describe('a localization', () => {
  test.each([
    [
      ['ID (do not edit)', 'Content type', 'Source language (EN)', 'Target language (FR)'],
      { keys: [0], targets: [3], source: 2 },
    ],
    [
      ['value', 'locale', 'fieldId', 'entityId', 'schemaId'],
      { keys: [4, 3, 2, 1], targets: [0], source: undefined },
    ],
    [['title', 'price'], undefined],
  ])('with the header %j is understood by it', (header, expected) => {
    expect(localizationLayout(header)).toEqual(expected);
  });

  test('has one key for an ID cell, whatever the order of its members', () => {
    const { key } = translationIdentity(undefined);
    expect(key(['{"contentId":"a","fieldId":"t"}'])).toBe(
      key(['{ "fieldId": "t", "contentId": "a" }']),
    );
    expect(key([''])).toBe('');
  });
});
