import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/emulator.ts';
import { checkSite } from '../../scripts/check-site/read.ts';
import type { Finding } from '../../scripts/check-site/requests.ts';
import { checkWriting } from '../../scripts/check-site/write.ts';
import { products } from '../end-to-end/situation.ts';
import { connectionTo } from '../scripts/connection.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const page = read('docs/wix-api.md');
const asking = read('docs/check-site.md');

/** The numbers of the page's sections, and of the rows of its table of assumptions. */
const sections = [...page.matchAll(/^##+ ([\d.]+?)\.? /gm)].map(([, number = '']) => number);
const assumptions = [...page.matchAll(/^\| (9\.\d+) \| (.+?) \| (.+) \| (.*?) \|$/gm)].map(
  ([, number = '', , cover = '', asked = '']) => ({ number, cover, asked }),
);
const steps = [...asking.matchAll(/^(\d)\. /gm)].map(([, number]) => `step ${number}`);

/** What the comments of the code cite: `wix-api.md 1.13 and 4.1`, and `(3.1)` where that is the habit. */
function citations(): readonly { readonly file: string; readonly number: string }[] {
  const files = ['src', 'emulator', 'scripts', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  return files.flatMap((file) => {
    const text = read(file).replaceAll(/\n *\* /g, ' ');
    const named = [...text.matchAll(/wix-api\.md (\d[\d.]*\d|\d)(?: and (\d[\d.]*))?/g)];
    const short = file === 'emulator/settings.ts' ? [...text.matchAll(/\((\d[\d.]*)/g)] : [];
    return [...named, ...short].flatMap(([, ...numbers]) =>
      numbers.filter((number) => number !== undefined).map((number) => ({ file, number })),
    );
  });
}

test('the page has every section that the code cites', () => {
  const known = new Set([...sections, ...assumptions.map(({ number }) => number)]);
  expect(citations().length).toBeGreaterThan(100);
  expect(citations().filter(({ number }) => !known.has(number))).toEqual([]);
});

test('the code cites every section of the page', () => {
  const cited = new Set(citations().map(({ number }) => number));
  const uncited = sections.filter((number) => number.includes('.') && !cited.has(number));
  expect(uncited).toEqual([]);
});

/** The questions that stand in italics, without what differs from field to field. */
function questionsIn(text: string): readonly string[] {
  return [...text.matchAll(/\*([A-Z][^*]+?\?)\*/g)].map(([, question = '']) => question);
}

async function questionsAsked(
  options: EmulatorOptions,
  check: (emulator: Emulator) => AsyncGenerator<Finding>,
): Promise<string[]> {
  const emulator = await startEmulator(options);
  try {
    const asked: string[] = [];
    for await (const { question } of check(emulator))
      asked.push(question.replace(/(MULTI_REFERENCE) \w+/, '$1 …'));
    return asked;
  } finally {
    await emulator.close();
  }
}

const languages = ['en', 'fr'];

function reading(collection: string) {
  return (emulator: Emulator) => checkSite(connectionTo(emulator), { collection, languages });
}

function writing(emulator: Emulator) {
  return checkWriting(connectionTo(emulator), { languages });
}

test('the page names the questions that a site is asked, and no other, in their order', async () => {
  const site = { languages, collections: [products] };
  const asked = [
    ...(await questionsAsked({ site }, reading('products'))),
    ...(await questionsAsked({ site }, reading('teas'))),
    ...(await questionsAsked({ site, localizationLayout: 'flat' }, reading('products'))),
    ...(await questionsAsked({ site: { collections: [products] } }, reading('products'))),
    ...(await questionsAsked({ site }, writing)),
    ...(await questionsAsked({ site, apiKeys: [{ key: 'IST.emulator', scopes: [] }] }, writing)),
  ];
  expect([...new Set(questionsIn(asking))].sort()).toEqual([...new Set(asked)].sort());
});

test('every assumption says what covers it, and which question or step shows it', () => {
  expect(assumptions.map(({ number }) => number)).toEqual(
    assumptions.map((_, index) => `9.${index + 1}`),
  );
  const questions = new Set(questionsIn(asking));
  for (const { number, cover, asked } of assumptions) {
    expect([number, cover]).toEqual([number, expect.stringMatching(/\w/)]);
    const named = [...questionsIn(asked), ...(asked.match(/step \d/g) ?? [])];
    const unknown = named.filter((name) => !questions.has(name) && !steps.includes(name));
    expect([number, unknown]).toEqual([number, []]);
  }
  const unasked = assumptions.filter(({ asked }) => !/\*[A-Z].*\?\*|step \d/.test(asked));
  expect(unasked.map(({ number, asked }) => [number, asked])).toEqual([
    ['9.17', 'cancel a run'],
    ['9.24', 'not shown: Wix says neither'],
    ['9.38', 'not to be tried'],
  ]);
});

test('behind each mark that something is assumed stands its row', () => {
  const facts = page.slice(page.indexOf('## 1. '), page.indexOf('## 8. '));
  const marks = facts.replaceAll('#9-what-is-assumed', '').replaceAll('\n', ' ');
  const said = [...marks.matchAll(/\bassumed\b([^)|]*)/g)].map(([words]) => words);
  const rows = new Set(assumptions.map(({ number }) => number));
  const rowsIn = (words: string) => words.match(/\b9\.\d+/g) ?? [];
  expect(said.length).toBeGreaterThan(20);
  expect(said.filter((words) => rowsIn(words).length === 0)).toEqual([]);
  expect(said.flatMap(rowsIn).filter((number) => !rows.has(number))).toEqual([]);
});

test('what covers nothing is said in so many words', () => {
  const bare = assumptions.filter(({ cover }) => cover.includes('**nothing**'));
  expect(bare.map(({ number }) => number)).toEqual([...['9.11', '9.21', '9.22', '9.27', '9.39']]);
});

test('the switches that cover an assumption are there', () => {
  const inputs = Object.keys(parse(read('action.yml')).inputs);
  const settings = read('schema/wix-cms.schema.json');
  const named = assumptions.flatMap(({ cover }) => [...cover.matchAll(/`([a-z]+-[a-z-]+)[:`]/g)]);
  expect(named.length).toBeGreaterThan(5);
  const unknown = named.filter(
    ([, name = '']) => !inputs.includes(name) && !settings.includes(`"${name}"`),
  );
  expect(unknown).toEqual([]);
});
