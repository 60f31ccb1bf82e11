import { describe, expect, test } from '@jest/globals';
import { validate } from '../../src/commands/compare/validate.ts';
import { rules } from '../../src/content/rules/finding.ts';
import { edits } from './edits.ts';
import {
  before,
  config,
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

test('a row of a localization that was copied is told that Wix adds rows', async () => {
  const [copy = ''] = texts.split('\n').slice(2);
  const [found] = await findingsIn({ 'texts.csv': `${texts}${copy}\n` });
  expect(found?.message).toContain('Remove one of them: Wix adds the rows of a localization.');
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

test('a language that went empty, or was filled down, is told as a whole', async () => {
  const rows = Array.from({ length: 12 }, (_, i) => `${key(`n${i}`)},Tea ${i},Thé ${i},Tee ${i}\n`);
  const many = `${texts.slice(0, texts.indexOf('\n') + 1)}${rows.join('')}`;
  const edited = many.replaceAll(/,Thé \d+,Tee \d+/g, ',,Tee');
  const found = await findingsIn({ 'texts.csv': edited }, { ...before, 'texts.csv': many });
  expect(found.map(({ rule, message }) => [rule, message.includes('(FR)')])).toEqual([
    ['emptied-column', true],
    ['filled-column', false],
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

test('of very many rows that refer to removed ones, or whose source was edited, the first are listed', async () => {
  const rows = (of: (i: number) => string) => Array.from({ length: 1_100 }, (_, i) => of(i));
  const many = (title: string) =>
    [header, ...rows((i) => `t${i},${title},9,india,,`), ''].join('\n');
  const translations = [
    texts.split('\n')[0],
    ...rows((i) => `${key(`t${i}`).replace('}', ',""sequencePath"":[]}')},Old title,Titre,Titel`),
    '',
  ].join('\n');
  const edited = { 'teas.csv': many('New title'), 'origins.csv': '_id,title\nceylon,Ceylon\n' };
  const findings = await findingsIn(edited, {
    ...before,
    'teas.csv': many('Old title'),
    'texts.csv': translations,
  });
  for (const rule of ['dangling-reference', 'stale-translation']) {
    const messages = findings.filter((each) => each.rule === rule).map(({ message }) => message);
    expect(messages).toHaveLength(1_001);
    expect(messages[0]).toContain(`${rule} found 1100 cells or rows`);
  }
});
