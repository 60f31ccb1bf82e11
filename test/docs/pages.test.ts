import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { localizationLayout } from '../../src/content/identity.ts';
import { reportJson } from '../../src/report/json.ts';
import { aChange, aFile, aResult } from '../report/samples.ts';
import { pages, root } from './commands.ts';

const each = [...pages];

test.each(each)('the links of %s lead somewhere', (path, text) => {
  const links = [...withoutCode(text).matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
  const broken = links.filter((link) => !/^https?:/.test(link) && !isThere(path, link));
  expect(broken).toEqual([]);
});

function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, '');
}

function isThere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? join(root, page) : resolve(root, dirname(page), path);
  if (!existsSync(target)) return false;
  if (anchor === undefined) return true;
  return statSync(target).isFile() && anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
}

/** The anchors that GitHub gives to headings. */
function anchorsOf(text: string): readonly string[] {
  return [...withoutCode(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test.each(each)('the npm scripts that %s names are there', (_path, text) => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const named = [...text.matchAll(/npm run (?:--silent )?([a-z-]+)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
  if (/npm (test|cit)\b/.test(text)) expect(scripts).toHaveProperty('test');
});

test.each(each)('the files that %s names are there', (_path, text) => {
  const named = [...text.matchAll(/`((?:[a-z-]+\/)+(?:[a-z.-]+\.[a-z]+)?)`/g)].map(
    ([, name = '']) => name,
  );
  const folders = ['', 'src', '.github'].map((folder) => join(root, folder));
  const missing = named.filter((name) => !folders.some((folder) => existsSync(join(folder, name))));
  expect(missing.filter((name) => !ofTheUser.some((theirs) => name.startsWith(theirs)))).toEqual(
    [],
  );
});

test('the functions that the page on the architecture names are where it says', () => {
  const page = pages.get('ARCHITECTURE.md') ?? '';
  const named = [...page.matchAll(/`(\w+)` \(`([\w/-]+\.ts)`\)/g)];
  const isThere = (name = '', file = '') =>
    new RegExp(`export (async )?function\\*? ${name}\\b`).test(
      readFileSync(join(root, 'src', file), 'utf8'),
    );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(([, name, file]) => !isThere(name, file)).map(([words]) => words)).toEqual(
    [],
  );
});

/** What lies in the repository of somebody who uses the action. */
const ofTheUser = [
  'agreed/',
  'base/',
  'content/',
  'live/',
  'localizations/',
  'offered/',
  'refs/',
  'sent/',
  'shop/',
];

test('every page of docs is in its index', () => {
  const index = pages.get('docs/README.md') ?? '';
  const names = [...pages.keys()].filter((path) => dirname(path) === 'docs');
  const missing = names
    .map((path) => relative('docs', path))
    .filter((name) => !index.includes(`(${name})`));
  expect(missing).toEqual(['README.md']);
});

test('the example of a localization is one that the action reads', () => {
  const [, csv = ''] =
    /^```csv\n([\s\S]*?)^```/m.exec(pages.get('docs/translations.md') ?? '') ?? [];
  const header = csv.split('\n')[0]?.split(',') ?? [];
  expect(localizationLayout(header)).toEqual({ keys: [0], targets: [4, 5], source: 3 });
});

test('the page on results has every name of the report as JSON', () => {
  const page = pages.get('docs/results.md') ?? '';
  const file = aFile({ changes: [aChange()] });
  const report = JSON.parse([...reportJson(aResult({ files: [file] }))].join(''));
  const named = [...page.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );
  expect(named.sort()).toEqual([...Object.keys(report), ...Object.keys(report.files[0])].sort());
});
