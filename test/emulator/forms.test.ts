import { describe, expect, test } from '@jest/globals';
import { startEmulator } from '../../emulator/emulator.ts';
import { type FormName, forms } from '../../emulator/forms.ts';
import type { Json } from '../../emulator/json.ts';
import { importText, siteWith } from './driving.ts';

const names = Object.keys(forms) as readonly FormName[];

/** What a site with one form makes of a value of JSON Lines, and of that once more. */
async function stored(name: FormName, value: Json, type: string = forms[name].types[0]) {
  const fields = [
    { key: 'title', type: 'TEXT' },
    { key: 'value', type },
  ];
  await using emulator = await startEmulator({ ...siteWith({ fields }), forms: [name] });
  const { items } = emulator.site.collection('products');
  const send = async (again: Json | undefined) => {
    const line = JSON.stringify({ _id: 'a', title: 'Green tea', value: again });
    await importText(emulator, `${line}\n`, { format: 'JSONL' });
    return items.get('a')?.value;
  };
  const once = await send(value);
  return { once, twice: await send(once) };
}

describe.each(names)('the form %s', (name) => {
  const { sent, stored: expected } = forms[name];

  test('is what its example says, and stays so when it is sent back', async () => {
    expect(sent).not.toEqual(expected);
    expect(await stored(name, sent)).toEqual({ once: expected, twice: expected });
  });

  test('leaves fields of other types alone', async () => {
    expect((await stored(name, sent, 'ANY')).once).toEqual(sent);
  });
});

test('a value that is missing may get a form too', async () => {
  expect((await stored('emptyParagraph', null)).once).toBe('<p></p>\n');
  expect((await stored('slugsOfTitles', null)).once).toBe('green-tea');
  expect((await stored('trimmed', null)).once).toBeNull();
});

test('cells that nobody edited are written anew as well, as soon as their row is imported', async () => {
  const fields = [
    { key: 'title', type: 'TEXT' },
    { key: 'about', type: 'RICH_TEXT' },
  ];
  const items = [{ _id: 'a', title: 'Tea', about: '<p><b>Green</b></p>' }];
  await using emulator = await startEmulator({
    ...siteWith({ fields, items }),
    forms: ['strongTags'],
    importedItems: 'patched',
  });
  const { items: held } = emulator.site.collection('products');
  expect(held.get('a')).toMatchObject({ about: '<p><b>Green</b></p>' });

  await importText(emulator, '_id,title\na,Sencha\n');

  expect(held.get('a')).toMatchObject({
    title: 'Sencha',
    about: '<p><strong>Green</strong></p>',
  });
});

test('several forms apply together', async () => {
  const fields = [{ key: 'about', type: 'RICH_TEXT' }];
  await using emulator = await startEmulator({ ...siteWith({ fields }), forms: names });

  await importText(emulator, '_id,about\na," <p><b>Green</b>&nbsp;tea<br></p> "\n');

  expect(emulator.site.collection('products').items.get('a')).toMatchObject({
    about: '<p><strong>Green</strong>\u00a0tea<br/></p>\n',
  });
});
