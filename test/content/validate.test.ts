import { expect, test } from '@jest/globals';
import { itemIdentity, translationIdentity } from '../../src/content/identity.ts';
import type { CollectionSchema } from '../../src/content/schema.ts';
import {
  duplicateKeys,
  invalidCells,
  misplacedEdits,
  unknownColumns,
} from '../../src/content/validate.ts';
import { valueProblem } from '../../src/content/value-rules.ts';
import { sideOf, versionsOf } from '../../src/content/versions.ts';
import { openTable } from '../../src/csv/table.ts';
import { fileOf } from '../csv/files.ts';
import { columns, items, sides } from './builders.ts';

test.each([
  ['NUMBER', ['4', '-4.5', '0.10', '1e6', '.5'], ['ten', '1,000', '4 ', '1.2.3']],
  ['BOOLEAN', ['true', 'false'], ['TRUE', 'yes', '1']],
  ['DATE', ['2026-02-28', '2024-02-29'], ['2026-02-29', '28.02.2026', '2026-2-8']],
  [
    'DATETIME',
    ['2026-07-03T14:04:31Z', '2026-07-03T14:04:31.000Z'],
    ['2026-07-03', '2026-07-03 14:04', '2026-13-01T00:00:00Z'],
  ],
  ['TIME', ['14:04:00.000', '14:04'], ['25:00', '2 pm']],
  [
    'URL',
    ['https://example.com/a?b', 'mailto:a@b.c'],
    ['example.com', 'javascript:alert(1)', 'https://a b'],
  ],
  ['EMAIL', ['a@example.com'], ['a@b', 'a b@example.com']],
  ['ARRAY_STRING', ['["a"]', '[]'], ['a, b', '{"a":1}', '"a"']],
  ['RICH_CONTENT', ['{"nodes":[]}'], ['<p>x</p>', '[1]']],
  ['ANY', ['whatever'], []],
  ['A_TYPE_FROM_THE_FUTURE', ['whatever'], []],
])('a cell of type %s', (type, good, bad) => {
  for (const text of good) expect([text, valueProblem(type, text)]).toEqual([text, undefined]);
  for (const text of bad) expect([text, valueProblem(type, text)]).not.toEqual([text, undefined]);
});

const schema: CollectionSchema = {
  collection: 'products',
  fields: [
    { key: '_id', type: 'TEXT', displayName: 'ID', required: false, translatable: false },
    { key: 'title', type: 'TEXT', displayName: 'Title', required: true, translatable: true },
    { key: 'price', type: 'NUMBER', displayName: 'Price', required: false, translatable: false },
  ],
  omitted: [{ key: 'link', type: 'PAGE_LINK', reason: 'a page link, which Wix computes' }],
};
const fields = columns({ _id: 'TEXT', title: 'TEXT', price: 'NUMBER' });

function findings(base: ReturnType<typeof items>, head: string) {
  const table = openTable([fileOf(head)], itemIdentity('_id'));
  const rows = versionsOf(fields, { ...sides({ base }), head: sideOf(table) });
  return [...invalidCells(fields, schema, rows)].map(({ rule, place, message }) => [
    rule,
    place.line,
    message,
  ]);
}

test('a cell that git changed is checked, with its line and the remedy', () => {
  const base = items({ _id: 'a', title: 'Green', price: '4' });
  expect(findings(base, '_id,title,price\na,Green,ten\n')).toEqual([
    [
      'type-number',
      2,
      expect.stringMatching(/line 2: price is "ten", but the field is a number\. Write/),
    ],
  ]);
});

test('a cell that git did not change is left alone, however odd it is', () => {
  const base = items({ _id: 'a', title: 'Green', price: 'ten' });
  expect(findings(base, '_id,title,price\na,Sencha,ten\n')).toEqual([]);
});

test('a required cell that git emptied is an error', () => {
  const base = items({ _id: 'a', title: 'Green', price: '4' });
  expect(findings(base, '_id,title,price\na,,4\n')).toEqual([
    ['required', 2, expect.stringContaining('Fill it in')],
  ]);
});

test('a key that stands twice is an error on the second line', () => {
  const table = openTable([fileOf('_id\na\nb\na\n')], itemIdentity('_id'));
  expect(duplicateKeys(table)).toMatchObject([
    { rule: 'duplicate-key', severity: 'error', place: { line: 4 } },
  ]);
});

test('a column of no field is a warning, and one that is not imported says why', () => {
  const table = items({ _id: 'a', pirce: '4', link: '/a' });
  expect(unknownColumns(table, schema).map(({ message }) => message)).toEqual([
    expect.stringContaining('no field "pirce"'),
    expect.stringContaining('a page link'),
  ]);
});

test('a localization takes edits of its translations alone', () => {
  const header = ['ID', 'Source language (EN)', 'Target language (FR)'];
  const open = (...rows: readonly string[]) =>
    sideOf(openTable([fileOf(`${header.join(',')}\n${rows.join('\n')}\n`)], translationIdentity));
  const all = columns({
    ID: 'OBJECT',
    'Source language (EN)': 'TEXT',
    'Target language (FR)': 'TEXT',
  });
  const base = open('k1,Tea,Thé', 'k2,Cup,Tasse');
  const head = open('k1,Tea,Le thé', 'k2,Mug,Tasse', 'k3,New,Nouveau');
  const rows = versionsOf(all, { head, base, recorded: undefined, live: undefined });
  expect(
    [...misplacedEdits(all, header, rows)].map(({ rule, place }) => [rule, place.line]),
  ).toEqual([
    ['source-edited', 3],
    ['translation-added', 4],
  ]);
});
