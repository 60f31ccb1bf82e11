import { expect, test } from '@jest/globals';
import { planned } from '../end-to-end/proposal.ts';
import { path, type Situation, within } from '../end-to-end/situation.ts';
import { pages } from './commands.ts';

// What docs/editing-content.md shows and says of the files that an editor changes.

const page = pages.get('docs/editing-content.md') ?? '';
const [before = '', after = ''] = [...page.matchAll(/^```csv\n([\s\S]*?)^```/gm)].map(
  ([, block = '']) => block,
);

const teas = {
  id: 'products',
  fields: [
    { key: 'title', type: 'TEXT', required: true },
    { key: 'price', type: 'NUMBER' },
    { key: 'inStock', type: 'BOOLEAN' },
    { key: 'since', type: 'DATE' },
    { key: 'tags', type: 'ARRAY_STRING' },
  ],
  items: [
    {
      _id: 'p1',
      title: 'Green tea',
      price: 4,
      inStock: true,
      since: '2026-07-03',
      tags: ['tea', 'green'],
    },
    { _id: 'p2', title: 'Black tea, "strong"', price: 5.5, inStock: false },
    { _id: 'p3', title: 'White tea', price: 9, inStock: true, since: '2026-08-14' },
  ],
};

const ofTeas = { site: { collections: [teas] } };

/** The plan of a file in the place of the exported one, without a key. */
const planOf = (situation: Situation, text: string) =>
  planned(situation, { [path]: text }, { 'api-key': '' });

test('the file of the page is one that an export writes, and its edit one that an import takes', async () => {
  await within(ofTeas, async (situation) => {
    const { emulator, file, merge, run } = situation;
    await run({ command: 'export' });
    expect(file(path)).toBe(before);
    const plan = await planOf(situation, after);
    expect(plan.outputs).toMatchObject({
      status: 'success',
      'rows-changed': '1',
      'rows-added': '1',
    });
    expect(plan.annotations).toEqual([]);
    const event = merge({ [path]: after });
    const imported = await run({ command: 'import' }, { event });
    expect(imported.outputs).toMatchObject({
      status: 'success',
      'rows-changed': '1',
      'rows-added': '1',
    });
    const items = [...emulator.site.collection('products').items.values()];
    expect(items.find(({ title }) => title === 'Oolong')).toMatchObject({
      price: 7,
      tags: ['tea'],
    });
    expect(file(path)).toMatch(/^[0-9a-f-]+,Oolong,7,true,,"\[""tea""\]"$/m);
  });
});

test.each([
  ['Excel', (text: string) => `\uFEFF${text.replaceAll('\n', '\r\n')}`, ['byte order mark']],
  ['Google Sheets', (text: string) => text.trimEnd().replaceAll('\n', '\r\n'), []],
  ['LibreOffice', (text: string) => text.replaceAll(/(?<=,|^)([A-Z][^",\n]*)/gm, '"$1"'), []],
])(
  'a file that %s has saved holds what was edited, and nothing else',
  async (_name, save, said) => {
    await within(ofTeas, async (situation) => {
      await situation.run({ command: 'export' });
      expect(save(after)).not.toBe(after);
      const plan = await planOf(situation, save(after));
      expect(plan.outputs).toMatchObject({
        status: 'success',
        'rows-changed': '1',
        'rows-added': '1',
      });
      expect(plan.annotations).toEqual(said.map((words) => expect.stringContaining(words)));
    });
  },
);

const documented = [...page.matchAll(/^\| `([a-z_].*?)` \| [A-Z]/gm)].map(
  ([, message = '']) => message,
);

/** How each message of the page comes, by its first words. */
const damages: Readonly<Record<string, (text: string) => string>> = {
  'the cells are separated': (text) => text.replaceAll(',', ';'),
  'the file begins with': (text) => `\uFEFF${text}`,
  'the column _id': (text) => `Column1,Column2,Column3,Column4,Column5,Column6\n${text}`,
  'title holds U+FFFD': (text) => text.replace('Green tea', 'Gr\uFFFDn tea'),
  'price is "5,5"': (text) => text.replace(',5.5,', ',"5,5",'),
  'inStock is "WAHR"': (text) => text.replace('true', 'WAHR'),
  'since is "03.07.2026"': (text) => text.replace('2026-07-03', '03.07.2026'),
  'title is "4-Mar"': (text) => text.replace('3-4', '4-Mar'),
  'title is "7"': (text) => text.replace('007', '7'),
  'the id "7.39E+10"': (text) => text.replace('73912345678', '7.39E+10'),
  'this is the row "p1"': (text) => text.replace('p1,', 'p9,'),
  'tags is "tea, green"': (text) => text.replace('"[""tea"",""green""]"', '"tea, green"'),
};

test('every message of the page comes as it says', async () => {
  const odd = [
    { _id: 'p4', title: '3-4' },
    { _id: 'p5', title: '007' },
    { _id: '73912345678', title: 'Oolong' },
  ];
  const site = { collections: [{ ...teas, items: [...teas.items, ...odd] }] };
  await within({ site }, async (situation) => {
    await situation.run({ command: 'export' });
    const text = situation.file(path) ?? '';
    expect(documented).toHaveLength(Object.keys(damages).length);
    for (const [words, damage] of Object.entries(damages)) {
      const message = documented.find((each) => each.startsWith(words));
      expect([words, message]).toEqual([words, expect.any(String)]);
      const plan = await planOf(situation, damage(text));
      const pattern = (message ?? '').split('…').map(literal).join('.*');
      expect(plan.annotations).toContainEqual(expect.stringMatching(pattern));
    }
  });
}, 120_000);

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
