import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parse } from 'yaml';
import { getLanguageService } from 'yaml-language-server';
import { blocks } from './blocks.ts';

const root = join(import.meta.dirname, '../..');
const example = readFileSync(join(root, 'examples/wix-cms.yml'), 'utf8');
const modeline = example.split('\n')[0] ?? '';

/** Where the files of the release are that v1 points to. */
const release = 'https://raw.githubusercontent.com/wix-cms-sync/wix-cms-sync/v1/';

/** The language server that editors use for YAML; it finds the schema by the first line of a file. */
const editor = getLanguageService({
  schemaRequestService: async (uri) => {
    if (!uri.startsWith(release)) throw new Error(`${uri} is not a file of the release`);
    return readFileSync(join(root, uri.slice(release.length)), 'utf8');
  },
  workspaceContext: { resolveRelativePath: (path, resource) => new URL(path, resource).href },
});
editor.configure({ validate: true, completion: true, hover: true });

let version = 0;

/** A file beside the example, as an editor has it open; `|` is the cursor. */
function opened(text: string) {
  const uri = 'file:///site/.github/wix-cms.yml';
  const whole = `${modeline}\n${text}`;
  version += 1;
  const document = TextDocument.create(uri, 'yaml', version, whole.replace('|', ''));
  return { document, cursor: document.positionAt(whole.indexOf('|')) };
}

async function completed(text: string): Promise<readonly string[]> {
  const { document, cursor } = opened(text);
  const { items } = await editor.doComplete(document, cursor, false);
  return items.map(({ label }) => label);
}

async function problems(text: string): Promise<readonly string[]> {
  const { document } = opened(text);
  const found = await editor.doValidation(document, false);
  return found.map(({ message, range }) => `${range.start.line}: ${message}`);
}

test('an editor completes the settings of the file', async () => {
  expect(await completed('|')).toEqual(
    expect.arrayContaining(['directory', 'collections', 'localizations', 'limits']),
  );
});

test('an editor completes the settings of a collection', async () => {
  expect(await completed('collections:\n  - id: products\n    |')).toEqual(
    expect.arrayContaining(['file', 'filter', 'fields', 'exclude', 'write-policy', 'deletes']),
  );
});

test('an editor completes the limits', async () => {
  expect(await completed('limits:\n  |')).toEqual(['max-deletes', 'max-changes', 'allow-empty']);
});

test('an editor completes the settings of a localization, and then those that are left', async () => {
  expect(await completed('localizations:\n  - |')).toEqual(
    expect.arrayContaining(['languages', 'file']),
  );
  expect(await completed('localizations:\n  - languages: [en, fr]\n    |')).toEqual([
    'file',
    'columns',
    'empty-translation',
    'rules',
  ]);
});

test('an editor completes the values of allow-empty, the default first', async () => {
  expect(await completed('limits:\n  allow-empty: |')).toEqual(['false', 'true']);
});

test.each([
  ['write-policy', ['overwrite', 'skip-existing', 'truncate-before']],
  ['deletes', ['keep', 'apply']],
  ['upload-format', ['csv', 'jsonl']],
])('an editor completes the values of %s', async (setting, values) => {
  const text = `collections:\n  - id: products\n    ${setting}: |`;
  expect(await completed(text)).toEqual(expect.arrayContaining(values));
});

test('an editor says what a setting does', async () => {
  const { document, cursor } = opened('limits:\n  max-del|etes: 10%');
  expect(JSON.stringify(await editor.doHover(document, cursor))).toContain('remove unasked');
});

test('an editor finds nothing wrong with the example', async () => {
  expect(await problems(example.split('\n').slice(1).join('\n'))).toEqual([]);
});

test.each([
  ['an unknown setting', 'colections: [products]', '1: '],
  ['a value that is not one of the few', 'collections:\n  - { id: a, deletes: all }', '2: '],
  ['a collection without an id', 'collections:\n  - file: a.csv', '2: '],
  ['a single language', 'localizations:\n  - languages: [en]', '2: '],
  ['a limit that is no number', 'limits:\n  max-deletes: many', '2: '],
])('an editor marks %s', async (_name, text, line) => {
  expect(await problems(text)).toContainEqual(expect.stringMatching(new RegExp(`^${line}`)));
});

test('every configuration on the pages begins with the line that names its schema', () => {
  const configurations = blocks.filter(({ text }) => !('jobs' in parse(text)));
  expect(configurations.length).toBeGreaterThan(7);
  expect(configurations.filter(({ text }) => !text.startsWith(`${modeline}\n`))).toEqual([]);
});
