import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { generated } from '../../scripts/docs.ts';
import { configSchema } from '../../scripts/schema.ts';
import { outputNames } from '../../src/report/outputs.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

test('what is generated is up to date', () => {
  for (const [path, text] of generated()) expect([path, read(path)]).toEqual([path, text]);
});

test('the outputs of the action are those that it sets', () => {
  expect(Object.keys(parse(read('action.yml')).outputs)).toEqual([...outputNames]);
});

test('the schema takes the example configuration, and refuses what the parser refuses', () => {
  const validate = new Ajv({ strict: false }).compile(JSON.parse(configSchema()));
  expect(validate(parse(read('examples/wix-cms.yml')))).toBe(true);
  for (const wrong of [
    { collections: [{ id: 'a', exlude: [] }] },
    { collections: [{ file: 'a.csv' }] },
    { localizations: [{ languages: ['en'] }] },
    { limits: { 'max-deletes': 'many' } },
  ]) {
    expect([wrong, validate(wrong)]).toEqual([wrong, false]);
  }
});
