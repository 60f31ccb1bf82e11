import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ConfigInputs, readConfig } from '../../src/config/config.ts';
import { Failure } from '../../src/errors.ts';
import { isSafePath } from '../../src/io/paths.ts';
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
  const [fromInput] = [read('{}', { collections: ['teas'] })];
  expect(fromInput.contents.map(fromInput.placeOf)).toEqual([undefined]);
});

test('a short configuration is completed with the defaults', () => {
  const config = read(
    'collections: [products, Stores/Products]\nlocalizations: [{ languages: [en, fr] }]\n',
  );
  expect(config).toEqual({
    placeOf: expect.any(Function),
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
      },
      expect.objectContaining({
        id: 'Stores/Products',
        path: 'content/collections/Stores-Products.csv',
      }),
      { kind: 'localization', languages: ['en', 'fr'], path: 'content/localizations/en.csv' },
    ],
    limits: {
      maxDeletes: { kind: 'percent', percent: 10 },
      maxChanges: { kind: 'percent', percent: 50 },
      allowEmpty: false,
    },
  });
});

test('inputs stand in for what the file says', () => {
  const config = read('collections: [products]\ndirectory: a\n', {
    collections: ['teas'],
    languages: ['en', 'de'],
    directory: 'b',
    deletes: 'apply',
    writePolicy: 'skip-existing',
  });
  expect(config.contents).toMatchObject([
    { id: 'teas', path: 'b/collections/teas.csv', deletes: 'apply', writePolicy: 'skip-existing' },
    { languages: ['en', 'de'], path: 'b/localizations/en.csv' },
  ]);
});

test('without a file the inputs do', () => {
  expect(readConfig(undefined, { ...noInputs, collections: ['teas'] }).contents).toHaveLength(1);
});

describe('what is wrong is named with its line', () => {
  test.each([
    ['nothing at all', '', undefined, 'Nothing is configured'],
    ['YAML that is none', 'collections: [a\n', 2, 'Correct the YAML'],
    ['a key that stands twice', 'directory: a\ndirectory: b\n', 2, 'Correct the YAML'],
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
    ['a setting of the wrong type', 'directory: 3\n', 1, '"directory" should be string, but is 3'],
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
      'should be a number or a percentage',
    ],
    ['one language', 'localizations:\n  - languages: [en]\n', 2, 'two to 64 languages'],
    ['a language twice', 'localizations:\n  - languages: [en, en]\n', 2, 'stands twice'],
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
    ['an alias', 'collections: &x [a]\nlocalizations: *x\n', 2, 'line 2: aliases'],
  ])('%s', (_name, text, line, words) => {
    const failure = attempt(() => read(text));
    expect(failure).toBeInstanceOf(Failure);
    expect(failure?.message).toContain(words);
    expect(failure?.message).not.toContain('\n');
    if (line !== undefined) expect(failure?.place).toMatchObject({ file, line });
  });
});

test('a wrong input is named as one, not as a setting of the file', () => {
  const words = 'The input languages: a localization needs two to 64 languages';
  expect(() => read('', { languages: ['en'] })).toThrow(words);
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

test.each([
  '',
  '/a',
  'a/../b',
  '..',
  './a',
  'a//b',
  '-rf',
  'a/-x',
  '.git/config',
  'a/.GIT/x',
  'con',
  'a/nul.csv',
  'a\\b',
  'a\u0000',
  'a:b',
  'a.',
  'a ',
])('the path %j may lead out of the repository', (path) => expect(isSafePath(path)).toBe(false));

test.each(['a', 'content/collections/Stores-Products.csv', 'ö/茶.csv', '.github/x', 'a.b/c-d'])(
  'the path %j is inside it',
  (path) => expect(isSafePath(path)).toBe(true),
);
