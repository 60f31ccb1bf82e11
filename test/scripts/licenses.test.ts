import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { allowedLicenses, licensesOf } from '../../scripts/licenses.ts';
import { dependencies, root } from './bundled.ts';

/** htmlparser2 needs them to build a tree of nodes. The action reads HTML piece by piece. */
const leftOut = new Set(['dom-serializer', 'domelementtype', 'domhandler', 'domutils']);

const bundled = dependencies().filter(({ hasCode, name }) => hasCode && !leftOut.has(name));

/** Names and licences, as `dist/licenses.txt` begins the text of each package. */
const listed = new Map(
  [
    ...readFileSync(join(root, 'dist/licenses.txt'), 'utf8').matchAll(
      /(?:^|\n\n)([@a-z][\w@./-]+)\n([\w.-]+)\n/g,
    ),
  ].map(([, name = '', license = '']) => [name, license]),
);

describe('the licences of what is bundled', () => {
  test('are those of the dependencies that are more than types, and all of them', () => {
    expect([...listed.keys()].sort()).toEqual([...new Set(bundled.map(({ name }) => name))].sort());
    expect(listed.size).toBeGreaterThan(10);
  });

  test('ask for nothing but that their text goes along', () => {
    for (const { name, license } of bundled) {
      expect([name, listed.get(name)]).toEqual([name, license]);
      expect(allowedLicenses).toContain(license);
    }
  });
});

describe('a list of licences', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wix-cms-licenses-'));
  const place = (name: string, license: string, files: Readonly<Record<string, string>>) => {
    const all = { 'package.json': JSON.stringify({ name, license }), ...files };
    for (const [path, text] of Object.entries(all)) {
      const file = join(folder, 'node_modules', name, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    return { nameForCondition: join(folder, 'node_modules', name, 'lib/index.js') };
  };
  const one = place('@a/one', 'MIT', { LICENSE: 'One.\r\n', 'lib/package.json': '{}' });
  const two = place('two', 'Apache-2.0', { 'LICENCE.md': 'Two.\n', NOTICE: 'By two.\n' });

  test('holds every package once, in the order of their names, whatever webpack made of them', () => {
    const joined = { nameForCondition: '/src/main.js', modules: [two, { ...one, orphan: true }] };
    expect(licensesOf([joined, one, { nameForCondition: null }])).toBe(
      '@a/one\nMIT\nOne.\n\n\ntwo\nApache-2.0\nTwo.\n\nBy two.\n',
    );
  });

  test('leaves out what webpack found and did not bundle', () => {
    expect(licensesOf([one, { ...two, orphan: true }])).not.toContain('two');
  });

  test('is not made of what may not be bundled, or says no licence', () => {
    const strict = place('strict', 'AGPL-3.0', { LICENSE: 'Strict.\n' });
    expect(() => licensesOf([strict])).toThrow('strict has the licence AGPL-3.0');
    const silent = place('silent', 'MIT', {});
    expect(() => licensesOf([silent])).toThrow('silent has no text of its licence');
  });
});
