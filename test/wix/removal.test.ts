import { expect, test } from '@jest/globals';
import { removeItems } from '../../src/wix/items.ts';
import { against, type Situation, shop } from './support.ts';

test('an item counts as removed only if the answer says so of it', async () => {
  await against(shop, async ({ emulator, client }) => {
    answerRemovals(emulator, [
      { itemMetadata: { id: 'a', success: true } },
      { itemMetadata: { originalIndex: 1, error: { code: 'WDE0027', description: 'not\nyours' } } },
      { itemMetadata: { id: 'stranger', error: { code: 'WDE0027' } } },
      {},
    ]);
    expect(await removeItems(client, 'teas', ['a', 'b', 'c'])).toEqual([
      { id: 'b', code: 'WDE0027', description: 'not yours' },
      { id: 'c', code: '', description: 'Wix did not say whether it was removed' },
    ]);
  });
});

test('an answer without results says nothing of any item', async () => {
  await against(shop, async ({ emulator, client }) => {
    answerRemovals(emulator, undefined);
    expect((await removeItems(client, 'teas', ['a', 'b'])).map(({ id }) => id)).toEqual(['a', 'b']);
  });
});

test('a removal whose answer is lost is asked for again, and is done', async () => {
  await against(shop, async ({ emulator, client }) => {
    emulator.faults.add({ kind: 'reset', when: 'after', match: { path: '*/remove' } });
    expect(await removeItems(client, 'teas', ['a'])).toEqual([]);
    expect([...emulator.site.collection('teas').items.keys()]).toEqual(['b']);
  });
});

test('items are removed in chunks, and one that is gone already counts', async () => {
  const items = Array.from({ length: 501 }, (_, i) => ({ _id: `x${i}` }));
  const site = { site: { collections: [{ id: 'teas', fields: [], items }] } };
  await against(site, async ({ emulator, client }) => {
    expect(await removeItems(client, 'teas', [])).toEqual([]);
    expect(emulator.requests).toEqual([]);
    const ids = [...items.map(({ _id }) => _id), 'never-was'];
    expect(await removeItems(client, 'teas', ids)).toEqual([]);
    expect(emulator.requests).toHaveLength(2);
    expect(emulator.site.collection('teas').items.size).toBe(0);
  });
});

function answerRemovals(emulator: Situation['emulator'], results: readonly object[] | undefined) {
  const body = JSON.stringify({ results });
  emulator.faults.add({ kind: 'answer', status: 200, body, match: { path: '*/remove' } });
}
