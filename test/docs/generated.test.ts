import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import * as v from 'valibot';
import { parse } from 'yaml';
import { generated } from '../../scripts/docs.ts';
import { configSchema } from '../../scripts/schema.ts';
import { definition } from '../../src/config/definition.ts';
import { Failure } from '../../src/errors.ts';
import { outputsOf } from '../../src/report/outputs.ts';
import { failedResult } from '../../src/report/result.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

test('what is generated is up to date', () => {
  for (const [path, text] of generated()) expect([path, read(path)]).toEqual([path, text]);
});

test('the outputs of the action are those that it sets', () => {
  const result = failedResult('plan', new Failure('config', 'Nothing is configured.'));
  const names = Object.keys(
    outputsOf(result, { 'report-json': '', 'report-html': '', 'badge-json': '' }),
  );
  expect(Object.keys(parse(read('action.yml')).outputs).sort()).toEqual(names.sort());
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

interface Property {
  readonly description?: string;
  readonly default?: unknown;
}

/** Every setting of a JSON Schema, by its name, wherever it stands. */
function propertiesIn(schema: unknown): readonly (readonly [string, Property])[] {
  if (typeof schema !== 'object' || schema === null) return [];
  // It is JSON of our own making.
  const { properties = {} } = schema as { properties?: Readonly<Record<string, Property>> };
  return [...Object.entries(properties), ...Object.values(schema).flatMap(propertiesIn)];
}

const settings = propertiesIn(JSON.parse(configSchema()));

const { collections, localizations, limits, ...whole } = v.parse(definition, {
  collections: [{ id: 'products' }],
  localizations: [{ languages: ['en', 'fr'] }],
  limits: {},
});
const everything = { ...whole, ...collections?.[0], ...localizations?.[0], ...limits };
const given = ['id', 'languages'];
const defaults = Object.fromEntries(
  Object.entries(everything).filter(([name]) => !given.includes(name)),
);

test('the schema describes every setting, and has every default that the action goes by', () => {
  expect(settings.length).toBeGreaterThan(15);
  expect(settings.filter(([, { description = '' }]) => !/\S\.$/.test(description))).toEqual([]);
  const found = settings.filter(([, property]) => 'default' in property);
  expect(Object.fromEntries(found.map(([name, property]) => [name, property.default]))).toEqual(
    defaults,
  );
  // What stands in the description as a default is no value where it depends on other settings.
  const said = settings.filter(([, { description = '' }]) => /default/i.test(description));
  const unsaid = said.filter(([, property]) => !('default' in property));
  expect(unsaid.map(([name]) => name)).toEqual(['file', 'fields', 'file']);
});

test('the page on the configuration has the defaults of the schema', () => {
  const rows = [...read('docs/configuration.md').matchAll(/^\| (`[^|]+`) \| ([^|]*) \|/gm)];
  const documented = rows.flatMap(([, names = '', values = '']) => {
    const defaultOf = values.split(' · ');
    return names.split(' · ').map((name, i) => [name, defaultOf[i]] as const);
  });
  const empty = ['exclude', 'rules'];
  const expected = Object.entries(defaults).filter(([name]) => !empty.includes(name));
  for (const [name, value] of expected) {
    expect(documented).toContainEqual([`\`${name}\``, `\`${value}\``]);
  }
});
