import { describe, expect, test } from '@jest/globals';
import { validate } from '../../src/commands/validate.ts';
import { rules } from '../../src/content/rules/finding.ts';
import {
  before,
  config,
  type Files,
  findingsIn,
  folderOf,
  found,
  going,
  header,
  key,
  opened,
  quietSchema,
  shops,
  teas,
  texts,
} from './validating.ts';

test('files that nobody edited have no findings, and neither have good edits', async () => {
  expect(await found({})).toEqual([]);
  expect(
    await found({ 'teas.csv': teas.replace('Uva', 'Dimbula').replace(',9,', ',9.5,') }),
  ).toEqual([]);
  expect(await found({ 'teas.csv': `${teas}f,Lapsang,12,india,"[""smoky""]",\n` })).toEqual([]);
});

const edits: readonly (readonly [rule: string, edit: Files, expected: readonly string[]])[] = [
  [
    'a key that stands twice',
    { 'teas.csv': `${teas}b,Again,1,,,\n` },
    ['duplicate-key teas.csv:8'],
  ],
  [
    'a translation without its ID',
    { 'texts.csv': `${texts},Tea,Thé,\n` },
    ['missing-key texts.csv:5'],
  ],
  [
    'an id that a spreadsheet rewrote',
    { 'teas.csv': `${teas}7.39E+10,Lapsang,12,,,\n` },
    ['damaged-key teas.csv:8'],
  ],
  ['a row under a new id', { 'teas.csv': teas.replace('b,Uva', 'z,Uva') }, ['re-keyed teas.csv:3']],
  [
    'a row whose id was emptied',
    { 'teas.csv': teas.replace('b,Uva', ',Uva') },
    ['re-keyed teas.csv:3'],
  ],
  [
    'an id with a blank behind it',
    { 'teas.csv': `${teas}a ,Assam two,12,,,\n` },
    ['damaged-key teas.csv:8'],
  ],
  [
    'a row under a new id that was edited, too',
    { 'teas.csv': teas.replace('a,Assam,11', 'z,Assam 2,11') },
    ['possibly-re-keyed teas.csv:2'],
  ],
  [
    'a header that is a field but for its case',
    { 'teas.csv': teas.replace('price', 'Price') },
    ['misspelled-column teas.csv:1'],
  ],
  [
    'a column that no field goes by',
    {
      'teas.csv': teas
        .replace(header, `${header},pirce`)
        .replace(/^([a-e],.*|and.*)$/gm, '$1,')
        .replace('"Sencha, ""fine"",', '"Sencha, ""fine""'),
    },
    ['unknown-column teas.csv:1'],
  ],
  ['an empty title', { 'teas.csv': teas.replace('Uva', '') }, ['required teas.csv:3:3']],
  [
    'a text in a number',
    { 'teas.csv': teas.replace(',9,', ',nine,') },
    ['type-number teas.csv:3:7'],
  ],
  [
    'a number in a row of several lines',
    { 'teas.csv': teas.replace(',14,', ',14 €,') },
    ['type-number teas.csv:5:12'],
  ],
  [
    'a number that is too large',
    { 'teas.csv': teas.replace(',9,', ',900,') },
    ['range teas.csv:3:7', 'price-jump teas.csv:3:7'],
  ],
  ['a title that is too short', { 'teas.csv': teas.replace('Uva', 'U') }, ['length teas.csv:3:3']],
  [
    'a title that is too long',
    { 'teas.csv': teas.replace('Uva', 'U'.repeat(31)) },
    ['length teas.csv:3:3'],
  ],
  [
    'a list that is too long',
    { 'teas.csv': teas.replace('[""black""]', '[""a"",""b"",""c""]') },
    ['length teas.csv:2:18'],
  ],
  [
    'a list that is no JSON',
    { 'teas.csv': teas.replace('[""black""]', 'black') },
    ['type-json teas.csv:2:18'],
  ],
  [
    'a reference to nothing',
    { 'teas.csv': teas.replace('ceylon', 'japan') },
    ['dangling-reference teas.csv:3:9'],
  ],
  [
    'a row that others refer to is removed',
    { 'origins.csv': '_id,title\nindia,India\n' },
    ['dangling-reference teas.csv:3'],
  ],
  [
    'leading zeros lost',
    { 'teas.csv': teas.replace('007', '7') },
    ['rewritten-number teas.csv:2:32'],
  ],
  [
    'a date rewritten',
    { 'teas.csv': teas.replace('2026-07-31', '31.07.2026') },
    ['rewritten-date teas.csv:3:17'],
  ],
  [
    'a text that became a date',
    { 'teas.csv': teas.replace('3-4', '03. Apr') },
    ['rewritten-date teas.csv:5:17'],
  ],
  [
    'a long number rounded',
    { 'teas.csv': teas.replace('739000000012', '7.39E+11') },
    ['scientific-number teas.csv:6:16'],
  ],
  [
    'characters lost',
    { 'teas.csv': teas.replace('Uva', 'Uv\ufffd') },
    ['replacement-character teas.csv:3:3'],
  ],
  [
    'a text that was read in another encoding',
    { 'shops.csv': shops.replace('Café 3', 'CafÃ© 3') },
    ['damaged-encoding shops.csv:5:4'],
  ],
  [
    'a link to another host',
    { 'shops.csv': shops.replace('shop4.example.com', 'evil.example.net') },
    ['host-changed shops.csv:6:11'],
  ],
  [
    'a text that lost most of its characters',
    { 'shops.csv': shops.replace('About shop 5. '.repeat(19), '') },
    ['text-shrunk shops.csv:7:75'],
  ],
  [
    'a status that changed in many rows',
    { 'shops.csv': shops.replaceAll('DRAFT', 'PUBLISHED') },
    ['mass-flip shops.csv:1'],
  ],
  [
    'a picture that is none',
    { 'shops.csv': shops.replace('wix:image://v1/a~mv2.jpg/6.jpg', 'photo6.jpg') },
    ['type-media shops.csv:8:38'],
  ],
  [
    'a price with its point lost',
    { 'teas.csv': teas.replace(',9,', ',90,') },
    ['price-jump teas.csv:3:7'],
  ],
  [
    'a row that is larger than an item may be',
    { 'teas.csv': teas.replace('739000000012', 'x'.repeat(500_001)) },
    ['too-large teas.csv:6'],
  ],
  [
    'a header of a localization that was translated',
    { 'texts.csv': texts.replace('Target language (FR)', 'Langue cible (FR)') },
    ['localization-header texts.csv:1'],
  ],
  [
    'the markers of a merge between rows',
    { 'teas.csv': teas.replace('b,Uva', '<<<<<<< HEAD\nb,Uva') },
    ['conflict-marker teas.csv:3'],
  ],
  [
    'the markers of a merge inside a cell',
    { 'teas.csv': teas.replace('\nand green', '\n<<<<<<< HEAD\nand green\n=======\n>>>>>>> x') },
    ['length teas.csv:4:3', 'conflict-marker teas.csv:4:3'],
  ],
  ['semicolons', { 'teas.csv': teas.replaceAll(',', ';') }, ['delimiter teas.csv:1']],
  ['tabs', { 'teas.csv': teas.replaceAll(',', '\t') }, ['delimiter teas.csv:1']],
  [
    'the code page of a machine',
    { 'teas.csv': Buffer.from(teas.replace('Uva', 'Uvä'), 'latin1') },
    ['unreadable teas.csv:3:5'],
  ],
  ['rows that hold nothing', { 'teas.csv': `${teas},,,,,\n , ,,,,\n` }, ['blank-row teas.csv:8']],
  ['a byte order mark', { 'teas.csv': `\ufeff${teas}` }, ['byte-order-mark teas.csv:1']],
  [
    'a broken file beside a bad cell in another one',
    { 'teas.csv': teas.replace('Uva', 'U"va'), 'texts.csv': texts.replace('Hello', 'Hullo') },
    ['unreadable teas.csv:3:4', 'source-edited texts.csv:3', 'stale-translation texts.csv:3'],
  ],
  [
    'a column that was dropped',
    { 'teas.csv': '_id,title\na,Assam\n' },
    [
      'dropped-column teas.csv:1',
      'dropped-column teas.csv:1',
      'dropped-column teas.csv:1',
      'dropped-column teas.csv:1',
    ],
  ],
  [
    'a column that was renamed',
    { 'teas.csv': teas.replace('price', 'cost') },
    ['unknown-column teas.csv:1', 'renamed-column teas.csv:1'],
  ],
  [
    'a column that is not imported',
    {
      'teas.csv': '_id,title,price,origin,tags,batch,link\na,Assam,11,india,"[""black""]",007,/a\n',
    },
    ['unknown-column teas.csv:1'],
  ],
  [
    'a column that went empty',
    { 'teas.csv': teas.replace(/,(11|9|14|30),/g, ',,') },
    ['emptied-column teas.csv:1'],
  ],
  [
    'a row added to a localization',
    { 'texts.csv': `${texts}${key('z')},Tea,Thé,\n` },
    ['translation-added texts.csv:5'],
  ],
  [
    'a row that left a localization',
    { 'texts.csv': texts.slice(0, texts.indexOf(key('y'))) },
    ['translation-removed texts.csv:1'],
  ],
  [
    'a translation without its placeholder',
    { 'texts.csv': texts.replace('Bonjour {name}', 'Bonjour {nom}') },
    ['placeholder texts.csv:3'],
  ],
  [
    'a translation with another tag',
    { 'texts.csv': texts.replace('<b>Gras</b>', '<b>Gras') },
    ['tag texts.csv:4'],
  ],
  [
    'a text whose translations did not change with it',
    { 'teas.csv': teas.replace('Assam', 'Assam Gold') },
    ['stale-translation texts.csv:2'],
  ],
  [
    'a source that changed without its translation',
    { 'texts.csv': texts.replace('Hello {name}', 'Hi {name}') },
    ['source-edited texts.csv:3', 'stale-translation texts.csv:3'],
  ],
];

test.each(edits)('%s', async (_name, edit, expected) => {
  expect(await found(edit)).toEqual(expected);
});

test('every rule but those of the limits and of a broken base is in this table', async () => {
  const findings = await Promise.all(edits.map(([, edit]) => findingsIn(edit)));
  const shown = new Set(findings.flat().map(({ rule }) => rule));
  const elsewhere = [
    ...['max-deletes', 'max-changes', 'allow-empty', 'unreadable-base', 'settings-changed'],
    ...['unmanaged-file', 'missing-file', 'emptied-file', 'schema-edited', 'unknown-name'],
    ...['not-writable', 'read-only', 'translation-emptied', 'dashboard-export'],
  ];
  const types = Object.keys(rules).filter((rule) => rule.startsWith('type-'));
  const missing = Object.keys(rules).filter((rule) => !new Set<string>(shown).has(rule));
  expect(missing.filter((rule) => ![...elsewhere, ...types].includes(rule))).toEqual([]);
});

test('every message names its place and says what to do', async () => {
  for (const [, edit] of edits) {
    for (const { message, place } of await findingsIn(edit)) {
      expect(message).toMatch(new RegExp(`^${place.file}( line ${place.line ?? ''})?`));
      expect(message).toMatch(/[.:] [A-Z].*\.$/);
    }
  }
});

test('a line break in a header is refused, and is in no message', async () => {
  const columns = header.replace('batch', '"ba\ntch"');
  const findings = await findingsIn({ 'teas.csv': teas.replace(header, columns) });
  expect(findings.map((each) => each.message)).toEqual([
    'content/teas.csv line 1: the header "ba tch" holds a line break. Write it on one line, or close the quote before it.',
  ]);
});

test('a row that was copied with its id is told how it becomes a new item', async () => {
  const [found] = await findingsIn({ 'teas.csv': `${teas}b,Again,1,,,\n` });
  expect(found?.message).toBe(
    'content/teas.csv line 8: the key "b" is on lines 3, 8. For a new item, empty the id of the copy; otherwise remove one of them.',
  );
});

test('a damaged text is told with the good one', async () => {
  const [found] = await findingsIn({ 'shops.csv': shops.replace('Café 3', 'CafÃ© 3') });
  expect(found?.message).toContain('Write "Café 3", and save the file as UTF-8.');
});

test('a row under a new id is told with the mapping that keeps its id', async () => {
  const found = await findingsIn({
    'shops.csv': shops.replace(/^s7,Café 7/m, 'new,Kiosk 7').replace(/^s8,/m, 'other,'),
  });
  expect(found.map(({ rule, severity, moved }) => [rule, severity, moved])).toEqual([
    ['possibly-re-keyed', 'warning', { from: 's7', to: 'new' }],
    ['re-keyed', 'error', { from: 's8', to: 'other' }],
  ]);
});

test('rows that came and others that went are not taken for each other', async () => {
  const texts = ['one', 'two', 'three'].map((word) => `${word} `.repeat(30));
  const rows = texts.map((text, i) => `n${i},Kiosk ${i},https://kiosk${i}.example,,DRAFT,${text}`);
  const kept = shops.split('\n').filter((line) => !/^s[123],/.test(line));
  expect(await found({ 'shops.csv': [...kept.slice(0, -1), ...rows, ''].join('\n') })).toEqual([]);
});

describe('the configuration', () => {
  const prices = (first: string) => `_id,price,site\na,${first},https://a.example\n`;
  const quiet = { ...before, 'quiet.csv': prices('10'), 'quiet.schema.json': quietSchema };

  test('switches a rule off, or makes it an error', async () => {
    const edited = prices('99').replace('a.example', 'b.example');
    const found = await findingsIn({ 'quiet.csv': edited }, quiet);
    expect(found.map(({ rule, severity }) => [rule, severity])).toEqual([
      ['host-changed', 'error'],
    ]);
  });
});

test('emptied translations that stay on the site are one remark', async () => {
  const kept = texts.replaceAll(/Target language \((FR|DE)\)/g, 'Target language (X$1)');
  const files = { ...before, 'kept.csv': kept };
  const edited = kept.replace('Bonjour {name}', '').replace('<b>Gras</b>', '');
  const found = await findingsIn({ 'kept.csv': edited }, files);
  expect(found.map(({ rule, severity, place }) => [rule, severity, place.line])).toEqual([
    ['translation-emptied', 'remark', 3],
  ]);
});

test('of a key that stands on very many lines, the first are named', async () => {
  const again = 'b,Again,1,,,\n'.repeat(1_000);
  const [found] = await findingsIn({ 'teas.csv': `${teas}${again}` });
  expect(found?.message).toContain('is on lines 3, 8, 9, 10, 11, 12, 13, 14, 15, 16 and 991 more.');
});

test('translations that were edited together with their source are not stale', async () => {
  const edit = {
    'teas.csv': teas.replace('Assam', 'Assam Gold'),
    'texts.csv': texts.replace('Assam noir', 'Assam doré').replace('Schwarzer', 'Goldener'),
  };
  expect(await found(edit)).toEqual([]);
});

test('without a base all the cells are checked', async () => {
  const { 'origins.csv': origins = '', 'teas.schema.json': schema = '' } = before;
  const files = { 'origins.csv': origins, 'teas.schema.json': schema };
  const head = folderOf({ ...files, 'teas.csv': teas.replace(',9,', ',nine,') });
  const { heads } = await opened(head, undefined);
  const open = (content: unknown) => heads.find((each) => each.content === content);
  expect((await validate(going, heads, config.contents, open)).map(({ rule }) => rule)).toEqual([
    'type-number',
  ]);
});

test('what the site holds already is not held against the pull request', async () => {
  const edited = { ...before, 'texts.csv': `${texts}${key('z')},Tea,Thé,\n` };
  const cells = ['={"contentId":"z","fieldId":"title"}', '=Tea', '=Thé', '='];
  const columns = texts.split('\n')[0]?.split(',') ?? [];
  const offered = [
    ['#key', '#fate', '#job', '#until', ...columns],
    ['{"contentId":"z","fieldId":"title"}', 'written', '', '', ...cells],
  ];
  const { heads } = await opened(folderOf(edited), folderOf(before), offered);
  const open = (content: unknown) => heads.find((each) => each.content === content);
  expect(await validate(going, heads, config.contents, open)).toEqual([]);
});

test('a file that was broken before is compared with nothing, and says so', async () => {
  const broken = { ...before, 'teas.csv': teas.replace('Uva', 'U"va') };
  expect(await found({ 'teas.csv': teas }, broken)).toContain('unreadable-base teas.csv');
});
