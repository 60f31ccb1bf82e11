import { describe, expect, test } from '@jest/globals';
import { startEmulator } from '../../emulator/emulator.ts';
import { importText, siteWith } from './driving.ts';

describe('a header', () => {
  const named = siteWith({
    fields: [{ key: 'title', type: 'TEXT', displayName: 'Title' }],
    items: [{ _id: 'a', title: 'Desk' }],
  });
  const titles = async (importHeaders: 'key' | 'displayName' | 'both', text: string) => {
    await using emulator = await startEmulator({ ...named, importHeaders });
    await importText(emulator, text);
    return [...emulator.site.collection('products').items.values()].map(
      ({ _createdDate, _updatedDate, _owner, _id, ...item }) => [_id, item],
    );
  };
  const byKey = '_id,title\na,Table\n';
  const byName = 'ID,Title\na,Table\n';
  const understood = [['a', { title: 'Table' }]];
  const somebodyElse = expect.stringMatching(/^[0-9a-f-]{36}$/);

  test('is a key, a display name or either, as is set', async () => {
    expect(await titles('key', byKey)).toEqual(understood);
    expect(await titles('displayName', byName)).toEqual(understood);
    expect(await titles('both', byKey)).toEqual(understood);
    expect(await titles('both', byName)).toEqual(understood);
  });

  test('that is not understood makes new items, with properties that no field declares', async () => {
    expect(await titles('key', byName)).toEqual([
      ['a', { title: 'Desk' }],
      [somebodyElse, { ID: 'a', Title: 'Table' }],
    ]);
    expect(await titles('displayName', byKey)).toEqual([
      ['a', { title: 'Desk' }],
      [somebodyElse, { title: 'Table' }],
    ]);
  });
});

describe('properties that no field declares', () => {
  const sorted = siteWith({ items: [{ _id: 'a', title: 'Desk', _manualSort_1: '0fo' }] });

  test('are erased by an import that leaves them out', async () => {
    await using emulator = await startEmulator(sorted);
    await importText(emulator, '_id,title\na,Table\n');
    expect(emulator.site.collection('products').items.get('a')).not.toHaveProperty('_manualSort_1');
  });

  test('survive where an import changes the columns of its file alone', async () => {
    await using emulator = await startEmulator({ ...sorted, importedItems: 'patched' });
    await importText(emulator, '_id,title\na,\n');
    const item = emulator.site.collection('products').items.get('a');
    expect(item).toMatchObject({ _manualSort_1: '0fo' });
    expect(item).not.toHaveProperty('title');
  });
});
