import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ConfigInputs, readConfig } from '../../src/config/config.ts';
import { Failure } from '../../src/errors.ts';
import { noInputs } from './no-inputs.ts';

const file = '.github/wix-cms.yml';
const read = (text: string, inputs: Partial<ConfigInputs> = {}) =>
  readConfig({ file, text }, { ...noInputs, ...inputs });

test('says where each content is configured', () => {
  const config = read(
    'collections:\n  - products\n  - id: teas\nlocalizations: [{ languages: [en, fr] }]\n',
  );
  const lines = config.contents.map((content) => config.placeOf(content)?.line);
  expect(lines).toEqual([2, 3, 4]);
  const fromInput = readConfig(undefined, { ...noInputs, collections: ['teas'] });
  expect(fromInput.contents.map((content) => fromInput.placeOf(content))).toEqual([undefined]);
});

test('says where a setting of a content stands, to the entry of a list', () => {
  const config = read('collections:\n  - id: teas\n    exclude:\n      - a\n      - b\n');
  const [teas] = config.contents;
  expect(teas && config.placeOf(teas, ['exclude', 1])).toMatchObject({ file, line: 5 });
});

test('a short configuration is completed with the defaults', () => {
  const config = read(
    'collections: [products, Stores/Products]\nlocalizations: [{ languages: [en, fr] }]\n',
  );
  expect(config).toEqual({
    placeOf: expect.any(Function),
    managed: config.contents,
    directory: 'content',
    contents: [
      {
        kind: 'collection',
        id: 'products',
        path: 'content/collections/products.csv',
        schemaPath: 'content/collections/products.schema.json',
        filter: undefined,
        fields: undefined,
        exclude: [],
        writePolicy: 'overwrite',
        deletes: 'keep',
        uploadFormat: 'csv',
        idColumn: '_id',
        importHeaders: 'auto',
        multiReferences: 'auto',
        rules: {},
      },
      expect.objectContaining({
        id: 'Stores/Products',
        path: 'content/collections/Stores-Products.csv',
      }),
      {
        kind: 'localization',
        languages: ['en', 'fr'],
        path: 'content/localizations/en.csv',
        columns: undefined,
        deletes: 'keep',
        writePolicy: 'overwrite',
        emptyTranslation: 'clear',
        rules: {},
      },
    ],
    limits: {
      maxDeletes: { kind: 'percent', percent: 10 },
      maxChanges: { kind: 'percent', percent: 50 },
      allowEmpty: false,
    },
  });
});

test('every setting of an entry is read', () => {
  const config = read(
    [
      'collections:',
      '  - id: teas',
      '    import-headers: display-name',
      '    multi-references: read',
      '    rules: { price-jump: off, host-changed: error }',
      'localizations:',
      '  - languages: [en, fr]',
      '    columns: { id: Key, source: Text, targets: "Text (*)" }',
      '    empty-translation: skip',
    ].join('\n'),
  );
  expect(config.contents).toMatchObject([
    {
      importHeaders: 'display-name',
      multiReferences: 'read',
      rules: { 'price-jump': 'off', 'host-changed': 'error' },
    },
    { columns: { id: 'Key', source: 'Text', targets: 'Text (*)' }, emptyTranslation: 'skip' },
  ]);
});

describe('inputs', () => {
  const text = [
    'collections:',
    '  - { id: teas, exclude: [notes], file: tea.csv, deletes: apply }',
    '  - origins',
    'localizations:',
    '  - { languages: [en, fr, de], file: a.csv }',
    '  - { languages: [es, pt], file: b.csv }',
  ].join('\n');

  test('select among the entries of the file, which keep all their settings', () => {
    const config = read(text, { collections: ['teas'], languages: ['en', 'fr'] });
    expect(config.contents).toMatchObject([
      { id: 'teas', exclude: ['notes'], path: 'content/tea.csv', deletes: 'apply' },
      { languages: ['en', 'fr', 'de'], path: 'content/a.csv' },
    ]);
    expect(config.managed).toHaveLength(4);
  });

  test('of one kind leave the other kind as it is', () => {
    expect(read(text, { collections: ['origins'] }).contents).toHaveLength(3);
    expect(read(text, { languages: ['es'] }).contents).toHaveLength(3);
  });

  test('stand in for the settings of their names', () => {
    const inputs = { directory: 'b', deletes: 'keep', writePolicy: 'skip-existing' } as const;
    expect(read(text, inputs).contents[0]).toMatchObject({
      path: 'b/tea.csv',
      deletes: 'keep',
      writePolicy: 'skip-existing',
    });
  });

  test.each([
    [{ collections: ['tea'] }, 'The input collections names tea', 'Did you mean teas?'],
    [{ collections: ['teas', 'Origins'] }, 'names Origins', 'Did you mean origins?'],
    [{ collections: ['xyz'] }, 'names xyz', 'It has: teas, origins.'],
    [
      { languages: ['en', 'frr'] },
      'The input languages names en, frr',
      'It has: en, fr, de, es, pt',
    ],
    [{ languages: ['fr', 'en'] }, 'names fr, en', 'It has: en, fr, de'],
  ])('that name what the file does not have are refused: %j', (inputs, ...words) => {
    for (const each of words) expect(() => read(text, inputs)).toThrow(each);
  });
});

test('without a file the inputs do', () => {
  expect(readConfig(undefined, { ...noInputs, collections: ['teas'] }).contents).toHaveLength(1);
});

describe('what is wrong is named with its line', () => {
  test.each([
    ['nothing at all', '', undefined, 'Nothing is configured'],
    ['YAML that is none', 'collections: [a\n', 2, 'Correct the YAML'],
    ['a key that stands twice', 'directory: a\ndirectory: b\n', 2, 'Correct the YAML'],
    ['a list in place of the settings', '- products\n', 1, 'the file should be settings, each as'],
    ['an empty text', 'directory: ""\n', 1, '"directory" should not be empty. Correct it.'],
    ['an unfinished merge', '<<<<<<< HEAD\na: b\n=======\n', 1, 'a merge left its markers'],
    ['an unknown setting', 'colections: [a]\n', 1, 'Did you mean collections?'],
    [
      'an unknown setting of a collection',
      'collections:\n  - id: a\n    exlude: [b]\n',
      3,
      'Did you mean exclude?',
    ],
    [
      'a collection without an id',
      'collections:\n  - file: a.csv\n',
      2,
      '"collections[0].id" is missing',
    ],
    ['a setting of the wrong type', 'directory: 3\n', 1, '"directory" should be a text, but is 3'],
    [
      'a text for a list',
      'collections: products\n',
      1,
      '"collections" should be a list, but is "products"',
    ],
    [
      'a list for settings',
      'limits: [10]\n',
      1,
      '"limits" should be settings, each as "name: value", but is a list',
    ],
    [
      'languages in place of localizations',
      'localizations: [en, fr]\n',
      1,
      'should be settings such as { languages: [en, fr] }',
    ],
    [
      'a number in place of a collection',
      'collections: [3]\n',
      1,
      'should be the id of a collection, or settings such as { id: products, deletes: apply }',
    ],
    [
      'a rule that there is not',
      'collections:\n  - id: a\n    rules:\n      prise-jump: off\n',
      4,
      'Did you mean price-jump?',
    ],
    [
      'a rule that cannot be switched',
      'collections:\n  - { id: a, rules: { duplicate-key: off } }\n',
      2,
      'there is no setting "collections[0].rules.duplicate-key"',
    ],
    [
      'a severity that there is not',
      'collections:\n  - { id: a, rules: { price-jump: loud } }\n',
      2,
      'collections[0].rules.price-jump',
    ],
    [
      'columns without their pattern of targets',
      'localizations:\n  - { languages: [en, fr], columns: { id: ID } }\n',
      2,
      '"localizations[0].columns.targets" is missing',
    ],
    [
      'a policy that there is not',
      'collections:\n  - id: a\n    deletes: maybe\n',
      3,
      'collections[0].deletes',
    ],
    [
      'a limit that is none',
      'limits:\n  max-deletes: many\n',
      2,
      'should be a whole number or a percentage',
    ],
    ['one language', 'localizations:\n  - languages: [en]\n', 2, 'two to 64 languages'],
    ['a language twice', 'localizations:\n  - languages: [en, EN]\n', 2, 'is listed twice'],
    [
      'a language that is none',
      'localizations:\n  - languages: [en, "x y"]\n',
      2,
      'should be a language tag',
    ],
    [
      'a path that leaves the repository',
      'collections:\n  - id: a\n    file: ../../a.csv\n',
      2,
      'not a path inside the repository',
    ],
    [
      'an absolute folder',
      'directory: /etc\ncollections: [a]\n',
      1,
      'not a path inside the repository',
    ],
    [
      'a file of another kind',
      'collections:\n  - { id: a, file: a.txt }\n',
      2,
      'should end with .csv',
    ],
    [
      'two entries of one file',
      'collections:\n  - a\n  - { id: b, file: collections/A.csv }\n',
      3,
      'both write',
    ],
    [
      'a file among the parts of another',
      'collections:\n  - a\n  - { id: b, file: collections/a/b.csv }\n',
      3,
      'both write',
    ],
    [
      'a file whose word is made of hexadecimal digits among the parts of another',
      'collections:\n  - { id: b, file: shop/cafe.csv }\n  - { id: a, file: shop.csv }\n',
      3,
      'both write',
    ],
    [
      'a file below what is a file for another',
      'collections:\n  - a\n  - { id: b, file: collections/a.csv/b.csv }\n',
      3,
      'both write',
    ],
    [
      'a file below what is the schema of another',
      'collections:\n  - a\n  - { id: b, file: collections/a.schema.json/b.csv }\n',
      3,
      'both write',
    ],
    [
      'two names that are one on some systems',
      'collections:\n  - { id: a, file: "caf\u00e9.csv" }\n  - { id: b, file: "CAFE\u0301.csv" }\n',
      3,
      'both write',
    ],
    [
      'a collection in two entries',
      'collections:\n  - { id: a, fields: [b] }\n  - { id: a, file: c.csv, fields: [d] }\n',
      3,
      'is in collections[0] already',
    ],
    [
      'a truncation of a part',
      'collections:\n  - { id: a, write-policy: truncate-before, deletes: apply, fields: [b] }\n',
      2,
      'truncate-before would delete',
    ],
    [
      'a truncation without deletes',
      'collections:\n  - { id: a, write-policy: truncate-before }\n',
      2,
      'needs deletes: apply',
    ],
    ['a choice of no field', 'collections:\n  - { id: a, fields: [] }\n', 2, 'fields is empty'],
    ['ids left out', 'collections:\n  - { id: a, exclude: [_id] }\n', 2, 'exclude lists _id'],
    ['a bare operator', 'collections:\n  - { id: a, filter: { b: { lt: 9 } } }\n', 2, 'Write $lt.'],
    [
      'a filter that is a text',
      'collections:\n  - id: a\n    filter: new\n',
      3,
      'should be settings',
    ],
    [
      'a device of Windows',
      'collections:\n  - id: CON\n',
      2,
      'keeps the name "CON.csv" for a device',
    ],
    ['a long id', `collections:\n  - id: ${'a'.repeat(223)}\n`, 2, 'has more than 226 bytes'],
    [
      'a long directory',
      `directory: ${'a'.repeat(401)}\n`,
      1,
      'should have at most 400 characters.',
    ],
    ['lists in lists', `collections: ${'['.repeat(9_000)}`, 1, 'This is nested too deeply'],
    ['half a row', 'collections: [a]\nlimits: { max-deletes: 0.1 }\n', 2, 'a whole number or a'],
    ['an alias', 'collections: &x [a]\nlocalizations: *x\n', 2, 'line 2: aliases'],
  ])('%s', (_name, text, line, words) => {
    const failure = attempt(() => read(text));
    expect(failure).toBeInstanceOf(Failure);
    expect(failure?.message).toContain(words);
    expect(failure?.message).not.toContain('\n');
    if (line !== undefined) expect(failure?.place).toMatchObject({ file, line });
  });
});

test.each(['constructor', 'prototype', '__proto__'])('a filter keeps the field %s', (field) => {
  const filter = `{ ${field}: { $eq: 1 } }`;
  const { contents } = read(`collections: [{ id: a, filter: ${filter} }]\n`);
  expect(JSON.stringify(contents)).toContain(`{"${field}":{"$eq":1}}`);
});

test('a wrong input is named as one, not as a setting of the file', () => {
  const words = 'The input languages should name two to 64 languages, the main one first.';
  expect(() => readConfig(undefined, { ...noInputs, languages: ['en'] })).toThrow(words);
});

test.each(['products', 'coffees', 'cafe-noir', 'decaf', 'cafe/menu'])(
  'a file shop/%s.csv beside shop.csv is none of its parts',
  (name) => {
    const { contents } = read(
      `collections:\n  - { id: a, file: shop.csv }\n  - { id: b, file: shop/${name}.csv }\n`,
    );
    expect(contents.map(({ path }) => path)).toEqual([
      'content/shop.csv',
      `content/shop/${name}.csv`,
    ]);
  },
);

function attempt(action: () => unknown): Failure | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

test('whatever stands in the file, it is read or refused with a reason', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.string({
          unit: fc.constantFrom('a', ':', ' ', '\n', '-', '[', '{', '&', '*', '!', '"'),
        }),
      ),
      (text) => {
        attempt(() => read(text));
      },
    ),
    { numRuns: 500 },
  );
});
