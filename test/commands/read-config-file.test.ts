import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readConfigFile } from '../../src/commands/read/read-config-file.ts';
import { readInputs } from '../../src/inputs.ts';

const inputs = (more: Record<string, string> = {}) =>
  readInputs({ INPUT_COMMAND: 'plan', INPUT_TOKEN: 'token', ...more }, () => {});

const workspace = () => mkdtempSync(join(tmpdir(), 'wix-cms-workspace-'));

test('a workspace without a checkout is told as such', () => {
  expect(() => readConfigFile(inputs(), workspace())).toThrow(
    'Nothing is checked out, so there is no .github/wix-cms.yml to read. Run actions/checkout',
  );
});

test('a checkout without a configuration is told that nothing is configured', () => {
  const folder = workspace();
  mkdirSync(join(folder, '.git'));
  expect(() => readConfigFile(inputs(), folder)).toThrow('Nothing is configured');
});

test.each(['.github/wix-cms.yaml', '.github/Wix-CMS.yml', 'wix-cms.yml'])(
  'a configuration at %s is not passed over',
  (path) => {
    const folder = workspace();
    mkdirSync(join(folder, '.github'));
    writeFileSync(join(folder, path), 'collections: [{ id: teas, exclude: [notes] }]\n');
    expect(() => readConfigFile(inputs({ INPUT_COLLECTIONS: 'teas' }), folder)).toThrow(
      `${path} is not read, because the configuration is .github/wix-cms.yml. Rename it`,
    );
  },
);

test('a file in the place of the folder of the configuration is told as such', () => {
  const folder = workspace();
  writeFileSync(join(folder, '.github'), 'No folder.\n');
  expect(() => readConfigFile(inputs({ INPUT_COLLECTIONS: 'teas' }), folder)).toThrow(
    '.github is not a folder, so nothing can be at .github/wix-cms.yml. Move it elsewhere',
  );
});

test.each(['utf16le', 'latin1'] as const)('a configuration in %s is refused', (encoding) => {
  const folder = workspace();
  mkdirSync(join(folder, '.github'));
  const text = 'collections: [{ id: teas, exclude: [größe] }]\n';
  writeFileSync(join(folder, '.github/wix-cms.yml'), text, encoding);
  expect(() => readConfigFile(inputs(), folder)).toThrow('is not UTF-8. Save it as UTF-8.');
});

test('without a checkout, the inputs do', () => {
  const { contents } = readConfigFile(inputs({ INPUT_COLLECTIONS: 'teas' }), workspace());
  expect(contents).toMatchObject([{ id: 'teas' }]);
});
