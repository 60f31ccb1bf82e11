import { expect, test } from '@jest/globals';
import { unmanagedFiles } from '../../../src/content/rules/files.ts';

const managed = ['content/collections/products.csv', 'content/collections/café.csv'];
const isManaged = (path: string) =>
  managed.some((each) => path === each || path === each.replace('.csv', '.schema.json'));

const found = (paths: readonly string[], extent: 'tables' | 'misnamed' = 'tables') =>
  unmanagedFiles(paths, managed, isManaged, new Set(), extent);

test('managed files and hidden ones are none', () => {
  const paths = ['content/collections/products.csv', 'content/collections/products.schema.json'];
  expect(found([...paths, 'content/.DS_Store', 'content/.cache/a.csv'])).toEqual([]);
});

test.each([
  ['content/collections/Products (1).csv', 'products'],
  ['content/collections/Products.csv', 'products'],
  ['content/collections/products - Copy.csv', 'products'],
  ['content/collections/products_final.csv', 'products'],
  ['content/collections/Copy of products.csv', 'products'],
  ['content/collections/products.xlsx', 'products'],
  ['content/collections/products.ods', 'products'],
  ['content/collections/prodcuts.csv', 'products'],
  ['content/collections/products.csv.txt', 'products'],
  ['content/collections/products.csv.orig', 'products'],
  ['content/collections/products.csv~', 'products'],
  ['products.csv', 'products'],
  ['content/products.csv', 'products'],
  ['content/collections/products.zip', 'products'],
  ['content/collections/products.txt', 'products'],
  ['content/collections/products.csv ', 'products'],
  ['content/old/products.csv', 'products'],
  ['content/collections/cafe\u0301.csv', 'café'],
])('%s is taken for %s under another name', (path, name) => {
  for (const extent of ['tables', 'misnamed'] as const) {
    expect(found([path], extent).map(({ message }) => message)).toEqual([
      `${path}: this file is not in the configuration, so edits in it have no effect. Did you mean content/collections/${name}.csv? Rename it to a CSV file in the configuration, or move it elsewhere.`,
    ]);
  }
});

test('another table is named without a guess, and only where all of them are configured', () => {
  const [finding] = found(['content/suppliers.csv']);
  expect(finding).toMatchObject({ rule: 'unmanaged-file', severity: 'warning' });
  expect(finding?.message).not.toContain('Did you mean');
  expect(found(['content/suppliers.csv'], 'misnamed')).toEqual([]);
});

test('what is no table is a remark, in one sentence', () => {
  const findings = found(['content/README.md', 'content/logo.png']);
  expect(findings).toMatchObject([{ severity: 'remark', place: { file: 'content/README.md' } }]);
  expect(findings[0]?.message).toContain('content/README.md, content/logo.png');
});

test('of very many files the first are named, and the others counted', () => {
  const findings = found(Array.from({ length: 5_000 }, (_, i) => `content/table-${i}-x.csv`));
  expect(findings).toHaveLength(51);
  expect(findings.at(-1)?.message.length).toBeLessThan(1_000);
});
